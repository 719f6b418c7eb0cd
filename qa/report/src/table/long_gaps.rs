//! Which questions are at a long gap: their evidence was in view, but not for many steps. A random memory has lost it by
//! then, so what is answered right of these was kept.

use serde::Serialize;

use crate::outcome::{Outcome, ProbeFile};

/// A template counts only where every agent has at least so many questions at long gaps: fewer would give the mean over
/// templates the noise of a handful of answers.
pub(crate) const FEWEST_QUESTIONS: u64 = 30;

/// What the column of long gaps rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LongGaps {
    /// Steps since the evidence was last in view, at the least; of a question about many objects, since the one that is
    /// longest out of view.
    pub steps: u32,
    /// Which templates count: those of which every agent that has answered was asked at least 30 such questions. Where
    /// there is none, no row has a figure.
    pub templates: Vec<bool>,
    /// Chance of the mean over those templates; `None` where there is none.
    pub chance: Option<f64>,
    /// Fewest questions at long gaps that any agent answered, of the templates that count.
    pub min_questions: u64,
    /// Most questions at long gaps that any agent answered, of the templates that count.
    pub max_questions: u64,
}

impl LongGaps {
    pub(super) fn of(probed: &ProbeFile, keep: &dyn Fn(&Outcome) -> bool) -> Self {
        let steps = probed.protocol.long_gap;
        let num_templates = probed.templates.len();
        let asked: Vec<Vec<u64>> = (probed.agents.iter().filter(|agent| !agent.outcomes.is_empty()))
            .map(|agent| {
                let mut nums = vec![0; num_templates];
                for outcome in agent.outcomes.iter().filter(|outcome| keep(outcome) && is_long(outcome, steps)) {
                    if let Some(num) = nums.get_mut(usize::from(outcome.template)) {
                        *num += 1;
                    }
                }
                nums
            })
            .collect();
        let counts = |template: usize| !asked.is_empty() && asked.iter().all(|nums| nums[template] >= FEWEST_QUESTIONS);
        let templates: Vec<bool> = (0..num_templates).map(counts).collect();
        let total =
            |nums: &Vec<u64>| nums.iter().zip(&templates).filter(|(_, counts)| **counts).map(|(num, _)| num).sum();
        let totals = || asked.iter().map(total);
        let chances = probed.templates.iter().zip(&templates).filter(|(_, counts)| **counts);
        Self {
            steps,
            chance: super::mean(chances.map(|(template, _)| template.chance)),
            min_questions: totals().min().unwrap_or(0),
            max_questions: totals().max().unwrap_or(0),
            templates,
        }
    }

    /// The template of a question that counts.
    pub(super) fn group(&self, outcome: &Outcome) -> Option<usize> {
        let template = usize::from(outcome.template);
        (is_long(outcome, self.steps) && self.templates.get(template) == Some(&true)).then_some(template)
    }

    pub(super) fn num_templates(&self) -> usize {
        self.templates.len()
    }
}

fn is_long(outcome: &Outcome, steps: u32) -> bool {
    outcome.steps_since_seen.is_some_and(|since| since >= steps)
}
