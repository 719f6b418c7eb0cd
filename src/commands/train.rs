//! `groundling train`: trains an agent; the same command again goes on where it stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use groundling_impala::{Checkpoint, CheckpointFiles, Progress, RunDirectory, TrainOutcome, TrainSetup, train};
use tch::Device;

use crate::config::Config;
use crate::failure::wrong_input;
use crate::progress::ProgressLine;
use crate::rooms::RoomMaker;

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
}

/// Runs the command.
pub fn run(args: &TrainArgs) -> Result<()> {
    let config = Config::load(&args.config, &args.set)?;
    let blueprint = config.blueprint()?;
    let run = RunDirectory::open_for_training(&args.run, &config.to_toml()?, config.seed).map_err(input_if_so)?;
    let resume = Checkpoint::load_latest(&run)?;
    let stop = stop_on_signal()?;
    let rooms = RoomMaker::new(config.world());
    if let Some(checkpoint) = &resume {
        println!("resuming {} at {} frames", args.run.display(), checkpoint.frames);
    }
    let setup = TrainSetup {
        blueprint,
        losses: config.loss_settings(),
        optimizer: config.optimizer.clone(),
        training: config.training.clone(),
        seed: config.seed,
        device: Device::Cpu,
        seats: &|room| rooms.seat(room),
        observers: &|_| None,
        run: &run,
        resume,
        stop: &stop,
    };
    let mut line = ProgressLine::new("training");
    let mut report = |progress: &Progress| line.show(progress.update, progress.num_updates, || describe(progress));
    let outcome = train(setup, &mut report, &mut CheckpointFiles::new)?;
    line.finish();
    match outcome {
        TrainOutcome::Finished { checkpoint } => println!("trained: {}", checkpoint.display()),
        TrainOutcome::Interrupted { checkpoint } => {
            println!("interrupted; {} is saved, the same command goes on from there", checkpoint.display());
        }
    }
    Ok(())
}

fn describe(progress: &Progress) -> String {
    let rate = progress.frames as f64 / progress.seconds.max(1e-9);
    let losses = progress.metrics.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("loss/").or_else(|| (name == "episode/return").then_some("return"))?;
        Some(format!(", {name} {value:.3}"))
    });
    format!("{} frames, {rate:.0}/s{}", progress.frames, losses.collect::<String>())
}

fn input_if_so(error: groundling_impala::RunError) -> anyhow::Error {
    match error {
        groundling_impala::RunError::File(_) => error.into(),
        _ => wrong_input(error),
    }
}

/// A flag that Ctrl-C and SIGTERM set; the second one ends the process.
pub(crate) fn stop_on_signal() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("stopping after this step; once more ends at once");
    };
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")?;
    Ok(stop)
}
