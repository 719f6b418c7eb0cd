//! `groundling bench train`: training as configured, end to end and each half alone, and how busy each is.

use std::path::PathBuf;

use anyhow::{Context, Result};
use groundling_impala::{TrainingConfig, run_actors_alone, run_learner_alone};
use serde_json::json;

use super::rate::{Clock, Rate};
use super::training::{EndToEnd, Memory, Shares, TrainingBench};
use super::{case, print_json, print_rates};
use crate::commands::train::stop_on_signal;
use crate::config::Config;
use crate::devices::find_device;
use crate::failure::wrong_input;
use crate::host::Host;
use crate::rooms::RoomMaker;
use crate::say;

/// Batches that the learner alone learns from over and over.
const NUM_BATCHES: usize = 4;

/// Options of `bench train`.
#[derive(Debug, clap::Args)]
pub(super) struct TrainArgs {
    /// Configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Changes one setting; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    set: Vec<String>,
    /// Trains a probe beside the agent while it measures end to end.
    #[arg(long)]
    probe: bool,
    /// Seconds of each window.
    #[arg(long, default_value_t = 5.0, allow_negative_numbers = true)]
    seconds: f64,
    /// Windows of each measurement, of which the median is told.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// Prints one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &TrainArgs) -> Result<()> {
    if !(0.001..=3600.0).contains(&args.seconds) {
        return Err(wrong_input(format!("--seconds {:?}: must lie between 0.001 and 3600", args.seconds)));
    }
    let config = endless(Config::load(&args.config, &args.set)?);
    let device = find_device(config.training.device)?;
    let (host, folder) = (Host::find()?, tempfile::tempdir().context("no temporary folder")?);
    let bench = TrainingBench {
        device,
        rooms: RoomMaker::new(config.world()),
        config,
        clock: Clock { seconds: args.seconds, runs: args.runs },
        stop: stop_on_signal()?,
        folder: folder.path().to_path_buf(),
    };
    if !args.json {
        say!("{}\n{}", host.in_words(), in_words(&bench.config, args.probe));
    }
    let whole = bench.end_to_end(args.probe)?;
    let learner = bench.half("learner alone", |setup, on_frames| run_learner_alone(setup, NUM_BATCHES, on_frames))?;
    let actors = bench.half("actors alone", |setup, on_frames| run_actors_alone(setup, on_frames))?;
    let EndToEnd { measured, shares, memory, num_threads } = whole;
    if args.json {
        let training = &bench.config.training;
        let figures = json!({
            "config": args.config,
            "set": args.set,
            "probe": args.probe,
            "seconds": args.seconds,
            "frames_per_update": training.frames_per_update(),
            "device": training.device.to_string(),
            "precision": training.precision.name(),
            "end_to_end": measured,
            "learner_alone": learner,
            "actors_alone": actors,
            "shares": shares,
            "resident_bytes": memory,
            "num_threads": num_threads,
        });
        return print_json("train", &host, figures);
    }
    let all = [measured, learner, actors];
    let by_clock: Vec<Rate> = all.iter().map(|one| one.frames.clone()).collect();
    print_rates(&format!("{} windows of {} s", args.runs, args.seconds), &by_clock)?;
    let by_processor: Vec<Rate> = all.iter().map(|one| one.frames_per_processor_second.clone()).collect();
    print_rates("by the processor's time, all threads together", &by_processor)?;
    say!("\nend to end\n{}", findings(&shares, &memory, num_threads, all[0].busy_cores.median));
    Ok(())
}

/// The same without an end, without checkpoints on the way and without pictures.
fn endless(mut config: Config) -> Config {
    let training = &mut config.training;
    training.num_frames = 1 << 50;
    training.checkpoint_interval = 1 << 30;
    training.checkpoint_minutes = 0.0;
    training.keep_every = 0;
    training.picture_interval = 0;
    config
}

fn in_words(config: &Config, with_probe: bool) -> String {
    let TrainingConfig { num_actors, rooms_per_actor, unroll_length, learner_threads, .. } = config.training;
    let training = &config.training;
    let probe = if with_probe { ", a probe beside" } else { "" };
    let (device, precision) = (training.device.to_string(), training.precision.name());
    format!(
        "{}; {:?}: {num_actors} actors of {rooms_per_actor} rooms on {} threads, unrolls of {unroll_length}, {} frames an \
         update; learner: {learner_threads} threads, {device}, {precision}{probe}",
        case::in_words(config),
        training.schedule,
        training.num_actor_threads(),
        training.frames_per_update(),
    )
}

fn findings(shares: &Shares, memory: &Memory, num_threads: u64, busy_cores: f64) -> String {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let inference = shares
        .inference_computes
        .map_or_else(String::new, |share| format!("\n  the inference thread computes {} of its time", percent(share)));
    format!(
        "  the learner learns {} of the time and waits {} of it\n  the actors act {} of their time{inference}\n  {busy_cores:.2} \
         cores are busy, with {num_threads} threads\n  resident MiB: {:.1} before, {:.1} when the first window began, {:.1} \
         when the last one ended, {:.1} at most",
        percent(shares.learner_learns),
        percent(shares.learner_waits),
        percent(shares.actors_act),
        mebibytes(memory.before),
        mebibytes(memory.at_first_window),
        mebibytes(memory.at_last_window),
        mebibytes(memory.peak),
    )
}
