//! Predictive losses: what the state must be able to tell of the future. One file a loss, and one entry in `registry!`;
//! `docs/predictive_losses.md` says how to add one.

mod conv_draw;
mod conv_draw_config;
mod conv_lstm;
mod cpc_a;
mod decoder;
mod geco;
mod latent_targets;
mod likelihood;
mod noise;
mod odometry;
mod other_views;
mod residual_draw;
mod simcore;
mod simulation;
mod starts;

use groundling_interface::{EnvironmentSpec, InvalidSetting};
use groundling_nn::{LstmState, Scope};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::Tensor;

use crate::encoder::EncoderPlan;
use crate::network::UnrollOutput;
use crate::unroll::Batch;
pub use conv_draw_config::ConvDrawConfig;
pub use cpc_a::CpcAConfig;
pub use decoder::DecoderName;
pub use geco::GecoConfig;
pub use latent_targets::LatentTargetsConfig;
pub use likelihood::Likelihood;
pub use other_views::OtherViewsConfig;
pub use simcore::SimCoreConfig;

/// A loss that reads the agent's states and what came after them. `docs/predictive_losses.md` leads through one.
///
/// The learner calls `loss` once an update, on the thread that owns the parameters, then adds `losses.predictive` times its
/// value to the other losses and steps down the sum. Networks are made once, in `new(scope, settings, surroundings)`;
/// their parameters lie below `predictive.` in the checkpoint and are not sent to actors. What else must outlive an update
/// (an average, a multiplier) lies in a `Scope::buffer`: saved with the parameters, moved by no optimiser.
pub(crate) trait PredictiveLoss: Send {
    /// The loss of a batch; none where the batch has nothing to predict.
    ///
    /// `batch` is what happened: `T + 1` rows of `B` rooms, time first. `output` is what the agent made of it, with graphs:
    /// a gradient through `hidden` and `cell` `[T+1, B, N]` shapes the core and the encoder below it, one through
    /// `features` `[T+1, B, F]` the encoder alone. Leave `logits` and `values` alone: the heads have losses of their own.
    ///
    /// Rows of a room are not all of one episode. No term may reach across an end: `StartSettings::draw` sees to it, or
    /// `Batch::rows_to_go`. All random choices come from `generator`, none from libtorch's global one, so that a seed
    /// decides every bit. Tensors are made on the device of `batch.rgb`. A panic or a value that is not finite stops the run.
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
    /// Scalar f32 with its graph: a mean over what is predicted, so that it does not depend on how much is sampled.
    pub(crate) loss: Tensor,
    /// Further figures for the log, by name: each is logged as `predictive/<name>`.
    pub(crate) series: Vec<(&'static str, f64)>,
}

impl From<Tensor> for PredictiveOutput {
    fn from(loss: Tensor) -> Self {
        Self { loss, series: Vec::new() }
    }
}

/// The settings of one predictive loss: the table `[predictive.<name>]`. Besides this they are `Clone`, `Debug`, `Default`,
/// `PartialEq` and serde's two; each field's documentation says its range, and what is sampled and what that costs.
pub(crate) trait PredictiveSettings {
    /// Whether the loss predicts frames, and so has an `imagine` of its own.
    const PREDICTS_FRAMES: bool = false;

    /// Checks ranges, also of a loss that is not chosen. `section` is the dotted name of the table, which keys begin with.
    fn validate(&self, section: &str) -> Result<(), InvalidSetting>;

    /// Name and value of the setting that says how many steps ahead it predicts: more than an unroll has is refused.
    fn longest_prediction(&self) -> (&'static str, usize);

    /// How many rows behind its episode's first one it starts from; none where the loss has no such setting, which is
    /// named `earliest_start` where it has.
    fn earliest_start(&self) -> Option<usize> {
        None
    }

    /// Refuses an environment whose spec lacks what the loss needs.
    fn check_environment(&self, _spec: &EnvironmentSpec) -> Result<(), InvalidSetting> {
        Ok(())
    }
}

/// What the networks around a loss look like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// The environment's spec.
    pub(crate) spec: &'a EnvironmentSpec,
    /// Units of the agent's core.
    pub(crate) core_size: i64,
    /// Longest time constant with which its cells begin, steps; 0 where they begin alike.
    pub(crate) memory_steps: f64,
    /// How the agent's encoder is made. The encoder itself lies at `encoder::SCOPE`.
    pub(crate) encoder: &'a EncoderPlan,
}

/// A name under which no predictive loss is written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no predictive loss is named {name:?}: must be one of {}", .expected.join(", "))]
pub struct UnknownPredictiveName {
    name: String,
    expected: &'static [&'static str],
}

/// Writes down which losses there are, each as
/// `/// documentation`, `<name> <Variant>: <type of the loss>, <type of its settings>;`.
/// The name is that of its table below `[predictive]` and the one that `predictive.loss` chooses it by.
macro_rules! registry {
    ($($(#[$doc:meta])* $key:ident $variant:ident: $loss:ty, $config:ty;)*) => {
        /// Which predictive loss.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(into = "&'static str", try_from = "String")]
        pub enum PredictiveName {
            /// None: the plain LSTM agent.
            #[default]
            None,
            $($(#[$doc])* $variant,)*
        }

        impl PredictiveName {
            /// Every name, as a configuration has it.
            pub const ALL: &[&str] = &["none", $(stringify!($key)),*];

            /// The names of those that predict frames: an agent trained with one can imagine.
            pub fn predicting_frames() -> impl Iterator<Item = &'static str> {
                let all = [$((stringify!($key), <$config as PredictiveSettings>::PREDICTS_FRAMES)),*];
                all.into_iter().filter(|(_, predicts_frames)| *predicts_frames).map(|(name, _)| name)
            }
        }

        impl From<PredictiveName> for &'static str {
            fn from(name: PredictiveName) -> Self {
                match name {
                    PredictiveName::None => "none",
                    $(PredictiveName::$variant => stringify!($key),)*
                }
            }
        }

        impl TryFrom<String> for PredictiveName {
            type Error = UnknownPredictiveName;

            fn try_from(name: String) -> Result<Self, UnknownPredictiveName> {
                match name.as_str() {
                    "none" => Ok(Self::None),
                    $(stringify!($key) => Ok(Self::$variant),)*
                    _ => Err(UnknownPredictiveName { name, expected: Self::ALL }),
                }
            }
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
                $(PredictiveSettings::validate(&self.$key, concat!("predictive.", stringify!($key)))?;)*
                Ok(())
            }

            /// Key and value of the setting that says how many steps ahead the chosen loss predicts; none without one.
            pub fn longest_prediction(&self) -> Option<(String, usize)> {
                match self.loss {
                    PredictiveName::None => None,
                    $(PredictiveName::$variant => {
                        let (setting, steps) = PredictiveSettings::longest_prediction(&self.$key);
                        Some((format!(concat!("predictive.", stringify!($key), ".{}"), setting), steps))
                    })*
                }
            }

            /// Key and value of the setting that says how late in an episode the chosen loss starts; none without one.
            pub fn earliest_start(&self) -> Option<(String, usize)> {
                match self.loss {
                    PredictiveName::None => None,
                    $(PredictiveName::$variant => {
                        let rows = PredictiveSettings::earliest_start(&self.$key)?;
                        Some((concat!("predictive.", stringify!($key), ".earliest_start").to_string(), rows))
                    })*
                }
            }

            /// Makes the chosen loss with its parameters. An error where it needs what the environment does not tell.
            pub(crate) fn build(
                &self,
                scope: Scope<'_>,
                surroundings: Surroundings<'_>,
            ) -> Result<Option<Box<dyn PredictiveLoss>>, InvalidSetting> {
                match self.loss {
                    PredictiveName::None => Ok(None),
                    $(PredictiveName::$variant => {
                        PredictiveSettings::check_environment(&self.$key, surroundings.spec)?;
                        Ok(Some(Box::new(<$loss>::new(scope, &self.$key, surroundings))))
                    })*
                }
            }
        }
    };
}

registry! {
    /// CPC|A: the true picture told from others, some actions ahead (Guo et al. 2018).
    cpc_a CpcA: cpc_a::CpcA, CpcAConfig;
    /// SimCore: frames simulated ahead from the belief (Gregor et al. 2019).
    simcore SimCore: simcore::SimCore, SimCoreConfig;
    /// Other views: frames of other moments, earlier or later, by the pose there (after Eslami et al. 2018).
    other_views OtherViews: other_views::OtherViews, OtherViewsConfig;
    /// Latent targets: what a slow copy of the encoder will make of frames ahead (after Guo et al. 2022).
    latent_targets LatentTargets: latent_targets::LatentTargets, LatentTargetsConfig;
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "settings are shown by the crate once the template is copied and registered")]
#[path = "../../../../docs/predictive_loss_template.rs"]
mod template;
#[cfg(test)]
mod tests;
