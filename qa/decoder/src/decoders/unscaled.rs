//! A perceptron on beliefs as they are: features keep the scales that the agent gave them.

use groundling_interface::InvalidSetting;
use groundling_nn::Scope;
use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::gated::GatedDecoder;
use super::mlp::MlpDecoder;
use super::{Decoder, GatedConfig, MlpConfig, Read, Settings, Shape};

/// Which perceptron reads unscaled beliefs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnscaledNetwork {
    /// That of the decoder `mlp`.
    #[default]
    Mlp,
    /// That of the decoder `gated`.
    Gated,
}

/// Settings of the perceptron that reads unscaled beliefs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnscaledConfig {
    /// Which perceptron: `mlp`, the default, or `gated`.
    pub network: UnscaledNetwork,
    /// Units of each hidden layer and of the map of the belief, 1 to 4,096. Default 384. Time grows with the square.
    pub hidden_size: usize,
    /// Hidden layers, as `mlp` or `gated` counts them, 1 to 16. Default 2.
    pub num_layers: usize,
    /// Numbers that stand for a question, 1 to 4,096. Default 64.
    pub embedding_size: usize,
}

impl Default for UnscaledConfig {
    fn default() -> Self {
        let MlpConfig { hidden_size, num_layers, embedding_size } = MlpConfig::default();
        Self { network: UnscaledNetwork::default(), hidden_size, num_layers, embedding_size }
    }
}

impl UnscaledConfig {
    fn mlp(&self) -> MlpConfig {
        let &Self { hidden_size, num_layers, embedding_size, .. } = self;
        MlpConfig { hidden_size, num_layers, embedding_size }
    }

    fn gated(&self) -> GatedConfig {
        let &Self { hidden_size, num_layers, embedding_size, .. } = self;
        GatedConfig { hidden_size, num_layers, embedding_size }
    }
}

impl Settings for UnscaledConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        self.mlp().validate(section)
    }

    fn standardizes(&self) -> bool {
        false
    }

    fn describe(&self) -> String {
        let network = match self.network {
            UnscaledNetwork::Mlp => self.mlp().describe(),
            UnscaledNetwork::Gated => self.gated().describe(),
        };
        format!("{network}, features as they are")
    }
}

/// What an agent holds at a scale that is small beside that of all else is there, and this does not find it: the difference
/// to the same perceptron on standardised features tells how much of that there is.
#[derive(Debug)]
pub(super) struct UnscaledDecoder(Box<dyn Decoder>);

impl UnscaledDecoder {
    pub(super) fn new(scope: &mut Scope<'_>, config: &UnscaledConfig, shape: Shape<'_>) -> Self {
        Self(match config.network {
            UnscaledNetwork::Mlp => Box::new(MlpDecoder::new(scope, &config.mlp(), shape)),
            UnscaledNetwork::Gated => Box::new(GatedDecoder::new(scope, &config.gated(), shape)),
        })
    }
}

impl Decoder for UnscaledDecoder {
    fn logits(&self, questions: &Tensor, read: Option<&Read<'_>>) -> Tensor {
        self.0.logits(questions, read)
    }
}
