//! The question decoder of Das et al. (2020): an LSTM started from the belief and fed the question at every one of a
//! fixed number of steps, then a softmax over one-word answers.

use groundling_nn::{Embedding, LayerNorm, Linear, Lstm, LstmState, Parameters};
use tch::Tensor;

use crate::batch::{Batch, num_token_rows};
use crate::trainer::{ProbeSpec, Reading};

#[derive(Debug)]
pub(crate) struct Decoder {
    reading: Reading,
    belief_size: i64,
    decode_steps: usize,
    cell_norm: LayerNorm,
    start: Linear,
    words: Embedding,
    core: Lstm,
    output: Linear,
}

impl Decoder {
    pub(crate) fn new(parameters: &mut Parameters, spec: &ProbeSpec) -> Self {
        let (config, vocabulary) = (&spec.config, &spec.vocabulary);
        let (size, embedding_size) = (config.hidden_size as i64, config.embedding_size as i64);
        let belief_size = spec.belief_size as i64;
        let mut scope = parameters.scope(spec.seed);
        // A question is the sum of a row for each of its words: with this bound its components are of order 1.
        let bound = (3.0 / vocabulary.max_tokens() as f64).sqrt();
        Self {
            reading: spec.reading,
            belief_size,
            decode_steps: config.decode_steps,
            cell_norm: LayerNorm::new(scope.sub("cell_norm"), belief_size),
            start: Linear::new(scope.sub("start"), 2 * belief_size, 2 * size, 1.0),
            words: Embedding::new(scope.sub("words"), num_token_rows(vocabulary) as i64, embedding_size, bound),
            core: Lstm::new(scope.sub("core"), embedding_size, size, 1.0),
            output: Linear::new(scope.sub("output"), size, vocabulary.answers().len() as i64, 1.0),
        }
    }

    /// Log-probabilities of the answers, `[B, answers]`.
    pub(crate) fn forward(&self, batch: &Batch) -> Tensor {
        let num_questions = batch.tokens.size()[0];
        let mut state = match self.reading {
            Reading::Belief => self.started(&batch.beliefs),
            Reading::QuestionOnly => self.core.zero_state(num_questions),
        };
        // A row for each word at each position, so that the order of the words is not lost in the sum.
        let words = self.words.forward(&batch.tokens).sum_dim_intlist(1, false, tch::Kind::Float);
        let projected = self.core.project(&words);
        for _ in 0..self.decode_steps {
            state = self.core.step(&projected, &state);
        }
        self.output.forward(&state.hidden).log_softmax(-1, tch::Kind::Float)
    }

    fn started(&self, beliefs: &Tensor) -> LstmState {
        let parts = beliefs.split(self.belief_size, 1);
        // Cells grow without bound over an episode; outputs lie within ±1.
        let belief = Tensor::cat(&[parts[0].shallow_clone(), self.cell_norm.forward(&parts[1])], 1);
        let started = self.start.forward(&belief).chunk(2, 1);
        LstmState { hidden: started[0].shallow_clone(), cell: started[1].shallow_clone() }
    }
}
