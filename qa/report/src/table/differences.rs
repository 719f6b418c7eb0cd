//! Rows compared with other rows, on the same questions.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Scores;
use super::scores::Weighings;
use crate::group::AgentGroup;
use crate::outcome::{Outcome, ProbedAgent, ProbedKind};
use crate::statistics::{Comparison, Estimate, PairedTest, holm};

/// Two rows compared question by question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The row whose accuracy counts as positive.
    pub name: String,
    /// The row it is compared with.
    pub baseline: String,
    /// The decoder that answered for both, by which comparisons are counted in Holm's correction; empty where none did.
    pub decoder: String,
    /// Accuracy of the first less that of the second.
    pub scores: Scores,
    /// Whether there is a difference.
    pub tests: Tests,
    /// The same for each pair of seeds: of the same seed where both rows have several, of each with the other row's only
    /// one where that has one. Empty where both have one.
    pub seeds: Vec<SeedDifference>,
}

/// One seed of a row compared with one of another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedDifference {
    /// Name of the agent whose accuracy counts as positive.
    pub name: String,
    /// The agent it is compared with.
    pub baseline: String,
    /// Accuracy of the first less that of the second, with intervals over episodes.
    pub scores: Scores,
    /// Whether there is a difference, as far as episodes tell.
    pub tests: Tests,
}

/// The tests of a comparison, each where the estimate of the same place in [`Scores`] is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tests {
    /// One entry a template.
    pub templates: Vec<Option<PairedTest>>,
    /// Of the mean over templates; its counts of McNemar's test are of all questions.
    pub mean: Option<PairedTest>,
    /// Of the mean at long gaps.
    pub long_gaps: Option<PairedTest>,
}

impl Difference {
    /// `simcore − lstm`
    pub fn title(&self) -> String {
        format!("{} \u{2212} {}", self.name, self.baseline)
    }
}

/// All differences worth reading, their p-values corrected for their number.
pub(super) fn differences(groups: &[AgentGroup<'_>], weighings: &Weighings<'_>) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        for (baseline_index, baseline) in groups.iter().enumerate() {
            if is_worth_comparing((index, group), (baseline_index, baseline)) {
                let (scores, tests) = compared(&group.outcomes(), &baseline.outcomes(), weighings);
                let seeds = pairs_of_seeds(group, baseline).into_iter().map(|(agent, other)| {
                    let (scores, tests) = compared(&[&agent.outcomes], &[&other.outcomes], weighings);
                    SeedDifference { name: agent.name.clone(), baseline: other.name.clone(), scores, tests }
                });
                differences.push(Difference {
                    name: group.name.clone(),
                    baseline: baseline.name.clone(),
                    decoder: group.decoder().to_owned(),
                    scores,
                    tests,
                    seeds: seeds.collect(),
                });
            }
        }
    }
    correct(&mut differences, |tests| tests.mean.iter_mut().collect());
    correct(&mut differences, |tests| tests.long_gaps.iter_mut().collect());
    correct(&mut differences, |tests| tests.templates.iter_mut().flatten().collect());
    differences
}

/// Holm's correction over the tests that `family` picks of each difference, for each decoder by itself: what one decoder
/// shows does not depend on which others were tried beside it.
fn correct(differences: &mut [Difference], family: impl Fn(&mut Tests) -> Vec<&mut PairedTest>) {
    let decoders: BTreeSet<String> = differences.iter().map(|line| line.decoder.clone()).collect();
    for decoder in decoders {
        let lines = differences.iter_mut().filter(|line| line.decoder == decoder);
        let mut tests: Vec<&mut PairedTest> = lines.flat_map(|line| family(&mut line.tests)).collect();
        let p_values: Vec<f64> = tests.iter().map(|test| test.p_value).collect();
        for (test, corrected) in tests.iter_mut().zip(holm(&p_values)) {
            test.p_holm = Some(corrected);
        }
    }
}

/// Accuracies of one row less those of another, and tests of whether there is a difference.
pub(super) fn compared(first: &[&[Outcome]], second: &[&[Outcome]], weighings: &Weighings<'_>) -> (Scores, Tests) {
    let Comparison { groups, mean } = weighings.all.compare(first, second);
    let at_long_gaps = weighings.long_gaps.compare(first, second).mean;
    let (templates, tests) = groups.into_iter().map(halves).unzip();
    let ((mean, mean_test), (at_long_gaps, long_gaps_test)) = (halves(mean), halves(at_long_gaps));
    let scores = Scores { templates, mean, long_gaps: at_long_gaps };
    (scores, Tests { templates: tests, mean: mean_test, long_gaps: long_gaps_test })
}

fn halves(both: Option<(Estimate, PairedTest)>) -> (Option<Estimate>, Option<PairedTest>) {
    both.map_or((None, None), |(estimate, test)| (Some(estimate), Some(test)))
}

fn pairs_of_seeds<'a>(group: &AgentGroup<'a>, baseline: &AgentGroup<'a>) -> Vec<(&'a ProbedAgent, &'a ProbedAgent)> {
    let is_pair = |agent: &ProbedAgent, other: &ProbedAgent| match (group.seeds.len(), baseline.seeds.len()) {
        (1, 1) => false,
        (1, _) | (_, 1) => true,
        _ => agent.seed == other.seed,
    };
    let pairs = group.seeds.iter().flat_map(|&agent| baseline.seeds.iter().map(move |&other| (agent, other)));
    pairs.filter(|(agent, other)| is_pair(agent, other)).collect()
}

/// Of rows that the same decoder read: an agent against the controls that could explain it away and against every agent above it; and the controls that are
/// agents against those that know less.
fn is_worth_comparing(row: (usize, &AgentGroup<'_>), baseline: (usize, &AgentGroup<'_>)) -> bool {
    use ProbedKind::{LastFrame, Oracle, Overshoot0, QuestionOnly, Trained, Untrained};
    if row.1.decoder() != baseline.1.decoder() && !baseline.1.decoder().is_empty() {
        return false;
    }
    match (row.1.kind, baseline.1.kind) {
        (Untrained | Overshoot0 | Trained, QuestionOnly) | (Overshoot0 | Trained, Untrained) => true,
        (Trained, Overshoot0) | (Oracle, Trained) => true,
        (Trained, Trained) => baseline.0 < row.0,
        (Trained | Overshoot0, LastFrame) => is_of_the_same_agent(row.1, baseline.1),
        _ => false,
    }
}

/// A control that is made from an agent has that agent's name in its variant.
fn is_of_the_same_agent(group: &AgentGroup<'_>, control: &AgentGroup<'_>) -> bool {
    let variant = |group: &AgentGroup<'_>| group.first().map(|agent| agent.variant.clone()).unwrap_or_default();
    let (own, of_control) = (variant(group), variant(control));
    of_control == own || of_control.strip_prefix(&own).is_some_and(|rest| rest.starts_with(" ("))
}
