//! Why a room did not do what it was asked, and the Python exception that says so.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use groundling_interface::EnvironmentError;
use pyo3::PyErr;
use pyo3::exceptions::PyRuntimeError;

mod exceptions {
    pyo3::import_exception!(gymnasium.error, ResetNeeded);
    pyo3::import_exception!(groundling.errors, InvalidAction);
}

/// Why a room did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the environment said.
    Environment(EnvironmentError),
    /// A panic, which is a defect of Groundling, with its message.
    Panicked(String),
}

impl Failure {
    /// What `work` returns; a panic in it becomes a failure.
    pub(crate) fn catch<T>(work: impl FnOnce() -> Result<T, EnvironmentError>) -> Result<T, Failure> {
        // A room that is left half-way counts as one without an episode: only a reset, which replaces all, follows.
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(result) => result.map_err(Failure::Environment),
            Err(panic) => Err(Failure::Panicked(message(panic.as_ref()))),
        }
    }

    /// The exception, with the index of the room where there are several.
    pub(crate) fn of_room(self, room: Option<usize>) -> PyErr {
        let place = room.map(|room| format!("room {room}: ")).unwrap_or_default();
        match self {
            Failure::Environment(error @ EnvironmentError::NoEpisodeRunning) => {
                exceptions::ResetNeeded::new_err(format!("{place}{error}"))
            }
            Failure::Environment(error @ EnvironmentError::UnknownAction { .. }) => {
                exceptions::InvalidAction::new_err(format!("{place}{error}"))
            }
            Failure::Environment(error @ EnvironmentError::World(_)) => {
                PyRuntimeError::new_err(format!("{place}{error}"))
            }
            Failure::Panicked(message) => PyRuntimeError::new_err(format!(
                "{place}a defect of groundling: {message}; reset begins anew, and a report would help"
            )),
        }
    }
}

/// The exception for an action that is none of `num_actions`, whatever its size.
pub(crate) fn unknown_action(action: &str, num_actions: usize, room: Option<usize>) -> PyErr {
    let place = room.map(|room| format!("room {room}: ")).unwrap_or_default();
    let last = num_actions.saturating_sub(1);
    exceptions::InvalidAction::new_err(format!("{place}action {action}: must lie between 0 and {last}"))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a message".into())
}
