//! Answers counted by episode: what every estimate is made from.

use std::collections::BTreeMap;

/// The number of right answers to some questions, and the number of questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) right: u64,
    pub(super) num: u64,
}

impl Tally {
    pub(super) fn share(self) -> Option<f64> {
        (self.num > 0).then(|| self.right as f64 / self.num as f64)
    }
}

/// The answers of one seed of an agent: for each episode a tally a group. Episodes are in order, so that the order of
/// outcomes does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Clusters {
    pub(super) num_groups: usize,
    pub(super) episodes: BTreeMap<u64, Vec<Tally>>,
}

impl Clusters {
    /// Counts answers, each with its episode, its group below `num_groups`, and whether it is right.
    pub(super) fn of(answers: impl IntoIterator<Item = (u64, usize, bool)>, num_groups: usize) -> Self {
        let mut episodes: BTreeMap<u64, Vec<Tally>> = BTreeMap::new();
        for (episode, group, is_right) in answers {
            let tallies = episodes.entry(episode).or_insert_with(|| vec![Tally::default(); num_groups]);
            if let Some(tally) = tallies.get_mut(group) {
                tally.right += u64::from(is_right);
                tally.num += 1;
            }
        }
        Self { num_groups, episodes }
    }

    /// The tally of each group over all episodes.
    pub(super) fn totals(&self) -> Vec<Tally> {
        let mut totals = vec![Tally::default(); self.num_groups];
        for tallies in self.episodes.values() {
            for (total, tally) in totals.iter_mut().zip(tallies) {
                total.right += tally.right;
                total.num += tally.num;
            }
        }
        totals
    }
}
