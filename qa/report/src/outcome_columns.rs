//! The outcomes of one agent as columns of equal length: how they are laid out in `probe.json`.

use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// One entry a question in every column.
#[derive(PartialEq, Serialize, Deserialize)]
pub(crate) struct OutcomeColumns {
    template: Vec<u16>,
    episode: Vec<u64>,
    question: Vec<u32>,
    step: Vec<u32>,
    answer: Vec<u16>,
    predicted: Vec<u16>,
    probability: Vec<f32>,
    confidence: Vec<f32>,
    /// A character a question, `1` for seen.
    seen: String,
    /// A character a question, `1` for in view.
    in_view: String,
    steps_since_seen: Vec<Option<u32>>,
    most_pixels: Vec<u32>,
}

/// Four digits are enough for a probability, and shorten the file.
fn rounded(probability: f32) -> f32 {
    (probability * 1e4).round() / 1e4
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

impl OutcomeColumns {
    pub(crate) fn from_rows(rows: &[Outcome]) -> Self {
        Self {
            template: rows.iter().map(|row| row.template).collect(),
            episode: rows.iter().map(|row| row.episode).collect(),
            question: rows.iter().map(|row| row.question).collect(),
            step: rows.iter().map(|row| row.step).collect(),
            answer: rows.iter().map(|row| row.answer).collect(),
            predicted: rows.iter().map(|row| row.predicted).collect(),
            probability: rows.iter().map(|row| rounded(row.probability)).collect(),
            confidence: rows.iter().map(|row| rounded(row.confidence)).collect(),
            seen: to_bits(rows.iter().map(|row| row.seen)),
            in_view: to_bits(rows.iter().map(|row| row.in_view)),
            steps_since_seen: rows.iter().map(|row| row.steps_since_seen).collect(),
            most_pixels: rows.iter().map(|row| row.most_pixels).collect(),
        }
    }

    pub(crate) fn into_rows(self) -> Result<Vec<Outcome>, String> {
        let seen = from_bits("seen", &self.seen)?;
        let in_view = from_bits("in_view", &self.in_view)?;
        let num = self.template.len();
        let lengths = [
            self.episode.len(),
            self.question.len(),
            self.step.len(),
            self.answer.len(),
            self.predicted.len(),
            self.probability.len(),
            self.confidence.len(),
            seen.len(),
            in_view.len(),
            self.steps_since_seen.len(),
            self.most_pixels.len(),
        ];
        if lengths.iter().any(|&length| length != num) {
            return Err(format!("columns of outcomes differ in length: {num} and {lengths:?}"));
        }
        // Every column was just seen to have `num` entries.
        let row = |i: usize| Outcome {
            template: self.template[i],
            episode: self.episode[i],
            question: self.question[i],
            step: self.step[i],
            answer: self.answer[i],
            predicted: self.predicted[i],
            probability: self.probability[i],
            confidence: self.confidence[i],
            seen: seen[i],
            in_view: in_view[i],
            steps_since_seen: self.steps_since_seen[i],
            most_pixels: self.most_pixels[i],
        };
        Ok((0..num).map(row).collect())
    }
}
