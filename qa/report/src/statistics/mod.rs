//! Accuracies, calibration and comparisons, with 95 % intervals and p-values.
//!
//! Questions about one room are not independent, so an interval is worked out from whole episodes: how much each episode
//! moved the figure (Taylor linearisation, the cluster-robust or sandwich variance), which is what a bootstrap over
//! episodes would give, without its cost and its noise. Where a row has several seeds, the variance between seeds is
//! added, and t-quantiles allow for how few they are. [`estimate`] has the formulas, [`division`] says what is weighed how.

mod clusters;
mod comparison;
#[cfg(test)]
mod coverage;
mod distribution;
mod division;
mod estimate;
mod holm;
mod interval;
mod mcnemar;
mod paired;
mod score;
mod sign_flip;
#[cfg(test)]
mod simulation;

pub(crate) use comparison::{Comparison, compare};
pub use comparison::{PairedTest, TestMethod};
pub(crate) use division::{Division, FEWEST_QUESTIONS};
pub(crate) use holm::holm;
pub use interval::{Estimate, Interval};
pub use mcnemar::{McNemar, McNemarMethod};
pub(crate) use score::{GroupEstimates, score, score_groups};
