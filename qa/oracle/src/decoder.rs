//! The decoder of Das et al. (2020): an LSTM started from the agent's state and fed the question at every one of a fixed
//! number of steps, then a softmax over one-word answers. The form of the probe's LSTM decoder; but what comes in are the
//! agent's states with their graphs, and so a gradient goes back.

use groundling_nn::{Embedding, Linear, Lstm, LstmState, Scope};
use groundling_questions::QuestionVocabulary;
use tch::{Kind, Tensor};

use crate::OracleConfig;
use crate::standardizer::Standardizer;

/// The decoder's networks.
#[derive(Debug)]
pub(crate) struct Decoder {
    core_size: i64,
    decode_steps: usize,
    belief: Standardizer,
    start: Linear,
    words: Embedding,
    core: Lstm,
    output: Linear,
}

impl Decoder {
    pub(crate) fn new(
        mut scope: Scope<'_>,
        config: &OracleConfig,
        vocabulary: &QuestionVocabulary,
        core_size: i64,
    ) -> Self {
        let (size, embedding_size) = (config.hidden_size as i64, config.embedding_size as i64);
        let num_rows = (vocabulary.max_tokens() * (vocabulary.tokens().len() + 1)) as i64;
        // A question is the sum of a row for each of its words: with this bound its components are of order 1.
        let bound = (3.0 / vocabulary.max_tokens() as f64).sqrt();
        Self {
            core_size,
            decode_steps: config.decode_steps,
            belief: Standardizer::new(scope.sub("belief"), 2 * core_size),
            start: Linear::new(scope.sub("start"), 2 * core_size, 2 * size, 1.0),
            words: Embedding::new(scope.sub("words"), num_rows, embedding_size, bound),
            core: Lstm::new(scope.sub("core"), embedding_size, size, 1.0),
            output: Linear::new(scope.sub("output"), size, vocabulary.answers().len() as i64, 1.0),
        }
    }

    /// Log-probabilities of the answers `[Q, answers]` to questions about some states: core outputs and cells f32 `[R, N]`,
    /// for each question the row of its state i64 `[Q]`, and its words i64 `[Q, max_tokens]`, a row of the table of words
    /// for each position.
    pub(crate) fn forward(&self, hidden: &Tensor, cell: &Tensor, rows: &Tensor, words: &Tensor) -> Tensor {
        // Cells grow without bound over an episode.
        let cell = cell.layer_norm([self.core_size], None::<Tensor>, None::<Tensor>, 1e-5, false);
        let belief = self.belief.forward(&Tensor::cat(&[hidden, &cell], 1));
        let started = self.start.forward(&belief).index_select(0, rows).chunk(2, 1);
        let mut state = LstmState { hidden: started[0].contiguous(), cell: started[1].contiguous() };
        let question = self.words.forward(words).sum_dim_intlist(1, false, Kind::Float);
        let projected = self.core.project(&question);
        for _ in 0..self.decode_steps {
            state = self.core.step(&projected, &state);
        }
        self.output.forward(&state.hidden).log_softmax(-1, Kind::Float)
    }
}
