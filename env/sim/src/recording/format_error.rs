//! The ways in which bytes are not an episode, each of its own.

use super::{FORMAT_VERSION, OLDEST_FORMAT};

/// Why bytes are not a recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// They begin with others.
    #[error("this is not an episode file")]
    NotAnEpisode,
    /// An earlier version of the program wrote them.
    #[error(
        "it has episode format {found}, which is too old: this program reads formats {OLDEST_FORMAT} to \
         {FORMAT_VERSION}; record the episode again, or replay it with the program that recorded it"
    )]
    TooOld {
        /// Their format.
        found: u32,
    },
    /// A later version of the program wrote them.
    #[error(
        "it has episode format {found}, which is too new: this program reads formats {OLDEST_FORMAT} to \
         {FORMAT_VERSION}; use a newer one"
    )]
    TooNew {
        /// Their format.
        found: u32,
    },
    /// They end too soon.
    #[error("it is cut short: {found} bytes of {expected}; copy it again")]
    CutShort {
        /// How many there are.
        found: u64,
        /// How many there should be.
        expected: u64,
    },
    /// The checksum or the length is another: some bits have changed.
    #[error("it was altered after it was written: its checksum or its length does not match; copy it again")]
    Altered,
    /// The checksum is right, and yet the content makes no sense.
    #[error("its checksum is right, and yet it holds no episode that this program understands: {reason}")]
    Undecodable {
        /// What is wrong.
        reason: String,
    },
}
