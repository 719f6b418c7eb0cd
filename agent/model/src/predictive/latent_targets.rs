//! Latent targets (BYOL-Explore, Guo et al. 2022): what a slow-moving copy of the encoder will make of the frames to come.
//!
//! A simulation core starts from the belief and is fed only the actions that followed, as in SimCore. After `k` actions a
//! predictor must give the direction of the vector that the slow copy makes of the true frame. The copy is an exponential
//! average of the encoder: it moves too slowly to follow the predictor into giving every frame the same vector, which
//! would be easy to predict. No pixel is painted, so that what is small in a picture counts as far as the encoder tells it.
//!
//! Unlike there, targets are centred first: the mean of the batch's is taken from each. The encoder ends in a rectifier, so
//! that its vectors all point much the same way, and the direction that all frames share would be most of what is
//! predicted. So a loss of 2 is that of one who knows nothing, and 0 that of one who knows all.

use groundling_interface::InvalidSetting;
use groundling_nn::{Linear, Scope, SlowCopy, to_host};
use groundling_ops::{direction_error, direction_spread};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::simulation::Simulation;
use super::starts::{StartSettings, select_rows};
use super::{PredictiveLoss, PredictiveOutput, PredictiveSettings, Surroundings};
use crate::encoder::{self, Encoder};
use crate::network::UnrollOutput;
use crate::unroll::Batch;

/// Settings of latent targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LatentTargetsConfig {
    /// Longest prediction, steps, 1 to 1000. The simulation core takes as many steps, `rooms × num_starts` rows each: cheap
    /// beside encoding the targets as long as the core is small.
    pub overshoot: usize,
    /// Start points a room and unroll, 1 to 1000: rows drawn evenly, with replacement, from those late enough.
    pub num_starts: usize,
    /// Frames predicted a start point, 1 to 1000: at offsets drawn evenly, with replacement, from 1 to `overshoot` or to the
    /// episode's end. `rooms × num_starts × num_offsets` frames are encoded once more, forward only.
    pub num_offsets: usize,
    /// A start point lies at least so many rows behind its episode's first one: before it there is little to know.
    /// Rows of an episode that began before the unroll are never too early.
    pub earliest_start: usize,
    /// Units of the predictor's hidden layer, 1 to 4096. Cheap.
    pub hidden_units: i64,
    /// How much of itself the slow copy keeps an update, at least 0 and less than 1. Raising it steadies the targets and
    /// makes them older; near 0 they may fall together. The copy costs memory for one more encoder, and a checkpoint as much.
    pub momentum: f64,
}

impl Default for LatentTargetsConfig {
    fn default() -> Self {
        Self { overshoot: 8, num_starts: 6, num_offsets: 3, earliest_start: 12, hidden_units: 256, momentum: 0.99 }
    }
}

impl LatentTargetsConfig {
    fn starts(&self) -> StartSettings {
        let Self { overshoot, num_starts, num_offsets, earliest_start, .. } = *self;
        StartSettings { num_starts, num_offsets, nearest: 1, farthest: overshoot, earliest_start }
    }
}

impl PredictiveSettings for LatentTargetsConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let check = |holds, name: &str, value: f64, expected| {
            InvalidSetting::unless(holds, &format!("{section}.{name}"), value, expected)
        };
        let overshoot = (1..=1000).contains(&self.overshoot);
        check(overshoot, "overshoot", self.overshoot as f64, "must lie between 1 and 1000")?;
        self.starts().validate(section)?;
        let hidden_units = (1..=4096).contains(&self.hidden_units);
        check(hidden_units, "hidden_units", self.hidden_units as f64, "must lie between 1 and 4096")?;
        check((0.0..1.0).contains(&self.momentum), "momentum", self.momentum, "must lie in [0, 1)")
    }

    fn longest_prediction(&self) -> (&'static str, usize) {
        ("overshoot", self.overshoot)
    }

    fn earliest_start(&self) -> Option<usize> {
        Some(self.earliest_start)
    }
}

/// The simulation core, the predictor, and the slow copy that makes their targets.
#[derive(Debug)]
pub(crate) struct LatentTargets {
    config: LatentTargetsConfig,
    simulation: Simulation,
    hidden: Linear,
    prediction: Linear,
    slow_encoder: Encoder,
    slow_copy: SlowCopy,
}

impl LatentTargets {
    pub(crate) fn new(mut scope: Scope<'_>, config: &LatentTargetsConfig, surroundings: Surroundings<'_>) -> Self {
        let Surroundings { core_size, encoder, .. } = surroundings;
        let (slow_encoder, slow_copy) = scope.slow_copy("slow_encoder", encoder::SCOPE, |scope| encoder.build(scope));
        let units = config.hidden_units;
        Self {
            config: config.clone(),
            simulation: Simulation::new(scope.sub("core"), surroundings),
            hidden: Linear::new(scope.sub("hidden"), core_size, units, std::f64::consts::SQRT_2),
            prediction: Linear::new(scope.sub("prediction"), units, encoder.num_features(), 1.0),
            slow_encoder,
            slow_copy,
        }
    }
}

impl PredictiveLoss for LatentTargets {
    fn loss(&self, batch: &Batch, output: &UnrollOutput, generator: &mut ChaCha8Rng) -> Option<PredictiveOutput> {
        // First, and in every share of a batch: the step after which the encoder is as it is now was the last update's.
        self.slow_copy.advance(self.config.momentum);
        let starts = self.config.starts().draw(batch, generator);
        if starts.targets.is_empty() {
            return None;
        }
        let simulated = self.simulation.run(&starts.states(output), &starts.actions(batch));
        let states = starts.select(&Tensor::stack(&simulated, 0));
        let predictions = self.prediction.forward(&self.hidden.forward(&states).relu());
        let vectors = tch::no_grad(|| self.slow_encoder.forward(&select_rows(&batch.rgb, &starts.targets)));
        let spread = to_host(&direction_spread(&vectors)).first().copied().unwrap_or_default();
        let targets = &vectors - vectors.mean_dim(Some([0i64].as_slice()), true, Kind::Float);
        Some(PredictiveOutput {
            loss: direction_error(&predictions, &targets).mean(Kind::Float),
            series: vec![("target_spread", f64::from(spread))],
        })
    }
}

#[cfg(test)]
mod tests;
