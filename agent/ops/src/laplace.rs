//! Independent Laplace distributions, element by element: the likelihood whose best guess is the median.
//!
//! −log p(x; m, b) = |x − m| / b + log 2b. Names: `median` m, `scale` b. In nats.

use tch::Tensor;

/// −log p(`value`; `median`, `scale`) of each element, nats.
pub fn laplace_negative_log_likelihood(value: &Tensor, median: &Tensor, scale: f64) -> Tensor {
    (value - median).abs() / scale + (2.0 * scale).ln()
}

/// Nats that a Laplace distribution of scale `scale` takes on average to tell one of its own draws: its entropy.
pub fn laplace_entropy(scale: f64) -> f64 {
    1.0 + (2.0 * scale).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient_check::agrees_with_differences;
    use tch::{Device, Kind};

    #[test]
    fn hand_sized_numbers() {
        let value = Tensor::from_slice(&[2.0f64, -1.0]);
        let found = laplace_negative_log_likelihood(&value, &Tensor::from_slice(&[1.0f64, -1.0]), 0.5);
        assert!((found.double_value(&[0]) - 2.0).abs() < 1e-12 && found.double_value(&[1]).abs() < 1e-12);
    }

    #[test]
    fn gradients_agree_with_differences_in_f64() {
        let value = Tensor::from_slice(&[0.2f64, 0.9, -0.4]);
        agrees_with_differences(&[0.5, 0.1, -0.9], |median| {
            laplace_negative_log_likelihood(&value, median, 0.3).sum(Kind::Double)
        });
    }

    #[test]
    fn it_is_a_density_and_has_that_entropy() {
        let step = 1e-3;
        let grid = Tensor::arange(40_000, (Kind::Double, Device::Cpu)) * step - 20.0;
        let negative_log = laplace_negative_log_likelihood(&grid, &Tensor::from_slice(&[0.3f64]), 0.8);
        let density = (-&negative_log).exp() * step;
        assert!((density.sum(Kind::Double).double_value(&[]) - 1.0).abs() < 1e-5);
        let entropy = (density * negative_log).sum(Kind::Double).double_value(&[]);
        assert!((entropy - laplace_entropy(0.8)).abs() < 1e-5, "{entropy}");
    }
}
