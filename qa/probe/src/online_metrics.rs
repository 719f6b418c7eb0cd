//! How a probe that learns beside an agent is doing.

use serde::Serialize;

use crate::example::ProbeExample;
use crate::trainer::StepReport;

/// Weight of what is known against one new question, in the running accuracies: about the last 1,000 questions of a
/// template count.
const KEEP: f64 = 0.999;

/// Figures of a probe that learns beside an agent. Each question is scored before it is learnt from, so the accuracy
/// is of questions never seen before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OnlineMetrics {
    /// Episodes taken from the channel.
    pub num_episodes: u64,
    /// Episodes dropped because the channel was full.
    pub num_dropped: u64,
    /// Updates of this run of the probe.
    pub num_updates: u64,
    /// Questions learnt from.
    pub num_questions: u64,
    /// Cross-entropy of the last update, nats a question.
    pub loss: f64,
    /// Running accuracy of each template, in the vocabulary's order; `None` before its first question.
    pub accuracies: Vec<Option<f64>>,
    /// For each template the weight of all that has been counted, which tends to 1 / (1 - KEEP).
    #[serde(skip)]
    weights: Vec<f64>,
}

impl OnlineMetrics {
    pub(crate) fn new(num_templates: usize) -> Self {
        Self {
            num_episodes: 0,
            num_dropped: 0,
            num_updates: 0,
            num_questions: 0,
            loss: 0.0,
            accuracies: vec![None; num_templates],
            weights: vec![0.0; num_templates],
        }
    }

    /// Mean of the templates' running accuracies; `None` before the first update.
    pub fn mean_accuracy(&self) -> Option<f64> {
        let known: Vec<f64> = self.accuracies.iter().copied().flatten().collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }

    pub(crate) fn count(&mut self, examples: &[ProbeExample], report: &StepReport) {
        self.num_updates += 1;
        self.num_questions += examples.len() as u64;
        self.loss = report.loss;
        for (example, answered) in examples.iter().zip(&report.answered) {
            let template = usize::from(example.question.template);
            let (Some(accuracy), Some(weight)) = (self.accuracies.get_mut(template), self.weights.get_mut(template))
            else {
                continue;
            };
            *weight = KEEP * *weight + 1.0;
            let before = accuracy.unwrap_or(0.0);
            *accuracy = Some(before + (f64::from(u8::from(answered.correct)) - before) / *weight);
        }
    }
}
