//! Why a folder cannot be used as a run: each in one line, with where and the remedy.

use std::path::PathBuf;

use crate::{FileError, SettingChange};

/// Why a folder cannot be used as a run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file stands where the folder should be.
    #[error("{} is not a folder, nor can it be made one; choose another with --run", .0.display())]
    NotAFolder(PathBuf),
    /// There is something there, but no run.
    #[error("{} is not empty and holds no run; choose another folder with --run", .0.display())]
    HoldsSomethingElse(PathBuf),
    /// There is no run where one was expected.
    #[error("{} holds no run (no manifest.json); `groundling train --run {}` makes one", .0.display(), .0.display())]
    NoRun(PathBuf),
    /// The manifest cannot be understood.
    #[error("{} is not a manifest this version can read: {reason}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Another process has the run.
    #[error("another process is using the run {}; wait for it or choose another folder with --run", .0.display())]
    InUse(PathBuf),
    /// The saved configuration cannot be understood.
    #[error("{} is not a configuration: {reason}; put it right, or choose another folder with --run", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A setting differs from what the run was begun with.
    #[error("the run has other settings: {change} (before: {}); {remedy}", path.display())]
    OtherSetting {
        /// The run's configuration.
        path: PathBuf,
        /// The first setting that differs.
        change: SettingChange,
        /// What can be done.
        remedy: String,
    },
}
