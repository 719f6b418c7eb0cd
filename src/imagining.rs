//! What an agent imagined at steps of an episode that is over: frames from its beliefs, under the actions that it then took.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use groundling_belief::FrozenBelief;
use groundling_impala::PlayError;
use groundling_interface::derive;
use groundling_model::{Agent, PredictiveName};
use groundling_sim::{Imagination, Recording};
use tch::Device;

use crate::failure::wrong_input;
use crate::trained::TrainedRun;

/// Has the agent of a run imagine at every so many steps, as far ahead as it was trained to.
pub(crate) struct Imaginer {
    agent: Agent,
    every: NonZeroUsize,
    farthest: usize,
    seed: u64,
}

impl Imaginer {
    /// For the agent of `run`; `seed` decides what its decoder leaves to chance. An error where its loss predicts no frames.
    pub(crate) fn new(run: &TrainedRun, every: NonZeroUsize, seed: u64) -> Result<Self> {
        let predictive = &run.blueprint.predictive;
        let (loss, able): (&str, Vec<&str>) = (predictive.loss.into(), PredictiveName::predicting_frames().collect());
        if !able.contains(&loss) {
            return Err(wrong_input(format!(
                "--imagine-every: the agent of {} cannot imagine, since its predictive.loss = {loss:?} predicts no \
                 frames; agents trained with {} do",
                run.directory.path().display(),
                able.join(" or ")
            )));
        }
        let agent = run.blueprint.build(Device::Cpu)?;
        let fitting = agent.set_values(&run.checkpoint.agent).map_err(PlayError::Misfit);
        fitting.map_err(|error| wrong_input(format!("{}: {error}", run.directory.path().display())))?;
        let farthest = predictive.longest_prediction().map_or(0, |(_, steps)| steps);
        Ok(Self { agent, every, farthest, seed })
    }

    /// What is imagined in the episode of `recording`, whose `beliefs` have one entry a step; at its last step nothing is
    /// left to imagine. None when `stop` is set meanwhile.
    pub(crate) fn imagine(
        &self,
        recording: &Recording,
        beliefs: &[FrozenBelief],
        stop: &AtomicBool,
    ) -> Result<Option<Vec<Imagination>>> {
        let mut imagined = Vec::new();
        for (step, belief) in beliefs.iter().enumerate().step_by(self.every.get()) {
            let Some(actions) = recording.actions.get(step..).filter(|actions| !actions.is_empty()) else { break };
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let actions = &actions[..actions.len().min(self.farthest)];
            let mut generator = derive(self.seed, "recorded imagination", &[recording.episode_seed, step as u64]);
            let frames = self.agent.imagine(belief, actions, &mut generator).context("the agent imagined nothing")?;
            if frames.len() != actions.len() + 1 {
                bail!("the agent imagined {} frames under {} actions", frames.len(), actions.len());
            }
            imagined.push(Imagination::new(step, &frames));
        }
        Ok(Some(imagined))
    }
}
