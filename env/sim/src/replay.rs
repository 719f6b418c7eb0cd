//! Replays: a recorded episode stepped again, each step checked against its digests.

use groundling_interface::{Environment, EnvironmentError, TimeStep};

use crate::environment::{RoomEnvironment, WorldError};
use crate::privileged::Privileged;
use crate::recording::{PROGRAM, PictureDigest, Recording, StateDigest, StepDigest};

/// Why an episode could not be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The world could not be made.
    #[error("the recorded world cannot be made: {0}")]
    World(#[from] WorldError),
    /// A step could not be taken.
    #[error("step {step} cannot be taken again: {source}")]
    Step {
        /// Index of the step, 0 for the first observation.
        step: usize,
        /// Why.
        source: EnvironmentError,
    },
    /// The room was not at a step what it was.
    #[error(
        "step {step} differs from the recording: the room moved otherwise (state {found}, recorded {recorded} by \
         {program}; this is {PROGRAM})"
    )]
    Moved {
        /// Index of the first step that differs.
        step: usize,
        /// Digest of the room as it is now.
        found: StateDigest,
        /// Digest of the room as it was.
        recorded: StateDigest,
        /// The program that recorded it.
        program: String,
    },
    /// The room was what it was in every step so far, but its picture is another.
    #[error(
        "step {step} differs from the recording: the room moved as it did, but was drawn otherwise (picture {found}, \
         recorded {recorded} by {program}; this is {PROGRAM})"
    )]
    Drawn {
        /// Index of the first step that differs.
        step: usize,
        /// Digest of the picture as it is now.
        found: PictureDigest,
        /// Digest of the picture as it was.
        recorded: PictureDigest,
        /// The program that recorded it.
        program: String,
    },
}

/// A recorded episode being stepped again.
pub struct Replay {
    recording: Recording,
    environment: RoomEnvironment,
    privileged: Privileged,
    next_step: usize,
    checks: bool,
}

impl Replay {
    /// Makes the world of a recording; nothing is stepped yet.
    pub fn new(recording: Recording) -> Result<Self, ReplayError> {
        let (environment, privileged) = RoomEnvironment::new(recording.config.clone())?;
        Ok(Self { recording, environment, privileged, next_step: 0, checks: true })
    }

    /// As [`new`](Self::new), but a step that differs from its digests is given all the same: to look at what does.
    pub fn unchecked(recording: Recording) -> Result<Self, ReplayError> {
        Ok(Self { checks: false, ..Self::new(recording)? })
    }

    /// Whether a step that differs is an error.
    pub fn is_checked(&self) -> bool {
        self.checks
    }

    /// What is replayed.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The handle to the world at the step that was replayed last.
    pub fn privileged(&self) -> &Privileged {
        &self.privileged
    }

    /// Takes the next step and checks it, unless the replay is [`unchecked`](Self::unchecked); `None` after the last one.
    pub fn advance(&mut self) -> Result<Option<TimeStep>, ReplayError> {
        let step = self.next_step;
        let Some(&recorded) = self.recording.digests.get(step) else { return Ok(None) };
        let taken = match step.checked_sub(1).and_then(|index| self.recording.actions.get(index)) {
            Some(&action) => self.environment.step(action),
            None => self.environment.reset(self.recording.episode_seed),
        };
        let time_step = taken.map_err(|source| ReplayError::Step { step, source })?;
        let found = StepDigest::of(&time_step, &self.privileged);
        let program = || self.recording.program.clone();
        if self.checks && found.state != recorded.state {
            return Err(ReplayError::Moved { step, found: found.state, recorded: recorded.state, program: program() });
        }
        if self.checks && found.picture != recorded.picture {
            let (found, recorded) = (found.picture, recorded.picture);
            return Err(ReplayError::Drawn { step, found, recorded, program: program() });
        }
        self.next_step += 1;
        Ok(Some(time_step))
    }

    /// The step of the recording that an error is about, if it is about one.
    pub fn differing_step(error: &ReplayError) -> Option<usize> {
        match error {
            ReplayError::World(_) => None,
            ReplayError::Step { step, .. } | ReplayError::Moved { step, .. } | ReplayError::Drawn { step, .. } => {
                Some(*step)
            }
        }
    }

    /// Replays a whole recording; returns how many steps were checked.
    pub fn verify(recording: Recording) -> Result<usize, ReplayError> {
        let mut replay = Replay::new(recording)?;
        while replay.advance()?.is_some() {}
        Ok(replay.next_step)
    }
}
