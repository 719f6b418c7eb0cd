//! The variance of an accuracy, or of the difference of two, over episodes and seeds.
//!
//! The accuracy of seed s is a mean over groups g of ratios p = Σ right / Σ asked. To first order, episode e moves it by
//! u(s, e) = mean over g of (right(e) − p · asked(e)) / Σ asked, which sums to 0 over the episodes. All seeds of a row are
//! asked about the same rooms, so rooms and seeds are crossed, and with E episodes, S seeds and ū(e) the mean over seeds:
//!
//! - V_episodes = E / (E − 1) · Σ ū(e)², the variance over rooms: Taylor linearisation, or the sandwich estimator;
//! - V_seeds = (sample variance of the seeds' accuracies) / S;
//! - V_both = E / (S (S − 1) (E − 1)) · Σ (u(s, e) − ū(e))², what the two have in common.
//!
//! The variance is V_episodes + V_seeds − V_both, at least V_episodes (Cameron, Gelbach and Miller 2011, two-way
//! clustering), with Satterthwaite's degrees of freedom. Of a difference, ū(e) is the difference of both sides' means, as
//! both were asked about the same rooms, and both sides' seeds add to the variance. A row of one seed cannot show how seeds
//! differ, so its interval is over episodes only.

use std::collections::BTreeSet;

use super::clusters::{Clusters, Tally};

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
    pub(super) num_groups: u64,
    pub(super) num_questions: u64,
    pub(super) num_episodes: u64,
    pub(super) num_seeds: u64,
}

/// The groups in which every seed of every side has a question.
pub(super) fn shared_groups(sides: &[Side<'_>], num_groups: usize) -> Vec<usize> {
    let totals: Vec<Vec<Tally>> = sides.iter().flat_map(|side| side.seeds).map(Clusters::totals).collect();
    (0..num_groups).filter(|&group| totals.iter().all(|seed| seed.get(group).is_some_and(|t| t.num > 0))).collect()
}

/// The mean over `groups`, each with the same weight; `None` where there is none, or a seed has no question in one.
pub(super) fn moments(sides: &[Side<'_>], groups: &[usize]) -> Option<Moments> {
    let has_question = |tallies: &[Tally]| groups.iter().any(|&group| tallies.get(group).is_some_and(|t| t.num > 0));
    let seeds = || sides.iter().flat_map(|side| side.seeds);
    let with_questions = seeds().flat_map(|seed| seed.episodes.iter().filter(|(_, tallies)| has_question(tallies)));
    let episodes: BTreeSet<u64> = with_questions.map(|(&episode, _)| episode).collect();
    let num_episodes = episodes.len();
    if groups.is_empty() || num_episodes == 0 || sides.iter().any(|side| side.seeds.is_empty()) {
        return None;
    }
    // One episode says nothing of how episodes differ.
    let correction = num_episodes as f64 / num_episodes.saturating_sub(1).max(1) as f64;
    let (mut value, mut of_seeds, mut of_both, mut freedom_sum) = (0.0, 0.0, 0.0, 0.0);
    let mut moved = vec![0.0; num_episodes];
    let mut num_questions = u64::MAX;
    for side in sides {
        let num_seeds = side.seeds.len() as f64;
        let mut values = Vec::with_capacity(side.seeds.len());
        let mut influences = Vec::with_capacity(side.seeds.len());
        for seed in side.seeds {
            let (accuracy, num, influence) = influence(seed, groups, &episodes)?;
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
            of_both += correction * around.sum::<f64>() / (num_seeds * (num_seeds - 1.0));
        }
        for (total, mean) in moved.iter_mut().zip(&means) {
            *total += side.sign * mean;
        }
    }
    let of_episodes = correction * moved.iter().map(|u| u * u).sum::<f64>();
    freedom_sum += of_episodes.powi(2) / num_episodes.saturating_sub(1).max(1) as f64;
    let variance = (of_episodes + of_seeds - of_both).max(of_episodes);
    let freedom = if freedom_sum > 0.0 { variance.powi(2) / freedom_sum } else { f64::INFINITY };
    let num_seeds = sides.iter().map(|side| side.seeds.len() as u64).max().unwrap_or(0);
    Some(Moments {
        value,
        variance,
        freedom,
        num_groups: groups.len() as u64,
        num_questions,
        num_episodes: num_episodes as u64,
        num_seeds,
    })
}

/// One seed's accuracy, its number of questions, and by how much each episode moved the accuracy.
fn influence(seed: &Clusters, groups: &[usize], episodes: &BTreeSet<u64>) -> Option<(f64, u64, Vec<f64>)> {
    let totals = seed.totals();
    let weight = 1.0 / groups.len() as f64;
    let (mut accuracy, mut num) = (0.0, 0);
    let mut shares = Vec::with_capacity(groups.len());
    for &group in groups {
        let total = totals.get(group)?;
        let share = total.share()?;
        accuracy += weight * share;
        num += total.num;
        shares.push((group, share, weight / total.num as f64));
    }
    let influence = episodes.iter().map(|episode| {
        let Some(tallies) = seed.episodes.get(episode) else { return 0.0 };
        let of_group = |&(group, share, weight): &(usize, f64, f64)| {
            tallies.get(group).map_or(0.0, |tally| weight * (tally.right as f64 - share * tally.num as f64))
        };
        shares.iter().map(of_group).sum()
    });
    Some((accuracy, num, influence.collect()))
}
