//! "How many red objects are there?", of every colour that rooms can hold.

use groundling_room::ObjectFacts;

use crate::balance::Balanced;
use crate::domain::Domain;
use crate::template::{Candidate, Support, Template};
use crate::word::Word;

pub(super) struct CountColor;

impl Template for CountColor {
    fn name(&self) -> &'static str {
        "count_color"
    }

    fn wording(&self) -> &'static str {
        "How many <color> objects are there?"
    }

    fn balanced(&self) -> Balanced {
        Balanced::GivenArguments
    }

    fn answers(&self, domain: &Domain) -> Vec<Word> {
        (0..=domain.max_objects).map(Word::Number).collect()
    }

    fn candidates(&self, objects: &[ObjectFacts], domain: &Domain) -> Vec<Candidate> {
        let candidate = |&color| Candidate {
            arguments: vec![Word::Color(color)],
            answer: Word::Number(objects.iter().filter(|object| object.color == color).count()),
            // A count rests on every object: who has not seen one cannot know that it is of another colour.
            support: Support::AllOf((0..objects.len()).collect()),
        };
        domain.colors.iter().map(candidate).collect()
    }
}
