//! The accuracies of one row.

use serde::Serialize;

use crate::outcome::Outcome;
use crate::statistics::Estimate;
use crate::weighing::Weighing;

/// Accuracies of one row, or differences between two, in [−1, 1].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// One entry a template; `None` where no question was asked.
    pub templates: Vec<Option<Estimate>>,
    /// Mean over the templates that have questions, each with the same weight.
    pub mean: Option<Estimate>,
    /// Balanced accuracy of the questions at long gaps: mean over the right answers that count, then over templates, see
    /// [`crate::LongGaps`].
    pub long_gaps: Option<Estimate>,
}

/// How the questions of a table weigh.
pub(super) struct Weighings<'a> {
    /// In the columns of templates and in their mean.
    pub(super) all: Weighing<'a>,
    pub(super) long_gaps: Weighing<'a>,
}

impl Scores {
    /// Of a row whose `seeds` have answered.
    pub(super) fn of(seeds: &[&[Outcome]], weighings: &Weighings<'_>) -> Self {
        let all = weighings.all.score(seeds);
        Self { templates: all.groups, mean: all.mean, long_gaps: weighings.long_gaps.score(seeds).mean }
    }
}
