//! `Environment`, and the words for one step of it (after dm_env, with the two ends of an episode kept apart).

use serde::{Deserialize, Serialize};

use crate::Motion;

/// Index of an action in the environment's action set, `0..EnvironmentSpec::action_names.len()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Action(pub u16);

/// What an environment asks for and gives; constant over its life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentSpec {
    /// Rows of a picture.
    pub height: usize,
    /// Columns of a picture.
    pub width: usize,
    /// One name an action, in index order.
    pub action_names: Vec<String>,
    /// What each action does to the body if nothing hinders it, in index order; empty in a world without a body that moves.
    pub motions: Vec<Motion>,
}

impl EnvironmentSpec {
    /// Number of actions.
    pub fn num_actions(&self) -> usize {
        self.action_names.len()
    }

    /// Bytes of one picture, `height * width * 3`.
    pub fn num_bytes(&self) -> usize {
        self.height * self.width * 3
    }
}

/// Where in its episode a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StepKind {
    /// The first observation; no action led here.
    First,
    /// Neither first nor last.
    Mid,
    /// The last observation of an episode that ended by the task's own rule: nothing follows, its value is 0.
    Terminated,
    /// The last observation of an episode that was cut off by a limit: its value is that of going on.
    Truncated,
}

impl StepKind {
    /// Whether this observation is the last of its episode.
    pub fn is_last(self) -> bool {
        matches!(self, StepKind::Terminated | StepKind::Truncated)
    }
}

/// What the agent is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Picture, `[height, width, 3]`, sRGB.
    pub rgb: Vec<u8>,
    /// The action that led here; `None` at the first step.
    pub last_action: Option<Action>,
    /// The reward that came with it; 0 at the first step.
    pub last_reward: f32,
}

/// One step: an observation and where it stands. The reward of the step is `observation.last_reward`.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeStep {
    /// First, mid, or one of the two kinds of last.
    pub kind: StepKind,
    /// What the agent is given.
    pub observation: Observation,
}

/// Why a step could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// `step` before the first `reset`, or after the last step of an episode.
    #[error("step was called when no episode is running; call reset first")]
    NoEpisodeRunning,
    /// The action is not in the action set.
    #[error("action {action} is not one of the {num_actions} actions")]
    UnknownAction {
        /// The index that was given.
        action: u16,
        /// How many there are.
        num_actions: usize,
    },
    /// The world could not be made or went wrong; the text says what and why.
    #[error("{0}")]
    World(String),
}

/// A world an agent can act in. One episode is a function of (configuration, seed, actions) and of nothing else.
pub trait Environment: Send {
    /// Picture size and actions.
    fn spec(&self) -> &EnvironmentSpec;

    /// Begins the episode that `seed` names, whatever was before; returns its first step.
    fn reset(&mut self, seed: u64) -> Result<TimeStep, EnvironmentError>;

    /// Takes one action. After a last step only `reset` may follow.
    fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError>;
}
