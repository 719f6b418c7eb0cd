//! A deterministic picture decoder: from a state, the expected frame.

use groundling_nn::{ConvTranspose2d, Linear, Scope};
use tch::Tensor;

/// Pixels that one cell of the coarse grid becomes, a side: 2 by a transposed convolution, 4 by shuffling.
const UPSCALE: i64 = 8;
const SHUFFLE: i64 = 4;

/// Linear map to a coarse grid, one transposed convolution, pixels shuffled out of its channels.
#[derive(Debug)]
pub(crate) struct FrameDecoder {
    grid: Linear,
    deconv: ConvTranspose2d,
    channels: i64,
    rows: i64,
    columns: i64,
    height: i64,
    width: i64,
}

impl FrameDecoder {
    /// From states of `inputs` numbers to pictures of `height` × `width`, through `channels` maps.
    pub(crate) fn new(mut scope: Scope<'_>, inputs: i64, channels: i64, height: usize, width: usize) -> Self {
        let (height, width) = (height as i64, width as i64);
        let (rows, columns) = ((height + UPSCALE - 1) / UPSCALE, (width + UPSCALE - 1) / UPSCALE);
        let gain = std::f64::consts::SQRT_2;
        Self {
            grid: Linear::new(scope.sub("grid"), inputs, channels * rows * columns, gain),
            deconv: ConvTranspose2d::new(scope.sub("deconv"), channels, 3 * SHUFFLE * SHUFFLE, 4, 2, 1),
            channels,
            rows,
            columns,
            height,
            width,
        }
    }

    /// `[N, inputs] -> [N, 3, H, W]`, about `[0, 1]` but not clamped to it.
    pub(crate) fn forward(&self, states: &Tensor) -> Tensor {
        let grid = self.grid.forward(states).relu().view([-1, self.channels, self.rows, self.columns]);
        let pixels = self.deconv.forward(&grid).pixel_shuffle(SHUFFLE) + 0.5;
        pixels.narrow(2, 0, self.height).narrow(3, 0, self.width)
    }
}
