//! A question as numbers.

use groundling_nn::{Embedding, Scope};
use groundling_questions::{Question, QuestionVocabulary};
use tch::{Kind, Tensor};

/// A question that a vocabulary cannot say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("question {text:?} is not in the probe's vocabulary; it was made for other rooms or templates")]
pub struct ForeignQuestion {
    /// The question.
    pub text: String,
}

/// For each position one row a token, and one for "nothing here".
fn num_token_rows(vocabulary: &QuestionVocabulary) -> usize {
    vocabulary.max_tokens() * (vocabulary.tokens().len() + 1)
}

/// A question as a decoder takes it, `max_tokens` numbers: for each position the row of its token. An answer that the
/// vocabulary does not have is refused as well.
pub fn token_rows(question: &Question, vocabulary: &QuestionVocabulary) -> Result<Vec<i64>, ForeignQuestion> {
    let (length, num_tokens) = (vocabulary.max_tokens(), vocabulary.tokens().len());
    let known = question.tokens.iter().all(|&token| usize::from(token) < num_tokens);
    if !known || question.tokens.len() > length || usize::from(question.answer) >= vocabulary.answers().len() {
        return Err(ForeignQuestion { text: question.text.clone() });
    }
    let padded = question.tokens.iter().map(|&token| usize::from(token)).chain(std::iter::repeat(num_tokens));
    Ok(padded.take(length).enumerate().map(|(at, token)| (at * (num_tokens + 1) + token) as i64).collect())
}

/// A row of numbers for each token at each position, added up: the order of the words is not lost in the sum.
#[derive(Debug)]
pub(crate) struct Words(Embedding);

impl Words {
    pub(crate) fn new(scope: Scope<'_>, vocabulary: &QuestionVocabulary, size: i64) -> Self {
        // With this bound the components of a sum are of order 1.
        let bound = (3.0 / vocabulary.max_tokens() as f64).sqrt();
        Self(Embedding::new(scope, num_token_rows(vocabulary) as i64, size, bound))
    }

    /// Token rows i64 `[B, max_tokens]` -> `[B, size]`.
    pub(crate) fn forward(&self, questions: &Tensor) -> Tensor {
        self.0.forward(questions).sum_dim_intlist(1, false, Kind::Float)
    }
}
