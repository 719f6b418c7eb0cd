//! A run that was trained: its configuration, its latest checkpoint, and where its probe lies.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use groundling_impala::{AgentBlueprint, Checkpoint, CheckpointError, RunDirectory, RunError};

use crate::config::Config;
use crate::failure::wrong_input;

/// A trained run, opened for reading.
pub(crate) struct TrainedRun {
    pub(crate) name: String,
    pub(crate) directory: RunDirectory,
    pub(crate) config: Config,
    pub(crate) blueprint: AgentBlueprint,
    pub(crate) checkpoint: Checkpoint,
}

impl TrainedRun {
    /// Opens several runs, which are told apart by their names.
    pub(crate) fn open_all(paths: &[PathBuf]) -> Result<Vec<Self>> {
        let mut names = BTreeMap::new();
        for path in paths {
            if let Some(other) = names.insert(name_of(path), path) {
                let (here, there) = (path.display(), other.display());
                return Err(wrong_input(format!("{there} and {here} have the same name; rename one of the folders")));
            }
        }
        paths.iter().map(|path| Self::open(path)).collect()
    }

    /// Opens the run at `path` and reads its latest checkpoint.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let directory = open_run(path)?;
        let config = Config::load(&directory.config_path(), &[])?;
        let blueprint = config.blueprint()?;
        let checkpoint = Checkpoint::load_latest(&directory).map_err(|error| match error {
            CheckpointError::File(_) => error.into(),
            _ => wrong_input(error),
        })?;
        let checkpoint = checkpoint.ok_or_else(|| wrong_input(CheckpointError::None(path.into())))?;
        Ok(Self { name: name_of(path), directory, config, blueprint, checkpoint })
    }

    /// Where `groundling probe` keeps the decoder it trained for this checkpoint of the run; beliefs of another one would
    /// mean nothing to it. It reads beliefs of any step where there was a timeline, else of the last one.
    pub(crate) fn decoder_path(&self) -> PathBuf {
        self.directory.path().join("probe").join(format!("decoder-{:016}.safetensors", self.checkpoint.frames))
    }
}

/// Opens a run's folder for reading.
pub(crate) fn open_run(path: &Path) -> Result<RunDirectory> {
    RunDirectory::open(path).map_err(|error| match error {
        RunError::File(_) => error.into(),
        _ => wrong_input(error),
    })
}

/// The name of a run: that of its folder.
pub(crate) fn name_of(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.into());
    absolute.file_name().map_or_else(|| "run".into(), |name| name.to_string_lossy().into_owned())
}
