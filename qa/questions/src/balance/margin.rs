//! One margin of the table (words, answer): its rows are the words in some slots.
//!
//! Rows of single wordings are counted only roughly: there are 2,450 pairs of shapes. So a margin is corrected as far
//! as the census can tell it from chance. By how much true shares differ from row to row, relative to their mean, is
//! estimated from all rows together, as the variance beyond that of counting; each count is then shrunk towards its
//! expectation accordingly (empirical Bayes: Efron and Morris 1973). Where rooms treat all words alike, nothing is
//! thinned for noise.

use std::collections::BTreeMap;

use super::offers::Offers;
use crate::word::Word;

/// An answer that was expected so many times, and never came, is taken to be impossible with these words.
const SURELY_EXPECTED: f64 = 16.0;

/// Rows of the table, and the factors that make their answers equally likely.
#[derive(Debug, Clone)]
pub(super) struct Margin {
    slots: Vec<usize>,
    rows: BTreeMap<Vec<Word>, usize>,
    /// `[row, answer]`.
    factors: Vec<Vec<f64>>,
    /// Row of each arguments' number.
    row_of: Vec<usize>,
    /// `[row, answer]`: how often each was expected, were the rows alike, in units of the variance of counting.
    expected: Vec<Vec<f64>>,
    /// `[row, answer]`: whether the words allow the answer.
    is_possible: Vec<Vec<bool>>,
    /// Variance of the true shares relative to their mean; found when the margin is first levelled.
    spread: Option<f64>,
}

impl Margin {
    /// Of what is chosen from these offers with these preferences. No slots: one row of everything.
    pub(super) fn new(slots: Vec<usize>, offers: &Offers, preferences: &[f64]) -> Self {
        let num_answers = preferences.len();
        let mut rows: BTreeMap<Vec<Word>, usize> = BTreeMap::new();
        let mut row_of = Vec::with_capacity(offers.arguments.len());
        for words in &offers.arguments {
            let next = rows.len();
            row_of.push(*rows.entry(key(&slots, words)).or_insert(next));
        }
        let mut counts = vec![vec![0.0; num_answers]; rows.len()];
        let (mut squares, mut added) = (0.0, vec![0.0; rows.len()]);
        offers.for_each_chosen(preferences, |chosen| {
            // What one room adds to a cell is one draw, of whichever of its candidates.
            chosen.arguments.iter().for_each(|&words| added[row_of[words]] += chosen.probability);
            for &words in chosen.arguments {
                let row = row_of[words];
                counts[row][chosen.answer] += added[row];
                squares += added[row] * added[row];
                added[row] = 0.0;
            }
        });
        let columns = column_sums(&counts, num_answers);
        let total: f64 = columns.iter().sum();
        let variance = squares / total;
        let expected: Vec<Vec<f64>> = counts
            .iter()
            .map(|row| columns.iter().map(|column| row.iter().sum::<f64>() * column / total / variance).collect())
            .collect();
        let is_possible = |(row, expected): (&Vec<f64>, &Vec<f64>)| {
            let cells = row.iter().zip(expected).zip(&columns);
            cells
                .map(|((count, expected), column)| *column > 0.0 && (*count > 0.0 || *expected < SURELY_EXPECTED))
                .collect()
        };
        Self {
            is_possible: counts.iter().zip(&expected).map(is_possible).collect(),
            factors: vec![vec![1.0; num_answers]; rows.len()],
            slots,
            rows,
            row_of,
            expected,
            spread: None,
        }
    }

    /// What is left of this answer with these words; 1 for words that the census never met.
    pub(super) fn factor(&self, words: &[Word], answer: usize) -> f64 {
        let row = self.rows.get(&key(&self.slots, words));
        row.and_then(|&row| self.factors[row].get(answer)).copied().unwrap_or(1.0)
    }

    /// How many answers these words allow; no limit where the census never met the words.
    pub(super) fn num_possible(&self, words: &[Word]) -> usize {
        let row = self.rows.get(&key(&self.slots, words)).and_then(|&row| self.is_possible.get(row));
        row.map_or(usize::MAX, |row| row.iter().filter(|possible| **possible).count())
    }

    /// Thins `table`, `[arguments, answer]`, so that each row of this margin holds its answers equally often.
    pub(super) fn level(&mut self, table: &mut [Vec<f64>]) {
        let num_answers = self.factors.first().map_or(0, Vec::len);
        let mut sums = vec![vec![0.0; num_answers]; self.factors.len()];
        for (cells, &row) in table.iter().zip(&self.row_of) {
            sums[row].iter_mut().zip(cells).for_each(|(sum, cell)| *sum += cell);
        }
        let mut shares = column_sums(&sums, num_answers);
        if self.slots.is_empty() {
            shares.iter_mut().for_each(|share| *share = if *share > 0.0 { 1.0 } else { 0.0 });
        }
        let ratios: Vec<Vec<f64>> = (0..sums.len()).map(|row| self.ratios(row, &sums[row], &shares)).collect();
        let spread = *self.spread.get_or_insert_with(|| spread(&ratios, &self.expected, &self.is_possible));
        let mut thinning = Vec::with_capacity(sums.len());
        for (row, ratios) in ratios.iter().enumerate() {
            // An answer of which other margins have left nothing is not waited for.
            let is_possible = |&answer: &usize| self.is_possible[row][answer] && shares[answer] > 0.0;
            let possible: Vec<usize> = (0..num_answers).filter(is_possible).collect();
            let shrunk = |answer: usize| {
                let known = match self.slots.is_empty() {
                    true => 1.0,
                    false => spread / (spread + 1.0 / self.expected[row][answer].max(f64::MIN_POSITIVE)),
                };
                shares[answer] * (1.0 + known * (ratios[answer] - 1.0))
            };
            let least = possible.iter().map(|&answer| shrunk(answer)).fold(f64::INFINITY, f64::min);
            let mut factors = vec![1.0; num_answers];
            // Words that allow one answer only give it away: they are not asked.
            match possible.len() {
                0 | 1 => factors.fill(0.0),
                _ => possible.iter().for_each(|&answer| factors[answer] = least / shrunk(answer)),
            }
            self.factors[row].iter_mut().zip(&factors).for_each(|(factor, thinning)| *factor *= thinning);
            thinning.push(factors);
        }
        for (cells, &row) in table.iter_mut().zip(&self.row_of) {
            cells.iter_mut().zip(&thinning[row]).for_each(|(cell, factor)| *cell *= factor);
        }
    }

    /// Each cell of a row, relative to what it would be if the row's total were spread over the possible answers as
    /// over all rows; 1 where nothing is expected.
    fn ratios(&self, row: usize, sums: &[f64], shares: &[f64]) -> Vec<f64> {
        let possible = |values: &[f64]| -> f64 {
            values.iter().zip(&self.is_possible[row]).filter(|(_, possible)| **possible).map(|(value, _)| value).sum()
        };
        let scale = possible(sums) / possible(shares);
        let ratio = |(sum, share): (&f64, &f64)| if scale * share > 0.0 { sum / (scale * share) } else { 1.0 };
        sums.iter().zip(shares).map(ratio).collect()
    }
}

/// Variance of the cells' ratios beyond that of counting, by the statistic of Pearson less its expectation under no
/// difference and two of its standard deviations.
fn spread(ratios: &[Vec<f64>], expected: &[Vec<f64>], is_possible: &[Vec<bool>]) -> f64 {
    let (mut statistic, mut sum, mut cells, mut rows) = (0.0, 0.0, 0, 0);
    for ((ratios, expected), is_possible) in ratios.iter().zip(expected).zip(is_possible) {
        let counted = ratios.iter().zip(expected).zip(is_possible).filter(|(_, possible)| **possible);
        for ((ratio, expected), _) in counted {
            statistic += (ratio - 1.0) * (ratio - 1.0) * expected;
            sum += expected;
            cells += 1;
        }
        rows += 1;
    }
    let columns = is_possible
        .first()
        .map_or(0, |_| (0..is_possible[0].len()).filter(|&a| is_possible.iter().any(|row| row[a])).count());
    let freedom = (cells as f64 - rows as f64 - columns as f64 + 1.0).max(0.0);
    let beyond = statistic - freedom - 2.0 * (2.0 * freedom).sqrt();
    if sum > 0.0 { beyond.max(0.0) / sum } else { 0.0 }
}

fn key(slots: &[usize], words: &[Word]) -> Vec<Word> {
    slots.iter().filter_map(|&slot| words.get(slot)).copied().collect()
}

fn column_sums(rows: &[Vec<f64>], num_columns: usize) -> Vec<f64> {
    (0..num_columns).map(|column| rows.iter().map(|row| row[column]).sum()).collect()
}
