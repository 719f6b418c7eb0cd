//! The outcomes of one agent as columns of equal length: how they are laid out in `probe.json`.

use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// One entry a question in every column.
#[derive(Serialize, Deserialize)]
pub(crate) struct OutcomeColumns {
    template: Vec<u16>,
    episode: Vec<u64>,
    question: Vec<u32>,
    /// A character a question, `1` for right.
    correct: String,
    /// A character a question, `1` for seen.
    seen: String,
    steps_since_seen: Vec<Option<u32>>,
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
            correct: to_bits(rows.iter().map(|row| row.correct)),
            seen: to_bits(rows.iter().map(|row| row.seen)),
            steps_since_seen: rows.iter().map(|row| row.steps_since_seen).collect(),
        }
    }

    pub(crate) fn into_rows(self) -> Result<Vec<Outcome>, String> {
        let correct = from_bits("correct", &self.correct)?;
        let seen = from_bits("seen", &self.seen)?;
        let num = self.template.len();
        let lengths = [self.episode.len(), self.question.len(), correct.len(), seen.len(), self.steps_since_seen.len()];
        if lengths.iter().any(|&length| length != num) {
            return Err(format!("columns of outcomes differ in length: {num} and {lengths:?}"));
        }
        let keys = self.template.into_iter().zip(self.episode).zip(self.question);
        let values = correct.into_iter().zip(seen).zip(self.steps_since_seen);
        Ok(keys
            .zip(values)
            .map(|(((template, episode), question), ((correct, seen), steps_since_seen))| Outcome {
                template,
                episode,
                question,
                correct,
                seen,
                steps_since_seen,
            })
            .collect())
    }
}
