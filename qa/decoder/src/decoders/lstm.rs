//! The question decoder of Das et al. (2020): an LSTM started from the belief through a learnt map and fed the question
//! at every one of a fixed number of steps.

use groundling_interface::InvalidSetting;
use groundling_nn::{Linear, Lstm, LstmState, Scope};
use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::{Decoder, Read, Settings, Shape, between};
use crate::question::Words;

/// Settings of the LSTM decoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LstmConfig {
    /// Units of the LSTM, 1 to 4,096. Default 256. More units read more out of the same belief; time grows with the
    /// square.
    pub hidden_size: usize,
    /// Numbers that stand for a question, 1 to 4,096. Default 64.
    pub embedding_size: usize,
    /// Steps for which it is unrolled, fed the question at each, 1 to 64. Default 4. Time grows in proportion.
    pub decode_steps: usize,
}

impl Default for LstmConfig {
    fn default() -> Self {
        Self { hidden_size: 256, embedding_size: 64, decode_steps: 4 }
    }
}

impl Settings for LstmConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        between(section, "hidden_size", self.hidden_size, 1, 4_096)?;
        between(section, "embedding_size", self.embedding_size, 1, 4_096)?;
        between(section, "decode_steps", self.decode_steps, 1, 64)
    }

    fn describe(&self) -> String {
        format!(
            "LSTM {} started from the belief, the question at each of {} steps",
            self.hidden_size, self.decode_steps
        )
    }
}

#[derive(Debug)]
pub(super) struct LstmDecoder {
    decode_steps: usize,
    words: Words,
    start: Linear,
    core: Lstm,
    output: Linear,
}

impl LstmDecoder {
    pub(super) fn new(scope: &mut Scope<'_>, config: &LstmConfig, shape: Shape<'_>) -> Self {
        let (size, embedding_size) = (config.hidden_size as i64, config.embedding_size as i64);
        Self {
            decode_steps: config.decode_steps,
            words: Words::new(scope.sub("words"), shape.vocabulary, embedding_size),
            start: Linear::new(scope.sub("start"), shape.num_features, 2 * size, 1.0),
            core: Lstm::new(scope.sub("core"), embedding_size, size, 1.0),
            output: Linear::new(scope.sub("output"), size, shape.num_answers(), 1.0),
        }
    }
}

impl Decoder for LstmDecoder {
    fn logits(&self, questions: &Tensor, read: Option<&Read<'_>>) -> Tensor {
        let mut state = match read {
            Some(read) => {
                let started = read.at_present(&self.start.forward(&read.features)).chunk(2, 1);
                LstmState { hidden: started[0].shallow_clone(), cell: started[1].shallow_clone() }
            }
            None => self.core.zero_state(questions.size()[0]),
        };
        let projected = self.core.project(&self.words.forward(questions));
        for _ in 0..self.decode_steps {
            state = self.core.step(&projected, &state);
        }
        self.output.forward(&state.hidden)
    }
}
