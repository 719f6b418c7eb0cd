//! "How many chairs are there?", of every shape that rooms can hold.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct CountShape;

impl Template for CountShape {
    fn name(&self) -> &'static str {
        "count_shape"
    }

    fn wording(&self) -> &'static str {
        "How many <shapes> are there?"
    }

    fn example(&self) -> Example {
        let objects = &[("red chair", [0.0, 0.0]), ("blue chair", [2.0, 0.0]), ("red bed", [4.0, 0.0])];
        Example { objects, question: "How many chairs are there?", answer: "2" }
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        (0..=domain.max_objects).map(Word::Number).collect()
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let candidate = |&shape| Candidate {
            arguments: vec![Word::Shape(shape)],
            answer: Word::Number(room.count(|object| object.shape == shape)),
            support: Support::Everything,
            is_telling: true,
        };
        room.domain().shapes.iter().map(candidate).collect()
    }
}
