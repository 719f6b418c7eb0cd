//! How a parameter's first values are drawn, on the host, from a generator of its own.

use rand::{Rng, RngExt};
use tch::{Kind, Tensor};

/// First values of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initializer {
    /// All the same.
    Constant(f64),
    /// Uniform in ±`gain`·√(3 / fan_in), so that the variance is `gain`² / fan_in (LeCun's for gain 1).
    /// Fan-in is the product of all dimensions but the first.
    FanIn {
        /// Factor on the standard deviation.
        gain: f64,
    },
    /// Uniform in ±`bound`.
    Uniform {
        /// Largest magnitude.
        bound: f64,
    },
    /// Blocks of `columns` × `columns`, each a random orthogonal matrix (recurrent weights, one block a gate).
    OrthogonalBlocks,
}

impl Initializer {
    /// Values of `shape`, f32 on the CPU.
    pub(crate) fn draw(self, shape: &[i64], generator: &mut impl Rng) -> Tensor {
        match self {
            Initializer::Constant(value) => Tensor::full(shape, value, (Kind::Float, tch::Device::Cpu)),
            Initializer::FanIn { gain } => {
                let fan_in: i64 = shape.iter().skip(1).product();
                uniform(shape, gain * (3.0 / fan_in.max(1) as f64).sqrt(), generator)
            }
            Initializer::Uniform { bound } => uniform(shape, bound, generator),
            Initializer::OrthogonalBlocks => {
                let (rows, columns) = (shape[0], shape[1]);
                let blocks: Vec<Tensor> = (0..rows / columns.max(1)).map(|_| orthogonal(columns, generator)).collect();
                Tensor::cat(&blocks, 0)
            }
        }
    }
}

fn uniform(shape: &[i64], bound: f64, generator: &mut impl Rng) -> Tensor {
    let num_values = shape.iter().product::<i64>() as usize;
    let values: Vec<f32> = (0..num_values).map(|_| ((generator.random::<f64>() * 2.0 - 1.0) * bound) as f32).collect();
    Tensor::from_slice(&values).reshape(shape)
}

/// Gram–Schmidt on the rows of a random matrix, in f64 so that the rows stay orthogonal.
fn orthogonal(size: i64, generator: &mut impl Rng) -> Tensor {
    let n = size as usize;
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(n);
    while rows.len() < n {
        // A sum of uniforms is close enough to a Gaussian for the directions to be even.
        let mut row: Vec<f64> = (0..n).map(|_| (0..6).map(|_| generator.random::<f64>() - 0.5).sum()).collect();
        for earlier in &rows {
            let overlap: f64 = row.iter().zip(earlier).map(|(a, b)| a * b).sum();
            row.iter_mut().zip(earlier).for_each(|(a, b)| *a -= overlap * b);
        }
        let norm = row.iter().map(|a| a * a).sum::<f64>().sqrt();
        if norm > 1e-6 {
            row.iter_mut().for_each(|a| *a /= norm);
            rows.push(row);
        }
    }
    let values: Vec<f32> = rows.into_iter().flatten().map(|a| a as f32).collect();
    Tensor::from_slice(&values).reshape([size, size])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orthogonal_blocks_are_orthogonal() {
        let mut generator = groundling_interface::derive(1, "test", &[]);
        let weight = Initializer::OrthogonalBlocks.draw(&[32, 8], &mut generator);
        for block in weight.chunk(4, 0) {
            let error = (block.matmul(&block.tr()) - Tensor::eye(8, (Kind::Float, tch::Device::Cpu))).abs().max();
            assert!(error.double_value(&[]) < 1e-5);
        }
    }

    #[test]
    fn fan_in_has_the_stated_variance() {
        let mut generator = groundling_interface::derive(1, "test", &[]);
        let weight = Initializer::FanIn { gain: 2.0 }.draw(&[64, 16, 4], &mut generator);
        let variance = weight.square().mean(Kind::Float).double_value(&[]);
        assert!((variance - 4.0 / 64.0).abs() < 0.005, "{variance}");
    }
}
