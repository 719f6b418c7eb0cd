//! "What is the color of the teapot?", where there is exactly one teapot.

use groundling_room::ObjectFacts;

use crate::balance::Balanced;
use crate::domain::Domain;
use crate::template::{Candidate, Support, Template};
use crate::word::Word;

pub(super) struct ColorOfShape;

impl Template for ColorOfShape {
    fn name(&self) -> &'static str {
        "color"
    }

    fn wording(&self) -> &'static str {
        "What is the color of the <shape>?"
    }

    fn balanced(&self) -> Balanced {
        Balanced::Overall
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        domain.colors.iter().map(|&color| Word::Color(color)).collect()
    }

    fn candidates(&self, objects: &[ObjectFacts], _domain: &Domain) -> Vec<Candidate> {
        let is_only = |object: &ObjectFacts| objects.iter().filter(|other| other.shape == object.shape).count() == 1;
        let only = objects.iter().enumerate().filter(|(_, object)| is_only(object));
        only.map(|(index, object)| Candidate {
            arguments: vec![Word::Shape(object.shape)],
            answer: Word::Color(object.color),
            support: Support::AnyOf(vec![index]),
        })
        .collect()
    }
}
