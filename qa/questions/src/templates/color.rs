//! "What is the color of the teapot?", where there is exactly one teapot.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct ColorOfShape;

impl Template for ColorOfShape {
    fn name(&self) -> &'static str {
        "color"
    }

    fn wording(&self) -> &'static str {
        "What is the color of the <shape>?"
    }

    fn example(&self) -> Example {
        let objects = &[("red teapot", [0.0, 0.0]), ("blue bed", [2.0, 0.0]), ("red bed", [4.0, 0.0])];
        Example { objects, question: "What is the color of the teapot?", answer: "red" }
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        domain.colors.iter().map(|&color| Word::Color(color)).collect()
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let candidate = |(index, object): (usize, &groundling_room::ObjectFacts)| Candidate {
            arguments: vec![Word::Shape(object.shape)],
            answer: Word::Color(object.color),
            support: Support::AnyOf(vec![index]),
            is_telling: true,
        };
        room.unique(|object, other| object.shape == other.shape).map(candidate).collect()
    }
}
