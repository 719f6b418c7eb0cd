//! Outcomes to estimates: by template or by any other grouping, of one row.

use super::clusters::Clusters;
use super::distribution::{Z, t_quantile};
use super::estimate::{Moments, Side, moments, shared_groups};
use super::interval::{Estimate, Interval, wilson};
use crate::outcome::Outcome;

/// Estimates for each group of questions, and for the mean over the groups that have any.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GroupEstimates {
    /// One entry a group; `None` where some seed has no question.
    pub(crate) groups: Vec<Option<Estimate>>,
    /// Mean over the groups that have questions, each with the same weight.
    pub(crate) mean: Option<Estimate>,
}

/// Accuracy of a row, whose `seeds` have answered, in each of `num_groups` groups; `group` says where an outcome belongs,
/// `None` leaves it out.
pub(crate) fn score_groups(
    seeds: &[&[Outcome]],
    num_groups: usize,
    group: impl Fn(&Outcome) -> Option<usize>,
) -> GroupEstimates {
    let counted = |outcomes: &&[Outcome]| {
        let answer = |outcome: &Outcome| Some((outcome.episode, group(outcome)?, outcome.correct()));
        Clusters::of(outcomes.iter().filter_map(answer), num_groups)
    };
    let seeds: Vec<Clusters> = seeds.iter().map(counted).collect();
    let sides = [Side { seeds: &seeds, sign: 1.0 }];
    estimates(&sides, num_groups, share)
}

/// Estimates of every group and of their mean; `finish` makes an interval of what is known.
pub(super) fn estimates(sides: &[Side<'_>], num_groups: usize, finish: impl Fn(Moments) -> Estimate) -> GroupEstimates {
    let groups = (0..num_groups).map(|group| moments(sides, &[group]).map(&finish)).collect();
    let mean = moments(sides, &shared_groups(sides, num_groups)).map(finish);
    GroupEstimates { groups, mean }
}

/// A share, with Wilson's interval for as many independent trials as would have the same variance.
pub(super) fn share(moments: Moments) -> Estimate {
    let Moments { value, variance, freedom, .. } = moments;
    let product = value * (1.0 - value);
    // Episodes that all agree show no variance; they are then the independent trials.
    let interval = if variance > 0.0 && product > 0.0 && moments.num_episodes > 1 {
        wilson(value, product / variance, t_quantile(freedom))
    } else {
        wilson(value, moments.num_episodes as f64, Z)
    };
    estimate(moments, interval)
}

/// A difference of shares, with a t-interval.
///
/// The variance is that of the data with two more episodes, in one of which the first side alone is right and in the other
/// the second (Bonett and Price 2012, after Agresti and Min 2005): without them, an interval from few episodes with a
/// difference is too short, and none at all would give no width.
pub(super) fn difference(moments: Moments) -> Estimate {
    let Moments { value, freedom, .. } = moments;
    let reach = t_quantile(freedom) * widened(&moments).sqrt();
    estimate(moments, Interval { low: (value - reach).max(-1.0), high: (value + reach).min(1.0) })
}

/// The variance of a difference with two more episodes for each group.
pub(super) fn widened(moments: &Moments) -> f64 {
    moments.variance + 2.0 / ((moments.num_episodes as f64).powi(2) * moments.num_groups as f64)
}

fn estimate(moments: Moments, interval: Interval) -> Estimate {
    let Moments { value, num_questions, num_episodes, num_seeds, .. } = moments;
    Estimate { value, interval, num_questions, num_episodes, num_seeds }
}
