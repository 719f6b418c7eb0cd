//! "What is the color of the chair near the bed?", where there is exactly one bed, exactly one chair near it, and of
//! every other chair it is clear that it is not near.
//!
//! Telling where the room has another chair; otherwise the bed need not be known.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct ColorNearShape;

impl Template for ColorNearShape {
    fn name(&self) -> &'static str {
        "near_color"
    }

    fn wording(&self) -> &'static str {
        "What is the color of the <shape> near the <shape>?"
    }

    fn example(&self) -> Example {
        let objects = &[("blue bed", [0.0, 0.0]), ("red chair", [1.0, 0.0]), ("green chair", [4.0, 0.0])];
        Example { objects, question: "What is the color of the chair near the bed?", answer: "red" }
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        domain.colors.iter().map(|&color| Word::Color(color)).collect()
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (place, landmark) in room.unique(|object, other| object.shape == other.shape) {
            for (index, object) in room.objects().iter().enumerate() {
                let near = room.only_near(place, |other| other.shape == object.shape);
                let Some(near) = near.filter(|near| near.index == index) else { continue };
                candidates.push(Candidate {
                    arguments: vec![Word::Shape(object.shape), Word::Shape(landmark.shape)],
                    answer: Word::Color(object.color),
                    // Who has not seen the landmark cannot know what is near it.
                    support: Support::AllOf(vec![index, place]),
                    is_telling: near.has_others_far,
                });
            }
        }
        candidates
    }
}
