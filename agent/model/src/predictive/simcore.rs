//! SimCore (Gregor et al. 2019, "Shaping Belief States with Generative Environment Models for RL").
//!
//! A simulation core starts from the agent's belief and is fed only the actions that followed; after `k` actions its
//! state must give the frame that came then. From a few random start points an unroll, a few random offsets
//! `k` in `0..=overshoot` are decoded, so that the cost does not grow with the number of frames.
//! The near future follows from the last frames alone; the far one needs the memory.
//!
//! Which frame a state gives is a decoder's affair: `deterministic`, `conv_draw`, a distribution over frames, or `residual_draw`,
//! the second on what the first painted.

use groundling_interface::InvalidSetting;
use groundling_nn::{LstmState, Scope};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::conv_draw::ConvDraw;
use super::conv_draw_config::ConvDrawConfig;
use super::decoder::{Decoder, DecoderName, DeterministicDecoder};
use super::residual_draw::ResidualDraw;
use super::simulation::Simulation;
use super::starts::{StartSettings, select_rows};
use super::{PredictiveLoss, PredictiveOutput, PredictiveSettings, Surroundings};
use crate::network::UnrollOutput;
use crate::unroll::Batch;

/// Settings of SimCore.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimCoreConfig {
    /// Longest prediction, steps, 0 to 1000. 0 only reconstructs the present frame. The simulation core takes as many
    /// steps, `rooms × num_starts` rows each: cheap beside decoding as long as the core is small.
    pub overshoot: usize,
    /// Start points a room and unroll, 1 to 1000: rows drawn evenly, with replacement, from those late enough.
    /// `rooms × num_starts` states are simulated, so both simulation and decoding are proportional to it.
    pub num_starts: usize,
    /// Frames decoded a start point, 1 to 1000: at offsets drawn evenly, with replacement, from 0 to `overshoot` or to
    /// the episode's end. `rooms × num_starts × num_offsets` frames are decoded; decoding is proportional to it.
    pub num_offsets: usize,
    /// A start point lies at least so many rows behind its episode's first one: before it there is little to know.
    /// Rows of an episode that began before the unroll are never too early.
    pub earliest_start: usize,
    /// `deterministic`, `conv_draw` or `residual_draw`. The latter two cost several times as much a decoded frame.
    pub decoder: DecoderName,
    /// Feature maps of the deterministic decoder, also within `residual_draw`, 1 to 1024. Its cost is proportional to it.
    pub channels: i64,
    /// Deterministic decoder, also within `residual_draw`: factor on the squared error summed over a picture.
    pub pixel_weight: f64,
    /// Settings of `conv_draw`, also within `residual_draw`.
    pub conv_draw: ConvDrawConfig,
}

impl Default for SimCoreConfig {
    fn default() -> Self {
        Self {
            overshoot: 8,
            num_starts: 6,
            num_offsets: 3,
            earliest_start: 12,
            decoder: DecoderName::Deterministic,
            channels: 64,
            pixel_weight: 0.1,
            conv_draw: ConvDrawConfig::default(),
        }
    }
}

impl SimCoreConfig {
    fn starts(&self) -> StartSettings {
        let Self { overshoot, num_starts, num_offsets, earliest_start, .. } = *self;
        StartSettings { num_starts, num_offsets, nearest: 0, farthest: overshoot, earliest_start }
    }
}

impl PredictiveSettings for SimCoreConfig {
    const PREDICTS_FRAMES: bool = true;

    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let check = |holds, name: &str, value: f64, expected| {
            InvalidSetting::unless(holds, &format!("{section}.{name}"), value, expected)
        };
        check(self.overshoot <= 1000, "overshoot", self.overshoot as f64, "must lie between 0 and 1000")?;
        self.starts().validate(section)?;
        let channels = (1..=1024).contains(&self.channels);
        check(channels, "channels", self.channels as f64, "must lie between 1 and 1024")?;
        let weight = self.pixel_weight > 0.0 && self.pixel_weight.is_finite();
        check(weight, "pixel_weight", self.pixel_weight, "must be greater than 0")?;
        self.conv_draw.validate(&format!("{section}.conv_draw"))
    }

    fn longest_prediction(&self) -> (&'static str, usize) {
        ("overshoot", self.overshoot)
    }

    fn earliest_start(&self) -> Option<usize> {
        Some(self.earliest_start)
    }
}

/// The simulation core and its decoder.
#[derive(Debug)]
pub(crate) struct SimCore {
    config: SimCoreConfig,
    simulation: Simulation,
    decoder: Box<dyn Decoder>,
}

impl SimCore {
    pub(crate) fn new(mut scope: Scope<'_>, config: &SimCoreConfig, surroundings: Surroundings<'_>) -> Self {
        let Surroundings { spec, core_size, .. } = surroundings;
        let simulation = Simulation::new(scope.sub("core"), surroundings);
        let (mut below, size) = (scope.sub("decoder"), [spec.height, spec.width]);
        let painter = |scope| DeterministicDecoder::new(scope, core_size, config.channels, config.pixel_weight, size);
        let decoder: Box<dyn Decoder> = match config.decoder {
            DecoderName::Deterministic => Box::new(painter(below)),
            DecoderName::ConvDraw => Box::new(ConvDraw::new(below, &config.conv_draw, core_size, size)),
            DecoderName::ResidualDraw => Box::new(ResidualDraw {
                painter: painter(below.sub("painter")),
                draw: ConvDraw::new(below.sub("draw"), &config.conv_draw, core_size, size),
            }),
        };
        Self { config: config.clone(), simulation, decoder }
    }
}

impl PredictiveLoss for SimCore {
    fn loss(&self, batch: &Batch, output: &UnrollOutput, generator: &mut ChaCha8Rng) -> Option<PredictiveOutput> {
        let starts = self.config.starts().draw(batch, generator);
        let states =
            starts.select(&Tensor::stack(&self.simulation.run(&starts.states(output), &starts.actions(batch)), 0));
        let frames = select_rows(&batch.rgb, &starts.targets).permute([0, 3, 1, 2]).to_kind(Kind::Float) / 255.0;
        Some(self.decoder.loss(&states, &frames, generator))
    }

    fn imagine(&self, state: &LstmState, actions: &Tensor, generator: &mut ChaCha8Rng) -> Option<Tensor> {
        let outputs = self.simulation.run(state, actions);
        let frames = self.decoder.sample(&Tensor::cat(&outputs, 0), generator);
        let size = frames.size();
        Some(frames.view([outputs.len() as i64, -1, 3, size[2], size[3]]))
    }
}
