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
    /// What the agent believed in the course of the episode, shared by all its questions.
    pub beliefs: Arc<EpisodeBeliefs>,
    /// Index of the belief at the step when the question was asked.
    pub at: usize,
    /// The question.
    pub question: Question,
}

/// Some of the beliefs that an agent had in the course of one episode, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EpisodeBeliefs {
    steps: Vec<u32>,
    beliefs: Vec<FrozenBelief>,
}

impl EpisodeBeliefs {
    /// The belief of one step; the steps since the reset are counted.
    pub fn of_step(step: u32, belief: FrozenBelief) -> Self {
        Self { steps: vec![step], beliefs: vec![belief] }
    }

    /// Adds the belief of a later step, and gives its index.
    pub fn push(&mut self, step: u32, belief: FrozenBelief) -> usize {
        debug_assert!(self.steps.last().is_none_or(|&last| last < step));
        self.steps.push(step);
        self.beliefs.push(belief);
        self.steps.len() - 1
    }

    /// Steps since the reset, ascending.
    pub fn steps(&self) -> &[u32] {
        &self.steps
    }

    /// The belief at each of the steps.
    pub fn beliefs(&self) -> &[FrozenBelief] {
        &self.beliefs
    }
}

impl ProbeExample {
    /// The examples of the belief `at` of an episode, numbered from `first_number`.
    pub fn of_belief(
        episode: u64,
        first_number: u32,
        beliefs: &Arc<EpisodeBeliefs>,
        at: usize,
        questions: Vec<Question>,
    ) -> Vec<Self> {
        let example = |(number, question)| Self { episode, number, beliefs: Arc::clone(beliefs), at, question };
        (first_number..).zip(questions).map(example).collect()
    }

    /// The examples of one step of which only that step's belief is kept, numbered from `first_number`.
    pub fn of_step(
        episode: u64,
        first_number: u32,
        step: u32,
        belief: FrozenBelief,
        questions: Vec<Question>,
    ) -> Vec<Self> {
        Self::of_belief(episode, first_number, &Arc::new(EpisodeBeliefs::of_step(step, belief)), 0, questions)
    }

    /// The belief at the step when the question was asked; none where `at` is beyond the beliefs.
    pub fn belief(&self) -> Option<&FrozenBelief> {
        self.beliefs.beliefs.get(self.at)
    }

    /// Every kept belief up to the step when the question was asked, that one included.
    pub fn history(&self) -> &[FrozenBelief] {
        self.beliefs.beliefs.get(..=self.at).unwrap_or_default()
    }

    /// Steps since the reset when the question was asked.
    pub fn step(&self) -> u32 {
        self.beliefs.steps.get(self.at).copied().unwrap_or_default()
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
    /// Probability of the most likely answer.
    pub confidence: f32,
}

/// As the report reads them. `answered[i]` is of `examples[i]`.
pub fn outcomes(examples: &[ProbeExample], answered: &[Answered]) -> Vec<Outcome> {
    let outcome = |(example, answered): (&ProbeExample, &Answered)| Outcome {
        template: example.question.template,
        episode: example.episode,
        question: example.number,
        step: example.step(),
        answer: example.question.answer,
        predicted: answered.predicted,
        probability: answered.probability,
        confidence: answered.confidence,
        seen: example.question.evidence.seen,
        in_view: example.question.evidence.in_view,
        steps_since_seen: example.question.evidence.steps_since_seen,
        most_pixels: example.question.evidence.most_pixels,
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
