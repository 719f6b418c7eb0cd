//! "Are there the same number of chairs as beds?", of every two shapes of which the room has at least one: that there
//! are as many of one absent thing as of another is no knowledge of the room.
//!
//! Telling where the room has both; otherwise to know that one is absent answers it.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct CompareNumbersOfShapes;

impl Template for CompareNumbersOfShapes {
    fn name(&self) -> &'static str {
        "compare_n_shape"
    }

    fn wording(&self) -> &'static str {
        "Are there the same number of <shapes> as <shapes>?"
    }

    fn example(&self) -> Example {
        let objects = &[("red chair", [0.0, 0.0]), ("blue bed", [2.0, 0.0])];
        Example { objects, question: "Are there the same number of chairs as beds?", answer: "yes" }
    }

    fn answers(&self, _domain: &Domain) -> Vec<Word> {
        vec![Word::Yes, Word::No]
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let count = |shape| room.count(|object| object.shape == shape);
        let counts: Vec<_> = room.domain().shapes.iter().map(|&shape| (shape, count(shape))).collect();
        let pairs = counts.iter().flat_map(|one| counts.iter().map(move |other| (one, other)));
        let asked = pairs.filter(|((shape, number), (other_shape, other))| shape != other_shape && number + other > 0);
        let candidate = |(&(shape, number), &(other_shape, other)): (&(_, usize), &(_, usize))| Candidate {
            arguments: vec![Word::Shape(shape), Word::Shape(other_shape)],
            answer: if number == other { Word::Yes } else { Word::No },
            // Who has not seen one object cannot know that it is of neither shape.
            support: Support::Everything,
            is_telling: number > 0 && other > 0,
        };
        asked.map(candidate).collect()
    }
}
