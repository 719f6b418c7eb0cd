//! The classifier: convolutions with batch normalisation, the greatest value of each feature anywhere, two heads.

use groundling_nn::{Conv2d, Initializer, Linear, Parameters, Scope};
use groundling_room::{Color, Shape};
use tch::{Device, Kind, Tensor};

/// Channels, kernel and stride of the convolutions.
const LAYERS: [(i64, i64, i64); 5] = [(32, 5, 2), (48, 3, 2), (64, 3, 1), (96, 3, 2), (128, 3, 1)];
const FEATURES: i64 = 256;

/// Normalises each channel over the batch (Ioffe & Szegedy 2015), with one scale and shift a channel.
#[derive(Debug)]
struct BatchNorm {
    weight: Tensor,
    bias: Tensor,
    mean: Tensor,
    variance: Tensor,
}

impl BatchNorm {
    fn new(mut scope: Scope<'_>, channels: i64) -> Self {
        let weight = scope.parameter("weight", &[channels], Initializer::Constant(1.0));
        let bias = scope.parameter("bias", &[channels], Initializer::Constant(0.0));
        let options = (Kind::Float, weight.device());
        Self { weight, bias, mean: Tensor::zeros([channels], options), variance: Tensor::ones([channels], options) }
    }

    /// `learning`: by the batch's own mean and variance, which are averaged for later.
    fn forward(&self, input: &Tensor, learning: bool) -> Tensor {
        let averages = (Some(&self.mean), Some(&self.variance));
        input.batch_norm(Some(&self.weight), Some(&self.bias), averages.0, averages.1, learning, 0.05, 1e-5, false)
    }
}

/// Views to the logits of shapes and of colours.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) parameters: Parameters,
    convs: Vec<(Conv2d, BatchNorm)>,
    features: Linear,
    shape: Linear,
    color: Linear,
}

impl Network {
    pub(crate) fn new(seed: u64) -> Self {
        let mut parameters = Parameters::new(Device::Cpu);
        let mut scope = parameters.scope(seed);
        let (mut convs, mut channels) = (Vec::new(), 3);
        for (index, (outputs, kernel, stride)) in LAYERS.into_iter().enumerate() {
            let conv = Conv2d::new(scope.sub(&format!("conv{index}")), channels, outputs, kernel, stride, kernel / 2);
            convs.push((conv, BatchNorm::new(scope.sub(&format!("norm{index}")), outputs)));
            channels = outputs;
        }
        let features = Linear::new(scope.sub("features"), channels, FEATURES, std::f64::consts::SQRT_2);
        let shape = Linear::new(scope.sub("shape"), FEATURES, Shape::COUNT as i64, 1.0);
        let color = Linear::new(scope.sub("color"), FEATURES, Color::COUNT as i64, 1.0);
        Self { parameters, convs, features, shape, color }
    }

    /// Views u8 `[N, H, W, 3]` to logits `[N, shapes]` and `[N, colours]`.
    pub(crate) fn forward(&self, views: &Tensor, learning: bool) -> (Tensor, Tensor) {
        let mut maps = (views.permute([0, 3, 1, 2]).to_kind(Kind::Float) - 128.0) / 64.0;
        for (conv, norm) in &self.convs {
            maps = norm.forward(&conv.forward(&maps), learning).relu();
        }
        let features = self.features.forward(&maps.flatten(2, -1).amax([-1i64], false)).relu();
        (self.shape.forward(&features), self.color.forward(&features))
    }
}
