//! What a kind of question is.

use groundling_room::ObjectFacts;

use crate::balance::Balanced;
use crate::domain::Domain;
use crate::word::Word;

/// The objects on which an answer rests, as indices into the facts' objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Support {
    /// Whoever has seen one of them can know the answer.
    AnyOf(Vec<usize>),
    /// Only who has seen every one of them can know the answer.
    AllOf(Vec<usize>),
}

/// A question that has one right answer in a given room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// One word a slot of the wording, in order.
    pub arguments: Vec<Word>,
    /// The right answer.
    pub answer: Word,
    /// What it rests on.
    pub support: Support,
}

/// A kind of question.
pub trait Template: Sync {
    /// Short name, such as `count_color`; unique in the registry.
    fn name(&self) -> &'static str;

    /// How it is asked. A slot is a name in angle brackets: `What is the color of the <shape>?`
    fn wording(&self) -> &'static str;

    /// What must be equally likely: see [`Balanced`].
    fn balanced(&self) -> Balanced;

    /// Every answer it can have in any room of the domain.
    fn answers(&self, domain: &Domain) -> Vec<Word>;

    /// Every question of this kind that has one right answer in the room, each once, in an order that depends on
    /// nothing but the arguments of this call.
    fn candidates(&self, objects: &[ObjectFacts], domain: &Domain) -> Vec<Candidate>;
}

/// The tokens of a wording, lower case, without punctuation; slots keep their brackets.
pub(crate) fn tokens(wording: &str) -> impl Iterator<Item = String> {
    wording.split_whitespace().map(|word| word.trim_end_matches('?').to_lowercase())
}

pub(crate) fn is_slot(token: &str) -> bool {
    token.starts_with('<')
}

/// The tokens of a question: the wording's, with arguments in its slots, and "an" before a vowel.
pub(crate) fn fill(wording: &str, arguments: &[Word]) -> Vec<String> {
    let mut arguments = arguments.iter();
    let mut filled: Vec<String> = Vec::new();
    for token in tokens(wording) {
        // A slot without an argument would be a template's own mistake; its tests would see the brackets.
        let argument = if is_slot(&token) { arguments.next() } else { None };
        let token = argument.map_or(token, |word| word.text());
        if let Some(article) = filled.last_mut().filter(|previous| *previous == "a")
            && token.starts_with(['a', 'e', 'i', 'o', 'u'])
        {
            "an".clone_into(article);
        }
        filled.push(token);
    }
    filled
}
