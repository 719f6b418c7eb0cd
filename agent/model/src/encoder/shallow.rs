//! The shallow encoder: convolutions, each with a rectifier behind it. The default is IMPALA's (Espeholt et al. 2018,
//! figure 3, left): 8×8 stride 4 with 16 maps, 4×4 stride 2 with 32, then 256 features.

use std::fmt;

use groundling_nn::{Conv2d, Scope};
use serde::{Deserialize, Serialize};
use tch::Tensor;

/// One convolution of the shallow encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvLayer {
    /// Feature maps out.
    pub channels: i64,
    /// Side of the kernel, pixels.
    pub kernel: i64,
    /// Step between kernels, pixels.
    pub stride: i64,
}

impl fmt::Display for ConvLayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{0}x{0}/{1} {2}", self.kernel, self.stride, self.channels)
    }
}

/// The picture is too small for the convolutions asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("agent.conv: {}", self.reason())]
pub struct EncoderTooDeep {
    /// Index of the layer, from 0.
    pub layer: usize,
    /// Columns of the picture.
    pub width: usize,
    /// Rows of the picture.
    pub height: usize,
}

impl EncoderTooDeep {
    /// What is wrong and the remedy, without the name of the setting.
    pub(crate) fn reason(&self) -> String {
        let Self { layer, width, height } = self;
        format!(
            "layer {layer} has nothing left of a picture of {width}x{height} pixels; \
             take smaller strides, fewer layers or a larger picture"
        )
    }
}

/// A convolution in its place: what goes in, what comes out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    layer: ConvLayer,
    inputs: i64,
    padding: i64,
    rows: i64,
    columns: i64,
}

impl Placed {
    /// Numbers that come out for one picture.
    pub(super) fn num_values(&self) -> i64 {
        self.layer.channels * self.rows * self.columns
    }
}

/// The convolutions for pictures of `height` × `width`. Without padding, but for a kernel that is larger than what is
/// left of a small picture: that is padded to fit.
pub(super) fn lay_out(layers: &[ConvLayer], height: usize, width: usize) -> Result<Vec<Placed>, EncoderTooDeep> {
    let (mut rows, mut columns, mut inputs) = (height as i64, width as i64, 3);
    let mut placed = Vec::with_capacity(layers.len());
    for (index, &layer) in layers.iter().enumerate() {
        let fits = rows >= layer.kernel && columns >= layer.kernel;
        let padding = if fits { 0 } else { (layer.kernel - 1) / 2 };
        if rows + 2 * padding < layer.kernel || columns + 2 * padding < layer.kernel {
            return Err(EncoderTooDeep { layer: index, width, height });
        }
        let out = |size: i64| (size + 2 * padding - layer.kernel) / layer.stride + 1;
        (rows, columns) = (out(rows), out(columns));
        placed.push(Placed { layer, inputs, padding, rows, columns });
        inputs = layer.channels;
    }
    Ok(placed)
}

/// The convolutions.
#[derive(Debug)]
pub(super) struct Shallow(Vec<Conv2d>);

impl Shallow {
    pub(super) fn new(scope: &mut Scope<'_>, layout: &[Placed]) -> Self {
        let convs = layout.iter().enumerate().map(|(index, &Placed { layer, inputs, padding, .. })| {
            let scope = scope.sub(&format!("conv{index}"));
            Conv2d::new(scope, inputs, layer.channels, layer.kernel, layer.stride, padding)
        });
        Self(convs.collect())
    }

    /// `[N, 3, H, W]` -> `[N, C, h, w]`.
    pub(super) fn forward(&self, pictures: &Tensor) -> Tensor {
        self.0.iter().fold(pictures.shallow_clone(), |maps, conv| conv.forward(&maps).relu())
    }
}
