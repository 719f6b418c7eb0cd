//! SimCore (Gregor et al. 2019, "Shaping Belief States with Generative Environment Models for RL").
//!
//! A simulation core starts from the agent's belief and is fed only the actions that followed; after `k` actions its
//! state must give the frame that came then. From a few random start points an unroll, a few random offsets
//! `k` in `0..=overshoot` are decoded, so that the cost does not grow with the number of frames.
//! The near future follows from the last frames alone; the far one needs the memory.
//!
//! Loss: `pixel_weight` × squared error summed over the picture, mean over the decoded frames.

use groundling_interface::InvalidSetting;
use groundling_nn::{Lstm, LstmState, Scope};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::decoder::FrameDecoder;
use super::starts::{StartSettings, select_rows};
use super::{PredictiveLoss, PredictiveOutput, PredictiveSettings, Surroundings};
use crate::network::UnrollOutput;
use crate::unroll::Batch;

/// Settings of SimCore.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimCoreConfig {
    /// Longest prediction, steps. 0 only reconstructs the present frame. Cost grows with it.
    pub overshoot: usize,
    /// Start points a room and unroll. Cost grows with it.
    pub num_starts: usize,
    /// Frames decoded a start point. Cost grows with it.
    pub num_offsets: usize,
    /// A start point lies at least so many rows behind its episode's first one: before it there is little to know.
    /// Rows of an episode that began before the unroll are never too early.
    pub earliest_start: usize,
    /// Feature maps of the decoder.
    pub channels: i64,
    /// Factor on the squared error summed over a picture.
    pub pixel_weight: f64,
}

impl Default for SimCoreConfig {
    fn default() -> Self {
        Self { overshoot: 8, num_starts: 6, num_offsets: 3, earliest_start: 12, channels: 64, pixel_weight: 0.1 }
    }
}

impl SimCoreConfig {
    fn starts(&self) -> StartSettings {
        let Self { overshoot, num_starts, num_offsets, earliest_start, .. } = *self;
        StartSettings { num_starts, num_offsets, nearest: 0, farthest: overshoot, earliest_start }
    }
}

impl PredictiveSettings for SimCoreConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let check = |holds, name: &str, value: f64, expected| {
            InvalidSetting::unless(holds, &format!("{section}.{name}"), value, expected)
        };
        check(self.overshoot <= 1000, "overshoot", self.overshoot as f64, "must lie between 0 and 1000")?;
        self.starts().validate(section)?;
        let channels = (1..=1024).contains(&self.channels);
        check(channels, "channels", self.channels as f64, "must lie between 1 and 1024")?;
        let weight = self.pixel_weight > 0.0 && self.pixel_weight.is_finite();
        check(weight, "pixel_weight", self.pixel_weight, "must be greater than 0")
    }

    fn longest_prediction(&self) -> (&'static str, usize) {
        ("overshoot", self.overshoot)
    }
}

/// The simulation core and its decoder.
#[derive(Debug)]
pub(crate) struct SimCore {
    config: SimCoreConfig,
    num_actions: i64,
    core: Lstm,
    decoder: FrameDecoder,
}

impl SimCore {
    pub(crate) fn new(mut scope: Scope<'_>, config: &SimCoreConfig, surroundings: Surroundings<'_>) -> Self {
        let Surroundings { spec, core_size, .. } = surroundings;
        let num_actions = spec.num_actions() as i64;
        Self {
            config: config.clone(),
            num_actions,
            core: Lstm::new(scope.sub("core"), num_actions, core_size, 1.5),
            decoder: FrameDecoder::new(scope.sub("decoder"), core_size, config.channels, spec.height, spec.width),
        }
    }

    /// Outputs of the simulation core, the belief's own first: `K + 1` tensors `[S, N]`. Actions i64 `[K, S]`.
    fn simulate(&self, state: &LstmState, actions: &Tensor) -> Vec<Tensor> {
        let mut outputs = vec![state.hidden.shallow_clone()];
        if actions.size()[0] > 0 {
            let projected = self.core.project(&actions.one_hot(self.num_actions).to_kind(Kind::Float));
            let keeps: Vec<Option<Tensor>> = (0..actions.size()[0]).map(|_| None).collect();
            outputs.extend(self.core.unroll(&projected, state, &keeps).into_iter().map(|state| state.hidden));
        }
        outputs
    }
}

impl PredictiveLoss for SimCore {
    fn loss(&self, batch: &Batch, output: &UnrollOutput, generator: &mut ChaCha8Rng) -> Option<PredictiveOutput> {
        let starts = self.config.starts().draw(batch, generator);
        let simulated = Tensor::cat(&self.simulate(&starts.states(output), &starts.actions(batch)), 0);
        let indices = Tensor::from_slice(&starts.simulated).to_device(simulated.device());
        let frames = self.decoder.forward(&simulated.index_select(0, &indices));
        let targets = select_rows(&batch.rgb, &starts.targets);
        let targets = targets.permute([0, 3, 1, 2]).to_kind(Kind::Float) / 255.0;
        let errors = (frames - targets).square().sum(Kind::Float) / starts.targets.len() as f64;
        Some((errors * self.config.pixel_weight).into())
    }

    fn imagine(&self, state: &LstmState, actions: &Tensor, _generator: &mut ChaCha8Rng) -> Option<Tensor> {
        let frames: Vec<Tensor> =
            self.simulate(state, actions).iter().map(|output| self.decoder.forward(output).clamp(0.0, 1.0)).collect();
        Some(Tensor::stack(&frames, 0))
    }
}
