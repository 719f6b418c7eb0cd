//! Accuracies and their 95 % intervals.
//!
//! Questions about one room are not independent, so intervals come from resampling whole episodes (cluster bootstrap),
//! and two agents are compared question by question. Where resampling has nothing to vary, because there is one
//! episode only or every answer is right, a closed formula over the number of episodes takes its place.

mod bootstrap;
mod interval;
mod score;

pub use interval::{Estimate, Interval, wilson};
pub use score::{Scores, paired_difference, score, score_groups};
