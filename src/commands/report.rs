//! `groundling report`: one self-contained page of what probes read from agents, and of the runs behind it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use groundling_report::{AccuracyTable, Overwrite, ProbeFile, ProbeFileError};

use super::probe::default_probe_file;
use crate::failure::wrong_input;
use crate::report_writing::{PageOf, write_report};
use crate::say;
use crate::trained::TrainedRun;

/// Options of `report`.
#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// Folders of finished runs; none where --probe has the answers of agents that are not runs.
    #[arg(required_unless_present = "probe", value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// The answers, from `groundling probe` [default: RUN/probe/probe.json of the first run].
    #[arg(long, value_name = "FILE")]
    pub probe: Option<PathBuf>,
    /// The page; its figures are written beside it as JSON and CSV [default: RUN/report.html of the first run, or report.html
    /// beside the answers].
    #[arg(long, value_name = "FILE.html")]
    pub out: Option<PathBuf>,
    /// A film that the page links to; it need not be there yet.
    #[arg(long, value_name = "FILE")]
    pub film: Option<PathBuf>,
    /// Heading of the page.
    #[arg(long, default_value = "What the agents know of their rooms")]
    pub title: String,
    /// Print a line for each seed below its variant.
    #[arg(long)]
    pub seeds: bool,
    /// Replace an earlier report.
    #[arg(long)]
    pub force: bool,
    /// Print the table as Markdown, for a README, and write no page.
    #[arg(long, conflicts_with_all = ["out", "film", "title", "force", "seeds"])]
    pub markdown: bool,
}

/// Runs the command.
pub fn run(args: &ReportArgs) -> Result<()> {
    let path = match (&args.probe, args.runs.first()) {
        (Some(path), _) => path.clone(),
        (None, Some(first)) => default_probe_file(first),
        (None, None) => return Err(wrong_input("give a run, or --probe with a file of answers")),
    };
    if !path.exists() {
        let missing = path.display();
        let remedy = match args.runs.first() {
            Some(run) => format!("`groundling probe {}` makes it, or give --probe", run.display()),
            None => "`groundling probe` makes one".into(),
        };
        return Err(wrong_input(format!("there is no {missing}; {remedy}")));
    }
    let runs = TrainedRun::open_all(&args.runs)?;
    let probed = read(&path)?;
    runs.iter().try_for_each(|run| same_checkpoint(run, &probed, &path))?;
    let table = AccuracyTable::of(&probed);
    if args.markdown {
        say!("{}", table.to_markdown().trim_end());
        return Ok(());
    }
    let beside = || args.runs.first().map_or_else(|| path.with_file_name("report.html"), |run| run.join("report.html"));
    let out = args.out.clone().unwrap_or_else(beside);
    let overwrite = if args.force { Overwrite::Yes } else { Overwrite::No };
    let page = PageOf { title: &args.title, probed, runs: &runs, sweeps: Vec::new(), film: args.film.as_deref() };
    let files = write_report(page, &out, overwrite)?;
    say!("{}\nreport: {}", if args.seeds { table.to_text_with_seeds() } else { table.to_text() }, files.page.display());
    say!("figures: {}\ntables: {}", files.figures.display(), files.tables.display());
    Ok(())
}

fn read(path: &Path) -> Result<ProbeFile> {
    ProbeFile::read(path).map_err(|error| match error {
        ProbeFileError::Unreadable { .. } => error.into(),
        _ => wrong_input(error),
    })
}

/// Answers of an earlier checkpoint, or of another run, must not stand beside this one's curves.
fn same_checkpoint(run: &TrainedRun, probed: &ProbeFile, path: &Path) -> Result<()> {
    let of_run = probed.agents.iter().find(|agent| agent.name == run.name && agent.kind.is_run());
    let (answers, folder) = (path.display(), run.directory.path().display());
    let found = match of_run {
        Some(agent) if agent.frames_trained == run.checkpoint.frames => return Ok(()),
        Some(agent) => format!("of {} frames, the run is at {}", agent.frames_trained, run.checkpoint.frames),
        None => "of other runs".into(),
    };
    Err(wrong_input(format!("{answers} has the answers {found}; `groundling probe {folder} --force` asks anew")))
}
