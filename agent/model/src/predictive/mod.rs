//! Predictive losses: what the state must be able to tell of the future. One file a loss, one line here each.

mod decoder;
mod simcore;

use groundling_interface::{EnvironmentSpec, InvalidSetting};
use groundling_nn::{LstmState, Scope};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::Tensor;

use crate::network::UnrollOutput;
use crate::unroll::Batch;
pub use simcore::SimCoreConfig;

/// A loss that reads the agent's states and the frames and actions that came after.
pub(crate) trait PredictiveLoss {
    /// Scalar loss of a batch; no value where the batch has nothing to predict. Random choices come from `generator`.
    fn loss(&self, batch: &Batch, output: &UnrollOutput, generator: &mut ChaCha8Rng) -> Option<Tensor>;

    /// Frames imagined from `state` `[B, ..]` under the actions i64 `[K, B]`, the present one first:
    /// f32 in `[0, 1]`, `[K + 1, B, 3, H, W]`. None for a loss that does not predict pixels.
    fn imagine(&self, state: &LstmState, actions: &Tensor) -> Option<Tensor>;
}

/// Which predictive loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PredictiveName {
    /// None: the plain LSTM agent.
    None,
    /// Frames simulated ahead from the belief (Gregor et al. 2019).
    #[serde(rename = "simcore")]
    SimCore,
}

/// The predictive loss and the settings of each kind; only those of the chosen one have an effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PredictiveConfig {
    /// `none` or `simcore`.
    pub loss: PredictiveName,
    /// Settings of SimCore.
    pub simcore: SimCoreConfig,
}

impl Default for PredictiveConfig {
    fn default() -> Self {
        Self { loss: PredictiveName::None, simcore: SimCoreConfig::default() }
    }
}

impl PredictiveConfig {
    /// Checks ranges; keys begin with `predictive.`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        self.simcore.validate()
    }

    /// Makes the chosen loss with its parameters: the registry.
    pub(crate) fn build(
        &self,
        scope: Scope<'_>,
        spec: &EnvironmentSpec,
        core_size: i64,
    ) -> Option<Box<dyn PredictiveLoss + Send>> {
        match self.loss {
            PredictiveName::None => None,
            PredictiveName::SimCore => Some(Box::new(simcore::SimCore::new(scope, &self.simcore, spec, core_size))),
        }
    }
}
