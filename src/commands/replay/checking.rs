//! Episodes stepped and compared with their digests, on all cores.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use groundling_sim::{Recording, Replay, ReplayError};
use serde::Serialize;

use crate::failure::wrong_input;
use crate::progress::ProgressLine;
use crate::say;

/// What was found of an episode.
#[derive(Debug, Serialize)]
struct Checked {
    file: PathBuf,
    /// Steps that are as recorded, when all are.
    steps: usize,
    #[serde(flatten)]
    fault: Option<Fault>,
}

/// Why an episode is not as recorded.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fault {
    /// It cannot be read, or its room cannot be made, and why; the file is named.
    Unreadable(String),
    /// Its first difference.
    Differs(String),
}

/// What was found of all.
#[derive(Debug, Serialize)]
struct Summary {
    episodes: Vec<Checked>,
    as_recorded: usize,
    steps: usize,
    seconds: f64,
    steps_per_second: f64,
}

/// Checks episode files, and those in folders. What differs is named; that is an error, after all were checked.
pub(super) fn verify(paths: &[PathBuf], threads: Option<NonZeroUsize>, as_json: bool) -> Result<()> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { files.extend(episodes_of(path)?) } else { files.push(path.clone()) }
    }
    let num_threads = threads.or_else(|| thread::available_parallelism().ok()).map_or(1, usize::from);
    let begun = Instant::now();
    let episodes = check_all(&files, num_threads.min(files.len()))?;
    let seconds = begun.elapsed().as_secs_f64().max(1e-9);
    let steps: usize = episodes.iter().map(|checked| checked.steps).sum();
    let as_recorded = episodes.iter().filter(|checked| checked.fault.is_none()).count();
    let summary = Summary { episodes, as_recorded, steps, seconds, steps_per_second: steps as f64 / seconds };
    tell(&summary, as_json)?;

    let (num_files, num_wrong) = (files.len(), files.len() - as_recorded);
    let is_unreadable = |checked: &Checked| matches!(checked.fault, Some(Fault::Unreadable(_)));
    if num_wrong == 0 {
        return Ok(());
    }
    if summary.episodes.iter().any(is_unreadable) {
        return Err(wrong_input(format!(
            "{num_wrong} of {num_files} episodes are not what was recorded, or no episodes"
        )));
    }
    bail!("{num_wrong} of {num_files} episodes are not what was recorded")
}

fn tell(summary: &Summary, as_json: bool) -> Result<()> {
    if as_json {
        say!("{}", serde_json::to_string_pretty(summary)?);
        return Ok(());
    }
    for Checked { file, fault, .. } in &summary.episodes {
        match fault {
            // Such an error names the file itself.
            Some(Fault::Unreadable(told)) => say!("{told}"),
            Some(Fault::Differs(told)) => say!("{}: {told}", file.display()),
            None => {}
        }
    }
    let Summary { episodes, as_recorded, steps, seconds, steps_per_second } = summary;
    let num_files = episodes.len();
    say!(
        "{as_recorded} of {num_files} episodes as recorded: {steps} steps in {seconds:.1} s, {steps_per_second:.0} a second"
    );
    Ok(())
}

/// Each file's result, in the order of the files.
fn check_all(files: &[PathBuf], num_threads: usize) -> Result<Vec<Checked>> {
    let next = AtomicUsize::new(0);
    let progress = Mutex::new(ProgressLine::new("checking"));
    let results = thread::scope(|scope| {
        let check_next = || {
            let mut results = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(file) = files.get(index) else { break results };
                results.push((index, check(file)));
                progress.lock().unwrap_or_else(PoisonError::into_inner).add(files.len() as u64, || "episodes".into());
            }
        };
        let threads: Vec<_> = (0..num_threads).map(|_| scope.spawn(check_next)).collect();
        threads.into_iter().map(|thread| thread.join()).collect::<Result<Vec<_>, _>>()
    });
    progress.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    let Ok(results) = results else { bail!("the check of an episode broke off") };
    let mut results: Vec<(usize, Checked)> = results.into_iter().flatten().collect();
    results.sort_by_key(|&(index, _)| index);
    Ok(results.into_iter().map(|(_, checked)| checked).collect())
}

fn check(file: &Path) -> Checked {
    let fault = |error: ReplayError| match Replay::differing_step(&error) {
        Some(_) => Fault::Differs(error.to_string()),
        None => Fault::Unreadable(format!("{}: {error}", file.display())),
    };
    let read = Recording::read(file).map_err(|error| Fault::Unreadable(error.to_string()));
    let result = read.and_then(|recording| Replay::verify(recording).map_err(fault));
    let file = file.to_owned();
    match result {
        Ok(steps) => Checked { file, steps, fault: None },
        Err(fault) => Checked { file, steps: 0, fault: Some(fault) },
    }
}

/// The episode files of a folder, by name. None is an error.
pub(super) fn episodes_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = || -> std::io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
    };
    let all = listed().with_context(|| format!("cannot list {}", folder.display())).map_err(wrong_input)?;
    let is_episode = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "episode");
    let mut files: Vec<PathBuf> = all.into_iter().filter(is_episode).collect();
    if files.is_empty() {
        return Err(wrong_input(format!("{} holds no .episode files", folder.display())));
    }
    // 2 before 10.
    files.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    Ok(files)
}
