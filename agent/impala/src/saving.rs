//! What the learner keeps of itself in a checkpoint.

use std::path::PathBuf;

use groundling_nn::NamedValues;

use crate::learner::Learner;
use crate::{Checkpoint, TrainError, TrainHooks, TrainSetup};

impl Learner {
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
            files: hooks.files(),
        };
        let path = checkpoint.save(setup.run)?;
        hooks.saved(&checkpoint);
        Ok(path)
    }
}
