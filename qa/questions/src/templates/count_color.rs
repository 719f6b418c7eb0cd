//! "How many red objects are there?", of every colour that rooms can hold.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct CountColor;

impl Template for CountColor {
    fn name(&self) -> &'static str {
        "count_color"
    }

    fn wording(&self) -> &'static str {
        "How many <color> objects are there?"
    }

    fn example(&self) -> Example {
        let objects = &[("red teapot", [0.0, 0.0]), ("blue bed", [2.0, 0.0]), ("red bed", [4.0, 0.0])];
        Example { objects, question: "How many red objects are there?", answer: "2" }
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        (0..=domain.max_objects).map(Word::Number).collect()
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let candidate = |&color| Candidate {
            arguments: vec![Word::Color(color)],
            answer: Word::Number(room.count(|object| object.color == color)),
            // Who has not seen one object cannot know that it is of another colour.
            support: Support::Everything,
            is_telling: true,
        };
        room.domain().colors.iter().map(candidate).collect()
    }
}
