//! Recordings: an episode in kilobytes. What is kept is what the episode is a function of (config, seed, actions), a
//! digest of every step to check a replay against, what the agent answered, and what it imagined where that was asked for.

mod annotation;
mod bytes;
mod digest;
mod file;
mod format_error;
mod header;
mod imagination;

use groundling_interface::{Action, TimeStep};

use crate::config::WorldConfig;
use crate::privileged::Privileged;

pub use annotation::{Annotation, Asked};
pub use digest::{PictureDigest, StateDigest, StepDigest};
pub use file::{Existing, ReadError, WriteError};
pub use format_error::FormatError;
pub use imagination::Imagination;

/// The format that is written, and the latest that is read.
pub const FORMAT_VERSION: u32 = 3;
/// The earliest format that is read.
pub(crate) const OLDEST_FORMAT: u32 = 2;

/// This program, as its recordings name it.
pub const PROGRAM: &str = concat!("groundling ", env!("CARGO_PKG_VERSION"));

/// An episode.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The program that recorded it, with its version.
    pub program: String,
    /// What the world was made from.
    pub config: WorldConfig,
    /// Seed of the episode.
    pub episode_seed: u64,
    /// Who acted, in words.
    pub agent: String,
    /// The actions, in order.
    pub actions: Vec<Action>,
    /// One an observation: one more than there are actions.
    pub digests: Vec<StepDigest>,
    /// What the agent answered; may be empty.
    pub annotations: Vec<Annotation>,
    /// What the agent imagined, each at a later step than the one before; may be empty. No replay checks it.
    pub imagined: Vec<Imagination>,
}

impl Recording {
    /// Begins a recording with the first step of the episode of `episode_seed`, which the room of `privileged` is at.
    pub fn begin(
        config: WorldConfig,
        episode_seed: u64,
        agent: impl Into<String>,
        first: &TimeStep,
        privileged: &Privileged,
    ) -> Self {
        Self {
            program: PROGRAM.to_owned(),
            config,
            episode_seed,
            agent: agent.into(),
            actions: Vec::new(),
            digests: vec![StepDigest::of(first, privileged)],
            annotations: Vec::new(),
            imagined: Vec::new(),
        }
    }

    /// Adds an action and the step it led to, which the room of `privileged` is at.
    pub fn push(&mut self, action: Action, step: &TimeStep, privileged: &Privileged) {
        self.actions.push(action);
        self.digests.push(StepDigest::of(step, privileged));
    }

    /// What makes no sense in it, if anything does.
    fn contradiction(&self) -> Option<String> {
        if let Err(invalid) = self.config.validate() {
            return Some(invalid.to_string());
        }
        let (num_actions, num_steps) = (self.actions.len(), self.digests.len());
        if num_actions == 0 {
            return Some("no action was taken".into());
        }
        let most = self.config.task.episode_steps;
        if num_actions > most as usize {
            return Some(format!("{num_actions} actions in an episode of {most} steps (task.episode_steps)"));
        }
        if num_steps != num_actions + 1 {
            return Some(format!("{num_steps} step digests for {num_actions} actions, where there must be one more"));
        }
        let refused = |(index, &action)| self.config.control.actions.act(action).err().map(|error| (index + 1, error));
        if let Some((step, error)) = self.actions.iter().enumerate().find_map(refused) {
            return Some(format!("what leads to step {step}: {error}"));
        }
        let of_annotations = || self.annotations.iter().find_map(|annotation| annotation.contradiction(num_steps));
        let frame_bytes = frame_bytes(&self.config);
        of_annotations().or_else(|| imagination::contradiction(&self.imagined, num_steps, frame_bytes))
    }
}

/// Bytes of one picture of the agent's; of a size that no camera may have, any number.
fn frame_bytes(config: &WorldConfig) -> usize {
    config.camera.width.saturating_mul(config.camera.height).saturating_mul(3)
}
