//! Questions on their way to the loss: as numbers, in the rows of the agent's unrolls.
//!
//! Of each question `2 + max_tokens` numbers: its template, its right answer, and its words as a decoder takes them. The
//! questions of one row stand behind each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use groundling_decoder::token_rows;
use groundling_impala::{ObservedStep, TargetMaker};
use groundling_questions::{AskedStep, Question, QuestionMaker, QuestionVocabulary};
use groundling_room::WorldFacts;

/// Gives the privileged facts of a room as it is now, by the room's index.
pub type FactsOf = Arc<dyn Fn(usize) -> Option<WorldFacts> + Send + Sync>;

/// Asks at some steps of each episode. What is asked depends on the episode's seed, the step and what the room holds then.
pub struct QuestionTargets {
    maker: Arc<QuestionMaker>,
    facts_of: FactsOf,
    last_step: u32,
    /// Of each room, the seed of the running episode and the steps at which it is asked.
    running: BTreeMap<usize, (u64, Vec<AskedStep>)>,
}

impl QuestionTargets {
    /// For the rooms of one actor, whose episodes have at most `last_step` steps.
    pub fn new(maker: Arc<QuestionMaker>, facts_of: FactsOf, last_step: u32) -> Self {
        Self { maker, facts_of, last_step, running: BTreeMap::new() }
    }
}

impl std::fmt::Debug for QuestionTargets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("QuestionTargets").field("last_step", &self.last_step).finish_non_exhaustive()
    }
}

impl TargetMaker for QuestionTargets {
    fn target(&mut self, step: &ObservedStep<'_>) -> Option<Vec<i64>> {
        let begin = || (step.episode_seed, self.maker.asked_steps(step.episode_seed, self.last_step));
        let running = self.running.entry(step.room).or_insert_with(begin);
        if running.0 != step.episode_seed {
            *running = begin();
        }
        let asked = running.1.iter().find(|asked| asked.step == step.step)?;
        let questions = self.maker.ask(&(self.facts_of)(step.room)?, asked.draws);
        (!questions.is_empty()).then(|| encode(&questions, self.maker.vocabulary()))
    }
}

/// Numbers of one question.
pub(crate) fn width(vocabulary: &QuestionVocabulary) -> usize {
    2 + vocabulary.max_tokens()
}

/// Questions as the numbers of one row; those that this vocabulary cannot say are left out.
pub(crate) fn encode(questions: &[Question], vocabulary: &QuestionVocabulary) -> Vec<i64> {
    let mut values = Vec::with_capacity(questions.len() * width(vocabulary));
    for question in questions {
        if let Ok(words) = token_rows(question, vocabulary) {
            values.extend([i64::from(question.template), i64::from(question.answer)]);
            values.extend(words);
        }
    }
    values
}

/// Whether these are the numbers of one row's questions of this vocabulary.
pub(crate) fn reads(values: &[i64], vocabulary: &QuestionVocabulary) -> bool {
    let below = |value: i64, number: usize| (0..number as i64).contains(&value);
    // Each position has its own row for each word, and one for none.
    let words_of_position = vocabulary.tokens().len() + 1;
    let is_question = |question: &[i64]| match question {
        [template, answer, words @ ..] => {
            let is_word = |(word, at): (&i64, i64)| {
                let first = at * words_of_position as i64;
                (first..first + words_of_position as i64).contains(word)
            };
            below(*template, vocabulary.templates().len())
                && below(*answer, vocabulary.answers().len())
                && words.iter().zip(0..).all(is_word)
        }
        _ => false,
    };
    let width = width(vocabulary);
    !values.is_empty() && values.len().is_multiple_of(width) && values.chunks(width).all(is_question)
}
