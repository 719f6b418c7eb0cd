//! The seeds of an evaluation: of which rooms each part is made, and by what questions are drawn.

use groundling_interface::derive_seed;

use crate::split_part::SplitPart;

/// Every seed of an evaluation, all derived from one. None of them is one of an agent's training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvaluationSeeds {
    seed: u64,
}

impl EvaluationSeeds {
    /// Those of the setting `evaluation.seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The seed of the [`QuestionMaker`](crate::QuestionMaker)s of all parts.
    pub fn questions(self) -> u64 {
        derive_seed(self.seed, "questions", &[])
    }

    /// The seed from which the episodes of a part are derived.
    pub fn rooms(self, part: SplitPart) -> u64 {
        let name = match part {
            SplitPart::Train => "probe training",
            SplitPart::Validation => "probe validation",
            SplitPart::Test => "probe test",
        };
        derive_seed(self.seed, name, &[])
    }

    /// The seeds of the first `num_episodes` episodes of a part, in their order.
    pub fn episodes(self, part: SplitPart, num_episodes: u64) -> Vec<u64> {
        let seed = self.rooms(part);
        (0..num_episodes).map(|index| derive_seed(seed, "episode", &[index])).collect()
    }
}
