//! Each feature of the beliefs that are asked about, brought to mean 0 and variance 1.
//!
//! What tells rooms apart is small beside what all beliefs share, in an agent that has not learnt much above all; a decoder
//! that does not see it passes hardly any gradient on, and the agent stays long where it is. The offline probe takes mean
//! and scale once, from an agent that is finished; here they follow an agent that learns, as running averages in buffers.
//! They are of the updates before, so that a batch in shares has the loss of the whole; no gradient flows through them.

use groundling_nn::Scope;
use tch::{Kind, Tensor};

/// Share of the averages that an update keeps.
const DECAY: f64 = 0.98;
/// Least deviation: a feature that is nearly the same in all rooms is not blown up beyond what it can tell.
const LEAST_DEVIATION: f64 = 0.01;

/// Running averages of features and their squares.
#[derive(Debug)]
pub(crate) struct Standardizer {
    /// Of each feature, `[F]`.
    mean: Tensor,
    /// Of each feature's square, `[F]`.
    square: Tensor,
    /// How much of the averages is of batches that were seen, `[1]`: they begin at 0.
    weight: Tensor,
}

impl Standardizer {
    pub(crate) fn new(mut scope: Scope<'_>, num_features: i64) -> Self {
        Self {
            mean: scope.buffer("mean", &[num_features], 0.0),
            square: scope.buffer("square", &[num_features], 0.0),
            weight: scope.buffer("weight", &[1], 0.0),
        }
    }

    /// Features `[R, F]` in the scale of those before, the first ones of all as they are; then counts them.
    pub(crate) fn forward(&self, features: &Tensor) -> Tensor {
        if self.weight.double_value(&[0]) == 0.0 {
            self.count(&features.detach());
            return features.shallow_clone();
        }
        let mean = &self.mean / &self.weight;
        let variance = (&self.square / &self.weight - mean.square()).clamp_min(0.0);
        let standardized = (features - mean) / (variance.sqrt() + LEAST_DEVIATION);
        self.count(&features.detach());
        standardized
    }

    fn count(&self, features: &Tensor) {
        let _guard = tch::no_grad_guard();
        let mean = |values: &Tensor| values.mean_dim([0i64].as_slice(), false, Kind::Float);
        let one = self.weight.ones_like();
        for (average, now) in
            [(&self.mean, mean(features)), (&self.square, mean(&features.square())), (&self.weight, one)]
        {
            average.shallow_clone().copy_(&(average * DECAY + now * (1.0 - DECAY)));
        }
    }
}

#[cfg(test)]
mod tests {
    use groundling_nn::{Parameters, to_host};
    use tch::Device;

    use super::*;

    #[test]
    fn features_come_to_mean_0_and_variance_1() {
        let mut parameters = Parameters::new(Device::Cpu);
        let standardizer = Standardizer::new(parameters.scope(1).sub("belief"), 3);
        // The third feature is the same in all rows.
        let features = |batch: i64| {
            let rows = Tensor::arange_start(64 * batch, 64 * (batch + 1), (Kind::Float, Device::Cpu)).sin();
            Tensor::stack(&[&rows * 0.2 + 5.0, &rows * 30.0 - 7.0, rows.zeros_like() + 2.0], 1)
        };
        assert_eq!(standardizer.forward(&features(0)), features(0), "there is no scale yet");
        for batch in 1..50 {
            let _ = standardizer.forward(&features(batch));
        }
        let last = standardizer.forward(&features(50).set_requires_grad(true));
        let mean = to_host(&last.mean_dim([0i64].as_slice(), false, Kind::Float));
        let deviation = to_host(&last.std_dim([0i64].as_slice(), false, false));
        for (mean, (deviation, expected)) in mean.iter().zip(deviation.iter().zip([1.0, 1.0, 0.0])) {
            assert!(mean.abs() < 0.1 && (deviation - expected).abs() < 0.1, "{mean} {deviation}");
        }
        assert!(last.requires_grad(), "a gradient flows through features");
        assert!(parameters.buffers().iter().all(|(_, _, values)| values.iter().all(|value| value.is_finite())));
        assert_eq!(parameters.num_values(), 0, "nothing here is trained");
    }
}
