//! `groundling report`: one self-contained page of finished runs and what probes read from them.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use groundling_report::{
    AccuracyTable, Metrics, Overwrite, ProbeFile, ProbeFileError, Report, ReportError, RunSummary,
};

use super::probe::default_probe_file;
use crate::failure::wrong_input;
use crate::imagination;
use crate::output::prepare_folder_of;
use crate::trained::TrainedRun;
use crate::{complain, say};

/// Options of `report`.
#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// Folders of finished runs.
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// The answers, from `groundling probe` [default: RUN/probe/probe.json of the first run].
    #[arg(long, value_name = "FILE")]
    pub probe: Option<PathBuf>,
    /// The page; its figures are written beside it as JSON and CSV [default: RUN/report.html of the first run].
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
}

/// Runs the command.
pub fn run(args: &ReportArgs) -> Result<()> {
    let out = args.out.clone().unwrap_or_else(|| args.runs[0].join("report.html"));
    let overwrite = if args.force { Overwrite::Yes } else { Overwrite::No };
    let opened = TrainedRun::open_all(&args.runs)?;
    let probe_path = args.probe.clone().unwrap_or_else(|| default_probe_file(&args.runs[0]));
    if !probe_path.exists() {
        let (missing, run) = (probe_path.display(), args.runs[0].display());
        return Err(wrong_input(format!("there is no {missing}; `groundling probe {run}` makes it, or give --probe")));
    }
    let probed = ProbeFile::read(&probe_path).map_err(|error| match error {
        ProbeFileError::Unreadable { .. } => error.into(),
        _ => wrong_input(error),
    })?;
    prepare_folder_of(&out)?;
    let (mut runs, mut frames) = (Vec::new(), Vec::new());
    for run in &opened {
        same_checkpoint(run, &probed, &probe_path)?;
        runs.push(summary(run)?);
        frames.extend(imagination::figure(run)?);
    }
    let film = args.film.as_ref().map(|film| relative_to(film, &out)).transpose()?;
    let table = AccuracyTable::of(&probed);
    let report = Report { title: args.title.clone(), runs, probed, frames, film };
    let files = report.write(&out, overwrite).map_err(|error| match error {
        ReportError::Unwritable { .. } => error.into(),
        _ => wrong_input(error),
    })?;
    say!("{}\nreport: {}", if args.seeds { table.to_text_with_seeds() } else { table.to_text() }, files.page.display());
    say!("figures: {}\ntables: {}", files.figures.display(), files.tables.display());
    Ok(())
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

fn summary(run: &TrainedRun) -> Result<RunSummary> {
    let read =
        |path: PathBuf| std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()));
    let path = run.directory.metrics_path();
    // A run that was stopped before its first line has none.
    let metrics = if path.exists() { Metrics::read(&path)? } else { Metrics::default() };
    for line in &metrics.bad_lines {
        complain!("warning: {}:{}: {}", path.display(), line.line, line.reason);
    }
    Ok(RunSummary {
        name: run.name.clone(),
        config_toml: read(run.directory.config_path())?,
        manifest: serde_json::from_str(&read(run.directory.manifest_path())?)
            .with_context(|| format!("cannot understand {}", run.directory.manifest_path().display()))?,
        metrics,
    })
}

/// The way from a page to a film, with `/` between its parts.
fn relative_to(film: &Path, page: &Path) -> Result<String> {
    let (film, page) = (std::path::absolute(film)?, std::path::absolute(page)?);
    let folder = page.parent().unwrap_or(Path::new("/"));
    let shared = film.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..".to_string());
    let down = film.components().skip(shared).filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_is_linked_relative_to_the_page() {
        let way = |film: &str, page: &str| relative_to(Path::new(film), Path::new(page)).unwrap();
        assert_eq!(way("/a/runs/film.mp4", "/a/runs/report.html"), "film.mp4");
        assert_eq!(way("/a/films/film.mp4", "/a/runs/x/report.html"), "../../films/film.mp4");
    }
}
