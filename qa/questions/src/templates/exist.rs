//! "Is there a teapot?", of every shape that rooms can hold.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct Exist;

impl Template for Exist {
    fn name(&self) -> &'static str {
        "exist"
    }

    fn wording(&self) -> &'static str {
        "Is there a <shape>?"
    }

    fn example(&self) -> Example {
        let objects = &[("red teapot", [0.0, 0.0]), ("blue bed", [2.0, 0.0])];
        Example { objects, question: "Is there an umbrella?", answer: "no" }
    }

    fn answers(&self, _domain: &Domain) -> Vec<Word> {
        vec![Word::Yes, Word::No]
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let candidate = |&shape| {
            let found = room.fitting(|object| object.shape == shape);
            // That there is none can be known only by who has seen all there is.
            let (answer, support) = match found.is_empty() {
                true => (Word::No, Support::Everything),
                false => (Word::Yes, Support::AnyOf(found)),
            };
            Candidate { arguments: vec![Word::Shape(shape)], answer, support, is_telling: true }
        };
        room.domain().shapes.iter().map(candidate).collect()
    }
}
