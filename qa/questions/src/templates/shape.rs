//! "What shape is the red object?", where exactly one object is red.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct ShapeOfColor;

impl Template for ShapeOfColor {
    fn name(&self) -> &'static str {
        "shape"
    }

    fn wording(&self) -> &'static str {
        "What shape is the <color> object?"
    }

    fn example(&self) -> Example {
        let objects = &[("red teapot", [0.0, 0.0]), ("blue bed", [2.0, 0.0]), ("red bed", [4.0, 0.0])];
        Example { objects, question: "What shape is the blue object?", answer: "bed" }
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        domain.shapes.iter().map(|&shape| Word::Shape(shape)).collect()
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let candidate = |(index, object): (usize, &groundling_room::ObjectFacts)| Candidate {
            arguments: vec![Word::Color(object.color)],
            answer: Word::Shape(object.shape),
            support: Support::AnyOf(vec![index]),
            is_telling: true,
        };
        room.unique(|object, other| object.color == other.color).map(candidate).collect()
    }
}
