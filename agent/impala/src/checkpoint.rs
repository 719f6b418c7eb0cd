//! Checkpoints: everything from which a run goes on, written beside its place and renamed there.
//!
//! A checkpoint stands between two updates. In lockstep the unroll after it was already ordered, with the parameters
//! before the last update; so these are kept too (`behavior`), and a resumed run makes the very same unroll again.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use groundling_belief::FrozenBelief;
use groundling_nn::{NamedValues, ValuesError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{FileError, RoomCursor, RunDirectory};

const FORMAT: u32 = 1;
const KEPT: usize = 2;
const MANIFEST: &str = "manifest.json";
/// Holds the sum of the manifest, which holds the sums of all other files.
const MANIFEST_SUM: &str = "manifest.sha256";

/// Named byte strings that the caller keeps in the checkpoint.
pub type CheckpointFiles = BTreeMap<String, Vec<u8>>;

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is not what the manifest says.
    #[error("{}: {reason}; remove the folder {} to resume from an earlier checkpoint", path.display(), folder.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// The checkpoint's folder.
        folder: PathBuf,
    },
    /// The parameters belong to another network.
    #[error("checkpoint {}: {source}", folder.display())]
    Misfit {
        /// The checkpoint's folder.
        folder: PathBuf,
        /// What does not fit.
        source: ValuesError,
    },
    /// There is none.
    #[error("the run {} has no checkpoint yet; train it first", .0.display())]
    None(PathBuf),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    update: u64,
    frames: u64,
    seconds: f64,
    optimizer_steps: u64,
    num_rooms: usize,
    core_size: usize,
    sha256: BTreeMap<String, String>,
}

/// Everything from which a run goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Updates done.
    pub update: u64,
    /// Pictures learnt from.
    pub frames: u64,
    /// Seconds of training so far.
    pub seconds: f64,
    /// The agent's parameters.
    pub agent: NamedValues,
    /// The parameters with which the next unroll is made in lockstep: what acting needs of them.
    pub behavior: NamedValues,
    /// The optimiser's state.
    pub optimizer: NamedValues,
    /// Steps the optimiser has taken.
    pub optimizer_steps: u64,
    /// Where each room stands.
    pub cursors: Vec<RoomCursor>,
    /// The core state in each room.
    pub beliefs: Vec<FrozenBelief>,
    /// What the caller keeps.
    pub files: CheckpointFiles,
}

impl Checkpoint {
    /// Writes the checkpoint into the run; older ones but the last are removed afterwards.
    pub fn save(&self, run: &RunDirectory) -> Result<PathBuf, CheckpointError> {
        let parent = run.checkpoints_path();
        std::fs::create_dir_all(&parent).map_err(FileError::at("create", &parent))?;
        let folder = parent.join(format!("step-{:016}", self.frames));
        if folder.exists() {
            return Ok(folder);
        }
        let temporary = parent.join(format!(".unfinished-{:016}", self.frames));
        Self::remove_unfinished(&parent);
        let written = self.write_into(&temporary, &folder);
        if let Err(error) = written {
            let _ = std::fs::remove_dir_all(&temporary);
            return Err(error);
        }
        std::fs::rename(&temporary, &folder).map_err(FileError::at("rename to", &folder))?;
        for old in Self::list(run)?.iter().rev().skip(KEPT) {
            let _ = std::fs::remove_dir_all(old);
        }
        Ok(folder)
    }

    /// What a process that was killed while it wrote has left.
    fn remove_unfinished(parent: &Path) {
        let Ok(entries) = std::fs::read_dir(parent) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(".unfinished-") {
                // If it cannot be removed it only takes space.
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }

    fn write_into(&self, temporary: &Path, folder: &Path) -> Result<(), CheckpointError> {
        let misfit = |source| CheckpointError::Misfit { folder: folder.into(), source };
        let mut files = self.files.clone();
        files.insert("agent.safetensors".into(), self.agent.to_safetensors().map_err(misfit)?);
        files.insert("behavior.safetensors".into(), self.behavior.to_safetensors().map_err(misfit)?);
        files.insert("optimizer.safetensors".into(), self.optimizer.to_safetensors().map_err(misfit)?);
        files.insert("beliefs.safetensors".into(), self.stack_beliefs().to_safetensors().map_err(misfit)?);
        files.insert("rooms.json".into(), to_json(&self.cursors));
        let manifest = Manifest {
            format: FORMAT,
            update: self.update,
            frames: self.frames,
            seconds: self.seconds,
            optimizer_steps: self.optimizer_steps,
            num_rooms: self.beliefs.len(),
            core_size: self.beliefs.first().map_or(0, FrozenBelief::size),
            sha256: files.iter().map(|(name, bytes)| (name.clone(), digest(bytes))).collect(),
        };
        let manifest = to_json(&manifest);
        files.insert(MANIFEST_SUM.into(), digest(&manifest).into_bytes());
        files.insert(MANIFEST.into(), manifest);
        std::fs::create_dir_all(temporary).map_err(FileError::at("create", temporary))?;
        for (name, bytes) in &files {
            let path = temporary.join(name);
            let write = || {
                let mut file = std::fs::File::create(&path)?;
                file.write_all(bytes)?;
                file.sync_all()
            };
            write().map_err(FileError::at("write", &path))?;
        }
        Ok(())
    }

    fn stack_beliefs(&self) -> NamedValues {
        let shape = vec![self.beliefs.len(), self.beliefs.first().map_or(0, FrozenBelief::size)];
        let flat = |part: fn(&FrozenBelief) -> &[f32]| self.beliefs.iter().flat_map(|b| part(b).to_vec()).collect();
        let mut values = NamedValues::default();
        values.push("hidden", shape.clone(), flat(FrozenBelief::hidden));
        values.push("cell", shape, flat(FrozenBelief::cell));
        values
    }

    /// Folders of all checkpoints, oldest first.
    fn list(run: &RunDirectory) -> Result<Vec<PathBuf>, CheckpointError> {
        let parent = run.checkpoints_path();
        if !parent.exists() {
            return Ok(Vec::new());
        }
        let entries = std::fs::read_dir(&parent).map_err(FileError::at("read", &parent))?;
        let is_step = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("step-"));
        let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_step).collect();
        folders.sort();
        Ok(folders)
    }

    /// The newest checkpoint of the run, or none if it has none.
    pub fn load_latest(run: &RunDirectory) -> Result<Option<Self>, CheckpointError> {
        Self::list(run)?.last().map(|folder| Self::load(folder)).transpose()
    }

    /// The checkpoint in `folder`, every file checked against its sum.
    pub fn load(folder: &Path) -> Result<Self, CheckpointError> {
        let damaged = |name: &str, reason: String| CheckpointError::Damaged {
            path: folder.join(name),
            reason,
            folder: folder.into(),
        };
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => damaged(name, "missing".into()),
                _ => FileError::at("read", &path)(error).into(),
            })
        };
        let checked = |name: &str, sum: &[u8], place: &str| {
            let bytes = read(name)?;
            if digest(&bytes).as_bytes() == sum {
                return Ok(bytes);
            }
            let reason = format!("cut short or altered (its SHA-256 is not the one in {place})");
            Err::<_, CheckpointError>(damaged(name, reason))
        };
        let text = checked(MANIFEST, &read(MANIFEST_SUM)?, MANIFEST_SUM)?;
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| damaged(MANIFEST, error.to_string()))?;
        if manifest.format != FORMAT {
            let reason = format!("its format is {}, this version reads {FORMAT}", manifest.format);
            return Err(damaged(MANIFEST, reason));
        }
        let mut files = CheckpointFiles::new();
        for (name, sum) in &manifest.sha256 {
            files.insert(name.clone(), checked(name, sum.as_bytes(), MANIFEST)?);
        }
        let mut take = |name: &str| files.remove(name).ok_or_else(|| damaged(name, "missing".into()));
        let mut values =
            |name: &str| NamedValues::from_safetensors(&take(name)?).map_err(|error| damaged(name, error.to_string()));
        let (agent, behavior) = (values("agent.safetensors")?, values("behavior.safetensors")?);
        let optimizer = values("optimizer.safetensors")?;
        let stacked = values("beliefs.safetensors")?;
        let cursors = serde_json::from_slice(&take("rooms.json")?).map_err(|e| damaged("rooms.json", e.to_string()))?;
        let shape = [manifest.num_rooms, manifest.core_size];
        let part = |name| stacked.get(name, &shape).map_err(|e| damaged("beliefs.safetensors", e.to_string()));
        let width = manifest.core_size.max(1);
        let rows = part("hidden")?.chunks(width).zip(part("cell")?.chunks(width));
        let beliefs = rows.map(|(hidden, cell)| FrozenBelief::new(hidden.to_vec(), cell.to_vec())).collect();
        let Manifest { update, frames, seconds, optimizer_steps, .. } = manifest;
        Ok(Self { update, frames, seconds, agent, behavior, optimizer, optimizer_steps, cursors, beliefs, files })
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    // Plain structs of strings and finite numbers always serialise.
    serde_json::to_vec_pretty(value).unwrap_or_default()
}
