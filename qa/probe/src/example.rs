//! What a probe learns from and is scored on, and what its answers were.

use std::collections::BTreeMap;
use std::sync::Arc;

use groundling_belief::FrozenBelief;
use groundling_questions::Question;
use groundling_report::Outcome;

/// A question, and the belief of the agent at the step when it was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbeExample {
    /// Number of the episode.
    pub episode: u64,
    /// Number of the question within the episode; (episode, number) names the same question for every agent.
    pub number: u32,
    /// The belief, shared by all questions of one step.
    pub belief: Arc<FrozenBelief>,
    /// The question.
    pub question: Question,
}

impl ProbeExample {
    /// The examples of one step, numbered from `first_number`.
    pub fn of_step(episode: u64, first_number: u32, belief: FrozenBelief, questions: Vec<Question>) -> Vec<Self> {
        let belief = Arc::new(belief);
        let example = |(number, question)| Self { episode, number, belief: Arc::clone(&belief), question };
        (first_number..).zip(questions).map(example).collect()
    }
}

/// What the probe made of one example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answered {
    /// The most likely answer.
    pub predicted: u16,
    /// Whether it is the right one.
    pub correct: bool,
    /// Probability of the right answer.
    pub probability: f32,
}

/// As the report reads them. `answered[i]` is of `examples[i]`.
pub fn outcomes(examples: &[ProbeExample], answered: &[Answered]) -> Vec<Outcome> {
    let outcome = |(example, answered): (&ProbeExample, &Answered)| Outcome {
        template: example.question.template,
        episode: example.episode,
        question: example.number,
        correct: answered.correct,
        seen: example.question.evidence.seen,
        steps_since_seen: example.question.evidence.steps_since_seen,
    };
    examples.iter().zip(answered).map(outcome).collect()
}

/// Mean over the templates that occur of the share of right answers, in [0, 1]; 0 for no examples.
pub fn mean_accuracy(examples: &[ProbeExample], answered: &[Answered]) -> f64 {
    let mut counts: BTreeMap<u16, (u64, u64)> = BTreeMap::new();
    for (example, answered) in examples.iter().zip(answered) {
        let (right, all) = counts.entry(example.question.template).or_default();
        *right += u64::from(answered.correct);
        *all += 1;
    }
    let shares = counts.values().map(|(right, all)| *right as f64 / *all as f64);
    shares.sum::<f64>() / counts.len().max(1) as f64
}
