//! An episode as it is at one step, to go on from there again: all that its future is a function of.

use crate::privileged::Shared;

/// All of the state of an episode, in memory; taken and restored by `RoomEnvironment`.
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) shared: Shared,
    pub(crate) is_running: bool,
}

/// Why a snapshot could not be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It was taken in an environment with other settings.
    #[error("the snapshot was taken in an environment with other settings; restore it in one with the same")]
    OtherSettings,
}
