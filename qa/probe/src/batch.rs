//! From plain numbers to tensors, checked on the way: the only door into the network.

use groundling_belief::FrozenBelief;
use groundling_questions::{Question, QuestionVocabulary};
use tch::{Device, Tensor};

use crate::error::ProbeError;

/// Beliefs f32 `[B, 2 N]` (outputs, then cells), questions i64 `[B, max_tokens]`, right answers i64 `[B]`.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) beliefs: Tensor,
    pub(crate) tokens: Tensor,
    pub(crate) answers: Tensor,
}

/// A token's row in a table that has, for each position, one row a token and one for "nothing here".
pub(crate) fn num_token_rows(vocabulary: &QuestionVocabulary) -> usize {
    vocabulary.max_tokens() * (vocabulary.tokens().len() + 1)
}

impl Batch {
    pub(crate) fn new<'a>(
        pairs: impl ExactSizeIterator<Item = (&'a FrozenBelief, &'a Question)>,
        vocabulary: &QuestionVocabulary,
        belief_size: usize,
        device: Device,
    ) -> Result<Self, ProbeError> {
        let num = pairs.len();
        let (length, num_tokens) = (vocabulary.max_tokens(), vocabulary.tokens().len());
        let mut beliefs: Vec<f32> = Vec::with_capacity(num * 2 * belief_size);
        let mut tokens: Vec<i64> = Vec::with_capacity(num * length);
        let mut answers: Vec<i64> = Vec::with_capacity(num);
        for (belief, question) in pairs {
            let (hidden, cell) = (belief.hidden(), belief.cell());
            if hidden.len() != belief_size || cell.len() != belief_size {
                let (hidden, cell) = (hidden.len(), cell.len());
                return Err(ProbeError::BeliefSize { hidden, cell, expected: belief_size });
            }
            beliefs.extend_from_slice(hidden);
            beliefs.extend_from_slice(cell);

            let known = question.tokens.iter().all(|&token| usize::from(token) < num_tokens);
            let answer = usize::from(question.answer);
            if !known || question.tokens.len() > length || answer >= vocabulary.answers().len() {
                return Err(ProbeError::ForeignQuestion { text: question.text.clone() });
            }
            let padded = question.tokens.iter().map(|&token| usize::from(token)).chain(std::iter::repeat(num_tokens));
            tokens.extend(padded.take(length).enumerate().map(|(at, token)| (at * (num_tokens + 1) + token) as i64));
            answers.push(answer as i64);
        }
        if !beliefs.iter().all(|value| value.is_finite()) {
            return Err(ProbeError::BeliefNotFinite);
        }
        let (rows, width, length) = (num as i64, 2 * belief_size as i64, length as i64);
        Ok(Self {
            beliefs: Tensor::from_slice(&beliefs).view([rows, width]).to_device(device),
            tokens: Tensor::from_slice(&tokens).view([rows, length]).to_device(device),
            answers: Tensor::from_slice(&answers).to_device(device),
        })
    }
}
