//! How parameters travel from the learner to those who act.

use std::sync::{Arc, Mutex, PoisonError};

use crossbeam::channel::{Receiver, Sender, bounded};
use groundling_nn::NamedValues;

use crate::Schedule;

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
    Latest(Latest),
}

/// The parameters that were published last.
#[derive(Debug, Clone)]
pub(crate) struct Latest(Arc<Mutex<Arc<Published>>>);

impl Latest {
    pub(crate) fn get(&self) -> Arc<Published> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ParameterSource {
    /// Blocks until there is an order. None when the learner has ended.
    pub(crate) fn next(&self) -> Option<Arc<Published>> {
        match self {
            ParameterSource::Orders(orders) => orders.recv().ok(),
            ParameterSource::Latest(latest) => Some(latest.get()),
        }
    }
}

/// Gives parameters to actors.
#[derive(Debug)]
pub(crate) enum Publisher {
    Orders(Vec<Sender<Arc<Published>>>),
    Latest(Latest),
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
                let latest = Latest(Arc::new(Mutex::new(first)));
                (Self::Latest(latest.clone()), vec![ParameterSource::Latest(latest); num_actors])
            }
        }
    }

    /// Where to find the parameters published last; none in lockstep, where each unroll has its own.
    pub(crate) fn latest(&self) -> Option<Latest> {
        match self {
            Self::Orders(_) => None,
            Self::Latest(latest) => Some(latest.clone()),
        }
    }

    /// Lockstep: orders one unroll of each actor. Async: these are the parameters from now on.
    pub(crate) fn publish(&self, published: &Arc<Published>) {
        match self {
            // An actor that is gone has said why in the queue of unrolls.
            Self::Orders(senders) => senders.iter().for_each(|sender| drop(sender.send(Arc::clone(published)))),
            Self::Latest(latest) => *latest.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(published),
        }
    }
}
