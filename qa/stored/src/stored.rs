//! A file of stored beliefs in memory: each belief once, in an order that does not depend on that of the rows.

use groundling_belief::FrozenBelief;
use groundling_questions::{Question, QuestionVocabulary, SplitPart};

use crate::header::{StoredHeader, StoredTemplate};

/// All that a file holds, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredBeliefs {
    /// What the file says of itself.
    pub header: StoredHeader,
    /// The words, from the header or as they occur.
    pub vocabulary: QuestionVocabulary,
    /// One entry a template of the vocabulary, from the header or as they occur.
    pub templates: Vec<StoredTemplate>,
    /// `N`: length of the column `belief`, and of `cell` where there is one.
    pub belief_size: usize,
    /// Whether every question says what was seen; else [`Evidence`](groundling_questions::Evidence) counts it as unseen.
    pub has_evidence: bool,
    /// By split, then by number.
    pub episodes: Vec<StoredEpisode>,
}

/// What is stored of one episode.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEpisode {
    /// What it is for.
    pub split: SplitPart,
    /// Its number; no other episode of the file has it.
    pub episode: u64,
    /// Steps since the reset and the belief after each, oldest first.
    pub beliefs: Vec<(u32, FrozenBelief)>,
    /// By step, then by number.
    pub questions: Vec<StoredQuestion>,
}

/// One question put to one belief.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredQuestion {
    /// Number of the question within the episode; it may be asked again at another step.
    pub number: u32,
    /// Index into [`StoredEpisode::beliefs`].
    pub at: usize,
    /// Whether it counts for the headline.
    pub headline: bool,
    /// Whether it counts for what is known when.
    pub timeline: bool,
    /// The question and the right answer.
    pub question: Question,
}

impl StoredBeliefs {
    /// Questions of the headline in a split.
    pub fn num_questions(&self, split: SplitPart) -> usize {
        self.of_split(split).flat_map(|episode| &episode.questions).filter(|question| question.headline).count()
    }

    /// The episodes of a split by their numbers.
    pub fn of_split(&self, split: SplitPart) -> impl Iterator<Item = &StoredEpisode> {
        self.episodes.iter().filter(move |episode| episode.split == split)
    }
}
