//! Questions and answers, made from what only the simulator knows.
//!
//! A [`Template`] is shown a room ([`RoomView`]) and offers every question of its kind that has one right answer there.
//! A [`QuestionMaker`] chooses among the offers so that, over many rooms, every answer of a template is equally likely,
//! whatever the words of the question: how often each answer can be had is counted once, beforehand, over sampled
//! rooms. A tenth template is one file in `templates/` and one line in its registry.
//!
//! A [`QuestionSet`] is the questions of many rooms as a file, made again bit for bit from settings and seeds.
//! [`check_leaks`] proves of the sets and rooms of an evaluation that nothing of the test was trained on.

mod balance;
mod census;
mod config;
mod domain;
mod evaluation_seeds;
mod involved;
mod leak;
mod maker;
mod question;
mod question_set;
mod room_view;
mod split_part;
mod template;
mod templates;
#[cfg(test)]
mod tests;
mod vocabulary;
mod word;
mod wording;

pub use config::QuestionConfig;
pub use domain::Domain;
pub use evaluation_seeds::EvaluationSeeds;
pub use leak::{CheckedPart, Leak, LeakFreeParts, LeakReport, RoomRecord, TrainedEpisode, check_leaks};
pub use maker::{AskedStep, QuestionMaker, QuestionMakerError, TemplateSummary};
pub use question::{Evidence, Question};
pub use question_set::{
    EvidenceObject, QuestionSet, QuestionSetError, QuestionSetFile, QuestionSetSource, SetQuestion, TemplateCounts,
};
pub use room_view::{Nearness, OnlyNear, RoomView};
pub use split_part::SplitPart;
pub use template::{Candidate, Example, Support, Template};
pub use templates::registry;
pub use vocabulary::{InvalidVocabulary, QuestionVocabulary};
pub use word::Word;
