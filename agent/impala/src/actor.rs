//! One actor: a group of rooms that are inferred together, and the unroll it is recording.

use groundling_belief::FrozenBelief;
use groundling_model::{AgentError, Unroll, UnrollShape};
use groundling_nn::{NoStream, ValuesError};

use crate::inference::Inference;
use crate::place::Place;
use crate::publishing::ParameterSource;
use crate::room_error::RoomError;
use crate::room_group::{Copies, EndedEpisode, RoomGroup};
use crate::seat::Onlookers;
use crate::waits::{ActorSeconds, timed};

/// What an actor sends for each unroll.
#[derive(Debug)]
pub(crate) struct ActorUnroll {
    pub(crate) actor: usize,
    /// Of the oldest parameters that acted in it.
    pub(crate) version: u64,
    pub(crate) unroll: Unroll,
    /// Where its rooms stand behind the unroll.
    pub(crate) place: Place,
    pub(crate) ended: Vec<EndedEpisode>,
    pub(crate) seconds: ActorSeconds,
}

/// Why an actor, or the thread that infers for it, ended.
#[derive(Debug, thiserror::Error)]
pub enum ActorError {
    /// One of its rooms failed, or who observes it.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// The agent cannot be made.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// It was given parameters of another network.
    #[error(transparent)]
    Values(#[from] ValuesError),
    /// It was to infer on a device that gave it no queue of its own.
    #[error(transparent)]
    Stream(#[from] NoStream),
    /// It panicked outside of any room.
    #[error("panicked: {0}")]
    Panic(String),
}

/// Why an actor does not go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It failed.
    Failed(ActorError),
    /// The learner or the inference thread has ended, and told why if there was something to tell.
    Over,
}

impl<E: Into<ActorError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A group of rooms with everything that acts in it.
pub(crate) struct Actor {
    index: usize,
    shape: UnrollShape,
    rooms: RoomGroup,
    inference: Box<dyn Inference>,
    source: ParameterSource,
    onlookers: Onlookers,
    /// The core states between two unrolls.
    beliefs: Vec<FrozenBelief>,
    unroll: Unroll,
    version: u64,
    seconds: ActorSeconds,
}

impl Actor {
    /// At the beginning of an unroll of `shape`; `beliefs` are the core states in which `inference` has the rooms.
    pub(crate) fn new(
        index: usize,
        shape: UnrollShape,
        rooms: RoomGroup,
        inference: Box<dyn Inference>,
        source: ParameterSource,
        onlookers: Onlookers,
        beliefs: Vec<FrozenBelief>,
    ) -> Self {
        let unroll = Unroll::begin(UnrollShape { length: 0, num_rooms: 0, ..shape }, Vec::new());
        let (version, seconds) = (u64::MAX, ActorSeconds::default());
        Self { index, shape, rooms, inference, source, onlookers, beliefs, unroll, version, seconds }
    }

    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Waits for parameters, and asks about the first row.
    pub(crate) fn begin(&mut self) -> Result<(), Stop> {
        let parameters = timed(&mut self.seconds.waits_for_parameters, || self.source.next()).ok_or(Stop::Over)?;
        timed(&mut self.seconds.infers, || self.inference.begin(parameters))?;
        self.unroll = Unroll::begin(self.shape, self.beliefs.clone());
        self.version = u64::MAX;
        self.inference.ask(self.rooms.take_steps());
        Ok(())
    }

    /// Takes the answer for the present row and steps the rooms; asks about the next row, if the unroll has one.
    pub(crate) fn advance(&mut self, has_next: bool) -> Result<(), Stop> {
        let seconds =
            if self.inference.is_shared() { &mut self.seconds.waits_for_inference } else { &mut self.seconds.infers };
        let answer = timed(seconds, || self.inference.answer()).ok_or(Stop::Over)?;
        // Newer ones may come in the middle of an unroll, older ones never.
        self.version = self.version.min(answer.version);
        let copies = Copies { belief: &|room| self.inference.freeze(room), features: None };
        let (rooms, unroll, onlookers) = (&mut self.rooms, &mut self.unroll, &mut self.onlookers);
        timed(&mut self.seconds.steps, || {
            rooms.advance(answer.steps, &answer.logits, copies, Some(unroll), onlookers)
        })?;
        if has_next {
            self.inference.ask(self.rooms.take_steps());
        }
        Ok(())
    }

    /// The unroll with its last row, and where the rooms stand.
    pub(crate) fn finish(&mut self) -> Result<ActorUnroll, Stop> {
        let empty = Unroll::begin(UnrollShape { length: 0, num_rooms: 0, ..self.shape }, Vec::new());
        let mut unroll = std::mem::replace(&mut self.unroll, empty);
        self.rooms.steps().iter().for_each(|step| unroll.push_observation(step));
        self.beliefs = self.inference.freeze_all().ok_or(Stop::Over)?;
        Ok(ActorUnroll {
            actor: self.index,
            version: self.version,
            unroll,
            place: Place { cursors: self.rooms.cursors(), beliefs: self.beliefs.clone() },
            ended: self.rooms.take_ended(),
            seconds: std::mem::take(&mut self.seconds),
        })
    }

    /// Notes how long the unroll waited for a place in the queue.
    pub(crate) fn waited_for_queue(&mut self, seconds: f64) {
        self.seconds.waits_for_queue += seconds;
    }
}
