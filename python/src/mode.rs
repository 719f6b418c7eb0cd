//! What follows the last step of an episode in a vector environment, as `gymnasium.vector.AutoresetMode` has it.

use pyo3::PyResult;
use pyo3::exceptions::PyValueError;

/// What follows the last step of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The next step ignores its action and begins the next episode.
    NextStep,
    /// The same step begins the next episode, and hands the last picture out beside it.
    SameStep,
    /// Nothing: whoever steps must reset.
    Disabled,
}

impl Mode {
    const ALL: [Mode; 3] = [Mode::NextStep, Mode::SameStep, Mode::Disabled];

    /// The mode of this name, which is the value of Gymnasium's enumeration.
    pub(crate) fn from_name(name: &str) -> PyResult<Self> {
        let known = Mode::ALL.into_iter().find(|mode| mode.name() == name);
        let names = || Mode::ALL.map(|mode| format!("{:?}", mode.name())).join(", ");
        known.ok_or_else(|| PyValueError::new_err(format!("autoreset_mode {name:?}: must be one of {}", names())))
    }

    /// The value of Gymnasium's enumeration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::NextStep => "NextStep",
            Mode::SameStep => "SameStep",
            Mode::Disabled => "Disabled",
        }
    }
}
