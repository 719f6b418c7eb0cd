//! From simulated states to frames: what SimCore's decoders have in common, and the deterministic one.

use groundling_nn::{ConvTranspose2d, Linear, Scope};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::PredictiveOutput;

/// Which decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecoderName {
    /// The expected frame, by squared error. Cheap; what is uncertain is blurred.
    #[default]
    Deterministic,
    /// A distribution over frames: ConvDRAW with GECO. Several times as dear; what is uncertain is drawn.
    ConvDraw,
    /// Both: the deterministic decoder paints the canvas, and ConvDRAW's steps add to it. As dear as the two together.
    ResidualDraw,
}

/// A model of frames given a state of the simulation core.
pub(crate) trait Decoder: std::fmt::Debug + Send {
    /// The loss of frames f32 `[M, 3, H, W]` in `[0, 1]` given conditions `[M, N]`: a scalar with its graph, a mean over
    /// the frames. Noise comes from `generator`.
    fn loss(&self, conditions: &Tensor, frames: &Tensor, generator: &mut ChaCha8Rng) -> PredictiveOutput;

    /// A frame for each condition, `[M, N] -> [M, 3, H, W]` in `[0, 1]`, drawn from what the model expects.
    fn sample(&self, conditions: &Tensor, generator: &mut ChaCha8Rng) -> Tensor;
}

/// Pixels that one cell of the coarse grid becomes, a side.
const UPSCALE: i64 = 8;

/// The deterministic decoder: linear map to a coarse grid, one transposed convolution, pixels shuffled out of its
/// channels. Loss: `pixel_weight` × squared error summed over the picture, mean over the frames.
#[derive(Debug)]
pub(crate) struct DeterministicDecoder {
    grid: Linear,
    deconv: ConvTranspose2d,
    channels: i64,
    rows: i64,
    columns: i64,
    height: i64,
    width: i64,
    pixel_weight: f64,
}

impl DeterministicDecoder {
    /// From states of `inputs` numbers to pictures of `height` × `width`, through `channels` maps.
    pub(crate) fn new(
        mut scope: Scope<'_>,
        inputs: i64,
        channels: i64,
        pixel_weight: f64,
        [height, width]: [usize; 2],
    ) -> Self {
        let (height, width) = (height as i64, width as i64);
        let (rows, columns) = ((height + UPSCALE - 1) / UPSCALE, (width + UPSCALE - 1) / UPSCALE);
        let gain = std::f64::consts::SQRT_2;
        Self {
            grid: Linear::new(scope.sub("grid"), inputs, channels * rows * columns, gain),
            deconv: upscaling(scope.sub("deconv"), channels, 3, UPSCALE),
            channels,
            rows,
            columns,
            height,
            width,
            pixel_weight,
        }
    }

    /// `[M, inputs] -> [M, 3, H, W]`, about `[0, 1]` but not clamped to it.
    pub(super) fn forward(&self, conditions: &Tensor) -> Tensor {
        let grid = self.grid.forward(conditions).relu().view([-1, self.channels, self.rows, self.columns]);
        let pixels = upscale(&self.deconv, &grid, UPSCALE) + 0.5;
        pixels.narrow(2, 0, self.height).narrow(3, 0, self.width)
    }

    /// The loss of painted pictures `[M, 3, H, W]`, a scalar.
    pub(super) fn error(&self, pictures: &Tensor, frames: &Tensor) -> Tensor {
        (pictures - frames).square().sum(Kind::Float) / frames.size()[0] as f64 * self.pixel_weight
    }
}

impl Decoder for DeterministicDecoder {
    fn loss(&self, conditions: &Tensor, frames: &Tensor, _generator: &mut ChaCha8Rng) -> PredictiveOutput {
        self.error(&self.forward(conditions), frames).into()
    }

    fn sample(&self, conditions: &Tensor, _generator: &mut ChaCha8Rng) -> Tensor {
        self.forward(conditions).clamp(0.0, 1.0)
    }
}

/// The convolution of `upscale`: from `inputs` maps to `outputs` maps whose sides are `factor` (even) times as long.
pub(crate) fn upscaling(scope: Scope<'_>, inputs: i64, outputs: i64, factor: i64) -> ConvTranspose2d {
    let shuffle = factor / 2;
    ConvTranspose2d::new(scope, inputs, outputs * shuffle * shuffle, 4, 2, 1)
}

/// `[M, inputs, h, w] -> [M, outputs, factor h, factor w]`: a factor of 2 by overlapping kernels, so that cells meet without seams,
/// the rest shuffled out of the channels, which is cheap.
pub(crate) fn upscale(convolution: &ConvTranspose2d, maps: &Tensor, factor: i64) -> Tensor {
    convolution.forward(maps).pixel_shuffle(factor / 2)
}
