//! What can go wrong with a probe, each with a name of its own.

use std::path::PathBuf;

use groundling_decoder::ForeignQuestion;
use groundling_interface::InvalidSetting;
use groundling_nn::ValuesError;

/// Why a probe could not be made, trained or asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProbeError {
    /// A setting out of its range.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// A belief of another size than the probe was made for.
    #[error("a belief has {hidden} outputs and {cell} cells; the probe reads beliefs of {expected} and {expected}")]
    BeliefSize {
        /// Length of its output.
        hidden: usize,
        /// Length of its cell.
        cell: usize,
        /// `N` of the probe.
        expected: usize,
    },
    /// A size of beliefs that no agent has.
    #[error("a probe cannot be made for beliefs of size {0}; it must lie between 1 and 65536")]
    NoSuchBeliefSize(usize),
    /// A belief with a number that is none: the agent has diverged.
    #[error("a belief holds a value that is not finite; the agent it was copied from has diverged")]
    BeliefNotFinite,
    /// An example that points beyond the beliefs of its episode.
    #[error("a question is asked at a step of which no belief is kept")]
    NoBelief,
    /// A question that the probe's vocabulary cannot say.
    #[error(transparent)]
    ForeignQuestion(#[from] ForeignQuestion),
    /// Nothing to learn from or to score.
    #[error("there are no {0} examples")]
    NoExamples(&'static str),
    /// The loss is not a number any more.
    #[error("the probe diverged after {updates} updates; make probe.learning_rate smaller")]
    Diverged {
        /// Updates so far.
        updates: u64,
    },
    /// Whoever watched asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// The probe's thread could not be started or has ended by a panic.
    #[error("the probe's thread failed: {0}")]
    Thread(String),
}

/// Why a probe could not be saved or read.
#[derive(Debug, thiserror::Error)]
pub enum SavedProbeError {
    /// The file could not be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file could not be written; what was there before still is.
    #[error("cannot write {path}: {source}")]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not a probe, or a damaged one.
    #[error("{path} is not a whole saved probe: {reason}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Written by another version.
    #[error("{path} has version {found} of the format of probes; this program reads version {expected}")]
    WrongVersion {
        /// Which file.
        path: PathBuf,
        /// Version found.
        found: u32,
        /// Version needed.
        expected: u32,
    },
    /// Numbers that are not those that were written.
    #[error("{path} has been altered: its checksum does not fit")]
    Altered {
        /// Which file.
        path: PathBuf,
    },
    /// The tensors do not fit the network that the file itself describes.
    #[error("{path}: {source}")]
    Values {
        /// Which file.
        path: PathBuf,
        /// What does not fit.
        source: ValuesError,
    },
    /// The settings in the file make no probe.
    #[error("{path}: {source}")]
    Probe {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: ProbeError,
    },
    /// The probe that should be saved has ended.
    #[error("the probe cannot be saved: its thread has ended")]
    ThreadEnded,
}
