//! A multilayer perceptron of a question's embedding joined with a linear map of the belief.

use groundling_interface::InvalidSetting;
use groundling_nn::{Linear, Scope};
use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::{Decoder, Read, Settings, Shape, between};
use crate::question::Words;

/// Settings of the perceptron.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MlpConfig {
    /// Units of each hidden layer and of the map of the belief, 1 to 4,096. Default 384. Time grows with the square.
    pub hidden_size: usize,
    /// Hidden layers, 1 to 16. Default 2.
    pub num_layers: usize,
    /// Numbers that stand for a question, 1 to 4,096. Default 64.
    pub embedding_size: usize,
}

impl Default for MlpConfig {
    fn default() -> Self {
        Self { hidden_size: 384, num_layers: 2, embedding_size: 64 }
    }
}

impl Settings for MlpConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        between(section, "hidden_size", self.hidden_size, 1, 4_096)?;
        between(section, "num_layers", self.num_layers, 1, 16)?;
        between(section, "embedding_size", self.embedding_size, 1, 4_096)
    }

    fn describe(&self) -> String {
        format!("MLP {}x{} of question and belief", self.num_layers, self.hidden_size)
    }
}

#[derive(Debug)]
pub(super) struct MlpDecoder {
    words: Words,
    belief: Linear,
    question: Linear,
    hidden: Vec<Linear>,
    output: Linear,
}

impl MlpDecoder {
    pub(super) fn new(scope: &mut Scope<'_>, config: &MlpConfig, shape: Shape<'_>) -> Self {
        let (size, embedding_size) = (config.hidden_size as i64, config.embedding_size as i64);
        let later = 1..config.num_layers;
        Self {
            words: Words::new(scope.sub("words"), shape.vocabulary, embedding_size),
            // The first hidden layer of the joined vector, as its two halves.
            belief: Linear::new(scope.sub("belief_map"), shape.num_features, size, 1.0),
            question: Linear::new(scope.sub("question"), embedding_size, size, 1.0),
            hidden: later.map(|i| Linear::new(scope.sub(&format!("hidden{i}")), size, size, GAIN)).collect(),
            output: Linear::new(scope.sub("output"), size, shape.num_answers(), 1.0),
        }
    }
}

/// Keeps the variance behind rectified units (He et al. 2015).
const GAIN: f64 = std::f64::consts::SQRT_2;

impl Decoder for MlpDecoder {
    fn logits(&self, questions: &Tensor, read: Option<&Read<'_>>) -> Tensor {
        let question = self.question.forward(&self.words.forward(questions));
        let joined = match read {
            Some(read) => question + read.at_present(&self.belief.forward(&read.features)),
            None => question,
        };
        let hidden = self.hidden.iter().fold(joined.relu(), |below, layer| layer.forward(&below).relu());
        self.output.forward(&hidden)
    }
}
