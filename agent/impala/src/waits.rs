//! Where time goes: what each thread computes, and what it waits for.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Seconds of one actor, for one unroll.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ActorSeconds {
    /// Choosing, stepping the rooms, recording, showing to an observer.
    pub(crate) steps: f64,
    /// Computing the policy on its own thread.
    pub(crate) infers: f64,
    /// Waiting for the thread that infers for all.
    pub(crate) waits_for_inference: f64,
    /// Waiting for the parameters of the unroll (lockstep).
    pub(crate) waits_for_parameters: f64,
    /// Waiting for a place in the queue for the unroll before.
    pub(crate) waits_for_queue: f64,
}

impl ActorSeconds {
    /// Computing.
    pub(crate) fn acts(&self) -> f64 {
        self.steps + self.infers
    }

    /// Waiting for anybody.
    pub(crate) fn waits(&self) -> f64 {
        self.waits_for_inference + self.waits_for_parameters + self.waits_for_queue
    }
}

/// Where the time of training went, in seconds since the process began.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SecondsSpent {
    /// The learner computed losses, gradients and steps of the optimiser.
    pub learner_learns: f64,
    /// It waited for unrolls.
    pub learner_waits: f64,
    /// All actors together computed.
    pub actors_act: f64,
    /// All actors together waited for anybody.
    pub actors_wait: f64,
    /// The thread that infers for all actors computed; 0 where there is none.
    pub inference_computes: f64,
    /// It waited for actors.
    pub inference_waits: f64,
}

/// Adds what `act` takes to `seconds`.
pub(crate) fn timed<T>(seconds: &mut f64, act: impl FnOnce() -> T) -> T {
    let since = Instant::now();
    let result = act();
    *seconds += since.elapsed().as_secs_f64();
    result
}

/// What the inference thread did since somebody last asked.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct InferenceTotals {
    pub(crate) batches: u64,
    pub(crate) rooms: u64,
    pub(crate) waits: Duration,
    pub(crate) computes: Duration,
}

/// Counts along on the inference thread, and is read by the learner.
#[derive(Debug, Default)]
pub(crate) struct InferenceWaits(Mutex<InferenceTotals>);

impl InferenceWaits {
    pub(crate) fn add_batch(&self, rooms: usize, waits: Duration, computes: Duration) {
        let mut totals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        totals.batches += 1;
        totals.rooms += rooms as u64;
        totals.waits += waits;
        totals.computes += computes;
    }

    /// Since the last call.
    pub(crate) fn take(&self) -> InferenceTotals {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
