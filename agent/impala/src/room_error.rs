//! A room that failed: which one, in what, and why; whether it said so or panicked.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use groundling_interface::EnvironmentError;

/// What was done with a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomCall {
    /// It was made.
    Make,
    /// It was reset.
    Reset,
    /// An action was chosen or taken.
    Step,
    /// An observer was shown a step of it.
    Observe,
}

impl std::fmt::Display for RoomCall {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Make => "being made",
            Self::Reset => "being reset",
            Self::Step => "being stepped",
            Self::Observe => "being observed",
        })
    }
}

/// Why a room can no longer be acted in.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// Its world said so.
    #[error("room {room}: {source}")]
    Environment {
        /// Index among all rooms.
        room: usize,
        /// What went wrong.
        source: EnvironmentError,
    },
    /// It panicked.
    #[error("room {room}: panicked while {call}: {text}")]
    Panic {
        /// Index among all rooms.
        room: usize,
        /// In what.
        call: RoomCall,
        /// The panic's message.
        text: String,
    },
}

/// The payload with which a thread unwinds when the one that infers for it is gone: no fault of any room.
pub(crate) struct InferenceGone;

/// Does something with a room; a panic in it becomes an error that names the room.
pub(crate) fn guarded<T>(
    room: usize,
    call: RoomCall,
    act: impl FnOnce() -> Result<T, EnvironmentError>,
) -> Result<T, RoomError> {
    // A room is never used again after an error, so nobody sees what a panic left half done.
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(result) => result.map_err(|source| RoomError::Environment { room, source }),
        Err(panic) if panic.is::<InferenceGone>() => resume_unwind(panic),
        Err(panic) => Err(RoomError::Panic { room, call, text: panic_text(&*panic) }),
    }
}

/// The message of a panic, without the trace that libtorch hangs on.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown cause");
    // Quoted by `unwrap`, a line break is written as its two characters.
    let end = text.find("\\nException raised").or_else(|| text.find('\n')).unwrap_or(text.len());
    text[..end].to_string()
}
