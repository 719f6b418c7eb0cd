//! `groundling train`: trains an agent; the same command again goes on where it stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use groundling_impala::{
    BeliefObserver, Checkpoint, CheckpointError, Machine, RunDirectory, RunError, TrainError, TrainOutcome, TrainSetup,
    TrainingConfig, train,
};

use crate::config::Config;
use crate::devices::find_device;
use crate::episode_visits::EpisodeVisits;
use crate::failure::{interrupted, wrong_input};
use crate::host::Host;
use crate::observers::Observers;
use crate::online_probe::ProbeBeside;
use crate::resuming::settle;
use crate::rooms::RoomMaker;
use crate::train_hooks::Hooks;
use crate::{complain, say};

/// Options of `train`.
#[derive(Debug, clap::Args)]
pub struct TrainArgs {
    /// Configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
    /// Folder of the run; made if it is not there, resumed if it holds this run.
    #[arg(long, value_name = "DIR")]
    pub run: PathBuf,
    /// Changes one setting; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    pub set: Vec<String>,
    /// Resume although settings differ with which something else is learnt from here on: of the optimiser, the losses,
    /// V-trace, or how long it trains. What changed is noted in the run's manifest.json.
    #[arg(long)]
    pub accept_changes: bool,
    /// Train a probe beside the agent; its accuracy goes into the metrics. In lockstep the agent learns the very same
    /// bits without it; in async only its timing can differ.
    #[arg(long)]
    pub probe: bool,
}

/// Runs the command.
pub fn run(args: &TrainArgs) -> Result<()> {
    let config = Config::load(&args.config, &args.set)?;
    let device = find_device(config.training.device)?;
    let blueprint = config.blueprint()?;
    let opened = RunDirectory::open_with_changes(&args.run, &config.to_toml()?, config.seed);
    let (run, changes) = opened.map_err(input_if_so)?;
    let resumed = Checkpoint::resume(&run).map_err(|error| match error {
        CheckpointError::File(_) => error.into(),
        _ => wrong_input(error),
    })?;
    resumed.warnings.iter().for_each(|warning| complain!("warning: {warning}"));
    let resume = resumed.checkpoint;
    for change in settle(&run, &config, changes, resume.as_ref(), args.accept_changes)? {
        say!("changed: {change}");
    }
    let stop = stop_on_signal()?;
    let rooms = RoomMaker::new(config.world());
    if let Some(checkpoint) = &resume {
        say!("resuming {} at {} frames", args.run.display(), checkpoint.frames);
    }
    let beside = args.probe.then(|| ProbeBeside::start(&config, resume.as_ref())).transpose()?;
    let visits = EpisodeVisits::default();
    let observe = |_| -> Option<Box<dyn BeliefObserver>> {
        let asked = beside.as_ref().map(|beside| beside.observer(&rooms));
        Some(Box::new(Observers([visits.observer(&rooms)].into_iter().chain(asked).collect())))
    };
    let mut hooks = Hooks::new(&config, visits.clone(), beside.as_ref(), resume.as_ref(), Arc::clone(&stop));
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
        run: &run,
        resume,
        stop: &stop,
    };
    run.begin_session(machine(&config)?, first_frame).map_err(input_if_so)?;
    let outcome = train(setup, &mut hooks);
    hooks.finish();
    let ended = run.end_session();
    let outcome = outcome.map_err(|error| match error {
        TrainError::Misfit(_) | TrainError::OtherRooms { .. } => {
            wrong_input(format!("{}: {error}", args.run.display()))
        }
        _ => error.into(),
    })?;
    ended.map_err(input_if_so)?;
    beside.map_or(Ok(()), ProbeBeside::finish)?;
    match outcome {
        TrainOutcome::Finished { checkpoint } => {
            say!("trained: {}", checkpoint.display());
            Ok(())
        }
        TrainOutcome::Interrupted { checkpoint } => {
            let checkpoint = checkpoint.display();
            Err(interrupted(format!("interrupted; {checkpoint} is saved, the same command goes on from there")))
        }
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

/// Signals that come closer together are one: `timeout` and some shells send each of them twice.
const SAME_SIGNAL: Duration = Duration::from_secs(1);

/// A flag that Ctrl-C and SIGTERM set; the second one ends the process.
pub(crate) fn stop_on_signal() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let mut first: Option<Instant> = None;
    let handler = move || {
        flag.store(true, Ordering::Relaxed);
        match first {
            None => {
                first = Some(Instant::now());
                complain!("stopping after this step; once more ends at once");
            }
            Some(first) if first.elapsed() < SAME_SIGNAL => {}
            Some(_) => end_at_once(),
        }
    };
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

/// Ends the process while its other threads are in the middle of something. `std::process::exit` would first clear away
/// what libtorch still computes with, and crash.
fn end_at_once() -> ! {
    // SAFETY: `_exit` takes an integer, touches no memory of this process and does not return.
    unsafe { libc::_exit(130) }
}
