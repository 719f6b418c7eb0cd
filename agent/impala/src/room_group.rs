//! The rooms of one actor, stepped together and always inferred in one batch.

use std::sync::Arc;

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, EnvironmentError, TimeStep};
use groundling_model::Unroll;

use crate::room::Room;
use crate::room_error::{RoomCall, RoomError, guarded};
use crate::seat::Onlookers;
use crate::{Exploring, ObservedStep, RoomCursor, Seat};

/// Gives the seed of the `episode`-th episode of room `room`.
pub(crate) type EpisodeSeeds = Arc<dyn Fn(usize, u64) -> u64 + Send + Sync>;

/// What every room of a group is acted in by.
#[derive(Clone)]
pub(crate) struct Acting {
    pub(crate) exploring: Exploring,
    /// The agent's own choices are derived from it and the episode's seed.
    pub(crate) seed: u64,
    pub(crate) episode_seeds: EpisodeSeeds,
}

/// An episode that has ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct EndedEpisode {
    pub(crate) episode_return: f32,
    pub(crate) num_steps: usize,
}

/// What an observer may have copies of, by the index of a room in the group.
#[derive(Clone, Copy)]
pub(crate) struct Copies<'a> {
    /// The core state.
    pub(crate) belief: &'a dyn Fn(usize) -> FrozenBelief,
    /// What the encoder made of the present picture, where that is kept.
    pub(crate) features: Option<&'a dyn Fn(usize) -> FrozenBelief>,
}

/// Rooms, and the present step of each.
pub(crate) struct RoomGroup {
    rooms: Vec<Room>,
    /// Empty while somebody else infers from them.
    steps: Vec<TimeStep>,
    first_room: usize,
    acting: Acting,
    ended: Vec<EndedEpisode>,
}

impl RoomGroup {
    /// Makes one room for each cursor, the first with index `first_room`, and brings it to where the cursor says.
    pub(crate) fn new(
        seats: &dyn Fn(usize) -> Result<Seat, EnvironmentError>,
        first_room: usize,
        cursors: &[RoomCursor],
        acting: Acting,
    ) -> Result<Self, RoomError> {
        let (mut rooms, mut steps) = (Vec::with_capacity(cursors.len()), Vec::with_capacity(cursors.len()));
        for (cursor, index) in cursors.iter().zip(first_room..) {
            let seat = guarded(index, RoomCall::Make, || seats(index)?.suited_to(acting.exploring))?;
            let episode_seed = (acting.episode_seeds)(index, cursor.episode);
            let begin = || Room::begin(seat, cursor.episode, episode_seed, acting.seed);
            let (mut room, first) = guarded(index, RoomCall::Reset, begin)?;
            let present = guarded(index, RoomCall::Step, || room.repeat(&cursor.actions, acting.exploring))?;
            steps.push(present.unwrap_or(first));
            rooms.push(room);
        }
        Ok(Self { rooms, steps, first_room, acting, ended: Vec::new() })
    }

    /// Number of rooms.
    pub(crate) fn len(&self) -> usize {
        self.rooms.len()
    }

    /// Where each room stands.
    pub(crate) fn cursors(&self) -> Vec<RoomCursor> {
        self.rooms.iter().map(|room| room.cursor.clone()).collect()
    }

    /// The episodes that ended since the last call.
    pub(crate) fn take_ended(&mut self) -> Vec<EndedEpisode> {
        std::mem::take(&mut self.ended)
    }

    /// Number of the present episode of the room that is furthest behind.
    pub(crate) fn least_episode(&self) -> u64 {
        self.rooms.iter().map(|room| room.cursor.episode).min().unwrap_or(0)
    }

    /// Gives away the present steps, to be inferred from. `advance` wants them back; they are moved, since pictures are
    /// large.
    pub(crate) fn take_steps(&mut self) -> Vec<TimeStep> {
        std::mem::take(&mut self.steps)
    }

    /// The present step of each room.
    pub(crate) fn steps(&self) -> &[TimeStep] {
        &self.steps
    }

    /// One step of every room: the agent has seen `steps` and gives `logits` `[E][A]`, somebody acts, the world goes on.
    /// Behind a last step comes a reset.
    pub(crate) fn advance(
        &mut self,
        steps: Vec<TimeStep>,
        logits: &[Vec<f32>],
        copies: Copies<'_>,
        mut unroll: Option<&mut Unroll>,
        onlookers: &mut Onlookers,
    ) -> Result<(), RoomError> {
        self.steps = steps;
        let rooms = self.rooms.iter_mut().zip(&mut self.steps).zip(logits);
        for (index, ((room, present), logits)) in rooms.enumerate() {
            let number = self.first_room + index;
            let last = present.kind.is_last();
            let choose = || if last { Ok(Action(0)) } else { room.choose(logits, self.acting.exploring) };
            let action = guarded(number, RoomCall::Step, choose)?;
            if let Some(unroll) = unroll.as_deref_mut() {
                unroll.push_observation(present);
                unroll.push_action(action, logits);
            }
            if !onlookers.is_nobody() {
                let features = copies.features.map(|features| move || features(index));
                let step = ObservedStep {
                    room: number,
                    episode: room.cursor.episode,
                    episode_seed: room.episode_seed,
                    step: room.cursor.actions.len() as u32,
                    time_step: present,
                    action: (!last).then_some(action),
                    belief: &|| (copies.belief)(index),
                    features: features.as_ref().map(|features| features as &dyn Fn() -> FrozenBelief),
                };
                let target = guarded(number, RoomCall::Observe, || Ok(onlookers.look(&step)))?;
                if let (Some(unroll), Some(target)) = (unroll.as_deref_mut(), target) {
                    unroll.push_target(target);
                }
            }
            *present = if last {
                let num_steps = room.cursor.actions.len();
                self.ended.push(EndedEpisode { episode_return: room.episode_return, num_steps });
                let episode = room.cursor.episode + 1;
                let episode_seed = (self.acting.episode_seeds)(number, episode);
                guarded(number, RoomCall::Reset, || room.reset(episode, episode_seed, self.acting.seed))?
            } else {
                guarded(number, RoomCall::Step, || room.step(action))?
            };
        }
        Ok(())
    }
}
