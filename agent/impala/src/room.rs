//! One room while it is acted in.

use groundling_interface::{Action, EnvironmentError, StepKind, TimeStep, derive};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::{Exploring, Seat};

/// Where a room stands, so that it can be brought there again: an episode is a function of its seed and actions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoomCursor {
    /// Number of the episode in this room.
    pub episode: u64,
    /// Actions since its reset.
    pub actions: Vec<u16>,
}

/// A seat, the episode that runs there, and who chooses. The present step is kept by the room's group.
pub(crate) struct Room {
    seat: Seat,
    pub(crate) cursor: RoomCursor,
    pub(crate) episode_seed: u64,
    generator: ChaCha8Rng,
    pub(crate) episode_return: f32,
}

impl Room {
    /// At the start of an episode. The agent's own choices are derived from `seed` and the episode's.
    pub(crate) fn begin(
        mut seat: Seat,
        episode: u64,
        episode_seed: u64,
        seed: u64,
    ) -> Result<(Self, TimeStep), EnvironmentError> {
        let first = seat.environment.reset(episode_seed)?;
        if let Some(scripted) = seat.scripted.as_mut() {
            scripted.begin(episode_seed);
        }
        let generator = derive(seed, "action", &[episode_seed]);
        let cursor = RoomCursor { episode, actions: Vec::new() };
        Ok((Self { seat, cursor, episode_seed, generator, episode_return: 0.0 }, first))
    }

    /// Begins another episode; its first step.
    pub(crate) fn reset(&mut self, episode: u64, episode_seed: u64, seed: u64) -> Result<TimeStep, EnvironmentError> {
        let first = self.seat.environment.reset(episode_seed)?;
        if let Some(scripted) = self.seat.scripted.as_mut() {
            scripted.begin(episode_seed);
        }
        self.cursor.episode = episode;
        // Its memory stays, since episodes are about equally long.
        self.cursor.actions.clear();
        (self.episode_seed, self.episode_return) = (episode_seed, 0.0);
        self.generator = derive(seed, "action", &[episode_seed]);
        Ok(first)
    }

    /// Takes actions that were taken before; the step they lead to, none without actions.
    pub(crate) fn repeat(
        &mut self,
        actions: &[u16],
        exploring: Exploring,
    ) -> Result<Option<TimeStep>, EnvironmentError> {
        let mut present = None;
        for &action in actions {
            // Whoever chose is asked again, so that its generator stands where it stood.
            match (exploring, self.seat.scripted.as_mut()) {
                (Exploring::Scripted, Some(scripted)) => drop(scripted.action()),
                _ => drop(self.generator.random::<f32>()),
            }
            present = Some(self.step(Action(action))?);
        }
        Ok(present)
    }

    /// What is done next, by the agent's `logits` `[A]` or by the scripted behaviour.
    pub(crate) fn choose(&mut self, logits: &[f32], exploring: Exploring) -> Result<Action, EnvironmentError> {
        match exploring {
            Exploring::Learned => Ok(sample(logits, self.generator.random())),
            Exploring::Scripted => {
                let missing = || EnvironmentError::World("this environment has no scripted behaviour".into());
                Ok(self.seat.scripted.as_mut().ok_or_else(missing)?.action())
            }
        }
    }

    /// Does it.
    pub(crate) fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError> {
        let next = self.seat.environment.step(action)?;
        debug_assert_ne!(next.kind, StepKind::First);
        self.cursor.actions.push(action.0);
        self.episode_return += next.observation.last_reward;
        Ok(next)
    }
}

/// The action at which the cumulative softmax of `logits` passes `uniform`.
fn sample(logits: &[f32], uniform: f32) -> Action {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights = || logits.iter().map(|logit| (logit - largest).exp());
    let mut remaining = uniform * weights().sum::<f32>();
    for (index, weight) in weights().enumerate() {
        remaining -= weight;
        if remaining < 0.0 {
            return Action(index as u16);
        }
    }
    Action(logits.len().saturating_sub(1) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sampling_follows_the_softmax() {
        let logits = [0.0f32, 1.0, f32::NEG_INFINITY];
        let second = 1f32.exp() / (1.0 + 1f32.exp());
        let counts = (0..1000).fold([0; 3], |mut counts, i| {
            counts[sample(&logits, i as f32 / 1000.0).0 as usize] += 1;
            counts
        });
        assert!((counts[1] as f32 / 1000.0 - second).abs() < 0.01 && counts[2] == 0);
        assert_eq!(sample(&[f32::NAN, 0.0], 0.5), Action(1));
    }
}
