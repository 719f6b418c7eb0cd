//! Which rooms and questions a configuration stands for, the same in every command.

use anyhow::Result;
use groundling_interface::derive_seed;
use groundling_questions::{EvaluationSeeds, QuestionMaker};

use crate::config::Config;
use crate::failure::wrong_input;
use crate::split::SplitPart;

/// The maker of the questions that a configuration asks for, in rooms like those an agent is trained in.
pub(crate) fn question_maker(config: &Config) -> Result<QuestionMaker> {
    question_maker_of(config, SplitPart::Train)
}

/// The maker of the questions of a part of an evaluation. Those of all parts number words and templates alike.
pub(crate) fn question_maker_of(config: &Config, part: SplitPart) -> Result<QuestionMaker> {
    QuestionMaker::new(&config.room_of(part), &config.questions, question_seed(config)).map_err(wrong_input)
}

/// The seed of the questions of all parts.
pub(crate) fn question_seed(config: &Config) -> u64 {
    EvaluationSeeds::new(config.evaluation.seed).questions()
}

/// The seed of the rooms of a part; none is that of another, nor of training.
pub(crate) fn split_seed(config: &Config, part: SplitPart) -> u64 {
    EvaluationSeeds::new(config.evaluation.seed).rooms(part)
}

/// Seeds of the episodes of a part, in their order.
pub(crate) fn part_episode_seeds(config: &Config, part: SplitPart) -> Vec<u64> {
    EvaluationSeeds::new(config.evaluation.seed).episodes(part, config.num_episodes(part))
}

/// Seeds of so many episodes that belong to no part, such as `imagined`.
pub(crate) fn episode_seeds(config: &Config, name: &str, num_episodes: usize) -> Vec<u64> {
    let seed = derive_seed(config.evaluation.seed, name, &[]);
    (0..num_episodes as u64).map(|i| derive_seed(seed, "episode", &[i])).collect()
}
