//! The ways a probe file can be wrong, each with its remedy.

use std::path::PathBuf;

use crate::outcome::PROBE_VERSION;

const AGAIN: &str = "run `groundling probe` again to write it anew";

/// Why a probe file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ProbeFileError {
    /// It is not there, or may not be read.
    #[error("{}: cannot be read ({source}); `groundling probe` writes it", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It could not be written; what was there before is still there.
    #[error("{}: cannot be written ({source}); check the folder, its permissions and the free space", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It ends before its JSON does.
    #[error("{}: the file is cut short; {AGAIN}", path.display())]
    CutShort {
        /// The file.
        path: PathBuf,
    },
    /// It is not JSON.
    #[error("{}: not JSON ({reason}); {AGAIN}", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// What the parser said, with line and column.
        reason: String,
    },
    /// It is JSON of something else.
    #[error("{}: not a probe file (no \"format\": \"groundling-probe\"); give the path of a probe.json", path.display())]
    NotAProbeFile {
        /// The file.
        path: PathBuf,
    },
    /// It was written by another version.
    #[error("{}: probe file of version {found}, this program reads versions 2 and {PROBE_VERSION}; {AGAIN}", path.display())]
    WrongVersion {
        /// The file.
        path: PathBuf,
        /// The version it gives.
        found: String,
    },
    /// A field is missing or of the wrong type.
    #[error("{}: {reason}; {AGAIN}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Which field, and what is wrong with it.
        reason: String,
    },
    /// The fields contradict each other.
    #[error("{}: {reason}; {AGAIN}", path.display())]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// What contradicts what.
        reason: String,
    },
    /// Several files are not of one measurement.
    #[error("{reason}; only measurements of one protocol can stand in one table: make them again by the same settings")]
    CannotBeMerged {
        /// What keeps them apart.
        reason: String,
    },
}
