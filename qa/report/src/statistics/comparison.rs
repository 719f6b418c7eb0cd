//! Two rows compared on the same questions: the difference with its interval, and tests of whether there is one.

use serde::Serialize;

use super::clusters::Clusters;
use super::distribution::t_p_value;
use super::estimate::{Moments, Side, moments, shared_groups};
use super::interval::Estimate;
use super::mcnemar::{McNemar, mcnemar};
use super::paired::{Discordant, Paired};
use super::score::{difference, widened};
use super::sign_flip::sign_flip;
use crate::outcome::Outcome;

/// Whether two rows differ. The headline is `p_value`, which does not take questions of one room for independent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PairedTest {
    /// Probability of a difference at least as large between rows that do not differ, to either side.
    pub p_value: f64,
    /// What it is from.
    pub method: TestMethod,
    /// The same after Holm's correction for all differences of the table and the same decoder in the same kind of column:
    /// the mean, the long gaps, or the templates. `None` for a single pair of seeds, which is no comparison of its own.
    pub p_holm: Option<f64>,
    /// McNemar's test, which takes every question for independent; `None` where a row has several seeds, whose answers
    /// cannot be counted as right or wrong once.
    pub mcnemar: Option<McNemar>,
}

/// What a p-value is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestMethod {
    /// Clustered McNemar test: the signs of whole episodes' differences are exchanged (Obuchowski 1998 for many episodes).
    Episodes,
    /// Student's t from the variance over seeds and episodes.
    SeedsAndEpisodes,
}

/// A difference and its test, for each group of questions and for the mean over groups.
pub(crate) struct Comparison {
    pub(crate) groups: Vec<Option<(Estimate, PairedTest)>>,
    pub(crate) mean: Option<(Estimate, PairedTest)>,
}

/// Accuracy of `first` less that of `second` on the questions that every seed of both was asked.
pub(crate) fn compare(
    first: &[&[Outcome]],
    second: &[&[Outcome]],
    num_groups: usize,
    group: impl Fn(&Outcome) -> Option<usize>,
) -> Comparison {
    let paired = Paired::of(first.iter().chain(second).copied(), num_groups, group);
    let clusters = paired.clusters();
    let (first, second) = clusters.split_at(first.len());
    let counts = paired.discordant();
    let sides = [Side { seeds: first, sign: 1.0 }, Side { seeds: second, sign: -1.0 }];
    let of = |groups: &[usize]| {
        let moments = moments(&sides, groups)?;
        let test = match (first, second) {
            ([first], [second]) => of_episodes(first, second, &counts, groups),
            _ => of_seeds(&moments),
        };
        Some((difference(moments), test))
    };
    let groups = (0..num_groups).map(|group| of(&[group])).collect();
    Comparison { groups, mean: of(&shared_groups(&sides, num_groups)) }
}

fn of_seeds(moments: &Moments) -> PairedTest {
    let p_value = t_p_value(moments.value / widened(moments).sqrt(), moments.freedom);
    PairedTest { p_value, method: TestMethod::SeedsAndEpisodes, p_holm: None, mcnemar: None }
}

fn of_episodes(first: &Clusters, second: &Clusters, counts: &[Discordant], groups: &[usize]) -> PairedTest {
    let totals = first.totals();
    let mut differences = Vec::with_capacity(first.episodes.len());
    for (episode, tallies) in &first.episodes {
        let Some(others) = second.episodes.get(episode) else { continue };
        let of_group = |&group: &usize| {
            let (tally, other) = (tallies.get(group)?, others.get(group)?);
            let num = totals.get(group)?.num.max(1);
            Some((tally.right as f64 - other.right as f64) / (num as f64 * groups.len() as f64))
        };
        differences.push(groups.iter().filter_map(of_group).sum());
    }
    let counts = || groups.iter().filter_map(|&group| counts.get(group));
    let only_first = counts().map(|count| count.only_first).sum();
    let only_second = counts().map(|count| count.only_second).sum();
    PairedTest {
        p_value: sign_flip(&differences),
        method: TestMethod::Episodes,
        p_holm: None,
        mcnemar: Some(mcnemar(only_first, only_second)),
    }
}
