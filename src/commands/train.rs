//! `groundling train`: trains an agent; the same command again goes on where it stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use groundling_impala::TrainOutcome;

use crate::config::Config;
use crate::failure::interrupted;
use crate::training_run::TrainingRun;
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
    let stop = stop_on_signal()?;
    let run = TrainingRun {
        config: &config,
        folder: &args.run,
        title: "training",
        accept_changes: args.accept_changes,
        probe: args.probe,
        stop: &stop,
    };
    match run.train()? {
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
