//! Checkpoints: everything from which a run goes on.
//!
//! A checkpoint stands between two updates. In lockstep the unroll after it was already ordered, with the parameters
//! before the last update; so these are kept too (`behavior`), and a resumed run makes the very same unroll again.
//!
//! What can be derived is not stored. Every generator is derived from the run's seed by name and index: that of the losses
//! by the number of the update, those of actions and of the scripted behaviour by the episode's seed, after which they
//! are brought to their place by replaying the actions of the room's cursor; so are the world itself and the return of
//! its episode. The learning rate follows from the number of the update. State that a loss keeps for itself (GECO's
//! multiplier) is among the agent's values. The probe beside the agent, and whatever else the caller wants, are `files`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use groundling_belief::FrozenBelief;
use groundling_nn::{NamedValues, ValuesError};

use crate::checkpoint_folder::{self, FORMAT, Manifest, damaged, to_json};
use crate::{Averages, FileError, RoomCursor};

/// Named byte strings that the caller keeps in the checkpoint.
pub type CheckpointFiles = BTreeMap<String, Vec<u8>>;

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is not what the manifest says.
    #[error(
        "{}: {reason}; `groundling train` goes on from the checkpoint before {}",
        path.display(),
        folder.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// The checkpoint's folder.
        folder: PathBuf,
    },
    /// All there are, are damaged.
    #[error("{first}, but none there is whole; remove {} to begin the run anew", parent.display())]
    NoneWhole {
        /// The folder of all checkpoints.
        parent: PathBuf,
        /// What is wrong with the newest.
        first: Box<CheckpointError>,
    },
    /// Written by another version.
    #[error(
        "the checkpoint {} has format {found}, this version ({}) reads format {FORMAT}; go on with the version that \
         began the run, which its manifest.json names, or begin a new one with --run",
        folder.display(),
        env!("CARGO_PKG_VERSION")
    )]
    Format {
        /// The checkpoint's folder.
        folder: PathBuf,
        /// Its format.
        found: u64,
    },
    /// It is not said which checkpoint is the latest.
    #[error(
        "{} {reason}; `groundling train` goes on from the newest whole checkpoint and names it there",
        path.display()
    )]
    Latest {
        /// The file `latest`.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
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
    /// What happened since the last line of metrics.
    pub averages: Averages,
    /// What the caller keeps.
    pub files: CheckpointFiles,
}

impl Checkpoint {
    /// Writes all of it into `folder`.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), CheckpointError> {
        let misfit = |source| CheckpointError::Misfit { folder: folder.into(), source };
        let mut files = self.files.clone();
        files.insert("agent.safetensors".into(), self.agent.to_safetensors().map_err(misfit)?);
        files.insert("behavior.safetensors".into(), self.behavior.to_safetensors().map_err(misfit)?);
        files.insert("optimizer.safetensors".into(), self.optimizer.to_safetensors().map_err(misfit)?);
        files.insert("beliefs.safetensors".into(), self.stack_beliefs().to_safetensors().map_err(misfit)?);
        files.insert("rooms.json".into(), to_json(&self.cursors));
        files.insert("averages.json".into(), to_json(&self.averages));
        let manifest = Manifest {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").into(),
            update: self.update,
            frames: self.frames,
            seconds: self.seconds,
            optimizer_steps: self.optimizer_steps,
            num_rooms: self.beliefs.len(),
            core_size: self.beliefs.first().map_or(0, FrozenBelief::size),
            sha256: BTreeMap::new(),
        };
        checkpoint_folder::write(folder, files, manifest)
    }

    fn stack_beliefs(&self) -> NamedValues {
        let shape = vec![self.beliefs.len(), self.beliefs.first().map_or(0, FrozenBelief::size)];
        let flat = |part: fn(&FrozenBelief) -> &[f32]| self.beliefs.iter().flat_map(|b| part(b).to_vec()).collect();
        let mut values = NamedValues::default();
        values.push("hidden", shape.clone(), flat(FrozenBelief::hidden));
        values.push("cell", shape, flat(FrozenBelief::cell));
        values
    }

    /// The checkpoint in `folder`, every file checked against its sum.
    pub fn load(folder: &Path) -> Result<Self, CheckpointError> {
        let (manifest, mut files) = checkpoint_folder::read(folder)?;
        let wrong = |name: &str, reason: String| damaged(folder, name, reason);
        let mut take = |name: &str| files.remove(name).ok_or_else(|| wrong(name, "missing".into()));
        let mut values =
            |name: &str| NamedValues::from_safetensors(&take(name)?).map_err(|error| wrong(name, error.to_string()));
        let (agent, behavior) = (values("agent.safetensors")?, values("behavior.safetensors")?);
        let optimizer = values("optimizer.safetensors")?;
        let stacked = values("beliefs.safetensors")?;
        let cursors = serde_json::from_slice(&take("rooms.json")?).map_err(|e| wrong("rooms.json", e.to_string()))?;
        let averages = serde_json::from_slice(&take("averages.json")?);
        let averages = averages.map_err(|e| wrong("averages.json", e.to_string()))?;
        let shape = [manifest.num_rooms, manifest.core_size];
        let part = |name| stacked.get(name, &shape).map_err(|e| wrong("beliefs.safetensors", e.to_string()));
        let width = manifest.core_size.max(1);
        let rows = part("hidden")?.chunks(width).zip(part("cell")?.chunks(width));
        let beliefs = rows.map(|(hidden, cell)| FrozenBelief::new(hidden.to_vec(), cell.to_vec())).collect();
        let Manifest { update, frames, seconds, optimizer_steps, .. } = manifest;
        Ok(Self {
            update,
            frames,
            seconds,
            agent,
            behavior,
            optimizer,
            optimizer_steps,
            cursors,
            beliefs,
            averages,
            files,
        })
    }
}
