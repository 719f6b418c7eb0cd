//! Losses as pure functions of tensors. Nothing here has parameters, state or random numbers.
//!
//! Time-major: `T` steps, `B` rooms, `A` actions. A `mask` `[T, B]` is 1 where a step counts and 0 where it does not.
//! Every function keeps the precision of its inputs: f64 in, f64 out; sums of anything else are made in f32.

mod cpc;
mod directions;
mod gaussian;
mod geco;
#[cfg(test)]
mod gradient_check;
mod laplace;
mod policy;
mod precision;
mod vtrace;

pub use cpc::{contrastive_accuracy, contrastive_loss};
pub use directions::{direction_error, direction_spread, directions};
pub use gaussian::{Gaussian, gaussian_entropy};
pub use geco::{Geco, GecoState, lagrangian};
pub use laplace::{laplace_entropy, laplace_negative_log_likelihood};
pub use policy::{
    baseline_loss, entropy_loss, imitation_loss, log_probabilities_of, masked_mean, policy_gradient_loss,
};
pub use vtrace::{Clips, VTrace, vtrace};
