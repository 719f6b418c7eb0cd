//! `groundling study`: several agents times several seeds by one protocol, then one report.

use std::path::PathBuf;

use anyhow::Result;

use crate::commands::train::stop_on_signal;
use crate::failure::is_interruption;
use crate::say;
use crate::study::{Plan, Study};

/// Options of `study`.
#[derive(Debug, clap::Args)]
pub struct StudyArgs {
    /// The study's file (TOML): a configuration, variants of it, sweeps of a setting, and seeds.
    #[arg(value_name = "FILE")]
    pub study: PathBuf,
    /// Folder of the study; what it holds already is not done again.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Changes one setting of all runs; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    pub set: Vec<String>,
    /// Runs trained side by side. With one for each core and `training.learner_threads = 1` more is trained in an hour
    /// than with one run on all cores.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub jobs: u32,
    /// Train and probe nothing: tell how far each run is, and make the report of what there is.
    #[arg(long)]
    pub report_only: bool,
    /// Print study.json instead of text.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(args: &StudyArgs) -> Result<()> {
    let plan = Plan::load(&args.study, &args.set)?;
    let stop = stop_on_signal()?;
    let study = Study::open(plan, &args.out, &stop)?;
    let completed = if args.report_only { Ok(()) } else { study.complete(args.jobs as usize) };
    // Once the user has asked to stop, not even a report is begun.
    if completed.as_ref().is_err_and(is_interruption) {
        return completed;
    }
    let gathered = study.gather()?;
    study.write_answers(&gathered)?;
    let summary = study.write_summary(&gathered)?;
    let written = study.write_report(gathered)?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&summary)?);
        return completed;
    }
    say!("{}", summary.to_text());
    if let Some(files) = written {
        say!("report: {}\nfigures: {}", files.page.display(), files.figures.display());
        say!("tables: {}\nanswers: {}", files.tables.display(), study.path().join("probe.json").display());
    }
    completed
}
