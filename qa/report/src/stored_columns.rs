//! How outcomes are laid out in `probe.json`: what was asked in columns that all who were asked the same share, and of each
//! agent what it answered, as whole numbers.

use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// Steps of a stored probability between 0 and 1: four digits are enough.
const STEPS: f32 = 1e4;

/// What was asked, and what had been seen of it: one entry a question in every column.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionColumns {
    template: Vec<u16>,
    episode: Vec<u64>,
    question: Vec<u32>,
    step: Vec<u32>,
    answer: Vec<u16>,
    /// A character a question, `1` for seen.
    seen: String,
    /// A character a question, `1` for in view.
    in_view: String,
    steps_since_seen: Vec<Option<u32>>,
    most_pixels: Vec<u32>,
}

/// What one agent answered: one entry a question in every column.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerColumns {
    /// Which of the file's questions it was asked, the first being 0.
    questions: usize,
    predicted: Vec<u16>,
    /// In ten-thousandths.
    probability: Vec<u16>,
    /// In ten-thousandths.
    confidence: Vec<u16>,
}

/// The outcome as it comes back from a file.
pub(crate) fn as_stored(outcome: &Outcome) -> Outcome {
    let back = |probability| from_steps(to_steps(probability));
    Outcome { probability: back(outcome.probability), confidence: back(outcome.confidence), ..*outcome }
}

fn to_steps(probability: f32) -> u16 {
    (probability * STEPS).round() as u16
}

fn from_steps(steps: u16) -> f32 {
    f32::from(steps) / STEPS
}

fn to_bits(values: impl Iterator<Item = bool>) -> String {
    values.map(|value| if value { '1' } else { '0' }).collect()
}

fn from_bits(column: &str, bits: &str) -> Result<Vec<bool>, String> {
    bits.chars()
        .map(|bit| match bit {
            '0' => Ok(false),
            '1' => Ok(true),
            other => Err(format!("column `{column}` holds {other:?}, which is neither 0 nor 1")),
        })
        .collect()
}

impl QuestionColumns {
    fn of(rows: &[Outcome]) -> Self {
        Self {
            template: rows.iter().map(|row| row.template).collect(),
            episode: rows.iter().map(|row| row.episode).collect(),
            question: rows.iter().map(|row| row.question).collect(),
            step: rows.iter().map(|row| row.step).collect(),
            answer: rows.iter().map(|row| row.answer).collect(),
            seen: to_bits(rows.iter().map(|row| row.seen)),
            in_view: to_bits(rows.iter().map(|row| row.in_view)),
            steps_since_seen: rows.iter().map(|row| row.steps_since_seen).collect(),
            most_pixels: rows.iter().map(|row| row.most_pixels).collect(),
        }
    }

    /// The questions as outcomes that nobody has answered.
    pub(crate) fn rows(&self) -> Result<Vec<Outcome>, String> {
        let (seen, in_view) = (from_bits("seen", &self.seen)?, from_bits("in_view", &self.in_view)?);
        let num = self.template.len();
        let lengths = [
            self.episode.len(),
            self.question.len(),
            self.step.len(),
            self.answer.len(),
            seen.len(),
            in_view.len(),
            self.steps_since_seen.len(),
            self.most_pixels.len(),
        ];
        if lengths.iter().any(|&length| length != num) {
            return Err(format!("columns of questions differ in length: {num} and {lengths:?}"));
        }
        // Every column was just seen to have `num` entries.
        let row = |i: usize| Outcome {
            template: self.template[i],
            episode: self.episode[i],
            question: self.question[i],
            step: self.step[i],
            answer: self.answer[i],
            seen: seen[i],
            in_view: in_view[i],
            steps_since_seen: self.steps_since_seen[i],
            most_pixels: self.most_pixels[i],
            ..Outcome::default()
        };
        Ok((0..num).map(row).collect())
    }
}

impl AnswerColumns {
    /// The columns of `rows`; what was asked is looked for among `questions`, and added to them where it is not there.
    pub(crate) fn of(rows: &[Outcome], questions: &mut Vec<QuestionColumns>) -> Self {
        let asked = QuestionColumns::of(rows);
        let known = questions.iter().position(|known| *known == asked);
        if known.is_none() {
            questions.push(asked);
        }
        Self {
            questions: known.unwrap_or(questions.len() - 1),
            predicted: rows.iter().map(|row| row.predicted).collect(),
            probability: rows.iter().map(|row| to_steps(row.probability)).collect(),
            confidence: rows.iter().map(|row| to_steps(row.confidence)).collect(),
        }
    }

    /// The outcomes; `questions` are the rows of all questions of the file.
    pub(crate) fn into_rows(self, questions: &[Vec<Outcome>]) -> Result<Vec<Outcome>, String> {
        let missing = || format!("questions {} are answered, and there are {} sets", self.questions, questions.len());
        let asked = questions.get(self.questions).ok_or_else(missing)?;
        let lengths = [self.predicted.len(), self.probability.len(), self.confidence.len()];
        if lengths.iter().any(|&length| length != asked.len()) {
            return Err(format!(
                "columns of answers differ in length from their {} questions: {lengths:?}",
                asked.len()
            ));
        }
        // Every column was just seen to be as long.
        let row = |(i, asked): (usize, &Outcome)| Outcome {
            predicted: self.predicted[i],
            probability: from_steps(self.probability[i]),
            confidence: from_steps(self.confidence[i]),
            ..*asked
        };
        Ok(asked.iter().enumerate().map(row).collect())
    }
}
