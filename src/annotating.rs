//! What an agent would have answered at every step of an episode, read from its beliefs by a trained probe.

use anyhow::Result;
use groundling_belief::FrozenBelief;
use groundling_probe::ProbeTrainer;
use groundling_questions::{Question, QuestionMaker};
use groundling_room::WorldFacts;
use groundling_sim::{Annotation, Asked};

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
        let beliefs: Vec<&FrozenBelief> = beliefs.iter().collect();
        questions.iter().map(|question| self.annotation(question, &beliefs)).collect()
    }

    fn annotation(&self, question: &Question, beliefs: &[&FrozenBelief]) -> Result<Annotation> {
        let candidates = self.candidates(question);
        let repeated = vec![question; beliefs.len()];
        let rows = self.probe.answer(beliefs, &repeated)?;
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
