//! Beliefs as every decoder reads them.

use groundling_nn::Scope;
use tch::{Kind, Tensor};

/// A feature that varies less than this share of what features vary on average is not brought up to the others: what
/// hardly ever moves in the sample would otherwise drown all else when it does.
const LEAST_SHARE: f64 = 0.1;

/// Layer normalisation of the cells, and a scale for each feature.
#[derive(Debug)]
pub(crate) struct Features {
    size: i64,
    /// Mean of each feature, `[2 N]`.
    mean: Tensor,
    /// One over the deviation of each feature, `[2 N]`.
    scale: Tensor,
}

impl Features {
    pub(crate) fn new(mut scope: Scope<'_>, belief_size: i64) -> Self {
        let mean = scope.buffer("mean", &[2 * belief_size], 0.0);
        Self { size: belief_size, mean, scale: scope.buffer("scale", &[2 * belief_size], 1.0) }
    }

    /// `[R, 2 N]` -> `[R, 2 N]`.
    pub(crate) fn forward(&self, rows: &Tensor) -> Tensor {
        // A copy: a learner that computes in shares joins its buffers before gradients come back through this product.
        (self.normalized(rows) - &self.mean) * self.scale.copy()
    }

    /// Outputs as they are and cells normalised: cells grow without bound over an episode.
    fn normalized(&self, rows: &Tensor) -> Tensor {
        let parts = rows.split(self.size, 1);
        let cells = parts[1].layer_norm([self.size], None::<Tensor>, None::<Tensor>, 1e-5, false);
        Tensor::cat(&[parts[0].shallow_clone(), cells], 1)
    }

    /// From now on each feature is brought to mean 0 and variance 1 over these beliefs.
    pub(crate) fn standardize(&self, rows: &Tensor) {
        let _guard = tch::no_grad_guard();
        let normalized = self.normalized(rows);
        let mean = normalized.mean_dim([0i64].as_slice(), false, Kind::Float);
        let variance = (&normalized - &mean).square().mean_dim([0i64].as_slice(), false, Kind::Float);
        // Outputs and cells apart: an untrained agent's outputs vary much less than its normalised cells.
        let least = variance.view([2, self.size]).mean_dim([1i64].as_slice(), true, Kind::Float);
        let least = (least * (LEAST_SHARE * LEAST_SHARE)).expand([2, self.size], false).reshape([2 * self.size]);
        self.mean.shallow_clone().copy_(&mean);
        self.scale.shallow_clone().copy_(&(variance.maximum(&least).sqrt() + 1e-4).reciprocal());
    }
}
