//! Answers counted by episode: what every estimate is made from.

use std::collections::BTreeMap;

/// The number of right answers to some questions of one cell, and the number of questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) cell: usize,
    pub(super) right: u64,
    pub(super) num: u64,
}

/// The questions of one cell in all episodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Total {
    pub(super) right: u64,
    pub(super) num: u64,
    /// Episodes with such a question.
    pub(super) num_episodes: u64,
}

impl Total {
    pub(super) fn share(self) -> Option<f64> {
        (self.num > 0).then(|| self.right as f64 / self.num as f64)
    }
}

/// The answers of one seed of an agent: for each episode a tally for each cell it has questions of. Episodes are in order,
/// so that the order of outcomes does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Clusters {
    pub(super) episodes: BTreeMap<u64, Vec<Tally>>,
    /// One a cell.
    pub(super) totals: Vec<Total>,
}

impl Clusters {
    /// Counts answers, each with its episode, its cell below `num_cells`, and whether it is right.
    pub(super) fn of(answers: impl IntoIterator<Item = (u64, usize, bool)>, num_cells: usize) -> Self {
        let mut episodes: BTreeMap<u64, Vec<Tally>> = BTreeMap::new();
        for (episode, cell, is_right) in answers.into_iter().filter(|answer| answer.1 < num_cells) {
            let tallies = episodes.entry(episode).or_default();
            // An episode has few questions.
            let at = tallies.iter().position(|tally| tally.cell == cell).unwrap_or_else(|| {
                tallies.push(Tally { cell, ..Tally::default() });
                tallies.len() - 1
            });
            tallies[at].right += u64::from(is_right);
            tallies[at].num += 1;
        }
        for tallies in episodes.values_mut() {
            tallies.sort_by_key(|tally| tally.cell);
        }
        Self::of_episodes(episodes, num_cells)
    }

    /// Of episodes that were counted already; the cells of all lie below `num_cells`.
    pub(super) fn of_episodes(episodes: BTreeMap<u64, Vec<Tally>>, num_cells: usize) -> Self {
        let mut totals = vec![Total::default(); num_cells];
        for tally in episodes.values().flatten() {
            totals[tally.cell].right += tally.right;
            totals[tally.cell].num += tally.num;
            totals[tally.cell].num_episodes += 1;
        }
        Self { episodes, totals }
    }
}
