//! What an agent answered through an episode.

use serde::{Deserialize, Serialize};

/// The greatest number that a probability is kept as.
const WHOLE: f32 = u16::MAX as f32;

/// A question and the answers it could be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The question's words.
    pub question: String,
    /// The true answer at the last step.
    pub answer: String,
    /// The answers it could have been given; at least one.
    pub candidates: Vec<String>,
}

/// What an agent answered to one question through an episode.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// What was asked.
    pub asked: Asked,
    /// `[steps + 1, candidates]`, one row an observation.
    probabilities: Vec<f32>,
}

impl Annotation {
    /// An annotation with no row yet.
    pub fn new(asked: Asked) -> Self {
        Self { asked, probabilities: Vec::new() }
    }

    /// Adds the probability of each candidate at one more step, rounded to 1/65,535, as it is kept in a file. What lies
    /// outside 0 to 1 is brought inside; what is missing at the end of the row is 0, and what is too much is left out.
    pub fn push_row(&mut self, probabilities: &[f32]) {
        for candidate in 0..self.asked.candidates.len() {
            let probability = probabilities.get(candidate).copied().unwrap_or(0.0);
            self.probabilities.push(from_kept(to_kept(probability)));
        }
    }

    /// Probability of each candidate at `step`; empty where there is no such step.
    pub fn row(&self, step: usize) -> &[f32] {
        let num_candidates = self.asked.candidates.len();
        let start = step.saturating_mul(num_candidates);
        self.probabilities.get(start..start.saturating_add(num_candidates)).unwrap_or(&[])
    }

    /// How many steps it has a row for.
    pub fn num_rows(&self) -> usize {
        self.probabilities.len().checked_div(self.asked.candidates.len()).unwrap_or(0)
    }

    pub(super) fn kept(&self) -> impl Iterator<Item = u16> {
        self.probabilities.iter().map(|&probability| to_kept(probability))
    }

    pub(super) fn from_kept(asked: Asked, kept: impl Iterator<Item = u16>) -> Self {
        Self { asked, probabilities: kept.map(from_kept).collect() }
    }

    pub(super) fn contradiction(&self, num_steps: usize) -> Option<String> {
        let (question, num_rows) = (&self.asked.question, self.num_rows());
        if self.asked.candidates.is_empty() {
            return Some(format!("no candidate answers to the question {question:?}"));
        }
        (num_rows != num_steps)
            .then(|| format!("{num_rows} rows of probabilities for {num_steps} steps, for the question {question:?}"))
    }
}

fn to_kept(probability: f32) -> u16 {
    // A NaN becomes 0.
    (probability.clamp(0.0, 1.0) * WHOLE).round() as u16
}

fn from_kept(kept: u16) -> f32 {
    f32::from(kept) / WHOLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_again_changes_nothing() {
        for kept in 0..=u16::MAX {
            assert_eq!(to_kept(from_kept(kept)), kept);
        }
        assert_eq!([to_kept(f32::NAN), to_kept(-3.0), to_kept(7.0)], [0, 0, u16::MAX]);
    }

    #[test]
    fn rows_have_one_probability_a_candidate() {
        let candidates = vec!["red".to_owned(), "green".to_owned()];
        let mut annotation = Annotation::new(Asked { question: "?".into(), answer: "red".into(), candidates });
        annotation.push_row(&[1.0]);
        annotation.push_row(&[0.0, 1.0, 1.0]);
        assert_eq!((annotation.row(0), annotation.row(1)), (&[1.0, 0.0][..], &[0.0, 1.0][..]));
        assert!(annotation.row(2).is_empty() && annotation.row(usize::MAX).is_empty());
        assert_eq!(annotation.num_rows(), 2);
        assert_eq!(annotation.contradiction(2), None);
        assert!(annotation.contradiction(3).is_some());
    }
}
