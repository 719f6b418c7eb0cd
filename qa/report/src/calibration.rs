//! Calibration: how often a probe is right when it is so sure (Guo et al. 2017).

use serde::Serialize;

use crate::group::AgentGroup;
use crate::outcome::{Outcome, ProbeFile, ProbedKind};
use crate::statistics::{Estimate, score_groups};

/// Bins of confidence, of equal width.
const NUM_BINS: usize = 10;
/// Probabilities are stored to four digits; half of the last one stands for what was rounded to 0.
const LEAST_PROBABILITY: f64 = 5e-5;

/// How well one row's confidence tells how often it is right; all templates and seeds together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Name of the row.
    pub name: String,
    /// What it is.
    pub kind: ProbedKind,
    /// Questions of all seeds.
    pub num_questions: u64,
    /// Expected calibration error in [0, 1]: the mean over questions of |accuracy − mean confidence| of the question's bin.
    pub expected_calibration_error: f64,
    /// Brier score of the answer given in [0, 1]: the mean square of confidence less 1 or 0 for right or wrong.
    pub brier_score: f64,
    /// Mean negative log-likelihood of the right answer, in nats.
    pub negative_log_likelihood: f64,
    /// Ten bins of equal width, in order.
    pub bins: Vec<CalibrationBin>,
}

/// The questions answered with a confidence from `low` up to `high`, which only the last bin includes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Lower bound of the confidence.
    pub low: f64,
    /// Upper bound of the confidence.
    pub high: f64,
    /// Questions of all seeds.
    pub num_questions: u64,
    /// Mean confidence of those; `None` without questions.
    pub confidence: Option<f64>,
    /// Accuracy of those; `None` where some seed has no question in the bin.
    pub accuracy: Option<Estimate>,
}

impl Calibration {
    /// Of each row that has answered a question.
    pub(crate) fn all(probed: &ProbeFile) -> Vec<Self> {
        AgentGroup::all(probed).iter().filter_map(Self::of).collect()
    }

    fn of(group: &AgentGroup<'_>) -> Option<Self> {
        let seeds = group.outcomes();
        let all: Vec<&Outcome> = seeds.iter().flat_map(|seed| seed.iter()).collect();
        if all.is_empty() {
            return None;
        }
        let num = all.len() as f64;
        let accuracies = score_groups(&seeds, NUM_BINS, |outcome| Some(bin_of(outcome))).groups;
        let mut calibration_error = 0.0;
        let bins = accuracies.into_iter().enumerate().map(|(index, accuracy)| {
            let inside: Vec<&&Outcome> = all.iter().filter(|outcome| bin_of(outcome) == index).collect();
            let confidence = inside.iter().map(|outcome| f64::from(outcome.confidence)).sum::<f64>();
            let right = inside.iter().filter(|outcome| outcome.correct()).count();
            calibration_error += (right as f64 - confidence).abs() / num;
            CalibrationBin {
                low: index as f64 / NUM_BINS as f64,
                high: (index + 1) as f64 / NUM_BINS as f64,
                num_questions: inside.len() as u64,
                confidence: (!inside.is_empty()).then(|| confidence / inside.len() as f64),
                accuracy,
            }
        });
        let bins = bins.collect();
        let square =
            |outcome: &Outcome| (f64::from(outcome.confidence) - f64::from(u8::from(outcome.correct()))).powi(2);
        let surprise = |outcome: &Outcome| -f64::from(outcome.probability).max(LEAST_PROBABILITY).ln();
        Some(Self {
            name: group.name.clone(),
            kind: group.kind,
            num_questions: all.len() as u64,
            expected_calibration_error: calibration_error,
            brier_score: all.iter().map(|outcome| square(outcome)).sum::<f64>() / num,
            negative_log_likelihood: all.iter().map(|outcome| surprise(outcome)).sum::<f64>() / num,
            bins,
        })
    }
}

/// Of the confidence as it is stored, to four digits, so that 0.9 lies where a reader looks for it.
fn bin_of(outcome: &Outcome) -> usize {
    ((f64::from(outcome.confidence) * 1e4).round() as usize * NUM_BINS / 10_000).min(NUM_BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{ProbeProtocol, ProbedAgent};

    #[test]
    fn errors_by_hand() {
        // Confidence 0.9 and right in 2 of 4; 0.25 and right in 1 of 1: ECE = (4 · 0.4 + 1 · 0.75) / 5.
        let outcome = |question, confidence, correct: bool| Outcome {
            question,
            confidence,
            predicted: u16::from(!correct),
            probability: if correct { confidence } else { 0.0 },
            ..Outcome::default()
        };
        let answers = [(0.9, true), (0.9, true), (0.9, false), (0.9, false), (0.25, true)];
        let outcomes = (0..).zip(answers).map(|(question, (sure, right))| outcome(question, sure, right)).collect();
        let agent = ProbedAgent { outcomes, ..ProbedAgent::new("simcore", ProbedKind::Trained) };
        let probed = ProbeFile::new(vec![], vec![], ProbeProtocol::default(), vec![agent]);
        let calibration = &Calibration::all(&probed)[0];
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        close(calibration.expected_calibration_error, (4.0 * 0.4 + 0.75) / 5.0);
        close(calibration.brier_score, (2.0 * 0.01 + 2.0 * 0.81 + 0.5625) / 5.0);
        let nats = -(2.0 * 0.9_f64.ln() + 2.0 * LEAST_PROBABILITY.ln() + 0.25_f64.ln()) / 5.0;
        close(calibration.negative_log_likelihood, nats);
        let nums: Vec<u64> = calibration.bins.iter().map(|bin| bin.num_questions).collect();
        assert_eq!(nums, [0, 0, 1, 0, 0, 0, 0, 0, 0, 4]);
        close(calibration.bins[9].accuracy.unwrap().value, 0.5);
        close(calibration.bins[9].confidence.unwrap(), 0.9);
        assert_eq!(calibration.bins[0].confidence, None);
        // Full confidence belongs to the last bin.
        assert_eq!(bin_of(&outcome(0, 1.0, true)), 9);
    }
}
