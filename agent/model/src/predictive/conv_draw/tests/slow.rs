//! The bound of one frame by loops over single numbers in f64, straight from the equations in the module's head.

use groundling_nn::{NamedValues, to_host};
use tch::Tensor;

use crate::predictive::conv_draw_config::ConvDrawConfig;
use crate::predictive::likelihood::Likelihood;

/// Both parts of the bound.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) kl: f64,
    pub(super) excess: f64,
}

/// Channels of rows of columns.
type Maps = Vec<Vec<Vec<f64>>>;

fn maps(channels: usize, rows: usize, columns: usize, value: impl Fn(usize, usize, usize) -> f64) -> Maps {
    let row = |c: usize, y: usize| (0..columns).map(|x| value(c, y, x)).collect();
    (0..channels).map(|c| (0..rows).map(|y| row(c, y)).collect()).collect()
}

fn size(maps: &Maps) -> (usize, usize, usize) {
    (maps.len(), maps[0].len(), maps[0][0].len())
}

fn map(one: &Maps, function: impl Fn(f64) -> f64) -> Maps {
    let (channels, rows, columns) = size(one);
    maps(channels, rows, columns, |c, y, x| function(one[c][y][x]))
}

fn zip(one: &Maps, other: &Maps, function: impl Fn(f64, f64) -> f64) -> Maps {
    let (channels, rows, columns) = size(one);
    maps(channels, rows, columns, |c, y, x| function(one[c][y][x], other[c][y][x]))
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

struct Weights<'a>(&'a NamedValues);

impl Weights<'_> {
    fn read(&self, name: &str) -> Vec<f64> {
        let found = self.0.iter().find(|(found, ..)| *found == format!("decoder.{name}")).unwrap();
        found.2.iter().map(|&value| f64::from(value)).collect()
    }

    fn convolve(&self, name: &str, bias: Option<&str>, inputs: &Maps, kernel: usize, stride: usize) -> Maps {
        let weight = self.read(name);
        let (channels, rows, columns) = size(inputs);
        let outputs = weight.len() / (channels * kernel * kernel);
        let bias = bias.map_or(vec![0.0; outputs], |name| self.read(name));
        // Kernels that step over whole tiles need no padding; the others keep the size.
        let padding = if stride == 1 { kernel / 2 } else { 0 };
        maps(outputs, rows / stride, columns / stride, |o, y, x| {
            let mut sum = bias[o];
            for (c, i, j) in (0..channels).flat_map(|c| (0..kernel * kernel).map(move |k| (c, k / kernel, k % kernel)))
            {
                let (from_y, from_x) = ((y * stride + i).wrapping_sub(padding), (x * stride + j).wrapping_sub(padding));
                if from_y < rows && from_x < columns {
                    sum += weight[((o * channels + c) * kernel + i) * kernel + j] * inputs[c][from_y][from_x];
                }
            }
            sum
        })
    }

    /// A transposed convolution of kernel 4, stride 2 and padding 1, then pixels shuffled out of the channels.
    fn write(&self, inputs: &Maps, factor: usize, height: usize, width: usize) -> Maps {
        let (weight, bias) = (self.read("write.weight"), self.read("write.bias"));
        let (channels, rows, columns) = size(inputs);
        let mut wide = maps(bias.len(), 2 * rows, 2 * columns, |o, _, _| bias[o]);
        for (c, row) in inputs.iter().enumerate() {
            for (y, x, k) in (0..rows * columns).flat_map(|p| (0..16).map(move |k| (p / columns, p % columns, k))) {
                let (to_y, to_x) = ((2 * y + k / 4).wrapping_sub(1), (2 * x + k % 4).wrapping_sub(1));
                if to_y < 2 * rows && to_x < 2 * columns {
                    for (o, map) in wide.iter_mut().enumerate() {
                        map[to_y][to_x] += weight[(c * bias.len() + o) * 16 + k] * row[y][x];
                    }
                }
            }
        }
        assert_eq!(weight.len(), channels * bias.len() * 16);
        let s = factor / 2;
        maps(bias.len() / (s * s), height, width, |c, y, x| wide[c * s * s + y % s * s + x % s][y / s][x / s])
    }

    fn lstm(&self, name: &str, constant: &Maps, changing: Maps, hidden: &Maps, cell: &Maps) -> (Maps, Maps) {
        let inputs = [changing, hidden.clone()].concat();
        let fixed = self.convolve(&format!("{name}.constant_weight"), Some(&format!("{name}.bias")), constant, 3, 1);
        let moving = self.convolve(&format!("{name}.changing_weight"), None, &inputs, 3, 1);
        let gates = zip(&fixed, &moving, |a, b| a + b);
        let n = hidden.len();
        let (_, rows, columns) = size(hidden);
        let next = maps(n, rows, columns, |c, y, x| {
            let gate = |index: usize| gates[index * n + c][y][x];
            sigmoid(gate(1)) * cell[c][y][x] + sigmoid(gate(0)) * gate(3).tanh()
        });
        (maps(n, rows, columns, |c, y, x| sigmoid(gates[2 * n + c][y][x]) * next[c][y][x].tanh()), next)
    }
}

fn frame_of(tensor: &Tensor, frame: i64) -> Maps {
    let shape: Vec<usize> = tensor.size()[1..].iter().map(|&side| side as usize).collect();
    let values = to_host(&tensor.get(frame));
    maps(shape[0], shape[1], shape[2], |c, y, x| f64::from(values[(c * shape[1] + y) * shape[2] + x]))
}

/// The bound of frame `frame` of `frames` under the parameters `values`.
pub(super) fn bound(
    values: &NamedValues,
    config: &ConvDrawConfig,
    [height, width]: [usize; 2],
    conditions: &Tensor,
    frames: &Tensor,
    noise: &[Tensor],
    frame: i64,
) -> Bound {
    let weights = Weights(values);
    let d = config.downscale as usize;
    let (rows, columns) = (height.div_ceil(d), width.div_ceil(d));
    let (n, z) = (config.hidden_channels as usize, config.latent_channels as usize);
    let condition: Vec<f64> = to_host(&conditions.get(frame)).into_iter().map(f64::from).collect();
    let (linear, offsets) = (weights.read("condition.weight"), weights.read("condition.bias"));
    let start = maps(n, rows, columns, |c, y, x| {
        let o = (c * rows + y) * columns + x;
        let products = condition.iter().enumerate().map(|(i, value)| value * linear[o * condition.len() + i]);
        (products.sum::<f64>() + offsets[o]).tanh()
    });
    let padded = |one: &Maps, shift: f64| {
        let inside = |c: usize, y: usize, x: usize| if y < height && x < width { one[c][y][x] - shift } else { 0.0 };
        maps(3, rows * d, columns * d, inside)
    };
    let target = frame_of(frames, frame);
    let read = map(&weights.convolve("read_frame.weight", Some("read_frame.bias"), &padded(&target, 0.5), d, d), |x| {
        x.max(0.0)
    });
    let mut canvas = weights.write(&start, d, height, width);
    canvas.iter_mut().take(3).flatten().flatten().for_each(|value| *value += 0.5);
    let (mut hidden, mut cell) = (start.clone(), map(&start, |_| 0.0));
    let (mut encoder_hidden, mut encoder_cell) = (cell.clone(), cell.clone());
    let mut kl = 0.0;
    for noise in noise {
        let error = zip(&target, &canvas, |x, r| x - r);
        let error = weights.convolve("read_error.weight", Some("read_error.bias"), &padded(&error, 0.0), d, d);
        let changing = [error, hidden.clone()].concat();
        (encoder_hidden, encoder_cell) = weights.lstm("encoder", &read, changing, &encoder_hidden, &encoder_cell);
        let posterior = weights.convolve("posterior.weight", Some("posterior.bias"), &encoder_hidden, 3, 1);
        let prior = weights.convolve("prior.weight", Some("prior.bias"), &hidden, 3, 1);
        let noise = frame_of(noise, frame);
        let latents =
            maps(z, rows, columns, |c, y, x| posterior[c][y][x] + posterior[z + c][y][x].exp() * noise[c][y][x]);
        for (c, y, x) in (0..z).flat_map(|c| (0..rows * columns).map(move |p| (c, p / columns, p % columns))) {
            let (q, p) = (posterior[z + c][y][x].exp(), prior[z + c][y][x].exp());
            let distance = posterior[c][y][x] - prior[c][y][x];
            kl += (p / q).ln() + (q * q + distance * distance) / (2.0 * p * p) - 0.5;
        }
        (hidden, cell) = weights.lstm("decoder", &start, latents, &hidden, &cell);
        canvas = zip(&canvas, &weights.write(&hidden, d, height, width), |r, w| r + w);
    }
    let (width_of_target, mut nats) = (config.geco.target, 0.0);
    for (c, y, x) in (0..3).flat_map(|c| (0..height * width).map(move |p| (c, p / width, p % width))) {
        let distance = target[c][y][x] - canvas[c][y][x];
        let normal = |std: f64| 0.5 * (distance / std).powi(2) + (std * (2.0 * std::f64::consts::PI).sqrt()).ln();
        nats += match config.likelihood {
            Likelihood::Gaussian => normal(width_of_target),
            Likelihood::LearntGaussian => {
                normal((canvas[3 + c][y][x].exp() * width_of_target).clamp((-6.2f64).exp(), 1.0))
            }
            Likelihood::Laplace => distance.abs() / width_of_target + (2.0 * width_of_target).ln(),
        };
    }
    let entropy = match config.likelihood {
        Likelihood::Laplace => (2.0 * width_of_target * std::f64::consts::E).ln(),
        _ => (width_of_target * (2.0 * std::f64::consts::PI * std::f64::consts::E).sqrt()).ln(),
    };
    Bound { kl, excess: nats / (3 * height * width) as f64 - entropy }
}
