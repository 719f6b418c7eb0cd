//! "What shape is the red object?", where exactly one object is red.

use groundling_room::ObjectFacts;

use crate::balance::Balanced;
use crate::domain::Domain;
use crate::template::{Candidate, Support, Template};
use crate::word::Word;

pub(super) struct ShapeOfColor;

impl Template for ShapeOfColor {
    fn name(&self) -> &'static str {
        "shape"
    }

    fn wording(&self) -> &'static str {
        "What shape is the <color> object?"
    }

    fn balanced(&self) -> Balanced {
        Balanced::Overall
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        domain.shapes.iter().map(|&shape| Word::Shape(shape)).collect()
    }

    fn candidates(&self, objects: &[ObjectFacts], _domain: &Domain) -> Vec<Candidate> {
        let is_only = |object: &ObjectFacts| objects.iter().filter(|other| other.color == object.color).count() == 1;
        let only = objects.iter().enumerate().filter(|(_, object)| is_only(object));
        only.map(|(index, object)| Candidate {
            arguments: vec![Word::Color(object.color)],
            answer: Word::Shape(object.shape),
            support: Support::AnyOf(vec![index]),
        })
        .collect()
    }
}
