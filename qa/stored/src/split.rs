//! What an episode is for.

use std::fmt::{Display, Formatter};

/// Which of the three sets of episodes a row belongs to; no episode belongs to two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Split {
    /// Probes learn from these.
    Train,
    /// These choose when a probe has learnt enough.
    Validation,
    /// Scored once, at the end.
    Test,
}

impl Split {
    /// All of them, in the order in which an evaluation numbers its episodes.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// As it stands in the column `split`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }

    /// The split of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|split| split.name() == name)
    }
}

impl Display for Split {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}
