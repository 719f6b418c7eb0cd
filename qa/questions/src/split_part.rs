//! The parts of an evaluation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A part of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitPart {
    /// What a probe learns from.
    Train,
    /// What ends its learning.
    Validation,
    /// What it is scored on, once.
    Test,
}

impl SplitPart {
    /// All parts, in their order of use.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// One plain word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }

    /// How many episodes an evaluation has of it unless its settings say otherwise.
    pub fn default_episodes(self) -> usize {
        match self {
            Self::Train => 6000,
            Self::Validation => 500,
            Self::Test => 1024,
        }
    }
}

impl fmt::Display for SplitPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
