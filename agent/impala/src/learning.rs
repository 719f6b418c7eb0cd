//! One update: the losses of a batch, their gradients, one step of the optimiser, and what the metrics tell of it.

use std::time::Instant;

use groundling_interface::derive;
use groundling_model::Unroll;

use crate::learner::Learner;
use crate::training::MOST_BROKEN_UPDATES;
use crate::{TrainError, TrainSetup};

impl Learner {
    pub(crate) fn learn(&mut self, setup: &TrainSetup<'_>, unrolls: &[Unroll]) -> Result<(), TrainError> {
        let since = Instant::now();
        let mut generator = derive(setup.seed, "loss", &[self.update]);
        let loss = self.agent.loss(unrolls, &setup.losses, &mut generator);
        for (name, value) in loss.report().iter() {
            self.averages.add(format!("loss/{name}"), value);
        }
        for &(name, value) in loss.predictive_series() {
            self.averages.add(format!("predictive/{name}"), value);
        }
        if self.is_logged(setup) {
            for part in ["encoder", "core"] {
                for (name, norm) in loss.gradient_norms(&self.agent, &format!("{part}.")).iter() {
                    self.averages.add(format!("gradient_norm/{part}/{name}"), norm);
                }
            }
        }
        let learning_rate = setup.optimizer.learning_rate_at(self.update, setup.training.num_updates());
        let norm = self.optimizer.step(&self.agent, loss, learning_rate);
        self.broken_updates = if norm.is_finite() { 0 } else { self.broken_updates + 1 };
        if self.broken_updates >= MOST_BROKEN_UPDATES {
            return Err(TrainError::Diverged);
        }
        self.averages.add("gradient_norm/all", norm);
        self.averages.add("learning_rate", learning_rate);
        self.averages.add("seconds/learner_learns", since.elapsed().as_secs_f64());
        self.update += 1;
        self.frames += setup.training.frames_per_update();
        Ok(())
    }

    fn is_logged(&self, setup: &TrainSetup<'_>) -> bool {
        (self.update + 1).is_multiple_of(setup.training.log_interval) || self.update + 1 == setup.training.num_updates()
    }
}
