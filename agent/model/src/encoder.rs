//! The shallow encoder: convolutions with rectifiers, then one fully connected layer.

use groundling_nn::{Conv2d, Linear, Scope};
use tch::{Kind, Tensor};

use crate::AgentConfig;

/// The picture is too small for the convolutions asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "agent.conv: layer {layer} has nothing left of a picture of {width}x{height} pixels; \
     take smaller strides, fewer layers or a larger picture"
)]
pub struct EncoderTooDeep {
    /// Index of the layer, from 0.
    pub layer: usize,
    /// Columns of the picture.
    pub width: usize,
    /// Rows of the picture.
    pub height: usize,
}

/// Picture to features.
#[derive(Debug)]
pub(crate) struct Encoder {
    convs: Vec<Conv2d>,
    features: Linear,
}

impl Encoder {
    /// For pictures of `height` × `width`.
    pub(crate) fn new(
        mut scope: Scope<'_>,
        config: &AgentConfig,
        height: usize,
        width: usize,
    ) -> Result<Self, EncoderTooDeep> {
        let (mut rows, mut columns, mut channels) = (height as i64, width as i64, 3);
        let mut convs = Vec::with_capacity(config.conv.len());
        for (index, layer) in config.conv.iter().enumerate() {
            // A kernel larger than what is left of a small picture is padded to fit.
            let tiles = layer.kernel == layer.stride && rows % layer.kernel == 0 && columns % layer.kernel == 0;
            let fits = rows >= layer.kernel && columns >= layer.kernel;
            let padding = if tiles || fits { 0 } else { (layer.kernel - 1) / 2 };
            let out = |size: i64| (size + 2 * padding - layer.kernel) / layer.stride + 1;
            if rows + 2 * padding < layer.kernel || columns + 2 * padding < layer.kernel {
                return Err(EncoderTooDeep { layer: index, width, height });
            }
            let name = format!("conv{index}");
            convs.push(Conv2d::new(scope.sub(&name), channels, layer.channels, layer.kernel, layer.stride, padding));
            (rows, columns, channels) = (out(rows), out(columns), layer.channels);
        }
        let flat = rows * columns * channels;
        let gain = std::f64::consts::SQRT_2;
        Ok(Self { convs, features: Linear::new(scope.sub("features"), flat, config.features, gain) })
    }

    /// Pictures u8 `[N, H, W, 3]` -> features `[N, F]`.
    pub(crate) fn forward(&self, pictures: &Tensor) -> Tensor {
        let mut maps = pictures.permute([0, 3, 1, 2]).to_kind(Kind::Float) / 255.0;
        for conv in &self.convs {
            maps = conv.forward(&maps).relu();
        }
        self.features.forward(&maps.flatten(1, -1)).relu()
    }
}
