//! Makes one page of answers and of the runs behind them.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use groundling_report::{Metrics, Overwrite, ProbeFile, Report, ReportError, ReportFiles, RunSummary, Swatch, Sweep};
use groundling_room::Color;

use crate::complain;
use crate::drawing::srgb;
use crate::example_episodes::example_episodes;
use crate::failure::wrong_input;
use crate::imagination;
use crate::output::prepare_folder_of;
use crate::trained::TrainedRun;

/// What a page is made from.
pub(crate) struct PageOf<'a> {
    /// Heading of the page.
    pub(crate) title: &'a str,
    /// The answers.
    pub(crate) probed: ProbeFile,
    /// Runs behind the answers; may be none. A run that is called like a row of the answers is that row's.
    pub(crate) runs: &'a [TrainedRun],
    /// Settings that were tried at several values.
    pub(crate) sweeps: Vec<Sweep>,
    /// A film that the page links to.
    pub(crate) film: Option<&'a Path>,
}

/// Writes the page to `out`, which ends in `.html`, and its figures beside it.
///
/// Learning curves, settings and manifests are those of all runs. Imagined frames and example episodes, which take the
/// place of a picture each and are played here, are those of one run a variant.
pub(crate) fn write_report(page: PageOf<'_>, out: &Path, overwrite: Overwrite) -> Result<ReportFiles> {
    prepare_folder_of(out)?;
    let PageOf { title, probed, runs, sweeps, film } = page;
    let shown = one_of_each_variant(runs, &probed);
    let frames = shown.iter().map(|run| imagination::figure(run)).filter_map(Result::transpose);
    let colors = Color::all().map(|color| Swatch { word: color.name().into(), rgb: srgb(color.rgb()) });
    let report = Report {
        title: title.into(),
        runs: runs.iter().map(summary).collect::<Result<_>>()?,
        sweeps,
        frames: frames.collect::<Result<_>>()?,
        examples: example_episodes(&shown)?,
        swatches: colors.collect(),
        film: film.map(|film| relative_to(film, out)).transpose()?,
        probed,
    };
    report.write(out, overwrite).map_err(|error| match error {
        ReportError::Unwritable { .. } => error.into(),
        _ => wrong_input(error),
    })
}

/// The first run of each variant; a run that has no row is a variant of its own.
fn one_of_each_variant<'a>(runs: &'a [TrainedRun], probed: &ProbeFile) -> Vec<&'a TrainedRun> {
    let mut shown = BTreeSet::new();
    let variant = |run: &TrainedRun| {
        let row = probed.agents.iter().find(|agent| agent.name == run.name);
        row.map_or_else(|| run.name.clone(), |agent| agent.variant.clone())
    };
    runs.iter().filter(|run| shown.insert(variant(run))).collect()
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
