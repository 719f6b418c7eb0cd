//! What an agent would have answered at every step of an episode, read from its beliefs by a trained probe.

use std::sync::Arc;

use anyhow::Result;
use groundling_belief::FrozenBelief;
use groundling_probe::{EpisodeBeliefs, ProbeExample, ProbeTrainer};
use groundling_questions::{Question, QuestionMaker};
use groundling_room::WorldFacts;
use groundling_sim::{Annotation, Asked};

/// The beliefs of every step.
fn whole_episode(beliefs: &[FrozenBelief]) -> EpisodeBeliefs {
    let mut whole = EpisodeBeliefs::default();
    for (step, belief) in (0..).zip(beliefs) {
        whole.push(step, belief.clone());
    }
    whole
}

/// Asks the questions of an episode's last step of every belief the agent had on the way.
pub(crate) struct Annotator {
    maker: QuestionMaker,
    draws: usize,
    probe: ProbeTrainer,
}

impl Annotator {
    /// `draws` of each template; the vocabulary of `maker` must be that of `probe`.
    pub(crate) fn new(maker: QuestionMaker, draws: usize, probe: ProbeTrainer) -> Self {
        Self { maker, draws, probe }
    }

    /// One annotation for each question about `facts`, those of the last step; `beliefs` has one entry a step.
    pub(crate) fn annotate(&self, facts: &WorldFacts, beliefs: &[FrozenBelief]) -> Result<Vec<Annotation>> {
        let mut questions: Vec<Question> = Vec::new();
        for question in self.maker.ask(facts, self.draws) {
            // Two draws may fall on the same question.
            if questions.iter().all(|other| other.text != question.text) {
                questions.push(question);
            }
        }
        let beliefs = Arc::new(whole_episode(beliefs));
        questions.iter().map(|question| self.annotation(question, &beliefs)).collect()
    }

    fn annotation(&self, question: &Question, beliefs: &Arc<EpisodeBeliefs>) -> Result<Annotation> {
        let candidates = self.candidates(question);
        let asked_at = |at| ProbeExample::of_belief(0, 0, beliefs, at, vec![question.clone()]);
        let examples: Vec<ProbeExample> = (0..beliefs.steps().len()).flat_map(asked_at).collect();
        let rows = self.probe.answer_examples(&examples)?;
        let probability = |row: &[f32], answer: u16| row.get(usize::from(answer)).copied().unwrap_or(0.0);
        let words = self.maker.vocabulary().answers();
        let word = |answer: u16| words.get(usize::from(answer)).cloned().unwrap_or_default();
        let mut annotation = Annotation::new(Asked {
            question: question.text.clone(),
            answer: word(question.answer),
            candidates: candidates.iter().map(|&answer| word(answer)).collect(),
        });
        for row in &rows {
            let row: Vec<f32> = candidates.iter().map(|&answer| probability(row, answer)).collect();
            annotation.push_row(&row);
        }
        Ok(annotation)
    }

    /// The answers that are asked for with this kind of question.
    fn candidates(&self, question: &Question) -> Vec<u16> {
        let summary = self.maker.summary();
        let mut answers = summary.get(usize::from(question.template)).map_or(Vec::new(), |s| s.answers.clone());
        if !answers.contains(&question.answer) {
            answers.push(question.answer);
        }
        answers
    }

    /// Whether the true answer is held most likely at the last step.
    pub(crate) fn is_right_at_the_end(annotation: &Annotation) -> bool {
        let asked = &annotation.asked;
        let last = annotation.row(annotation.num_rows().saturating_sub(1));
        let best = (0..last.len()).max_by(|&a, &b| last[a].total_cmp(&last[b]));
        best.and_then(|best| asked.candidates.get(best)) == Some(&asked.answer)
    }
}
