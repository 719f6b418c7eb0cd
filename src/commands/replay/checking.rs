//! Episodes stepped and compared with their digests, on all cores.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use groundling_sim::{Recording, Replay};

use crate::failure::wrong_input;
use crate::progress::ProgressLine;
use crate::say;

/// Checks episode files, and those in folders. What differs is named; that is an error, after all were checked.
pub(super) fn verify(paths: &[PathBuf]) -> Result<()> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { files.extend(episodes_of(path)?) } else { files.push(path.clone()) }
    }
    let num_threads = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    let next = AtomicUsize::new(0);
    let progress = Mutex::new(ProgressLine::new("checking"));
    let begun = Instant::now();
    let results = thread::scope(|scope| {
        let check = || {
            let mut results = Vec::new();
            while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                results.push((file, check(file)));
                progress.lock().unwrap_or_else(PoisonError::into_inner).add(files.len() as u64, || "episodes".into());
            }
            results
        };
        let threads: Vec<_> = (0..num_threads).map(|_| scope.spawn(check)).collect();
        threads.into_iter().map(|thread| thread.join()).collect::<Result<Vec<_>, _>>()
    });
    progress.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    let Ok(results) = results else { bail!("the check of an episode broke off") };
    let mut results: Vec<_> = results.into_iter().flatten().collect();
    results.sort_by_key(|&(file, _)| file);
    let mut num_steps = 0;
    let mut unreadable = None;
    let mut num_wrong = 0;
    for (file, result) in results {
        match result {
            Ok(steps) => num_steps += steps,
            Err(fault) => {
                num_wrong += 1;
                let told = match fault {
                    // Such an error names the file itself.
                    Fault::Unreadable(told) => unreadable.insert(told).clone(),
                    Fault::Differs(told) => format!("{}: {told}", file.display()),
                };
                say!("{told}");
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64().max(1e-9);
    let (num_files, rate) = (files.len(), num_steps as f64 / seconds);
    say!(
        "{} of {num_files} episodes as recorded: {num_steps} steps in {seconds:.1} s, {rate:.0} a second",
        num_files - num_wrong
    );
    match (num_wrong, unreadable) {
        (0, _) => Ok(()),
        (_, Some(_)) => {
            Err(wrong_input(format!("{num_wrong} of {num_files} episodes are not what was recorded, or no episodes")))
        }
        (_, None) => bail!("{num_wrong} of {num_files} episodes are not what was recorded"),
    }
}

enum Fault {
    Unreadable(String),
    Differs(String),
}

/// How many steps are as recorded, or why not all.
fn check(file: &Path) -> Result<usize, Fault> {
    let recording = Recording::read(file).map_err(|error| Fault::Unreadable(error.to_string()))?;
    Replay::verify(recording).map_err(|error| Fault::Differs(error.to_string()))
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
