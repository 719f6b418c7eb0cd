//! Outcomes to estimates: by template or by any other grouping, of one row.

use super::clusters::Clusters;
use super::distribution::{Z, t_quantile};
use super::division::Division;
use super::estimate::{Moments, Side, counted, moments};
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
/// `None` leaves it out. Every question of a group weighs the same.
pub(crate) fn score_groups(
    seeds: &[&[Outcome]],
    num_groups: usize,
    group: impl Fn(&Outcome) -> Option<usize>,
) -> GroupEstimates {
    score(seeds, &Division::plain(num_groups), group)
}

/// Accuracy of a row, whose `seeds` have answered, in each group of `division`; `cell` says where an outcome belongs, `None`
/// leaves it out.
pub(crate) fn score(
    seeds: &[&[Outcome]],
    division: &Division,
    cell: impl Fn(&Outcome) -> Option<usize>,
) -> GroupEstimates {
    let counted = |outcomes: &&[Outcome]| {
        let answer = |outcome: &Outcome| Some((outcome.episode, cell(outcome)?, outcome.correct()));
        Clusters::of(outcomes.iter().filter_map(answer), division.num_cells())
    };
    let seeds: Vec<Clusters> = seeds.iter().map(counted).collect();
    let sides = [Side { seeds: &seeds, sign: 1.0 }];
    let (groups, mean) = of_groups_and_mean(&sides, division, |moments, _| share(moments));
    GroupEstimates { groups, mean }
}

/// What `finish` makes of every group, and of the mean over those that count; it is given the cells of the groups too.
pub(super) fn of_groups_and_mean<T>(
    sides: &[Side<'_>],
    division: &Division,
    finish: impl Fn(Moments, &[&[usize]]) -> T,
) -> (Vec<Option<T>>, Option<T>) {
    let counted = counted(sides, division);
    let of = |groups: &[&[usize]]| moments(sides, groups, division.num_cells()).map(|found| finish(found, groups));
    let of_group = |cells: &Vec<usize>| if cells.is_empty() { None } else { of(&[cells]) };
    let all: Vec<&[usize]> = counted.iter().map(Vec::as_slice).filter(|cells| !cells.is_empty()).collect();
    (counted.iter().map(of_group).collect(), of(&all))
}

/// A share, with Wilson's interval for as many independent trials as would have the same variance.
pub(super) fn share(moments: Moments) -> Estimate {
    let Moments { value, variance, freedom, .. } = moments;
    let product = value * (1.0 - value);
    // Episodes that all agree show no variance; they are then the independent trials.
    let interval = if variance > 0.0 && product > 0.0 && moments.num_episodes > 1 {
        wilson(value, product / variance, t_quantile(freedom))
    } else {
        wilson(value, moments.num_trials, Z)
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
    moments.variance + moments.of_two_more
}

fn estimate(moments: Moments, interval: Interval) -> Estimate {
    let Moments { value, num_questions, num_episodes, num_seeds, .. } = moments;
    Estimate { value, interval, num_questions, num_episodes, num_seeds }
}
