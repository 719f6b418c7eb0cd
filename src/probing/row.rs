//! What a row of the table is called.

use groundling_report::{ProbedAgent, ProbedKind};

use crate::trained::TrainedRun;

/// The names that no run may have, since a control has them.
const CONTROLS: [&str; 4] = ["majority", "question-only", "untrained", "facts"];

/// The name of a row, and what it is a seed of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowName {
    /// Unique in a report.
    pub(crate) name: String,
    /// Rows of one variant differ in nothing but `seed`.
    pub(crate) variant: String,
    /// The agent's.
    pub(crate) seed: u64,
}

impl RowName {
    /// A row that is the only one of its variant.
    pub(crate) fn alone(name: &str, seed: u64) -> Self {
        Self { name: name.into(), variant: name.into(), seed }
    }

    /// A run that is called by its folder.
    pub(crate) fn of_run(run: &TrainedRun) -> Self {
        Self::alone(&run.name, run.config.seed)
    }

    /// A control that is made of this row: `simcore (other episode)`.
    pub(crate) fn with(&self, what: &str) -> Self {
        Self { name: format!("{} ({what})", self.name), variant: format!("{} ({what})", self.variant), seed: self.seed }
    }

    /// The same agent read by another decoder: `simcore [mlp]`.
    pub(crate) fn read_by(&self, decoder: &str) -> Self {
        let Self { name, variant, seed } = self;
        Self { name: format!("{name} [{decoder}]"), variant: format!("{variant} [{decoder}]"), seed: *seed }
    }

    /// Whether a control is called so.
    pub(crate) fn is_of_a_control(name: &str) -> bool {
        CONTROLS.contains(&name)
    }

    /// A row of this name that has answered nothing yet.
    pub(crate) fn row(&self, kind: ProbedKind) -> ProbedAgent {
        let Self { name, variant, seed } = self.clone();
        ProbedAgent { variant, seed, ..ProbedAgent::new(&name, kind) }
    }
}
