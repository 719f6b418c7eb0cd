//! With which probability a chosen question is asked, given its words and its answer.
//!
//! The table (words, answer) of what is chosen is thinned until every row holds its answers equally often: the row of
//! all questions, the row of each word in each slot, the row of each wording. That is iterative proportional fitting of
//! one margin after another, with factors of at most 1.

use super::Balanced;
use super::margin::Margin;
use super::offers::Offers;
use crate::word::Word;

/// Rounds over the margins, after each new one. What is left uneven after six is below one part in a thousand.
const ROUNDS: usize = 6;

/// How often what is chosen often elsewhere is asked.
#[derive(Debug, Clone)]
pub(super) struct Acceptances {
    margins: Vec<Margin>,
    /// The largest product of factors becomes 1.
    scale: f64,
}

impl Acceptances {
    /// For what is chosen from these offers with these preferences.
    pub(super) fn fit(balanced: Balanced, offers: &Offers, preferences: &[f64]) -> Self {
        let mut table = vec![vec![0.0; preferences.len()]; offers.arguments.len()];
        offers.for_each_chosen(preferences, |chosen| {
            chosen.arguments.iter().for_each(|&argument| table[argument][chosen.answer] += chosen.probability);
        });
        let can_occur: Vec<Vec<bool>> = table.iter().map(|row| row.iter().map(|sum| *sum > 0.0).collect()).collect();
        let num_slots = match balanced {
            Balanced::Overall => 0,
            Balanced::GivenWords => offers.arguments.iter().map(Vec::len).max().unwrap_or(0),
        };
        let mut slots: Vec<Vec<usize>> = vec![Vec::new()];
        slots.extend((0..num_slots).map(|slot| vec![slot]));
        if num_slots > 1 {
            slots.push((0..num_slots).collect());
        }
        let mut margins: Vec<Margin> = Vec::new();
        // A margin comes in when those before it are level, so that what its rows differ by is its own.
        for slots in slots {
            margins.push(Margin::new(slots, offers, preferences));
            for _ in 0..ROUNDS {
                margins.iter_mut().for_each(|margin| margin.level(&mut table));
            }
        }
        let mut fitted = Self { margins, scale: 1.0 };
        let of_row = |(words, can_occur): (&Vec<Word>, &Vec<bool>)| {
            let answers = (0..can_occur.len()).filter(|&answer| can_occur[answer]);
            answers.map(|answer| fitted.of(words, answer)).fold(0.0, f64::max)
        };
        let largest = offers.arguments.iter().zip(&can_occur).map(of_row).fold(0.0, f64::max);
        fitted.scale = if largest > 0.0 { 1.0 / largest } else { 0.0 };
        fitted
    }

    /// The probability with which a chosen question of these words and this answer is asked, in [0, 1].
    pub(super) fn of(&self, words: &[Word], answer: usize) -> f64 {
        let product: f64 = self.margins.iter().map(|margin| margin.factor(words, answer)).product();
        (product * self.scale).min(1.0)
    }

    /// How many of the answers that are asked for these words allow.
    pub(super) fn num_possible(&self, words: &[Word]) -> usize {
        self.margins.iter().map(|margin| margin.num_possible(words)).min().unwrap_or(0)
    }
}
