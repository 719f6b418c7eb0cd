//! The question decoder of Das et al. (2020): an LSTM started from the belief and fed the question at every one of a
//! fixed number of steps, then a softmax over one-word answers.

use groundling_nn::{Embedding, Initializer, Linear, Lstm, LstmState, Parameters};
use tch::{Kind, Tensor};

use crate::batch::{Batch, num_token_rows};
use crate::trainer::{ProbeSpec, Reading};

#[derive(Debug)]
pub(crate) struct Decoder {
    reading: Reading,
    belief_size: i64,
    decode_steps: usize,
    /// Mean of each feature, `[2 N]`; no gradient reaches it.
    mean: Tensor,
    /// One over the standard deviation of each feature, `[2 N]`; no gradient reaches it.
    scale: Tensor,
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
            mean: scope.sub("belief").parameter("mean", &[2 * belief_size], Initializer::Constant(0.0)),
            scale: scope.sub("belief").parameter("scale", &[2 * belief_size], Initializer::Constant(1.0)),
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
        let belief = (self.features(beliefs) - self.mean.detach()) * self.scale.detach();
        let started = self.start.forward(&belief).chunk(2, 1);
        LstmState { hidden: started[0].shallow_clone(), cell: started[1].shallow_clone() }
    }

    /// Outputs as they are and cells normalised, `[B, 2 N]`: cells grow without bound over an episode.
    fn features(&self, beliefs: &Tensor) -> Tensor {
        let parts = beliefs.split(self.belief_size, 1);
        let cells = parts[1].layer_norm([self.belief_size], None::<Tensor>, None::<Tensor>, 1e-5, false);
        Tensor::cat(&[parts[0].shallow_clone(), cells], 1)
    }

    /// From now on each feature is brought to mean 0 and variance 1 over these beliefs. What tells rooms apart can be
    /// small beside what all beliefs share, in an untrained agent above all, and a probe that cannot find it would
    /// call a memory empty.
    pub(crate) fn standardize(&self, beliefs: &Tensor) {
        let _guard = tch::no_grad_guard();
        let features = self.features(beliefs);
        let mean = features.mean_dim([0i64].as_slice(), false, Kind::Float);
        let deviation = (&features - &mean).square().mean_dim([0i64].as_slice(), false, Kind::Float).sqrt();
        self.mean.shallow_clone().copy_(&mean);
        self.scale.shallow_clone().copy_(&(deviation + 1e-4).reciprocal());
    }
}
