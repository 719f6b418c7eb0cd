//! "Is there a teapot?", of every shape that rooms can hold.

use groundling_room::ObjectFacts;

use crate::balance::Balanced;
use crate::domain::Domain;
use crate::template::{Candidate, Support, Template};
use crate::word::Word;

pub(super) struct Exist;

impl Template for Exist {
    fn name(&self) -> &'static str {
        "exist"
    }

    fn wording(&self) -> &'static str {
        "Is there a <shape>?"
    }

    fn balanced(&self) -> Balanced {
        Balanced::GivenArguments
    }

    fn answers(&self, _domain: &Domain) -> Vec<Word> {
        vec![Word::Yes, Word::No]
    }

    fn candidates(&self, objects: &[ObjectFacts], domain: &Domain) -> Vec<Candidate> {
        let candidate = |&shape| {
            let found: Vec<usize> = (0..objects.len()).filter(|&index| objects[index].shape == shape).collect();
            // That there is none can be known only by who has seen all there is.
            let (answer, support) = match found.is_empty() {
                true => (Word::No, Support::AllOf((0..objects.len()).collect())),
                false => (Word::Yes, Support::AnyOf(found)),
            };
            Candidate { arguments: vec![Word::Shape(shape)], answer, support }
        };
        domain.shapes.iter().map(candidate).collect()
    }
}
