//! A perceptron in which the question gates what is read from the belief.

use groundling_interface::InvalidSetting;
use groundling_nn::{Linear, Scope};
use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::{Decoder, Read, Settings, Shape, between};
use crate::question::Words;

/// Settings of the gated perceptron.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatedConfig {
    /// Units that the belief is mapped to and that the question gates, and of each hidden layer above, 1 to 4,096.
    /// Default 512. Time grows with the square.
    pub hidden_size: usize,
    /// Hidden layers above the gated units, 0 to 16. Default 1.
    pub num_layers: usize,
    /// Numbers that stand for a question, 1 to 4,096. Default 64.
    pub embedding_size: usize,
}

impl Default for GatedConfig {
    fn default() -> Self {
        Self { hidden_size: 512, num_layers: 1, embedding_size: 64 }
    }
}

impl Settings for GatedConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        between(section, "hidden_size", self.hidden_size, 1, 4_096)?;
        between(section, "num_layers", self.num_layers, 0, 16)?;
        between(section, "embedding_size", self.embedding_size, 1, 4_096)
    }

    fn describe(&self) -> String {
        format!("{} units of the belief gated by the question, {} layers above", self.hidden_size, self.num_layers)
    }
}

/// `relu((A b) ⊙ (1 + G e(q)) + Q e(q))`, then a perceptron; `b` are the features of the belief, `e(q)` is the question.
///
/// The product is what a question asks of a belief: which part of it to look at (feature-wise modulation, Perez et al. 2018).
/// A perceptron of both side by side must build that product from sums, for which it needs many more examples.
#[derive(Debug)]
pub(super) struct GatedDecoder {
    words: Words,
    belief: Linear,
    gate: Linear,
    shift: Linear,
    hidden: Vec<Linear>,
    output: Linear,
}

impl GatedDecoder {
    pub(super) fn new(scope: &mut Scope<'_>, config: &GatedConfig, shape: Shape<'_>) -> Self {
        let (size, embedding_size) = (config.hidden_size as i64, config.embedding_size as i64);
        Self {
            words: Words::new(scope.sub("words"), shape.vocabulary, embedding_size),
            belief: Linear::new(scope.sub("belief_map"), shape.num_features, size, 1.0),
            gate: Linear::new(scope.sub("gate"), embedding_size, size, 1.0),
            shift: Linear::new(scope.sub("shift"), embedding_size, size, 1.0),
            hidden: (0..config.num_layers)
                .map(|i| Linear::new(scope.sub(&format!("hidden{i}")), size, size, GAIN))
                .collect(),
            output: Linear::new(scope.sub("output"), size, shape.num_answers(), 1.0),
        }
    }
}

/// Keeps the variance behind rectified units (He et al. 2015).
const GAIN: f64 = std::f64::consts::SQRT_2;

impl Decoder for GatedDecoder {
    fn logits(&self, questions: &Tensor, read: Option<&Read<'_>>) -> Tensor {
        let words = self.words.forward(questions);
        let shift = self.shift.forward(&words);
        let gated = match read {
            Some(read) => {
                read.at_present(&self.belief.forward(&read.features)) * (self.gate.forward(&words) + 1.0) + shift
            }
            None => shift,
        };
        let hidden = self.hidden.iter().fold(gated.relu(), |below, layer| layer.forward(&below).relu());
        self.output.forward(&hidden)
    }
}
