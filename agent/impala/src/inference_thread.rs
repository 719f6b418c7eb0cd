//! One thread that infers for all actors, as in SEED RL (Espeholt et al. 2020), for a network that lives on an accelerator.
//!
//! The core states of all rooms stay on the device. Actors hand over the present steps of their rooms and get back logits;
//! beliefs are copied out when they are asked for. Which groups are inferred together, `Batching` decides; the thread waits
//! only while there is no batch.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use crossbeam::channel::{Receiver, Sender, bounded, select};
use groundling_belief::FrozenBelief;
use groundling_interface::TimeStep;
use groundling_model::{CoreState, Inputs};

use crate::batching::Batching;
use crate::inference::{Answer, Inference, ThreadAgent};
use crate::place::Place;
use crate::publishing::{Latest, Published};
use crate::room_error::InferenceGone;
use crate::waits::InferenceWaits;
use crate::{ActorError, Schedule, TrainingConfig};

/// What actors send.
enum Ask {
    /// Infers the present steps of a group's rooms.
    Act { actor: usize, parameters: Arc<Published>, steps: Vec<TimeStep> },
    /// Copies core states of a group out: that of one room, by its index in the group, or all.
    Freeze { actor: usize, room: Option<usize> },
}

/// What they get.
enum Reply {
    Acted(Answer),
    Frozen(Vec<FrozenBelief>),
}

/// A group's question that waits for an answer.
struct Waiting {
    parameters: Arc<Published>,
    steps: Vec<TimeStep>,
}

/// The inferring thread's end.
pub(crate) struct InferenceThread {
    asks: Receiver<Ask>,
    replies: Vec<Sender<Reply>>,
    /// Nothing comes through it; it is closed when the learner has ended.
    learner: Receiver<()>,
    rooms_per_actor: usize,
    batching: Batching<Waiting>,
    /// Where the newest parameters are found; none in lockstep, where asks bring theirs.
    latest: Option<Latest>,
    waits: Arc<InferenceWaits>,
}

/// An actor's end.
pub(crate) struct SharedInference {
    actor: usize,
    asks: Sender<Ask>,
    replies: Receiver<Reply>,
    parameters: Option<Arc<Published>>,
}

/// Both ends; whoever holds the other end of `learner` lets them run. `latest` is where the newest parameters are found;
/// none in lockstep, where asks bring theirs.
pub(crate) fn connect(
    training: &TrainingConfig,
    latest: Option<Latest>,
    learner: Receiver<()>,
    waits: Arc<InferenceWaits>,
) -> (InferenceThread, Vec<SharedInference>) {
    let num_actors = training.num_actors;
    let most_actors = (training.inference_batch_rooms / training.rooms_per_actor.max(1)).max(1);
    let batching = match training.schedule {
        Schedule::Async => Batching::arrived(most_actors),
        Schedule::Lockstep => Batching::sets(num_actors, most_actors),
    };
    // A group asks for one thing at a time, so that no ask ever waits for a place.
    let (ask_sender, asks) = bounded(num_actors);
    let (reply_senders, replies): (Vec<_>, Vec<_>) = (0..num_actors).map(|_| bounded(1)).unzip();
    let ends = replies.into_iter().enumerate().map(|(actor, replies)| SharedInference {
        actor,
        asks: ask_sender.clone(),
        replies,
        parameters: None,
    });
    let ends = ends.collect();
    let rooms_per_actor = training.rooms_per_actor;
    (InferenceThread { asks, replies: reply_senders, learner, rooms_per_actor, batching, latest, waits }, ends)
}

impl InferenceThread {
    /// Infers until every actor is gone or the learner has ended, from the core states of `places`.
    pub(crate) fn run(&mut self, agent: &ThreadAgent, places: &[Place]) -> Result<(), ActorError> {
        let beliefs: Vec<FrozenBelief> = places.iter().flat_map(|place| place.beliefs.clone()).collect();
        let mut state = agent.agent().thaw(&beliefs);
        loop {
            let since = Instant::now();
            let Some(batch) = self.gather(&state) else { return Ok(()) };
            let idle = since.elapsed();
            let num_rooms = batch.iter().map(|(_, waiting)| waiting.steps.len()).sum();
            self.infer(batch, agent, &mut state)?;
            self.waits.add_batch(num_rooms, idle, since.elapsed().saturating_sub(idle));
        }
    }

    /// Takes asks until there is a batch. None when every actor is gone, or the learner.
    fn gather(&mut self, state: &CoreState) -> Option<Vec<(usize, Waiting)>> {
        loop {
            // All that has arrived is seen before anything is inferred, so that batches are as large as can be.
            while let Ok(ask) = self.asks.try_recv() {
                self.take(ask, state);
            }
            if let Some(batch) = self.batching.next() {
                return Some(batch);
            }
            select! {
                recv(self.asks) -> ask => self.take(ask.ok()?, state),
                // An actor that failed leaves others waiting for a set that will never be whole.
                recv(self.learner) -> _ => return None,
            }
        }
    }

    fn take(&mut self, ask: Ask, state: &CoreState) {
        match ask {
            Ask::Act { actor, parameters, steps } => self.batching.push(actor, Waiting { parameters, steps }),
            Ask::Freeze { actor, room } => {
                let first = actor * self.rooms_per_actor;
                let beliefs = match room {
                    Some(room) => vec![state.freeze(first + room)],
                    None => state.select(&indices(first..first + self.rooms_per_actor)).freeze_all(),
                };
                self.reply(actor, Reply::Frozen(beliefs));
            }
        }
    }

    fn infer(
        &self,
        batch: Vec<(usize, Waiting)>,
        agent: &ThreadAgent,
        state: &mut CoreState,
    ) -> Result<(), ActorError> {
        match (&self.latest, batch.first()) {
            (Some(latest), _) => agent.load(&latest.get())?,
            (None, Some((_, first))) => agent.load(&first.parameters)?,
            (None, None) => {}
        }
        let of_actor = |actor: usize| actor * self.rooms_per_actor..(actor + 1) * self.rooms_per_actor;
        let rooms: Vec<i64> = batch.iter().flat_map(|(actor, _)| indices(of_actor(*actor))).collect();
        let steps: Vec<&TimeStep> = batch.iter().flat_map(|(_, waiting)| &waiting.steps).collect();
        let output = agent.agent().act(&Inputs { steps: &steps }, &state.select(&rooms));
        state.replace(&rooms, &output.state);
        let mut logits = output.logits.into_iter();
        for (actor, Waiting { steps, .. }) in batch {
            let logits = logits.by_ref().take(steps.len()).collect();
            self.reply(actor, Reply::Acted(Answer { steps, logits, version: agent.version() }));
        }
        Ok(())
    }

    fn reply(&self, actor: usize, reply: Reply) {
        // An actor that is gone has said why in the queue of unrolls.
        self.replies.get(actor).map(|replies| replies.send(reply).ok());
    }
}

fn indices(rooms: Range<usize>) -> Vec<i64> {
    rooms.map(|room| room as i64).collect()
}

impl Inference for SharedInference {
    fn begin(&mut self, parameters: Arc<Published>) -> Result<(), ActorError> {
        self.parameters = Some(parameters);
        Ok(())
    }

    fn ask(&mut self, steps: Vec<TimeStep>) {
        if let Some(parameters) = self.parameters.clone() {
            // If nobody hears, nobody answers, and that is noticed then.
            let _ = self.asks.send(Ask::Act { actor: self.actor, parameters, steps });
        }
    }

    fn answer(&mut self) -> Option<Answer> {
        match self.replies.recv() {
            Ok(Reply::Acted(answer)) => Some(answer),
            _ => None,
        }
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn freeze(&self, room: usize) -> FrozenBelief {
        let belief = self.frozen(Some(room)).and_then(|mut beliefs| beliefs.pop());
        // An observer has no way to hear of it.
        belief.unwrap_or_else(|| std::panic::resume_unwind(Box::new(InferenceGone)))
    }

    fn freeze_all(&self) -> Option<Vec<FrozenBelief>> {
        self.frozen(None)
    }
}

impl SharedInference {
    fn frozen(&self, room: Option<usize>) -> Option<Vec<FrozenBelief>> {
        self.asks.send(Ask::Freeze { actor: self.actor, room }).ok()?;
        match self.replies.recv() {
            Ok(Reply::Frozen(beliefs)) => Some(beliefs),
            _ => None,
        }
    }
}
