//! Predictive losses: what the state must be able to tell of the future. One file a loss, and one line in `registry!`.

mod decoder;
mod simcore;
mod starts;

use groundling_interface::{EnvironmentSpec, InvalidSetting};
use groundling_nn::{LstmState, Scope};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::Tensor;

use crate::network::UnrollOutput;
use crate::unroll::Batch;
pub use simcore::SimCoreConfig;

/// A loss that reads the agent's states and the frames and actions that came after.
pub(crate) trait PredictiveLoss: Send {
    /// The loss of a batch; none where the batch has nothing to predict. Random choices come from `generator`.
    fn loss(&self, batch: &Batch, output: &UnrollOutput, generator: &mut ChaCha8Rng) -> Option<PredictiveOutput>;

    /// Frames imagined from `state` `[B, ..]` under the actions i64 `[K, B]`, the present one first:
    /// f32 in `[0, 1]`, `[K + 1, B, 3, H, W]`. None for a loss that does not predict pixels.
    fn imagine(&self, _state: &LstmState, _actions: &Tensor, _generator: &mut ChaCha8Rng) -> Option<Tensor> {
        None
    }
}

/// What a predictive loss makes of a batch.
#[derive(Debug)]
pub(crate) struct PredictiveOutput {
    /// Scalar, with its graph.
    pub(crate) loss: Tensor,
    /// Further figures for the log, by name.
    pub(crate) series: Vec<(&'static str, f64)>,
}

impl From<Tensor> for PredictiveOutput {
    fn from(loss: Tensor) -> Self {
        Self { loss, series: Vec::new() }
    }
}

/// The settings of one predictive loss, in a table of its own.
pub(crate) trait PredictiveSettings {
    /// Checks ranges; `section` is the dotted name of the table.
    fn validate(&self, section: &str) -> Result<(), InvalidSetting>;

    /// Name and value of the setting that says how many steps ahead it predicts.
    fn longest_prediction(&self) -> (&'static str, usize);
}

/// What the networks around a loss look like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// The environment's spec.
    pub(crate) spec: &'a EnvironmentSpec,
    /// Units of the agent's core.
    pub(crate) core_size: i64,
    /// Features the encoder gives for a picture.
    #[expect(dead_code, reason = "the next loss reads it")]
    pub(crate) num_features: i64,
}

/// Writes down which losses there are: name in a configuration, name in Rust, the loss, its settings.
macro_rules! registry {
    ($($(#[$doc:meta])* $name:literal $key:ident $variant:ident: $loss:ty, $config:ty;)*) => {
        /// Which predictive loss.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub enum PredictiveName {
            /// None: the plain LSTM agent.
            #[default]
            #[serde(rename = "none")]
            None,
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl PredictiveName {
            /// Every name, as a configuration has it.
            pub const ALL: &[&str] = &["none", $($name),*];
        }

        /// The predictive loss and the settings of each kind; only those of the chosen one have an effect.
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct PredictiveConfig {
            /// `none` or the name of a loss.
            pub loss: PredictiveName,
            $($(#[$doc])* pub $key: $config,)*
        }

        impl PredictiveConfig {
            /// Checks ranges; keys begin with `predictive.`.
            pub fn validate(&self) -> Result<(), InvalidSetting> {
                $(PredictiveSettings::validate(&self.$key, concat!("predictive.", $name))?;)*
                Ok(())
            }

            /// Key and value of the setting that says how many steps ahead the chosen loss predicts; none without one.
            pub fn longest_prediction(&self) -> Option<(String, usize)> {
                match self.loss {
                    PredictiveName::None => None,
                    $(PredictiveName::$variant => {
                        let (setting, steps) = PredictiveSettings::longest_prediction(&self.$key);
                        Some((format!(concat!("predictive.", $name, ".{}"), setting), steps))
                    })*
                }
            }

            /// Makes the chosen loss with its parameters.
            pub(crate) fn build(
                &self,
                scope: Scope<'_>,
                surroundings: Surroundings<'_>,
            ) -> Option<Box<dyn PredictiveLoss>> {
                match self.loss {
                    PredictiveName::None => None,
                    $(PredictiveName::$variant => Some(Box::new(<$loss>::new(scope, &self.$key, surroundings))),)*
                }
            }
        }
    };
}

registry! {
    /// SimCore: frames simulated ahead from the belief (Gregor et al. 2019).
    "simcore" simcore SimCore: simcore::SimCore, SimCoreConfig;
}
