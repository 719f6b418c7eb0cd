//! The variance of an accuracy, or of the difference of two, over episodes and seeds.
//!
//! The accuracy of seed s is a weighted mean over cells c of ratios p = Σ right / Σ asked; a cell weighs
//! 1 / (groups × cells of its group), see [`super::division`]. To first order, episode e moves it by
//! u(s, e) = Σ over cells of weight · √(E_c / (E_c − 1)) · (right(e) − p · asked(e)) / Σ asked, which sums to 0 over the
//! episodes; E_c is the number of episodes with a question of the cell, and the root makes up for p being from the same
//! episodes, which matters where a cell has few. All seeds of a row are asked about the same rooms, so rooms and seeds are
//! crossed, and with S seeds and ū(e) the mean over seeds:
//!
//! - V_episodes = Σ ū(e)², the variance over rooms: Taylor linearisation, or the sandwich estimator;
//! - V_seeds = (sample variance of the seeds' accuracies) / S;
//! - V_both = Σ (u(s, e) − ū(e))² / (S (S − 1)), what the two have in common.
//!
//! The variance is V_episodes + V_seeds − V_both, at least V_episodes (Cameron, Gelbach and Miller 2011, two-way
//! clustering), with Satterthwaite's degrees of freedom. Of a difference, ū(e) is the difference of both sides' means, as
//! both were asked about the same rooms, and both sides' seeds add to the variance. A row of one seed cannot show how seeds
//! differ, so its interval is over episodes only.

use std::collections::BTreeSet;

use super::clusters::{Clusters, Tally};
use super::division::Division;

/// The seeds of one row, and the sign with which its accuracy counts.
pub(super) struct Side<'a> {
    pub(super) seeds: &'a [Clusters],
    pub(super) sign: f64,
}

/// An estimate and what is known of its spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    pub(super) value: f64,
    pub(super) variance: f64,
    pub(super) freedom: f64,
    /// As many independent questions of one cell would tell as much as the episodes at hand, if all questions of an episode
    /// hang together.
    pub(super) num_trials: f64,
    /// What two more episodes, in which a difference is 1 and −1, add to the variance: of each group, whose accuracy they
    /// move as episodes do in the mean.
    pub(super) of_two_more: f64,
    pub(super) num_questions: u64,
    pub(super) num_episodes: u64,
    pub(super) num_seeds: u64,
}

/// The cells of each group that count for every seed of every side.
pub(super) fn counted(sides: &[Side<'_>], division: &Division) -> Vec<Vec<usize>> {
    let seeds = || sides.iter().flat_map(|side| side.seeds);
    let fewest = |cell: usize| seeds().map(|seed| seed.totals.get(cell).map_or(0, |total| total.num)).min();
    let questions: Vec<u64> = (0..division.num_cells()).map(|cell| fewest(cell).unwrap_or(0)).collect();
    division.counted(&questions)
}

/// The weight of each cell, by its number: the mean over `groups`, and within each over its cells.
pub(super) fn weights(groups: &[&[usize]], num_cells: usize) -> Vec<f64> {
    let mut weights = vec![0.0; num_cells];
    for group in groups {
        for &cell in *group {
            weights[cell] = 1.0 / (groups.len() * group.len()) as f64;
        }
    }
    weights
}

/// The mean over `groups` of the mean over their cells; `None` where there is no group, or a seed has no question in a cell.
/// All of `groups` have cells.
pub(super) fn moments(sides: &[Side<'_>], groups: &[&[usize]], num_cells: usize) -> Option<Moments> {
    let weights = weights(groups, num_cells);
    let weighs = |tally: &Tally| weights[tally.cell] > 0.0;
    let seeds = || sides.iter().flat_map(|side| side.seeds);
    let with_questions =
        seeds().flat_map(|seed| seed.episodes.iter().filter(|(_, tallies)| tallies.iter().any(weighs)));
    let episodes: Vec<u64> =
        with_questions.map(|(&episode, _)| episode).collect::<BTreeSet<u64>>().into_iter().collect();
    let num_episodes = episodes.len();
    if groups.is_empty() || num_episodes == 0 || sides.iter().any(|side| side.seeds.is_empty()) {
        return None;
    }
    let (mut value, mut of_seeds, mut of_both, mut freedom_sum) = (0.0, 0.0, 0.0, 0.0);
    let mut moved = vec![0.0; num_episodes];
    let mut num_questions = u64::MAX;
    for side in sides {
        let num_seeds = side.seeds.len() as f64;
        let mut values = Vec::with_capacity(side.seeds.len());
        let mut influences = Vec::with_capacity(side.seeds.len());
        for seed in side.seeds {
            let (accuracy, num, influence) = influence(seed, &weights, &episodes)?;
            values.push(accuracy);
            num_questions = num_questions.min(num);
            influences.push(influence);
        }
        let mean = values.iter().sum::<f64>() / num_seeds;
        value += side.sign * mean;
        let means: Vec<f64> =
            (0..num_episodes).map(|e| influences.iter().map(|u| u[e]).sum::<f64>() / num_seeds).collect();
        if side.seeds.len() > 1 {
            let between = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (num_seeds - 1.0) / num_seeds;
            of_seeds += between;
            freedom_sum += between.powi(2) / (num_seeds - 1.0);
            let around = influences.iter().flat_map(|u| u.iter().zip(&means)).map(|(u, m)| (u - m).powi(2));
            of_both += around.sum::<f64>() / (num_seeds * (num_seeds - 1.0));
        }
        for (total, mean) in moved.iter_mut().zip(&means) {
            *total += side.sign * mean;
        }
    }
    let of_episodes = moved.iter().map(|u| u * u).sum::<f64>();
    freedom_sum += of_episodes.powi(2) / num_episodes.saturating_sub(1).max(1) as f64;
    let variance = (of_episodes + of_seeds - of_both).max(of_episodes);
    let freedom = if freedom_sum > 0.0 { variance.powi(2) / freedom_sum } else { f64::INFINITY };
    let num_seeds = sides.iter().map(|side| side.seeds.len() as u64).max().unwrap_or(0);
    let of_one_trial = of_one_trial(sides, groups);
    let num_groups = groups.len() as f64;
    Some(Moments {
        value,
        variance,
        freedom,
        num_trials: (of_one_trial.iter().map(|of_group| of_group.sqrt()).sum::<f64>() / num_groups).powi(-2),
        of_two_more: 2.0 * of_one_trial.iter().map(|of_group| of_group.powi(2)).sum::<f64>() / num_groups.powi(2),
        num_questions,
        num_episodes: num_episodes as u64,
        num_seeds,
    })
}

/// Of each group the variance of its accuracy where each episode is one trial of variance 1 in every cell that it has
/// questions of: 1 / (number of episodes) for a group of one cell.
fn of_one_trial(sides: &[Side<'_>], groups: &[&[usize]]) -> Vec<f64> {
    let seeds = || sides.iter().flat_map(|side| side.seeds);
    let fewest = |cell: usize| seeds().filter_map(|seed| Some(seed.totals.get(cell)?.num_episodes)).min();
    let of_cell = |&cell: &usize| 1.0 / fewest(cell).unwrap_or(0).max(1) as f64;
    groups.iter().map(|cells| cells.iter().map(of_cell).sum::<f64>() / (cells.len() as f64).powi(2)).collect()
}

/// One seed's accuracy, its number of questions, and by how much each episode moved the accuracy.
fn influence(seed: &Clusters, weights: &[f64], episodes: &[u64]) -> Option<(f64, u64, Vec<f64>)> {
    let (mut accuracy, mut num) = (0.0, 0);
    // Of each cell its share, and the weight of one of its questions.
    let mut cells = vec![(0.0, 0.0); weights.len()];
    for (cell, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        let total = seed.totals.get(cell)?;
        let share = total.share()?;
        accuracy += weight * share;
        num += total.num;
        let num_episodes = total.num_episodes as f64;
        // One episode says nothing of how episodes differ.
        let of_few = (num_episodes / (num_episodes - 1.0).max(1.0)).sqrt();
        cells[cell] = (share, weight * of_few / total.num as f64);
    }
    let of_tally = |tally: &Tally| {
        let (share, weight) = cells[tally.cell];
        weight * (tally.right as f64 - share * tally.num as f64)
    };
    let of_episode = |episode| seed.episodes.get(episode).map_or(0.0, |tallies| tallies.iter().map(of_tally).sum());
    Some((accuracy, num, episodes.iter().map(of_episode).collect()))
}
