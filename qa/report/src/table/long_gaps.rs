//! Which questions are at a long gap: their evidence was in view, but not for many steps. A random memory has lost it by
//! then, so what is answered right of these was kept.

use serde::Serialize;

use crate::group::Answers;
use crate::outcome::{Outcome, ProbeFile};
use crate::weighing::Weighing;

/// What the column of long gaps rests on: balanced accuracy, in which every right answer of a template weighs the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LongGaps {
    /// Steps since the evidence was last in view, at the least; of a question about many objects, since the one that is
    /// longest out of view.
    pub steps: u32,
    /// The right answers of each template that count: those of which every agent that has answered was asked at least 10
    /// such questions. None where fewer than two or than half of the template's answers do; the template then does not
    /// count. Where no template counts, no row has a figure.
    pub answers: Vec<Vec<String>>,
    /// Chance of the mean over the templates that count, for each 1 / (number of answers that count); `None` where there
    /// is none.
    pub chance: Option<f64>,
    /// Fewest questions that any agent's figure is from.
    pub min_questions: u64,
    /// Most questions that any agent's figure is from.
    pub max_questions: u64,
}

impl LongGaps {
    /// Questions at long gaps that `keep` keeps.
    pub(super) fn weighing<'a>(probed: &'a ProbeFile, keep: impl Fn(&Outcome) -> bool + 'a) -> Weighing<'a> {
        let steps = probed.protocol.long_gap;
        let is_long = move |outcome: &Outcome| outcome.steps_since_seen.is_some_and(|since| since >= steps);
        Weighing::balanced(probed, Answers::AtTheEnd, move |outcome| is_long(outcome) && keep(outcome))
    }

    /// `num_questions` are those of each agent's figure.
    pub(super) fn of(probed: &ProbeFile, weighing: &Weighing<'_>, num_questions: &[u64]) -> Self {
        let word = |answer: u16| probed.answers.get(usize::from(answer)).cloned().unwrap_or_default();
        Self {
            steps: probed.protocol.long_gap,
            answers: weighing.answers().into_iter().map(|answers| answers.into_iter().map(word).collect()).collect(),
            chance: weighing.chance(),
            min_questions: num_questions.iter().copied().min().unwrap_or(0),
            max_questions: num_questions.iter().copied().max().unwrap_or(0),
        }
    }
}
