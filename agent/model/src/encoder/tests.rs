//! Sizes, parameter counts by hand, and the residual block against its formula and finite differences in f64.

use groundling_nn::{Compute, Parameters};
use tch::Device;

use super::*;

fn conv(channels: i64, kernel: i64, stride: i64) -> ConvLayer {
    ConvLayer { channels, kernel, stride }
}

/// What Sample Factory uses by default.
fn sample_factory() -> AgentConfig {
    let conv = vec![conv(32, 8, 4), conv(64, 4, 2), conv(128, 3, 2)];
    AgentConfig { conv, features: 512, ..AgentConfig::default() }
}

fn deep() -> AgentConfig {
    AgentConfig { encoder: EncoderName::Deep, ..AgentConfig::default() }
}

fn encoder(config: &AgentConfig, height: usize, width: usize, precision: Precision) -> (Parameters, Encoder) {
    let mut parameters = Parameters::new(Compute { device: Device::Cpu, precision });
    let encoder = EncoderPlan::new(config, height, width).unwrap().build(parameters.scope(3));
    (parameters, encoder)
}

fn pictures(number: i64, height: usize, width: usize) -> Tensor {
    let shape = [number, height as i64, width as i64, 3];
    let count = Tensor::arange(shape.iter().product::<i64>(), (Kind::Int64, Device::Cpu));
    (count * 7919).remainder(256).to_kind(Kind::Uint8).view(shape)
}

#[test]
fn features_of_pictures_of_every_size() {
    let sizes = [(12, 16), (13, 17), (24, 32), (37, 41), (72, 96), (84, 84), (12, 640), (480, 16), (480, 640)];
    for config in [AgentConfig::default(), sample_factory(), deep()] {
        // Few features: the last layer of the largest picture would else have tens of millions of weights to draw.
        let config = AgentConfig { features: 3, ..config };
        for (height, width) in sizes {
            check_picture(&config, height, width).unwrap();
            let (_, encoder) = encoder(&config, height, width, Precision::F32);
            let features = tch::no_grad(|| encoder.forward(&pictures(2, height, width)));
            assert_eq!((features.size(), features.kind()), (vec![2, 3], Kind::Float), "{width}x{height}");
            assert!(features.abs().max().double_value(&[]).is_finite());
        }
    }
}

#[test]
fn parameters_are_as_many_as_counted_by_hand() {
    // 72 rows: 17 then 7; 96 columns: 23 then 10.
    let impala = 3 * 8 * 8 * 16 + 16 + (16 * 4 * 4 * 32 + 32) + (32 * 7 * 10 * 256 + 256);
    // And 3 rows, 4 columns.
    let factory = 3 * 8 * 8 * 32 + 32 + (32 * 4 * 4 * 64 + 64) + (64 * 3 * 3 * 128 + 128) + (128 * 3 * 4 * 512 + 512);
    // Fifteen convolutions; 72x96 is halved three times to 9x12.
    let sections = [(3, 16), (16, 32), (32, 32)].map(|(inputs, outputs)| {
        let convolution = |inputs: usize| inputs * 3 * 3 * outputs + outputs;
        convolution(inputs) + 4 * convolution(outputs)
    });
    let residual = sections.iter().sum::<usize>() + (32 * 9 * 12 * 256 + 256);
    assert_eq!((impala, factory, residual), (585_008, 899_808, 982_592));
    for (config, expected) in [(AgentConfig::default(), impala), (sample_factory(), factory), (deep(), residual)] {
        assert_eq!(encoder(&config, 72, 96, Precision::F32).0.num_values(), expected);
    }
}

#[test]
fn a_picture_with_nothing_left_of_it_is_refused() {
    let config = AgentConfig { conv: vec![conv(4, 8, 8), conv(4, 8, 8), conv(4, 2, 2)], ..AgentConfig::default() };
    check_picture(&config, 128, 160).unwrap();
    let error = check_picture(&config, 12, 16).unwrap_err();
    assert_eq!((error.key.as_str(), error.value.as_str()), ("agent.conv", "8x8/8 4, 8x8/8 4, 2x2/2 4"));
    assert!(error.expected.starts_with("layer 1 has nothing left of a picture of 16x12 pixels"), "{error}");
    let built = EncoderPlan::new(&config, 12, 16).unwrap_err();
    assert_eq!(built, EncoderTooDeep { layer: 1, width: 16, height: 12 });
    // What the other encoder would need is not asked of it.
    check_picture(&AgentConfig { encoder: EncoderName::Deep, ..config }, 12, 16).unwrap();
}

#[test]
fn reduced_precision_gives_nearly_the_same_features_and_gradients_in_f32() {
    for config in [AgentConfig::default(), deep()] {
        let run = |precision| {
            let (parameters, encoder) = encoder(&config, 24, 32, precision);
            let features = encoder.forward(&pictures(4, 24, 32));
            features.square().sum(Kind::Float).backward();
            let kinds: Vec<_> =
                parameters.iter().map(|(name, tensor)| (name.to_string(), tensor.grad().kind())).collect();
            (features, kinds)
        };
        let (exact, _) = run(Precision::F32);
        let (reduced, kinds) = run(Precision::Bf16);
        let error = ((&exact - &reduced).abs().max() / exact.abs().max()).double_value(&[]);
        assert!(error > 0.0 && error < 0.05, "{error}");
        assert!(kinds.iter().all(|(_, kind)| *kind == Kind::Float), "{kinds:?}");
    }
}

/// `[C, H, W]` in f64, straight from the formula of a convolution 3×3 with a border of zeros.
struct Maps64 {
    values: Vec<f64>,
    rows: usize,
    columns: usize,
}

impl Maps64 {
    fn at(&self, channel: usize, row: isize, column: isize) -> f64 {
        let inside = (0..self.rows as isize).contains(&row) && (0..self.columns as isize).contains(&column);
        if inside { self.values[(channel * self.rows + row as usize) * self.columns + column as usize] } else { 0.0 }
    }

    fn convolve(&self, channels: usize, weight: &[f64], bias: &[f64]) -> Self {
        let mut values = Vec::new();
        for output in 0..channels {
            for row in 0..self.rows as isize {
                for column in 0..self.columns as isize {
                    let mut sum = bias[output];
                    for input in 0..channels {
                        for (k, w) in weight[(output * channels + input) * 9..][..9].iter().enumerate() {
                            let (down, right) = (k as isize / 3 - 1, k as isize % 3 - 1);
                            sum += w * self.at(input, row + down, column + right);
                        }
                    }
                    values.push(sum);
                }
            }
        }
        Self { values, rows: self.rows, columns: self.columns }
    }

    fn relu(&self) -> Self {
        Self { values: self.values.iter().map(|x| x.max(0.0)).collect(), rows: self.rows, columns: self.columns }
    }
}

/// Σ w · block(x), where `numbers` are x and then the parameters in their order of creation.
fn block_by_formula(numbers: &[Vec<f64>], rows: usize, columns: usize, channels: usize) -> f64 {
    let [x, weight1, bias1, weight2, bias2] = numbers else { panic!("five groups of numbers") };
    let x = Maps64 { values: x.clone(), rows, columns };
    let inner = x.relu().convolve(channels, weight1, bias1).relu().convolve(channels, weight2, bias2);
    let sums = x.values.iter().zip(&inner.values).map(|(x, y)| x + y);
    sums.enumerate().map(|(index, y)| y * (index as f64).cos()).sum()
}

#[test]
fn the_residual_block_is_its_formula_and_its_gradients_are_finite_differences() {
    // Near 0 a rectifier has no derivative; nothing here is near it.
    let (channels, rows, columns) = (2usize, 4usize, 5usize);
    let mut parameters = Parameters::new(Device::Cpu);
    let block = deep::ResidualBlock::new(parameters.scope(9).sub("block"), channels as i64);
    let count = (channels * rows * columns) as i64;
    let line = Tensor::arange(count, (Kind::Float, Device::Cpu));
    let x = (&line * 1.3 + 0.5).sin().view([1, channels as i64, rows as i64, columns as i64]).set_requires_grad(true);
    // Biases are zeros at first, and a zero hides what is done with it.
    for (_, tensor) in parameters.iter().filter(|(name, _)| name.ends_with("bias")) {
        tch::no_grad(|| tensor.shallow_clone().copy_(&Tensor::from_slice(&[0.3f32, -0.2])));
    }
    let loss = (block.forward(&x).view([-1]) * line.cos()).sum(Kind::Float);
    loss.backward();

    let tensors: Vec<&Tensor> = std::iter::once(&x).chain(parameters.iter().map(|(_, tensor)| tensor)).collect();
    let host = |tensor: &Tensor| groundling_nn::to_host(tensor).into_iter().map(f64::from).collect::<Vec<f64>>();
    let mut numbers: Vec<Vec<f64>> = tensors.iter().map(|tensor| host(tensor)).collect();
    let formula = |numbers: &[Vec<f64>]| block_by_formula(numbers, rows, columns, channels);
    assert!((loss.double_value(&[]) - formula(&numbers)).abs() < 1e-4);
    for (group, tensor) in tensors.iter().enumerate() {
        for (index, gradient) in host(&tensor.grad()).into_iter().enumerate() {
            let (value, step) = (numbers[group][index], 1e-6);
            numbers[group][index] = value + step;
            let above = formula(&numbers);
            numbers[group][index] = value - step;
            let below = formula(&numbers);
            numbers[group][index] = value;
            let difference = (above - below) / (2.0 * step);
            assert!((gradient - difference).abs() < 1e-4, "group {group}, number {index}: {gradient} and {difference}");
        }
    }
}
