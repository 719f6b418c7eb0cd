//! "Are there the same number of red objects as blue objects?", of every two colours of which the room has at least
//! one: that there are as many of one absent thing as of another is no knowledge of the room.
//!
//! Telling where the room has both; otherwise to know that one is absent answers it.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct CompareNumbersOfColors;

impl Template for CompareNumbersOfColors {
    fn name(&self) -> &'static str {
        "compare_n_color"
    }

    fn wording(&self) -> &'static str {
        "Are there the same number of <color> objects as <color> objects?"
    }

    fn example(&self) -> Example {
        let objects = &[("red teapot", [0.0, 0.0]), ("blue bed", [2.0, 0.0]), ("red bed", [4.0, 0.0])];
        let question = "Are there the same number of red objects as blue objects?";
        Example { objects, question, answer: "no" }
    }

    fn answers(&self, _domain: &Domain) -> Vec<Word> {
        vec![Word::Yes, Word::No]
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let count = |color| room.count(|object| object.color == color);
        let counts: Vec<_> = room.domain().colors.iter().map(|&color| (color, count(color))).collect();
        let pairs = counts.iter().flat_map(|one| counts.iter().map(move |other| (one, other)));
        let asked = pairs.filter(|((color, number), (other_color, other))| color != other_color && number + other > 0);
        let candidate = |(&(color, number), &(other_color, other)): (&(_, usize), &(_, usize))| Candidate {
            arguments: vec![Word::Color(color), Word::Color(other_color)],
            answer: if number == other { Word::Yes } else { Word::No },
            // Who has not seen one object cannot know that it is of neither colour.
            support: Support::Everything,
            is_telling: number > 0 && other > 0,
        };
        asked.map(candidate).collect()
    }
}
