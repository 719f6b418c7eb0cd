//! `groundling probe`: trains fresh probes on the frozen beliefs of finished runs, beside their controls.

use std::path::{Path, PathBuf};

use anyhow::Result;
use groundling_report::{AccuracyTable, ProbeFile, ProbedKind};

use super::train::stop_on_signal;
use crate::failure::wrong_input;
use crate::output::{prepare_folder_of, refuse_existing};
use crate::probing::{Measurement, RowName, same_protocol};
use crate::stored::StoredMeasurement;
use crate::trained::TrainedRun;
use crate::{complain, say};

/// Options of `probe`.
#[derive(Debug, clap::Args)]
pub struct ProbeArgs {
    /// Folders of finished runs; all must have the same rooms, questions and evaluation.
    #[arg(required_unless_present = "beliefs", value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Probes stored beliefs instead of runs, such as `groundling record --beliefs` writes and anyone can
    /// (docs/stored_beliefs.md); given again for each agent.
    #[arg(long, value_name = "FILE.parquet", conflicts_with = "runs")]
    pub beliefs: Vec<PathBuf>,
    /// Configuration whose section `probe` is used for stored beliefs [default: that by which they were recorded].
    #[arg(long, value_name = "FILE", requires = "beliefs", conflicts_with = "runs")]
    pub config: Option<PathBuf>,
    /// Changes a setting of the probe of stored beliefs.
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE", requires = "beliefs", conflicts_with = "runs")]
    pub settings: Vec<String>,
    /// Where to write the answers of all of them [default: RUN/probe/probe.json of the first run, or FILE.probe.json].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace an earlier measurement.
    #[arg(long)]
    pub force: bool,
    /// Print the figures as JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(args: &ProbeArgs) -> Result<()> {
    if let Some(first) = args.beliefs.first() {
        return probe_stored(args, first);
    }
    let runs = TrainedRun::open_all(&args.runs)?;
    let first = &runs[0];
    same_protocol(&runs)?;
    let out = args.out.clone().unwrap_or_else(|| default_probe_file(first.directory.path()));
    let decoder = runs.iter().map(TrainedRun::decoder_path).find(|path| path.exists());
    if let Some(earlier) = decoder.filter(|_| !args.force) {
        let earlier = earlier.display();
        return Err(wrong_input(format!("{earlier} is of an earlier probe of this checkpoint; --force replaces it")));
    }
    refuse_existing([&out], args.force)?;
    for run in runs.iter().filter(|run| run.checkpoint.update < run.config.training.num_updates()) {
        let (name, frames) = (&run.name, run.checkpoint.frames);
        complain!("note: the training of {name} is not finished; it is probed as it stands after {frames} frames");
    }
    prepare_folder_of(&out)?;
    runs.iter().try_for_each(|run| prepare_folder_of(&run.decoder_path()))?;

    let stop = stop_on_signal()?;
    let measurement = Measurement::new(&first.config, &stop)?;
    let mut files = vec![measurement.controls()?];
    for (run, name) in untrained_of(&runs) {
        files.push(measurement.untrained(&run.blueprint, &name)?);
    }
    let mut decoders = Vec::new();
    for run in &runs {
        let measured = measurement.run(run, &RowName::of_run(run))?;
        files.push(measured.file);
        decoders.push((run, measured.decoder));
    }
    let file = ProbeFile::merge(files)?;
    // Nothing is written before everything is measured.
    for (run, decoder) in &decoders {
        decoder.save(&run.decoder_path())?;
    }
    file.write(&out)?;
    show(&file, &out, args.json)?;
    for kind in file.missing_controls() {
        if let Some(remedy) = remedy(kind) {
            complain!("note: {remedy}");
        }
    }
    Ok(())
}

/// Probes files of stored beliefs, of which `first` is one.
fn probe_stored(args: &ProbeArgs, first: &Path) -> Result<()> {
    let out = args.out.clone().unwrap_or_else(|| first.with_extension("probe.json"));
    refuse_existing([&out], args.force)?;
    let stop = stop_on_signal()?;
    let measurement = StoredMeasurement::open(&args.beliefs, args.config.as_deref(), &args.settings)?;
    prepare_folder_of(&out)?;
    let file = measurement.measure(&stop)?;
    file.write(&out)?;
    show(&file, &out, args.json)
}

/// Prints the figures.
fn show(file: &ProbeFile, out: &Path, as_json: bool) -> Result<()> {
    let table = AccuracyTable::of(file);
    if as_json {
        say!("{}", serde_json::to_string_pretty(&table)?);
    } else {
        say!("\n{}\nanswers: {}", table.to_text(), out.display());
    }
    Ok(())
}

/// One run for each agent that differs from the others before any training, with the name of its untrained control.
fn untrained_of(runs: &[TrainedRun]) -> Vec<(&TrainedRun, RowName)> {
    let nets = |run: &TrainedRun| (run.blueprint.agent.clone(), run.blueprint.clip_reward);
    let mut different: Vec<&TrainedRun> = Vec::new();
    for run in runs {
        let is_same = |other: &&TrainedRun| nets(other) == nets(run) && other.blueprint.seed == run.blueprint.seed;
        if !different.iter().any(is_same) {
            different.push(run);
        }
    }
    let of_one_variant = different.iter().all(|run| nets(run) == nets(different[0]));
    let is_only = different.len() == 1;
    let name = |run: &TrainedRun| {
        let own = format!("untrained ({})", run.name);
        RowName {
            name: if is_only { "untrained".into() } else { own.clone() },
            variant: if of_one_variant { "untrained".into() } else { own },
            seed: run.config.seed,
        }
    };
    different.into_iter().map(|run| (run, name(run))).collect()
}

/// How a control that is missing can be had, where a user can do something about it.
fn remedy(kind: ProbedKind) -> Option<&'static str> {
    match kind {
        ProbedKind::Overshoot0 => Some(
            "there is no run that only reconstructs the present frame (predictive.loss = simcore, overshoot = 0); \
             without it, what prediction adds is not told apart",
        ),
        ProbedKind::Oracle => Some(
            "there is no oracle (a run with oracle.scale above 0); without it, how far the questions could be answered at \
             all by an agent of this size is not told",
        ),
        _ => None,
    }
}

/// The default place of a run's answers.
pub(crate) fn default_probe_file(run: &Path) -> PathBuf {
    run.join("probe").join("probe.json")
}
