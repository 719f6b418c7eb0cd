//! Independent Gaussians, element by element: divergence, likelihood and sampling of latent-variable models.
//!
//! KL(q ‖ p) = log σ_p − log σ_q + (σ_q² + (μ_q − μ_p)²) / (2 σ_p²) − ½, and
//! −log N(x; μ, σ²) = ½ ((x − μ) / σ)² + log σ + ½ log 2π. Names: `mean` μ, `log_std` log σ. All in nats.

use tch::Tensor;

/// ½ log 2π.
const HALF_LOG_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// One independent Gaussian an element; mean and log standard deviation have one shape, or shapes that broadcast.
#[derive(Debug)]
pub struct Gaussian {
    /// μ.
    pub mean: Tensor,
    /// log σ. Its user keeps it within bounds whose exponentials are finite.
    pub log_std: Tensor,
}

impl Gaussian {
    /// KL(self ‖ prior) of each element, nats.
    pub fn kl(&self, prior: &Self) -> Tensor {
        let distance = (&self.mean - &prior.mean).square() * (prior.log_std.g_mul_scalar(-2.0)).exp();
        let log_ratio = &self.log_std - &prior.log_std;
        (distance + (&log_ratio * 2.0).exp()) * 0.5 - log_ratio - 0.5
    }

    /// −log N(value; μ, σ²) of each element, nats.
    pub fn negative_log_likelihood(&self, value: &Tensor) -> Tensor {
        let scaled = (value - &self.mean) * (-&self.log_std).exp();
        scaled.square() * 0.5 + &self.log_std + HALF_LOG_TWO_PI
    }

    /// μ + σ · `noise`; a draw where `noise` holds standard normal numbers. Gradients flow to mean and deviation.
    pub fn sample(&self, noise: &Tensor) -> Tensor {
        &self.mean + self.log_std.exp() * noise
    }
}

/// Nats that a Gaussian of standard deviation `std` takes on average to tell one of its own draws: its entropy.
pub fn gaussian_entropy(std: f64) -> f64 {
    std.ln() + HALF_LOG_TWO_PI + 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient_check::agrees_with_differences;
    use tch::{Device, Kind};

    fn gaussian(mean: &[f64], log_std: &[f64]) -> Gaussian {
        Gaussian { mean: Tensor::from_slice(mean), log_std: Tensor::from_slice(log_std) }
    }

    #[test]
    fn hand_sized_numbers() {
        // Equal distributions; a mean two deviations off; half the deviation.
        let (two, half) = (2f64.ln(), 0.5f64.ln());
        let posterior = gaussian(&[0.3, 5.0, 1.0], &[0.7, two, half]);
        let prior = gaussian(&[0.3, 1.0, 1.0], &[0.7, two, 0.0]);
        let expected = [0.0, 2.0, 2f64.ln() + 0.125 - 0.5];
        for (index, expected) in expected.into_iter().enumerate() {
            assert!((posterior.kl(&prior).double_value(&[index as i64]) - expected).abs() < 1e-12);
        }
        // −log N(3; 1, 2²) = ½ + log 2 + ½ log 2π.
        let likelihood = gaussian(&[1.0], &[two]).negative_log_likelihood(&Tensor::from_slice(&[3.0f64]));
        assert!((likelihood.double_value(&[0]) - (0.5 + two + (2.0 * std::f64::consts::PI).sqrt().ln())).abs() < 1e-12);
        assert!(
            (gaussian(&[1.0], &[two]).sample(&Tensor::from_slice(&[-1.5f64])).double_value(&[0]) + 2.0).abs() < 1e-12
        );
    }

    #[test]
    fn gradients_agree_with_differences_in_f64() {
        let point = [0.4, -1.2, 0.3, -0.5, 0.9, 0.1];
        agrees_with_differences(&point, |leaf| {
            let parts = leaf.chunk(3, 0);
            let posterior = Gaussian { mean: parts[0].copy(), log_std: parts[1].copy() };
            let prior = Gaussian { mean: parts[2].copy(), log_std: parts[0].square() * 0.3 };
            posterior.kl(&prior).sum(Kind::Double)
                + prior.negative_log_likelihood(&posterior.sample(&Tensor::from_slice(&[0.8, -1.1]))).sum(Kind::Double)
        });
    }

    #[test]
    fn analytic_divergence_equals_a_monte_carlo_estimate() {
        // Midpoints of equal shares of the unit square, by Box and Muller: standard normal numbers, evenly spread.
        let side = 400;
        let steps = (Tensor::arange(side, (Kind::Double, Device::Cpu)) + 0.5) / side as f64;
        let radius = (steps.log() * -2.0).sqrt().unsqueeze(1);
        let noise = (radius * (steps * std::f64::consts::TAU).cos().unsqueeze(0)).view([-1]);
        let (posterior, prior) = (gaussian(&[0.7], &[-0.4]), gaussian(&[-0.2], &[0.3]));
        let draws = posterior.sample(&noise);
        let log_ratio = prior.negative_log_likelihood(&draws) - posterior.negative_log_likelihood(&draws);
        let estimate = log_ratio.mean(Kind::Double).double_value(&[]);
        assert!((estimate - posterior.kl(&prior).double_value(&[0])).abs() < 2e-3, "{estimate}");
        // The entropy is the mean of the distribution's own negative log likelihood.
        let entropy = posterior.negative_log_likelihood(&draws).mean(Kind::Double).double_value(&[]);
        assert!((entropy - gaussian_entropy((-0.4f64).exp())).abs() < 2e-3, "{entropy}");
    }
}
