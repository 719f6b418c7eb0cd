//! How the learner comes by its batch, and what it notes of each unroll.

use std::sync::Arc;
use std::time::Instant;

use crossbeam::channel::Receiver;
use groundling_model::Unroll;

use crate::actor::ActorUnroll;
use crate::actor_thread::UnrollMessage;
use crate::learner::Learner;
use crate::waits::InferenceWaits;
use crate::{TrainError, TrainSetup};

/// The learner's end of the queue, and what tells of those behind it.
pub(crate) struct Intake {
    pub(crate) unrolls: Receiver<UnrollMessage>,
    /// Of the thread that infers for all actors, where there is one.
    pub(crate) inference: Option<Arc<InferenceWaits>>,
}

impl Intake {
    /// Waits for the next unroll, whoever made it.
    pub(crate) fn next(&self) -> Result<ActorUnroll, TrainError> {
        self.unrolls.recv().unwrap_or(Err(TrainError::ActorsGone))
    }
}

impl Learner {
    /// The next unrolls, as many as a batch has, in the order of actors. In lockstep that is one of each.
    pub(crate) fn take_unrolls(&mut self, setup: &TrainSetup<'_>, intake: &Intake) -> Result<Vec<Unroll>, TrainError> {
        let since = Instant::now();
        let num_unrolls = setup.training.unrolls_per_batch();
        let num_waiting = intake.unrolls.len() as f64;
        let mut taken: Vec<ActorUnroll> = Vec::with_capacity(num_unrolls);
        while taken.len() < num_unrolls {
            taken.push(intake.next()?);
        }
        let waited = since.elapsed().as_secs_f64();
        self.averages.add("seconds/learner_waits", waited);
        self.spent.learner_waits += waited;
        self.averages.add("queue/unrolls", num_waiting);
        self.averages.add("queue/fill", num_waiting / intake.unrolls.capacity().unwrap_or(1).max(1) as f64);
        self.note_inference(intake);
        // Stable: two of one actor stay in the order they were made in.
        taken.sort_by_key(|unroll| unroll.actor);
        Ok(taken.into_iter().map(|unroll| self.note(unroll)).collect())
    }

    fn note(&mut self, taken: ActorUnroll) -> Unroll {
        let policy_lag = self.update.saturating_sub(taken.version) as f64;
        self.averages.add("policy_lag", policy_lag);
        self.averages.add_to_largest("policy_lag_max", policy_lag);
        let seconds = taken.seconds;
        self.spent.actors_act += seconds.acts();
        self.spent.actors_wait += seconds.waits();
        for (name, value) in [
            ("acts", seconds.acts()),
            ("steps", seconds.steps),
            ("infers", seconds.infers),
            ("waits", seconds.waits()),
            ("waits_for_inference", seconds.waits_for_inference),
            ("waits_for_parameters", seconds.waits_for_parameters),
            ("waits_for_queue", seconds.waits_for_queue),
        ] {
            self.averages.add(format!("seconds/actor_{name}"), value);
        }
        for episode in &taken.ended {
            self.averages.add("episode/return", f64::from(episode.episode_return));
            self.averages.add("episode/steps", episode.num_steps as f64);
        }
        if let Some(place) = self.places.get_mut(taken.actor) {
            *place = taken.place;
        }
        taken.unroll
    }

    fn note_inference(&mut self, intake: &Intake) {
        let Some(totals) = intake.inference.as_ref().map(|waits| waits.take()) else { return };
        let (computes, waits) = (totals.computes.as_secs_f64(), totals.waits.as_secs_f64());
        self.spent.inference_computes += computes;
        self.spent.inference_waits += waits;
        self.averages.add("seconds/inference_computes", computes);
        self.averages.add("seconds/inference_waits", waits);
        self.averages.add("inference/busy", computes / (computes + waits).max(1e-9));
        self.averages.add("inference/batches", totals.batches as f64);
        if totals.batches > 0 {
            self.averages.add("inference/rooms_per_batch", totals.rooms as f64 / totals.batches as f64);
        }
    }
}
