//! Why a file is not the question set it says it is.

use groundling_room::RoomError;

/// What is wrong with a question set. The text does not name the file; [`QuestionSetError::line`] is the place in it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuestionSetError {
    /// Nothing in it.
    #[error("the file is empty; a question set begins with a header line")]
    Empty,
    /// Another kind of file.
    #[error("this is no header of a question set: {reason}")]
    NotAHeader {
        /// What was found.
        reason: String,
    },
    /// A file of another time.
    #[error("the question set has version {found}; this program reads version {known}")]
    Version {
        /// The version of the file.
        found: u64,
        /// The one that is known.
        known: u64,
    },
    /// A line that holds no question.
    #[error("this is no question: {reason}")]
    NotAQuestion {
        /// Counted from 1.
        line: usize,
        /// What was found.
        reason: String,
    },
    /// The end is missing.
    #[error("the file is truncated: it ends after {found} of the {expected} questions of its header; make it again")]
    Truncated {
        /// Whole lines found.
        found: usize,
        /// What the header says.
        expected: usize,
    },
    /// More than there should be.
    #[error("the file goes on behind the {expected} questions of its header")]
    TooLong {
        /// The first line too many, counted from 1.
        line: usize,
        /// What the header says.
        expected: usize,
    },
    /// The lines are not those that were written.
    #[error("the file was altered: its questions have the SHA-256 {found}, its header says {expected}")]
    Altered {
        /// Of the lines.
        found: String,
        /// Of the header.
        expected: String,
    },
    /// Something that the rooms, or settings and seeds, say otherwise.
    #[error("{what}")]
    Untrue {
        /// Counted from 1.
        line: usize,
        /// What is wrong, with both sides.
        what: String,
    },
    /// A room that cannot be drawn.
    #[error(transparent)]
    Room(#[from] RoomError),
}

impl QuestionSetError {
    /// The line of the file that is wrong, counted from 1, where it is one.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Empty | Self::Truncated { .. } | Self::Altered { .. } | Self::Room(_) => None,
            Self::NotAHeader { .. } | Self::Version { .. } => Some(1),
            Self::NotAQuestion { line, .. } | Self::TooLong { line, .. } | Self::Untrue { line, .. } => Some(*line),
        }
    }
}
