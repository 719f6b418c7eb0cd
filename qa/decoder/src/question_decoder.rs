//! The whole way from beliefs and questions to answers.

use groundling_nn::Scope;
use groundling_questions::QuestionVocabulary;
use tch::Tensor;

use crate::beliefs::Beliefs;
use crate::decoders::{Decoder, DecoderName, DecoderSettings, Read, Shape};
use crate::features::Features;

/// Which of an episode's beliefs a decoder looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeliefsRead {
    /// The one at the step when the question is asked.
    Present,
    /// All that are kept up to that step; of more than `most` as many, evenly spaced, the first and the last among them.
    History {
        /// The most that are read.
        most: usize,
    },
}

/// A decoder of any kind, with the scale of the beliefs it reads.
#[derive(Debug)]
pub struct QuestionDecoder {
    features: Features,
    standardizes: bool,
    decoder: Box<dyn Decoder>,
}

impl QuestionDecoder {
    /// Makes the decoder `name` with its parameters in `scope`, for beliefs of `belief_size` (`N`) outputs and cells.
    pub fn new(
        scope: &mut Scope<'_>,
        name: DecoderName,
        settings: &DecoderSettings,
        vocabulary: &QuestionVocabulary,
        belief_size: usize,
    ) -> Self {
        let features = Features::new(scope.sub("belief"), belief_size as i64);
        let shape = Shape { vocabulary, num_features: 2 * belief_size as i64 };
        Self { features, standardizes: settings.standardizes(name), decoder: settings.build(name, scope, shape) }
    }

    /// Log-probabilities of the answers, f32 `[B, answers]`. `questions`: rows of tokens, i64 `[B, max_tokens]`, as
    /// [`token_rows`](crate::token_rows) gives them. `beliefs`: of the `N` it was made for; none: the question alone.
    pub fn log_probabilities(&self, questions: &Tensor, beliefs: Option<&Beliefs>) -> Tensor {
        let read = beliefs.map(|beliefs| Read { features: self.features.forward(&beliefs.rows), beliefs });
        self.decoder.logits(questions, read.as_ref()).log_softmax(-1, tch::Kind::Float)
    }

    /// From now on each feature is brought to mean 0 and variance 1 over these beliefs, f32 `[R, 2 N]`. What tells rooms
    /// apart can be small beside what all beliefs share, in an untrained agent above all, and a decoder that cannot find
    /// it would call a memory empty. Without effect on `unscaled`, which reads beliefs as they are.
    pub fn standardize(&self, rows: &Tensor) {
        if self.standardizes {
            self.features.standardize(rows);
        }
    }
}
