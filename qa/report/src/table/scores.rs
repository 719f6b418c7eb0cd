//! The accuracies of one row.

use serde::Serialize;

use super::LongGaps;
use crate::outcome::Outcome;
use crate::statistics::{Estimate, score_groups};

/// Accuracies of one row, or differences between two, in [−1, 1].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// One entry a template; `None` where no question was asked.
    pub templates: Vec<Option<Estimate>>,
    /// Mean over the templates that have questions, each with the same weight.
    pub mean: Option<Estimate>,
    /// Mean over the templates of [`LongGaps::templates`] of the questions at long gaps, each with the same weight.
    pub long_gaps: Option<Estimate>,
}

impl Scores {
    /// Of a row whose `seeds` have answered, of the outcomes that `keep` keeps.
    pub(super) fn of(seeds: &[&[Outcome]], long_gaps: &LongGaps, keep: &dyn Fn(&Outcome) -> bool) -> Self {
        let num_templates = long_gaps.num_templates();
        let template = |outcome: &Outcome| Some(usize::from(outcome.template)).filter(|_| keep(outcome));
        let all = score_groups(seeds, num_templates, template);
        let at_long_gaps =
            score_groups(seeds, num_templates, |outcome| long_gaps.group(outcome).filter(|_| keep(outcome)));
        Self { templates: all.groups, mean: all.mean, long_gaps: at_long_gaps.mean }
    }
}
