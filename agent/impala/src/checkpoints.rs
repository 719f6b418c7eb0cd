//! Which of a run's checkpoints: `checkpoints/latest` names the one to go on from, and how many older ones stay.
//!
//! `latest` is a file that holds the name of a folder beside it. It is replaced after that folder is whole and synced, so
//! whatever it names is complete.

use std::path::{Path, PathBuf};

use crate::{Checkpoint, CheckpointError, FileError, RunDirectory, durable, write_atomically};

const LATEST: &str = "latest";
const PREFIX: &str = "step-";

/// Which checkpoints stay when there is a newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// So many of the newest.
    pub last: usize,
    /// All whose frames are a multiple of this; 0 for none.
    pub every_frames: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { last: 2, every_frames: 0 }
    }
}

/// Where a run goes on.
#[derive(Debug)]
pub struct Resumed {
    /// The checkpoint; none where the run begins.
    pub checkpoint: Option<Checkpoint>,
    /// What was found that should not be, and what was done about it: one line each, to be told to the user.
    pub warnings: Vec<String>,
}

impl Checkpoint {
    /// Writes the checkpoint into the run, makes it the latest, and then removes those that `retention` does not keep.
    /// Returns its folder. One of the same frames that is the latest already is left as it is.
    pub fn save(&self, run: &RunDirectory, retention: Retention) -> Result<PathBuf, CheckpointError> {
        let parent = run.checkpoints_path();
        std::fs::create_dir_all(&parent).map_err(FileError::at("create", &parent))?;
        let name = format!("{PREFIX}{:016}", self.frames);
        let folder = parent.join(&name);
        durable::remove_unfinished(&parent);
        if !matches!(named(&parent), Ok(Some(latest)) if latest == folder) {
            self.write(&folder)?;
            set_latest(&folder)?;
        }
        // Also where nothing was written: the process that wrote it may have been killed before it came to this.
        let is_kept =
            |path: &PathBuf| retention.every_frames > 0 && frames_of(path).is_multiple_of(retention.every_frames);
        let older = list(&parent)?.into_iter().filter(|path| frames_of(path) <= self.frames);
        for old in older.rev().skip(retention.last.max(1)).filter(|path| !is_kept(path)) {
            // One that cannot be removed only takes space.
            let _ = durable::remove_folder(&old);
        }
        Ok(folder)
    }

    /// The folder that `latest` names, or none if the run has no checkpoint yet.
    pub fn latest_folder(run: &RunDirectory) -> Result<Option<PathBuf>, CheckpointError> {
        let parent = run.checkpoints_path();
        match named(&parent)? {
            Some(folder) => Ok(Some(folder)),
            None if list(&parent)?.is_empty() => Ok(None),
            None => Err(not_named(&parent, "is missing".into())),
        }
    }

    /// The checkpoint that `latest` names, or none if the run has none yet.
    pub fn load_latest(run: &RunDirectory) -> Result<Option<Self>, CheckpointError> {
        Self::latest_folder(run)?.map(|folder| Self::load(&folder)).transpose()
    }

    /// The checkpoint to go on from: the one that `latest` names or, where that is not whole, the newest that is. Folders
    /// that were passed over are renamed `damaged-step-…`, and `latest` names the one that was taken. `run` must be open
    /// for training.
    pub fn resume(run: &RunDirectory) -> Result<Resumed, CheckpointError> {
        let parent = run.checkpoints_path();
        let mut warnings = Vec::new();
        let latest = Self::latest_folder(run).unwrap_or_else(|error| {
            warnings.push(error.to_string());
            None
        });
        let mut candidates: Vec<PathBuf> = list(&parent)?.into_iter().rev().collect();
        // The one that is named goes before newer ones, which a process that was killed did not come to name.
        candidates.sort_by_key(|folder| Some(folder) != latest.as_ref());
        let mut passed_over: Vec<(PathBuf, CheckpointError)> = Vec::new();
        for folder in candidates {
            match Self::load(&folder) {
                Ok(checkpoint) => {
                    for (damaged, error) in &passed_over {
                        let aside = set_aside(damaged)?;
                        warnings.push(format!("{error}; kept as {}", aside.display()));
                    }
                    if !warnings.is_empty() {
                        set_latest(&folder)?;
                        warnings.push(format!("going on from {}, the newest that is whole", folder.display()));
                    }
                    return Ok(Resumed { checkpoint: Some(checkpoint), warnings });
                }
                Err(error @ CheckpointError::Damaged { .. }) => passed_over.push((folder, error)),
                Err(error) => return Err(error),
            }
        }
        match passed_over.into_iter().next() {
            Some((_, error)) => Err(CheckpointError::NoneWhole { parent, first: Box::new(error) }),
            None => Ok(Resumed { checkpoint: None, warnings }),
        }
    }
}

/// What `latest` in `parent` names; none if it is not there.
fn named(parent: &Path) -> Result<Option<PathBuf>, CheckpointError> {
    let path = parent.join(LATEST);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FileError::at("read", &path)(error).into()),
    };
    let text = String::from_utf8_lossy(&bytes);
    let name = text.trim();
    let is_name = name.strip_prefix(PREFIX).is_some_and(|frames| frames.bytes().all(|byte| byte.is_ascii_digit()));
    let folder = parent.join(name);
    if !is_name || !folder.is_dir() {
        return Err(not_named(parent, format!("names {name:?}, which is no checkpoint")));
    }
    Ok(Some(folder))
}

fn not_named(parent: &Path, reason: String) -> CheckpointError {
    CheckpointError::Latest { path: parent.join(LATEST), reason }
}

fn set_latest(folder: &Path) -> Result<(), CheckpointError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    Ok(write_atomically(&folder.with_file_name(LATEST), format!("{name}\n").as_bytes())?)
}

fn set_aside(folder: &Path) -> Result<PathBuf, CheckpointError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let aside = folder.with_file_name(format!("damaged-{name}"));
    durable::remove_folder(&aside)?;
    std::fs::rename(folder, &aside).map_err(FileError::at("rename", folder))?;
    Ok(aside)
}

/// Folders of all checkpoints, oldest first.
fn list(parent: &Path) -> Result<Vec<PathBuf>, CheckpointError> {
    let entries = match std::fs::read_dir(parent) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FileError::at("read", parent)(error).into()),
    };
    let is_step = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_step).collect();
    folders.sort();
    Ok(folders)
}

fn frames_of(folder: &Path) -> u64 {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.strip_prefix(PREFIX).and_then(|frames| frames.parse().ok()).unwrap_or_default()
}
