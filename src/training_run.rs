//! Training one run from beginning or checkpoint to its end: what `groundling train` does, and `groundling study` for each of
//! its runs.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Result;
use groundling_impala::{
    BeliefObserver, Checkpoint, CheckpointError, Machine, RunDirectory, RunError, TrainError, TrainOutcome, TrainSetup,
    TrainingConfig, train,
};

use crate::config::Config;
use crate::devices::find_device;
use crate::episode_visits::EpisodeVisits;
use crate::failure::wrong_input;
use crate::host::Host;
use crate::observers::Observers;
use crate::online_probe::ProbeBeside;
use crate::resuming::settle;
use crate::rooms::RoomMaker;
use crate::teaching::Teaching;
use crate::train_hooks::Hooks;
use crate::training_episodes::TrainingEpisodes;
use crate::{complain, say};

/// Which run is trained, and how.
pub(crate) struct TrainingRun<'a> {
    /// Every setting.
    pub(crate) config: &'a Config,
    /// Its folder; made if it is not there, resumed if it holds this run.
    pub(crate) folder: &'a Path,
    /// What the progress line calls it.
    pub(crate) title: &'a str,
    /// Resume although settings differ with which something else is learnt from here on.
    pub(crate) accept_changes: bool,
    /// Train a probe beside the agent.
    pub(crate) probe: bool,
    /// Set from outside to save and end.
    pub(crate) stop: &'a Arc<AtomicBool>,
}

impl TrainingRun<'_> {
    /// Trains until the run is finished or asked to stop; a checkpoint is saved in both cases.
    pub(crate) fn train(&self) -> Result<TrainOutcome> {
        let (config, folder) = (self.config, self.folder);
        let device = find_device(config.training.device)?;
        let blueprint = config.blueprint()?;
        if config.is_oracle() {
            say!("an oracle: questions teach this agent (oracle.scale = {})", config.oracle.scale);
        }
        let opened = RunDirectory::open_with_changes(folder, &config.to_toml()?, config.seed);
        let (run, changes) = opened.map_err(input_if_so)?;
        let resumed = Checkpoint::resume(&run).map_err(|error| match error {
            CheckpointError::File(_) => error.into(),
            _ => wrong_input(error),
        })?;
        resumed.warnings.iter().for_each(|warning| complain!("warning: {warning}"));
        let resume = resumed.checkpoint;
        for change in settle(&run, config, changes, resume.as_ref(), self.accept_changes)? {
            say!("changed: {change}");
        }
        let rooms = RoomMaker::new(config.world());
        if let Some(checkpoint) = &resume {
            say!("resuming {} at {} frames", folder.display(), checkpoint.frames);
        }
        let teaching = Teaching::of(config)?;
        let beside = self.probe.then(|| ProbeBeside::start(config, resume.as_ref())).transpose()?;
        let visits = EpisodeVisits::default();
        let episodes = TrainingEpisodes::start(config, folder)?;
        let observe = |_| -> Option<Box<dyn BeliefObserver>> {
            let asked = beside.as_ref().map(|beside| beside.observer(&rooms));
            let recorded = episodes.as_ref().map(|episodes| episodes.observer(&rooms));
            Some(Box::new(Observers([visits.observer(&rooms)].into_iter().chain(asked).chain(recorded).collect())))
        };
        let stop = Arc::clone(self.stop);
        let mut hooks = Hooks::new(config, self.title, visits.clone(), beside.as_ref(), resume.as_ref(), stop);
        let first_frame = resume.as_ref().map_or(0, |checkpoint| checkpoint.frames);
        let setup = TrainSetup {
            blueprint,
            losses: config.loss_settings(),
            optimizer: config.optimizer.clone(),
            training: config.training.clone(),
            seed: config.seed,
            device,
            seats: &|room| rooms.seat(room),
            observers: &observe,
            targets: &|_| Some(teaching.as_ref()?.targets(&rooms)),
            run: &run,
            resume,
            stop: self.stop,
        };
        run.begin_session(machine(config)?, first_frame).map_err(input_if_so)?;
        let outcome = train(setup, &mut hooks);
        hooks.finish();
        if let Some(episodes) = episodes {
            episodes.finish();
        }
        let ended = run.end_session();
        let outcome = outcome.map_err(|error| match error {
            TrainError::Misfit(_) | TrainError::OtherRooms { .. } => {
                wrong_input(format!("{}: {error}", folder.display()))
            }
            _ => error.into(),
        })?;
        ended.map_err(input_if_so)?;
        beside.map_or(Ok(()), ProbeBeside::finish)?;
        Ok(outcome)
    }
}

fn machine(config: &Config) -> Result<Machine> {
    let Host { name, processor, cores, .. } = Host::find()?;
    let TrainingConfig { device, precision, .. } = &config.training;
    Ok(Machine { host: name, processor, cores, device: device.to_string(), precision: precision.name().to_string() })
}

fn input_if_so(error: RunError) -> anyhow::Error {
    match error {
        RunError::File(_) => error.into(),
        _ => wrong_input(error),
    }
}
