//! What of a study is done: read from its folder each time, so that nothing can be out of step with it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use groundling_impala::{Checkpoint, CheckpointError, RunDirectory};
use groundling_report::ProbeFile;
use serde::Serialize;

use super::plan::{PlannedRun, hash};
use crate::config::Config;
use crate::failure::wrong_input;
use crate::trained::open_run;

/// The folder of a study.
#[derive(Debug, Clone)]
pub(crate) struct StudyFolder {
    path: PathBuf,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(crate) enum RunState {
    /// Nothing is there.
    Missing,
    /// Its training has begun.
    Begun {
        /// Pictures learnt from at its latest checkpoint.
        frames: u64,
    },
    /// Trained, and not probed by the present protocol.
    Trained {
        /// Pictures learnt from.
        frames: u64,
    },
    /// Trained and probed.
    Probed {
        /// Pictures learnt from.
        frames: u64,
    },
}

impl StudyFolder {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// An ordinary run's folder.
    pub(crate) fn run(&self, run: &PlannedRun) -> PathBuf {
        self.path.join("runs").join(&run.name)
    }

    /// Answers of the controls that need no agent. The name holds the protocol's hash, so that answers of different
    /// protocols never meet.
    pub(crate) fn controls(&self, protocol: &str) -> PathBuf {
        self.probes().join(format!("controls-{protocol}.json"))
    }

    /// Answers of the untrained agent of this seed and these networks, as a hash.
    pub(crate) fn untrained(&self, seed: u64, networks: &str, protocol: &str) -> PathBuf {
        self.probes().join(format!("untrained-{seed}-{}-{protocol}.json", short(networks)))
    }

    /// Answers of a run's agent after so many frames. The name holds the hash of the run's resolved configuration too.
    pub(crate) fn answers(&self, run: &PlannedRun, frames: u64) -> PathBuf {
        let PlannedRun { name, config_hash, protocol, .. } = run;
        self.probes().join(format!("{name}-{}-{frames}-{protocol}.json", short(config_hash)))
    }

    /// All answers that the values of sweeps rest on that are of this protocol.
    pub(crate) fn of_sweeps(&self, protocol: &str) -> PathBuf {
        self.path.join(format!("sweeps-{protocol}.json"))
    }

    pub(crate) fn probes(&self) -> PathBuf {
        self.path.join("probes")
    }

    /// How far `run` is.
    pub(crate) fn state(&self, run: &PlannedRun) -> Result<RunState> {
        let folder = self.run(run);
        if !folder.exists() {
            return Ok(RunState::Missing);
        }
        let directory = open_run(&folder)?;
        let Some(checkpoint) = latest(&directory)? else { return Ok(RunState::Begun { frames: 0 }) };
        let frames = checkpoint.frames;
        let is_same = hash(&Config::load(&directory.config_path(), &[])?)? == run.config_hash;
        if !is_same || checkpoint.update < run.config.training.num_updates() {
            return Ok(RunState::Begun { frames });
        }
        let answers = self.answers(run, frames);
        Ok(if answers.exists() { RunState::Probed { frames } } else { RunState::Trained { frames } })
    }

    /// The answers of a file written earlier.
    pub(crate) fn read(&self, path: &Path) -> Result<ProbeFile> {
        ProbeFile::read(path).map_err(|error| wrong_input(format!("{error}; or remove it, and it is made anew")))
    }
}

/// Enough of a hash to tell configurations apart.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn latest(directory: &RunDirectory) -> Result<Option<Checkpoint>> {
    Checkpoint::load_latest(directory).map_err(|error| match error {
        CheckpointError::File(_) => error.into(),
        _ => wrong_input(error),
    })
}
