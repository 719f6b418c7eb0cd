//! Question sets: questions as data, a file that anybody can read.
//!
//! A file is JSON lines in UTF-8. The first line is the header: what the set is made from, how many questions follow and
//! the SHA-256 of all that follows. Every other line is one question ([`SetQuestion`]), in the order of rooms and, within
//! a room, of templates. Room `i` is that of the episode seed `derive_seed(room_seed, "episode", [i])`, as placed, before
//! anything moved.
//!
//! A set is a function of its [`QuestionSetSource`] and of nothing else: the same source gives the same bytes.

mod check;
mod error;
mod file;
mod source;
mod summary;

use groundling_room::{RoomError, RoomSpec, WorldFacts};
use serde::{Deserialize, Serialize};

pub use self::error::QuestionSetError;
pub use self::file::QuestionSetFile;
pub use self::source::QuestionSetSource;
pub use self::summary::TemplateCounts;
use crate::maker::QuestionMaker;
use crate::question::Question;
use crate::vocabulary::QuestionVocabulary;

/// Questions of many rooms.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionSet {
    source: QuestionSetSource,
    questions: Vec<SetQuestion>,
}

/// One question of a set, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetQuestion {
    /// Number of the room within the set.
    pub room: u64,
    /// Seed of the room, and of the episode in it.
    pub seed: u64,
    /// Number of the question within its room.
    pub number: u32,
    /// Short name of its template.
    pub template: String,
    /// As one would ask it, for people.
    pub question: String,
    /// As the probe reads it. A name of two words is one token.
    pub tokens: Vec<String>,
    /// What stands in its slots, in order.
    pub arguments: Vec<String>,
    /// The right answer.
    pub answer: String,
    /// The objects the answer rests on.
    pub evidence: Vec<EvidenceObject>,
}

/// An object that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceObject {
    /// Index among the objects of the room; its id in pictures less one.
    pub object: u16,
    /// Name of its shape.
    pub shape: String,
    /// Name of its colour.
    pub color: String,
}

impl QuestionSet {
    /// Makes the set of `source`; `maker` must be that of the source. Each room is shown to `each_room`.
    ///
    /// Fails only where a room of these settings cannot be drawn.
    pub fn make(
        source: QuestionSetSource,
        maker: &QuestionMaker,
        each_room: &mut dyn FnMut(&RoomSpec),
    ) -> Result<Self, RoomError> {
        let mut questions = Vec::new();
        for index in 0..source.num_rooms {
            let spec = source.room(index)?;
            questions.extend(source.ask(maker, index, &source.facts(&spec)));
            each_room(&spec);
        }
        Ok(Self { source, questions })
    }

    /// What it is made from.
    pub fn source(&self) -> &QuestionSetSource {
        &self.source
    }

    /// The questions; number `i` stands on line `i + 2` of the file.
    pub fn questions(&self) -> &[SetQuestion] {
        &self.questions
    }
}

impl SetQuestion {
    pub(crate) fn new(
        room: u64,
        number: u32,
        question: &Question,
        vocabulary: &QuestionVocabulary,
        facts: &WorldFacts,
    ) -> Self {
        let word = |words: &[String], index: u16| words.get(usize::from(index)).cloned().unwrap_or_default();
        let object = |&index: &u16| {
            let object = facts.objects.get(usize::from(index))?;
            Some(EvidenceObject { object: index, shape: object.shape.name().into(), color: object.color.name().into() })
        };
        Self {
            room,
            seed: facts.episode_seed,
            number,
            template: word(vocabulary.templates(), question.template),
            question: question.text.clone(),
            tokens: question.tokens.iter().map(|&token| word(vocabulary.tokens(), token)).collect(),
            arguments: question.arguments.clone(),
            answer: word(vocabulary.answers(), question.answer),
            evidence: question.evidence.objects.iter().filter_map(object).collect(),
        }
    }
}
