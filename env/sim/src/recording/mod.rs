//! Recordings: an episode in kilobytes. What is kept is what the episode is a function of (config, seed, actions), a
//! digest of every step to check a replay against, and what the agent answered.

mod digest;
mod file;

use groundling_interface::{Action, TimeStep};
use serde::{Deserialize, Serialize};

use crate::config::WorldConfig;

pub use digest::StepDigest;
pub use file::{Existing, FORMAT_VERSION, ReadError, WriteError};

/// What an agent answered to one question through an episode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annotation {
    /// The question's words.
    pub question: String,
    /// The true answer at the last step.
    pub answer: String,
    /// The answers it could have given.
    pub candidates: Vec<String>,
    /// Probability of each candidate at each step, `[steps + 1, candidates]`: one row an observation.
    pub probabilities: Vec<Vec<f32>>,
}

/// An episode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
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
}

impl Recording {
    /// Begins a recording with the first step of the episode of `episode_seed`.
    pub fn begin(config: WorldConfig, episode_seed: u64, agent: impl Into<String>, first: &TimeStep) -> Self {
        Self {
            config,
            episode_seed,
            agent: agent.into(),
            actions: Vec::new(),
            digests: vec![StepDigest::of(first)],
            annotations: Vec::new(),
        }
    }

    /// Adds an action and the step it led to.
    pub fn push(&mut self, action: Action, step: &TimeStep) {
        self.actions.push(action);
        self.digests.push(StepDigest::of(step));
    }

    /// What makes no sense in it, if anything does.
    fn contradiction(&self) -> Option<String> {
        let (num_actions, num_steps) = (self.actions.len(), self.digests.len());
        if num_steps != num_actions + 1 {
            return Some(format!("{num_steps} step digests for {num_actions} actions, where there must be one more"));
        }
        self.annotations.iter().find_map(|annotation| annotation.contradiction(num_steps))
    }
}

impl Annotation {
    fn contradiction(&self, num_steps: usize) -> Option<String> {
        let (question, rows, candidates) = (&self.question, self.probabilities.len(), self.candidates.len());
        if rows != num_steps {
            return Some(format!("{rows} rows of probabilities for {num_steps} steps, for the question {question:?}"));
        }
        if let Some(row) = self.probabilities.iter().find(|row| row.len() != candidates) {
            let found = row.len();
            return Some(format!("{found} probabilities for {candidates} candidates, for the question {question:?}"));
        }
        if self.probabilities.iter().flatten().any(|probability| !(0.0..=1.0).contains(probability)) {
            return Some(format!("a probability outside 0 to 1, for the question {question:?}"));
        }
        None
    }
}
