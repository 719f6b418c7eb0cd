//! What the learner keeps of itself in a checkpoint: at its time, and when something has failed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use groundling_nn::NamedValues;

use crate::learner::Learner;
use crate::place::Place;
use crate::room_error::panic_text;
use crate::{Checkpoint, RunDirectory, TrainError, TrainHooks, TrainSetup, TrainingConfig};

/// What an update that fails must not have changed.
pub(crate) struct Undo {
    places: Vec<Place>,
    behavior: Arc<NamedValues>,
    buffers: NamedValues,
}

impl Learner {
    /// Notes what is now, before an update.
    pub(crate) fn begin_update(&mut self) {
        let (places, behavior) = (self.places.clone(), Arc::clone(&self.behavior));
        self.undo = Some(Undo { places, behavior, buffers: self.agent.buffers() });
    }

    /// Takes back an update that was not finished. Its unrolls will be made again.
    pub(crate) fn undo(&mut self) {
        if let Some(Undo { places, behavior, buffers }) = self.undo.take() {
            (self.places, self.behavior) = (places, behavior);
            // They were the agent's a moment ago, so they fit.
            let _ = self.agent.set_buffers(&buffers);
        }
    }

    /// Saves what can be saved after a failure. Returns the failure, and what became of the checkpoint where that is not
    /// as it should be.
    pub(crate) fn save_after(
        &mut self,
        error: TrainError,
        setup: &TrainSetup<'_>,
        hooks: &mut dyn TrainHooks,
    ) -> TrainError {
        // What led to a divergence is no good place to go on from; it is kept elsewhere.
        if matches!(error, TrainError::Diverged { .. }) {
            return error;
        }
        let why = if matches!(error, TrainError::Checkpoint(_)) {
            "what was learnt since is lost".into()
        } else if self.is_stepping {
            "some parameters may be changed and others not, so they were not saved".into()
        } else {
            let save = || {
                self.undo();
                self.save(setup, hooks)
            };
            match catch_unwind(AssertUnwindSafe(save)) {
                Ok(Ok(_)) => return error,
                Ok(Err(why)) => format!("no checkpoint could be written: {why}"),
                Err(panic) => format!("no checkpoint could be made: {}", first_line(&panic_text(&*panic))),
            }
        };
        TrainError::Unsaved { cause: Box::new(error), why, last: last_checkpoint(setup.run) }
    }

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
        self.log.sync()?;
        let path = checkpoint.save(setup.run, setup.training.retention())?;
        self.saved_at = Instant::now();
        hooks.saved(&checkpoint);
        Ok(path)
    }
}

/// Where the same command goes on, in words.
pub(crate) fn last_checkpoint(run: &RunDirectory) -> String {
    match Checkpoint::latest_folder(run) {
        Ok(Some(folder)) => {
            let folder = folder.display();
            format!("the same command goes on from {folder}; to go on from the checkpoint before it, remove it")
        }
        Ok(None) => "there is no checkpoint yet, so the same command begins anew".into(),
        Err(error) => error.to_string(),
    }
}

/// Libtorch's messages go on with pages of where in its code it happened.
pub(crate) fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("unknown cause").trim()
}
