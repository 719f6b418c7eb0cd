//! What the learner keeps of itself in a checkpoint.

use std::path::PathBuf;
use std::time::Instant;

use groundling_nn::NamedValues;

use crate::learner::Learner;
use crate::{Checkpoint, TrainError, TrainHooks, TrainSetup, TrainingConfig};

impl Learner {
    /// Whether a checkpoint is due after the update that was just made.
    pub(crate) fn is_save_due(&self, training: &TrainingConfig) -> bool {
        let minutes = training.checkpoint_minutes;
        self.update.is_multiple_of(training.checkpoint_interval)
            || (training.keep_every > 0 && self.update.is_multiple_of(training.keep_every))
            || (minutes > 0.0 && self.saved_at.elapsed().as_secs_f64() >= 60.0 * minutes)
    }

    pub(crate) fn save(&mut self, setup: &TrainSetup<'_>, hooks: &mut dyn TrainHooks) -> Result<PathBuf, TrainError> {
        let (optimizer, optimizer_steps) = self.optimizer.values(&self.agent);
        let checkpoint = Checkpoint {
            update: self.update,
            frames: self.frames,
            seconds: self.seconds(),
            agent: self.agent.values(),
            behavior: NamedValues::clone(&self.behavior),
            optimizer,
            optimizer_steps,
            cursors: self.places.iter().flat_map(|place| place.cursors.clone()).collect(),
            beliefs: self.places.iter().flat_map(|place| place.beliefs.clone()).collect(),
            averages: self.averages.clone(),
            files: hooks.files(),
        };
        let path = checkpoint.save(setup.run, setup.training.retention())?;
        self.saved_at = Instant::now();
        hooks.saved(&checkpoint);
        Ok(path)
    }
}
