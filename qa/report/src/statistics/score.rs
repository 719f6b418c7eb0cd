//! Outcomes to estimates: by template, by any other grouping, and paired between two agents.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bootstrap::{GroupEstimates, NUM_RESAMPLES, Tally, Values, estimate};
use super::interval::Estimate;
use crate::outcome::Outcome;

/// Accuracies of one agent, or differences between two, in [−1, 1].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// One entry a template; `None` where no question was asked.
    pub templates: Vec<Option<Estimate>>,
    /// Mean over the templates that have questions, each with the same weight.
    pub mean: Option<Estimate>,
}

/// Accuracy per template of the outcomes; those of a template outside `num_templates` are left out.
pub fn score<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>, num_templates: usize) -> Scores {
    let GroupEstimates { groups, mean } = by_groups(outcomes, num_templates, |o| Some(usize::from(o.template)));
    Scores { templates: groups, mean }
}

/// Accuracy in each of `num_groups` groups; `group` says where an outcome belongs, `None` leaves it out.
pub fn score_groups<'a>(
    outcomes: impl IntoIterator<Item = &'a Outcome>,
    num_groups: usize,
    group: impl Fn(&Outcome) -> Option<usize>,
) -> Vec<Option<Estimate>> {
    by_groups(outcomes, num_groups, group).groups
}

/// Accuracy of `first` less that of `second` on the questions both were asked, per template and for the mean.
pub fn paired_difference(first: &[Outcome], second: &[Outcome], num_templates: usize) -> Scores {
    let key = |outcome: &Outcome| (outcome.template, outcome.episode, outcome.question);
    let answers: BTreeMap<_, bool> = second.iter().map(|outcome| (key(outcome), outcome.correct())).collect();
    let values = first.iter().filter_map(|outcome| {
        let other = answers.get(&key(outcome))?;
        let value = i64::from(outcome.correct()) - i64::from(*other);
        Some((outcome.episode, usize::from(outcome.template), value))
    });
    let clusters = clusters(values, num_templates);
    let GroupEstimates { groups, mean } = estimate(&clusters, num_templates, Values::Difference, NUM_RESAMPLES);
    Scores { templates: groups, mean }
}

fn by_groups<'a>(
    outcomes: impl IntoIterator<Item = &'a Outcome>,
    num_groups: usize,
    group: impl Fn(&Outcome) -> Option<usize>,
) -> GroupEstimates {
    let values =
        outcomes.into_iter().filter_map(|outcome| Some((outcome.episode, group(outcome)?, outcome.correct().into())));
    estimate(&clusters(values, num_groups), num_groups, Values::Share, NUM_RESAMPLES)
}

/// Tallies by episode, from (episode, group, value); episodes in order, so that the input's order does not matter.
fn clusters(values: impl Iterator<Item = (u64, usize, i64)>, num_groups: usize) -> Vec<Vec<Tally>> {
    let mut by_episode: BTreeMap<u64, Vec<Tally>> = BTreeMap::new();
    for (episode, group, value) in values {
        let tallies = by_episode.entry(episode).or_insert_with(|| vec![Tally::default(); num_groups]);
        if let Some(tally) = tallies.get_mut(group) {
            tally.sum += value;
            tally.num += 1;
        }
    }
    by_episode.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(template: u16, episode: u64, question: u32, correct: bool) -> Outcome {
        let steps_since_seen = Some(question);
        Outcome {
            template,
            episode,
            question,
            steps_since_seen,
            predicted: u16::from(!correct),
            seen: true,
            ..Outcome::default()
        }
    }

    /// Of each 10 questions, the first agent knows 8 and the second 5, of which 4 are among the 8: difference 0.3.
    fn two_agents(num_episodes: u64) -> (Vec<Outcome>, Vec<Outcome>) {
        let ask = |right: fn(u32) -> bool| {
            (0..num_episodes)
                .flat_map(|episode| (0..10).map(move |question| (episode, question)))
                .map(|(episode, question)| outcome(0, episode, question, right((question + episode as u32) % 10)))
                .collect()
        };
        (ask(|place| place < 8), ask(|place| (4..9).contains(&place)))
    }

    #[test]
    fn a_difference_is_between_answers_to_the_same_questions() {
        let (first, mut second) = two_agents(20);
        second.reverse();
        let difference = paired_difference(&first, &second, 1).mean.unwrap();
        assert!((difference.value - 0.3).abs() < 1e-12);
        assert_eq!((difference.num_questions, difference.num_episodes), (200, 20));
        // Questions that only one of them was asked do not count.
        second.truncate(100);
        assert_eq!(paired_difference(&first, &second, 1).mean.unwrap().num_questions, 100);
        assert_eq!(paired_difference(&first, &[], 1), Scores { templates: vec![None], mean: None });
    }

    #[test]
    fn the_order_of_outcomes_does_not_matter() {
        let (first, second) = two_agents(20);
        let mut outcomes: Vec<Outcome> =
            first.iter().chain(&second).enumerate().map(|(i, o)| Outcome { episode: (i % 23) as u64, ..*o }).collect();
        let before = score(&outcomes, 1);
        outcomes.reverse();
        assert_eq!(score(&outcomes, 1), before);
    }

    #[test]
    fn groups_may_leave_outcomes_out() {
        let (first, _) = two_agents(20);
        let groups =
            score_groups(&first, 2, |o| o.steps_since_seen.filter(|&steps| steps != 0).map(|s| (s > 4).into()));
        assert_eq!(groups.iter().map(|group| group.unwrap().num_questions).collect::<Vec<_>>(), [80, 100]);
        // Out-of-range groups are left out too, and do no harm.
        assert_eq!(score(&[outcome(7, 0, 0, true)], 1).mean, None);
    }
}
