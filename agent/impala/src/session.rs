//! Who has trained a run: one entry a process in its manifest.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What a process trains on, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The machine's name in its network.
    pub host: String,
    /// Its processor.
    pub processor: String,
    /// Cores that a program can use at once.
    pub cores: usize,
    /// Where the learner computes.
    pub device: String,
    /// How exactly.
    pub precision: String,
}

/// One process that trained the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    version: String,
    git_revision: Option<String>,
    #[serde(flatten)]
    machine: Machine,
    started_unix_seconds: u64,
    /// Frames of the checkpoint it went on from; 0 if it began the run.
    first_frame: u64,
    /// None while it trains, and for ever if it was killed.
    ended_unix_seconds: Option<u64>,
}

impl Session {
    /// One that begins now.
    pub(crate) fn begin(machine: Machine, first_frame: u64) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            git_revision: git_revision(),
            machine,
            started_unix_seconds: unix_seconds(),
            first_frame,
            ended_unix_seconds: None,
        }
    }

    /// It ends now.
    pub(crate) fn end(&mut self) {
        self.ended_unix_seconds = Some(unix_seconds());
    }
}

pub(crate) fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The revision of the tree the program lies in, if it lies in one.
pub(crate) fn git_revision() -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let output =
        std::process::Command::new("git").arg("-C").arg(program.parent()?).args(["rev-parse", "HEAD"]).output();
    let output = output.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}
