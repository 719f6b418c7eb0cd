//! Two rows compared on the same questions: the difference with its interval, and tests of whether there is one.

use serde::Serialize;

use super::clusters::{Clusters, Tally};
use super::distribution::t_p_value;
use super::division::Division;
use super::estimate::{Moments, Side, weights};
use super::interval::Estimate;
use super::mcnemar::{McNemar, mcnemar};
use super::paired::{Discordant, Paired};
use super::score::{difference, of_groups_and_mean, widened};
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
    /// cannot be counted as right or wrong once, and of a balanced accuracy, which does not count every question the same.
    pub mcnemar: Option<McNemar>,
}

/// What a p-value is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestMethod {
    /// Clustered McNemar test: the signs of whole episodes' differences are exchanged (Obuchowski 1998 for many episodes),
    /// questions weighing as they do in the accuracy.
    Episodes,
    /// Student's t from the variance over seeds and episodes.
    SeedsAndEpisodes,
}

/// A difference and its test, for each group of questions and for the mean over groups.
pub(crate) struct Comparison {
    pub(crate) groups: Vec<Option<(Estimate, PairedTest)>>,
    pub(crate) mean: Option<(Estimate, PairedTest)>,
}

/// Accuracy of `first` less that of `second` on the questions that every seed of both was asked; what counts of `division`
/// is judged by these questions.
pub(crate) fn compare(
    first: &[&[Outcome]],
    second: &[&[Outcome]],
    division: &Division,
    cell: impl Fn(&Outcome) -> Option<usize>,
) -> Comparison {
    let paired = Paired::of(first.iter().chain(second).copied(), division.num_cells(), cell);
    let clusters = paired.clusters();
    let (first, second) = clusters.split_at(first.len());
    // McNemar's test counts every question once, so it says nothing of an accuracy that weighs them.
    let discordant = division.is_plain().then(|| paired.discordant());
    let sides = [Side { seeds: first, sign: 1.0 }, Side { seeds: second, sign: -1.0 }];
    let finish = |moments: Moments, groups: &[&[usize]]| {
        let test = match (first, second) {
            ([first], [second]) => of_episodes(first, second, discordant.as_deref(), groups),
            _ => of_seeds(&moments),
        };
        (difference(moments), test)
    };
    let (groups, mean) = of_groups_and_mean(&sides, division, finish);
    Comparison { groups, mean }
}

fn of_seeds(moments: &Moments) -> PairedTest {
    let p_value = t_p_value(moments.value / widened(moments).sqrt(), moments.freedom);
    PairedTest { p_value, method: TestMethod::SeedsAndEpisodes, p_holm: None, mcnemar: None }
}

fn of_episodes(
    first: &Clusters,
    second: &Clusters,
    discordant: Option<&[Discordant]>,
    groups: &[&[usize]],
) -> PairedTest {
    // Both were asked the same questions, so that a right answer moves both accuracies as far.
    let moves: Vec<f64> = (weights(groups, first.totals.len()).into_iter().zip(&first.totals))
        .map(|(weight, total)| weight / total.num.max(1) as f64)
        .collect();
    let moved = |tallies: &[Tally]| tallies.iter().map(|tally| moves[tally.cell] * tally.right as f64).sum::<f64>();
    let pairs = first.episodes.iter().filter_map(|(episode, tallies)| Some((tallies, second.episodes.get(episode)?)));
    let differences: Vec<f64> = pairs.map(|(tallies, others)| moved(tallies) - moved(others)).collect();
    let counts = |counts: &[Discordant]| {
        let counts = || groups.iter().copied().flatten().filter_map(|&cell| counts.get(cell));
        mcnemar(counts().map(|count| count.only_first).sum(), counts().map(|count| count.only_second).sum())
    };
    PairedTest {
        p_value: sign_flip(&differences),
        method: TestMethod::Episodes,
        p_holm: None,
        mcnemar: discordant.map(counts),
    }
}
