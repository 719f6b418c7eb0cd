//! The rooms of one actor, stepped together and inferred in one batch.

use std::sync::Arc;

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, EnvironmentError, StepKind, TimeStep, derive};
use groundling_model::{Agent, CoreState, Inputs, Unroll, UnrollShape};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::{BeliefObserver, Exploring, ObservedStep, Seat};

/// Gives the seed of the `episode`-th episode of room `room`.
pub(crate) type EpisodeSeeds = Arc<dyn Fn(usize, u64) -> u64 + Send + Sync>;

/// Where a room stands, so that it can be brought there again: an episode is a function of its seed and actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomCursor {
    /// Number of the episode in this room.
    pub episode: u64,
    /// Actions since its reset.
    pub actions: Vec<u16>,
}

/// One room while it is acted in.
struct Room {
    seat: Seat,
    current: TimeStep,
    cursor: RoomCursor,
    episode_seed: u64,
    generator: ChaCha8Rng,
    episode_return: f32,
}

/// An episode that has ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct EndedEpisode {
    pub(crate) episode_return: f32,
    pub(crate) num_steps: usize,
}

/// The rooms of one actor.
pub(crate) struct RoomGroup {
    rooms: Vec<Room>,
    first_room: usize,
    state: CoreState,
    exploring: Exploring,
    seed: u64,
    episode_seeds: EpisodeSeeds,
    ended: Vec<EndedEpisode>,
}

impl RoomGroup {
    /// Brings each seat to where its cursor says; `beliefs` are the core states there. Both empty: from the start.
    pub(crate) fn new(
        seats: Vec<Seat>,
        first_room: usize,
        exploring: Exploring,
        seed: u64,
        episode_seeds: EpisodeSeeds,
        agent: &Agent,
        resume: Option<(&[RoomCursor], &[FrozenBelief])>,
    ) -> Result<Self, EnvironmentError> {
        let num_rooms = seats.len();
        let fresh = RoomCursor { episode: 0, actions: Vec::new() };
        let mut rooms = Vec::with_capacity(num_rooms);
        for (index, seat) in seats.into_iter().enumerate() {
            let cursor = resume.and_then(|(cursors, _)| cursors.get(index)).unwrap_or(&fresh);
            let episode_seed = episode_seeds(first_room + index, cursor.episode);
            rooms.push(Room::at(seat, cursor, episode_seed, exploring, seed)?);
        }
        let state = match resume {
            Some((_, beliefs)) if beliefs.len() == num_rooms => agent.thaw(beliefs),
            _ => agent.zero_state(num_rooms),
        };
        Ok(Self { rooms, first_room, state, exploring, seed, episode_seeds, ended: Vec::new() })
    }

    /// Where each room stands.
    pub(crate) fn cursors(&self) -> Vec<RoomCursor> {
        self.rooms.iter().map(|room| room.cursor.clone()).collect()
    }

    /// The core state of each room, before the present step is seen.
    pub(crate) fn beliefs(&self) -> Vec<FrozenBelief> {
        (0..self.rooms.len()).map(|room| self.state.freeze(room)).collect()
    }

    /// The episodes that ended since the last call.
    pub(crate) fn take_ended(&mut self) -> Vec<EndedEpisode> {
        std::mem::take(&mut self.ended)
    }

    /// Number of the present episode of the room that is furthest behind.
    pub(crate) fn least_episode(&self) -> u64 {
        self.rooms.iter().map(|room| room.cursor.episode).min().unwrap_or(0)
    }

    /// Acts for `length` steps and records them.
    pub(crate) fn unroll(
        &mut self,
        agent: &Agent,
        length: usize,
        mut observer: Option<&mut (dyn BeliefObserver + 'static)>,
    ) -> Result<Unroll, EnvironmentError> {
        let shape = UnrollShape::new(length, self.rooms.len(), agent.spec());
        let mut unroll = Unroll::begin(shape, self.beliefs());
        for _ in 0..length {
            self.advance(agent, Some(&mut unroll), observer.as_deref_mut())?;
        }
        self.rooms.iter().for_each(|room| unroll.push_observation(&room.current));
        Ok(unroll)
    }

    /// One step of every room: the agent sees, somebody acts, the world goes on. Behind a last step comes a reset.
    pub(crate) fn advance(
        &mut self,
        agent: &Agent,
        mut unroll: Option<&mut Unroll>,
        mut observer: Option<&mut (dyn BeliefObserver + 'static)>,
    ) -> Result<(), EnvironmentError> {
        let steps: Vec<&TimeStep> = self.rooms.iter().map(|room| &room.current).collect();
        let output = agent.act(&Inputs { steps: &steps }, &self.state);
        self.state = output.state;
        for (index, room) in self.rooms.iter_mut().enumerate() {
            let logits = &output.logits[index];
            let last = room.current.kind.is_last();
            let action = if last { Action(0) } else { room.choose(logits, self.exploring)? };
            if let Some(unroll) = unroll.as_deref_mut() {
                unroll.push_observation(&room.current);
                unroll.push_action(action, logits);
            }
            if let Some(observer) = observer.as_deref_mut() {
                observer.observe(&ObservedStep {
                    room: self.first_room + index,
                    episode: room.cursor.episode,
                    episode_seed: room.episode_seed,
                    step: room.cursor.actions.len() as u32,
                    time_step: &room.current,
                    action: (!last).then_some(action),
                    belief: &|| self.state.freeze(index),
                });
            }
            if last {
                let num_steps = room.cursor.actions.len();
                self.ended.push(EndedEpisode { episode_return: room.episode_return, num_steps });
                let episode = room.cursor.episode + 1;
                let episode_seed = (self.episode_seeds)(self.first_room + index, episode);
                room.begin(episode, episode_seed, self.seed)?;
            } else {
                room.step(action)?;
            }
        }
        Ok(())
    }
}

impl Room {
    fn at(
        seat: Seat,
        cursor: &RoomCursor,
        episode_seed: u64,
        exploring: Exploring,
        seed: u64,
    ) -> Result<Self, EnvironmentError> {
        let mut seat = seat;
        let current = seat.environment.reset(episode_seed)?;
        if let Some(scripted) = seat.scripted.as_mut() {
            scripted.begin(episode_seed);
        }
        let generator = derive(seed, "action", &[episode_seed]);
        let start = RoomCursor { episode: cursor.episode, actions: Vec::new() };
        let mut room = Room { seat, current, cursor: start, episode_seed, generator, episode_return: 0.0 };
        for &action in &cursor.actions {
            // Whoever chose is asked again, so that its generator stands where it stood.
            match (exploring, room.seat.scripted.as_mut()) {
                (Exploring::Scripted, Some(scripted)) => drop(scripted.action()),
                _ => drop(room.generator.random::<f32>()),
            }
            room.step(Action(action))?;
        }
        Ok(room)
    }

    fn begin(&mut self, episode: u64, episode_seed: u64, seed: u64) -> Result<(), EnvironmentError> {
        self.current = self.seat.environment.reset(episode_seed)?;
        if let Some(scripted) = self.seat.scripted.as_mut() {
            scripted.begin(episode_seed);
        }
        self.cursor = RoomCursor { episode, actions: Vec::new() };
        self.episode_seed = episode_seed;
        self.generator = derive(seed, "action", &[episode_seed]);
        self.episode_return = 0.0;
        Ok(())
    }

    fn choose(&mut self, logits: &[f32], exploring: Exploring) -> Result<Action, EnvironmentError> {
        match exploring {
            Exploring::Learned => Ok(sample(logits, self.generator.random())),
            Exploring::Scripted => {
                let missing = || EnvironmentError::World("this environment has no scripted behaviour".into());
                Ok(self.seat.scripted.as_mut().ok_or_else(missing)?.action())
            }
        }
    }

    fn step(&mut self, action: Action) -> Result<(), EnvironmentError> {
        self.current = self.seat.environment.step(action)?;
        debug_assert_ne!(self.current.kind, StepKind::First);
        self.cursor.actions.push(action.0);
        self.episode_return += self.current.observation.last_reward;
        Ok(())
    }
}

/// The action at which the cumulative softmax of `logits` passes `uniform`.
fn sample(logits: &[f32], uniform: f32) -> Action {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let mut remaining = uniform * weights.iter().sum::<f32>();
    for (index, weight) in weights.iter().enumerate() {
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
