//! The actor's thread: where its parameters come from, and what it sends back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crossbeam::channel::{Receiver, Sender, bounded};
use groundling_belief::FrozenBelief;
use groundling_interface::EnvironmentError;
use groundling_model::{Agent, Unroll};
use groundling_nn::{NamedValues, ValuesError};

use crate::room_group::{EndedEpisode, RoomGroup};
use crate::{BeliefObserver, RoomCursor, Schedule};

/// Parameters after `version` updates.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) version: u64,
    /// What acting needs.
    pub(crate) values: Arc<NamedValues>,
}

/// Where an actor finds the parameters for its next unroll.
#[derive(Debug, Clone)]
pub(crate) enum ParameterSource {
    /// Lockstep: one order an unroll.
    Orders(Receiver<Arc<Published>>),
    /// Async: whatever was published last.
    Latest(Arc<Mutex<Arc<Published>>>),
}

impl ParameterSource {
    /// Blocks until there is an order. None when the learner has ended.
    fn next(&self) -> Option<Arc<Published>> {
        match self {
            ParameterSource::Orders(orders) => orders.recv().ok(),
            ParameterSource::Latest(latest) => Some(Arc::clone(&latest.lock().unwrap_or_else(PoisonError::into_inner))),
        }
    }
}

/// Gives parameters to actors.
pub(crate) enum Publisher {
    Orders(Vec<Sender<Arc<Published>>>),
    Latest(Arc<Mutex<Arc<Published>>>),
}

impl Publisher {
    /// With the parameters to begin with, and where each actor finds them.
    pub(crate) fn new(schedule: Schedule, num_actors: usize, first: Arc<Published>) -> (Self, Vec<ParameterSource>) {
        match schedule {
            Schedule::Lockstep => {
                let (senders, receivers): (Vec<_>, Vec<_>) = (0..num_actors).map(|_| bounded(1)).unzip();
                (Self::Orders(senders), receivers.into_iter().map(ParameterSource::Orders).collect())
            }
            Schedule::Async => {
                let latest = Arc::new(Mutex::new(first));
                (Self::Latest(Arc::clone(&latest)), vec![ParameterSource::Latest(latest); num_actors])
            }
        }
    }

    /// Lockstep: orders one unroll of each actor. Async: these are the parameters from now on.
    pub(crate) fn publish(&self, published: &Arc<Published>) {
        match self {
            // An actor that is gone has said why in the queue of unrolls.
            Self::Orders(senders) => senders.iter().for_each(|sender| drop(sender.send(Arc::clone(published)))),
            Self::Latest(latest) => *latest.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(published),
        }
    }
}

/// What an actor sends for each unroll.
#[derive(Debug)]
pub(crate) struct ActorUnroll {
    pub(crate) actor: usize,
    pub(crate) version: u64,
    pub(crate) unroll: Unroll,
    /// Where its rooms stand behind the unroll.
    pub(crate) cursors: Vec<RoomCursor>,
    pub(crate) beliefs: Vec<FrozenBelief>,
    pub(crate) ended: Vec<EndedEpisode>,
    /// Seconds spent acting.
    pub(crate) act_seconds: f64,
    /// Seconds spent waiting for parameters and for a place in the queue, since the unroll before.
    pub(crate) wait_seconds: f64,
}

/// Why an actor ended.
#[derive(Debug, thiserror::Error)]
pub enum ActorError {
    /// Its world failed.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// It was given parameters of another network.
    #[error(transparent)]
    Values(#[from] ValuesError),
    /// It panicked.
    #[error("panicked: {0}")]
    Panic(String),
}

/// One actor: its own copy of the network, and its rooms.
pub(crate) struct Actor {
    pub(crate) index: usize,
    pub(crate) agent: Agent,
    pub(crate) group: RoomGroup,
    pub(crate) observer: Option<Box<dyn BeliefObserver>>,
    pub(crate) length: usize,
}

impl Actor {
    /// Acts until the learner ends, or something fails; a failure is sent as the last message.
    pub(crate) fn run(mut self, source: &ParameterSource, unrolls: &Sender<Result<ActorUnroll, (usize, ActorError)>>) {
        let mut waiting_since = Instant::now();
        while let Some(published) = source.next() {
            let acting_since = Instant::now();
            let wait_seconds = acting_since.duration_since(waiting_since).as_secs_f64();
            let result = catch_unwind(AssertUnwindSafe(|| self.unroll(&published)))
                .unwrap_or_else(|panic| Err(ActorError::Panic(panic_text(&*panic))));
            waiting_since = Instant::now();
            let act_seconds = waiting_since.duration_since(acting_since).as_secs_f64();
            let index = self.index;
            let failed = result.is_err();
            let message = result
                .map(|unroll| ActorUnroll { act_seconds, wait_seconds, ..unroll })
                .map_err(|error| (index, error));
            if unrolls.send(message).is_err() || failed {
                return;
            }
        }
    }

    fn unroll(&mut self, published: &Published) -> Result<ActorUnroll, ActorError> {
        self.agent.set_values(&published.values)?;
        let unroll = self.group.unroll(&self.agent, self.length, self.observer.as_deref_mut())?;
        Ok(ActorUnroll {
            actor: self.index,
            version: published.version,
            unroll,
            cursors: self.group.cursors(),
            beliefs: self.group.beliefs(),
            ended: self.group.take_ended(),
            act_seconds: 0.0,
            wait_seconds: 0.0,
        })
    }
}

/// The message of a panic.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_string());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown cause".into())
}
