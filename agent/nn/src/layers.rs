//! Layers without hidden state. Each makes its parameters in the scope it is given, and multiplies in the precision of
//! that scope; what comes out has the kind of what goes in.

use tch::Tensor;

use crate::{Initializer, Precision, Scope, patches};

/// `y = x W^T + b`, `[.., inputs] -> [.., outputs]`.
#[derive(Debug)]
pub struct Linear {
    weight: Tensor,
    bias: Tensor,
    precision: Precision,
}

impl Linear {
    /// LeCun-uniform weights times `gain`, bias 0.
    pub fn new(mut scope: Scope<'_>, inputs: i64, outputs: i64, gain: f64) -> Self {
        let precision = scope.precision();
        let weight = scope.parameter("weight", &[outputs, inputs], Initializer::FanIn { gain });
        let bias = scope.parameter("bias", &[outputs], Initializer::Constant(0.0));
        Self { weight, bias, precision }
    }

    /// `[.., inputs] -> [.., outputs]`.
    pub fn forward(&self, input: &Tensor) -> Tensor {
        let (weight, bias) = (self.precision.factor(&self.weight), self.precision.factor(&self.bias));
        self.precision.product(input, |input| input.linear(&weight, Some(&bias)))
    }
}

/// A row of numbers for each of a set of indices.
#[derive(Debug)]
pub struct Embedding {
    weight: Tensor,
}

impl Embedding {
    /// Rows uniform in ±`bound`.
    pub fn new(mut scope: Scope<'_>, num_rows: i64, size: i64, bound: f64) -> Self {
        Self { weight: scope.parameter("weight", &[num_rows, size], Initializer::Uniform { bound }) }
    }

    /// Indices i64 `[..]` -> `[.., size]`.
    pub fn forward(&self, indices: &Tensor) -> Tensor {
        Tensor::embedding(&self.weight, indices, -1, false, false)
    }
}

/// Convolution, `[N, inputs, H, W] -> [N, outputs, H', W']`.
#[derive(Debug)]
pub struct Conv2d {
    weight: Tensor,
    bias: Tensor,
    kernel: i64,
    stride: i64,
    padding: i64,
    precision: Precision,
}

impl Conv2d {
    /// He-uniform weights (gain √2, for a rectifier behind it), bias 0; square kernel, zeros around the edge.
    pub fn new(mut scope: Scope<'_>, inputs: i64, outputs: i64, kernel: i64, stride: i64, padding: i64) -> Self {
        let precision = scope.precision();
        let shape = [outputs, inputs, kernel, kernel];
        let weight = scope.parameter("weight", &shape, Initializer::FanIn { gain: std::f64::consts::SQRT_2 });
        let bias = scope.parameter("bias", &[outputs], Initializer::Constant(0.0));
        Self { weight, bias, kernel, stride, padding, precision }
    }

    /// `[N, inputs, H, W] -> [N, outputs, H', W']`, `H' = (H + 2 padding − kernel) / stride + 1`.
    pub fn forward(&self, input: &Tensor) -> Tensor {
        let (weight, bias) = (self.precision.factor(&self.weight), self.precision.factor(&self.bias));
        self.precision.product(input, |input| {
            if patches::is_for(input, self.kernel, self.stride, self.padding) {
                return patches::convolution(input, &weight, &bias, self.stride);
            }
            let size = input.size();
            let tiles = self.kernel == self.stride && self.padding == 0;
            if tiles && size[2] % self.kernel == 0 && size[3] % self.kernel == 0 {
                return self.forward_tiles(input, &size, &weight, &bias);
            }
            input.conv2d(&weight, Some(&bias), self.stride, self.padding, 1, 1)
        })
    }

    /// Where kernels tile the picture, a convolution is one matrix product over tiles.
    fn forward_tiles(&self, input: &Tensor, size: &[i64], weight: &Tensor, bias: &Tensor) -> Tensor {
        let (n, channels, k) = (size[0], size[1], self.kernel);
        let (rows, columns) = (size[2] / k, size[3] / k);
        let tiles = input.view([n, channels, rows, k, columns, k]).permute([0, 2, 4, 1, 3, 5]);
        let tiles = tiles.reshape([n * rows * columns, channels * k * k]);
        let outputs = weight.size()[0];
        let result = tiles.linear(&weight.view([outputs, -1]), Some(bias));
        result.view([n, rows, columns, outputs]).permute([0, 3, 1, 2])
    }
}

/// Transposed convolution, `[N, inputs, H, W] -> [N, outputs, H', W']`.
#[derive(Debug)]
pub struct ConvTranspose2d {
    weight: Tensor,
    bias: Tensor,
    stride: i64,
    padding: i64,
    precision: Precision,
}

impl ConvTranspose2d {
    /// Uniform weights scaled to the number of inputs that meet in one output, bias 0.
    pub fn new(mut scope: Scope<'_>, inputs: i64, outputs: i64, kernel: i64, stride: i64, padding: i64) -> Self {
        let precision = scope.precision();
        let fan_in = (inputs * kernel * kernel) as f64 / (stride * stride) as f64;
        let initializer = Initializer::Uniform { bound: (6.0 / fan_in).sqrt() };
        let weight = scope.parameter("weight", &[inputs, outputs, kernel, kernel], initializer);
        let bias = scope.parameter("bias", &[outputs], Initializer::Constant(0.0));
        Self { weight, bias, stride, padding, precision }
    }

    /// With first weights `factor` times as large.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        tch::no_grad(|| {
            let _ = self.weight.shallow_clone().g_mul_scalar_(factor);
        });
        self
    }

    /// `[N, inputs, H, W] -> [N, outputs, H', W']`, `H' = (H − 1) stride − 2 padding + kernel`.
    pub fn forward(&self, input: &Tensor) -> Tensor {
        let (stride, padding) = ([self.stride; 2], [self.padding; 2]);
        let (weight, bias) = (self.precision.factor(&self.weight), self.precision.factor(&self.bias));
        self.precision
            .product(input, |input| input.conv_transpose2d(&weight, Some(&bias), stride, padding, [0, 0], 1, [1, 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parameters;
    use tch::{Device, Kind};

    #[test]
    fn tiled_convolution_equals_the_general_one() {
        let mut parameters = Parameters::new(Device::Cpu);
        let conv = Conv2d::new(parameters.scope(3).sub("conv"), 3, 8, 4, 4, 0);
        let input = Tensor::arange(2 * 3 * 8 * 12, (Kind::Float, Device::Cpu)).sin().view([2, 3, 8, 12]);
        let general = input.conv2d(&conv.weight, Some(&conv.bias), 4, 0, 1, 1);
        let tiled = conv.forward_tiles(&input, &input.size(), &conv.weight, &conv.bias);
        assert!((tiled - general).abs().max().double_value(&[]) < 1e-5);
    }
}
