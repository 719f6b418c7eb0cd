//! "What is the red object near the bed?", where there is exactly one bed, exactly one red object near it besides the
//! bed itself, and of every other red object it is clear that it is not near.
//!
//! Telling where the room has another red object besides the bed; otherwise the bed need not be known.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::template::{Candidate, Example, Support, Template};
use crate::word::Word;

pub(super) struct ShapeNearShape;

impl Template for ShapeNearShape {
    fn name(&self) -> &'static str {
        "near_shape"
    }

    fn wording(&self) -> &'static str {
        "What is the <color> object near the <shape>?"
    }

    fn example(&self) -> Example {
        let objects = &[("blue bed", [0.0, 0.0]), ("red chair", [1.0, 0.0]), ("red teapot", [4.0, 0.0])];
        Example { objects, question: "What is the red object near the bed?", answer: "chair" }
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        domain.shapes.iter().map(|&shape| Word::Shape(shape)).collect()
    }

    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (place, landmark) in room.unique(|object, other| object.shape == other.shape) {
            for (index, object) in room.objects().iter().enumerate() {
                let near = room.only_near(place, |other| other.color == object.color);
                let Some(near) = near.filter(|near| near.index == index) else { continue };
                candidates.push(Candidate {
                    arguments: vec![Word::Color(object.color), Word::Shape(landmark.shape)],
                    answer: Word::Shape(object.shape),
                    // Who has not seen the landmark cannot know what is near it.
                    support: Support::AllOf(vec![index, place]),
                    is_telling: near.has_others_far,
                });
            }
        }
        candidates
    }
}
