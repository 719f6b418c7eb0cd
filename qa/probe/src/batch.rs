//! From plain numbers to tensors, checked on the way: the only door into the network.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use groundling_decoder::{Beliefs, BeliefsRead, token_rows};
use groundling_questions::QuestionVocabulary;
use tch::{Device, Tensor};

use crate::error::ProbeError;
use crate::example::{EpisodeBeliefs, ProbeExample};

/// The most questions answered in one go, and the most beliefs read for them; together they bound the memory that
/// answering takes.
const MOST_QUESTIONS: usize = 1_024;
const MOST_BELIEFS: usize = 16_384;

/// What decides how examples become tensors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchShape<'a> {
    pub(crate) vocabulary: &'a QuestionVocabulary,
    /// `N`.
    pub(crate) belief_size: usize,
    pub(crate) reads: BeliefsRead,
    pub(crate) device: Device,
}

/// Beliefs, questions i64 `[B, max_tokens]`, right answers i64 `[B]`.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) beliefs: Beliefs,
    pub(crate) questions: Tensor,
    pub(crate) answers: Tensor,
}

impl Batch {
    pub(crate) fn new(examples: &[&ProbeExample], shape: BatchShape<'_>) -> Result<Self, ProbeError> {
        let mut questions: Vec<i64> = Vec::with_capacity(examples.len() * shape.vocabulary.max_tokens());
        let mut answers: Vec<i64> = Vec::with_capacity(examples.len());
        for example in examples {
            questions.extend(token_rows(&example.question, shape.vocabulary)?);
            answers.push(example.question.answer.into());
        }
        let mut gathered = Gathered::default();
        for example in examples {
            gathered.add(example, shape)?;
        }
        Ok(Self {
            beliefs: gathered.tensors(shape),
            questions: Tensor::from_slice(&questions).view([examples.len() as i64, -1]).to_device(shape.device),
            answers: Tensor::from_slice(&answers).to_device(shape.device),
        })
    }
}

/// Examples in their order, in pieces that are answered one after another.
pub(crate) fn pieces(examples: &[ProbeExample], reads: BeliefsRead) -> Vec<Range<usize>> {
    let (mut pieces, mut begin) = (Vec::new(), 0);
    // Histories of a piece are as long as its longest one.
    let (mut num, mut longest) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    for (index, example) in examples.iter().enumerate() {
        let key = (address(&example.beliefs), example.at);
        let is_new = last != Some(key);
        let length = num_read(example, reads);
        let (new_num, new_longest) = (num + usize::from(is_new), longest.max(length));
        if index > begin && (index - begin >= MOST_QUESTIONS || new_num * new_longest > MOST_BELIEFS) {
            pieces.push(begin..index);
            (begin, num, longest) = (index, 1, length);
        } else {
            (num, longest) = (new_num, new_longest);
        }
        last = Some(key);
    }
    if begin < examples.len() {
        pieces.push(begin..examples.len());
    }
    pieces
}

/// How many beliefs are read for a question.
fn num_read(example: &ProbeExample, reads: BeliefsRead) -> usize {
    match reads {
        BeliefsRead::Present => 1,
        BeliefsRead::History { most } => example.history().len().min(most).max(1),
    }
}

/// Which beliefs are read for a question, oldest first, its present one last.
fn read(example: &ProbeExample, reads: BeliefsRead) -> impl Iterator<Item = usize> {
    let (num, at) = (num_read(example, reads), example.at);
    // Evenly spaced, with both ends; the division is exact where all are read.
    (0..num).map(move |i| if num == 1 { at } else { i * at / (num - 1) })
}

fn address(beliefs: &Arc<EpisodeBeliefs>) -> usize {
    Arc::as_ptr(beliefs).addr()
}

/// Each belief once, and each history once, however many questions are asked of them.
#[derive(Default)]
struct Gathered {
    rows: Vec<f32>,
    /// By episode's beliefs and index.
    row_of: HashMap<(usize, usize), i64>,
    /// Rows and ages, oldest first.
    histories: Vec<Vec<(i64, i64)>>,
    /// By episode's beliefs and index of the present one.
    history_of: HashMap<(usize, usize), usize>,
    /// Questions that each history has so far.
    num_questions: Vec<i64>,
    /// For each question its history, and its number there.
    places: Vec<(usize, i64)>,
}

impl Gathered {
    fn add(&mut self, example: &ProbeExample, shape: BatchShape<'_>) -> Result<(), ProbeError> {
        let key = (address(&example.beliefs), example.at);
        let history = match self.history_of.get(&key) {
            Some(history) => *history,
            None => {
                let rows = self.history(example, shape)?;
                self.histories.push(rows);
                self.num_questions.push(0);
                self.history_of.insert(key, self.histories.len() - 1);
                self.histories.len() - 1
            }
        };
        if let Some(num) = self.num_questions.get_mut(history) {
            self.places.push((history, *num));
            *num += 1;
        }
        Ok(())
    }

    fn history(&mut self, example: &ProbeExample, shape: BatchShape<'_>) -> Result<Vec<(i64, i64)>, ProbeError> {
        let (beliefs, steps) = (example.beliefs.beliefs(), example.beliefs.steps());
        let mut history = Vec::new();
        for index in read(example, shape.reads) {
            let belief = beliefs.get(index).ok_or(ProbeError::NoBelief)?;
            let age = example.step().saturating_sub(steps.get(index).copied().unwrap_or_default());
            let known = self.row_of.get(&(address(&example.beliefs), index)).copied();
            let row = match known {
                Some(row) => row,
                None => {
                    let (hidden, cell) = (belief.hidden(), belief.cell());
                    if hidden.len() != shape.belief_size || cell.len() != shape.belief_size {
                        let (hidden, cell) = (hidden.len(), cell.len());
                        return Err(ProbeError::BeliefSize { hidden, cell, expected: shape.belief_size });
                    }
                    if !hidden.iter().chain(cell).all(|value| value.is_finite()) {
                        return Err(ProbeError::BeliefNotFinite);
                    }
                    self.rows.extend_from_slice(hidden);
                    self.rows.extend_from_slice(cell);
                    let row = self.row_of.len() as i64;
                    self.row_of.insert((address(&example.beliefs), index), row);
                    row
                }
            };
            history.push((row, age.into()));
        }
        Ok(history)
    }

    fn tensors(self, shape: BatchShape<'_>) -> Beliefs {
        let length = self.histories.iter().map(Vec::len).max().unwrap_or(0);
        let num_slots = self.num_questions.iter().copied().max().unwrap_or(1);
        let padded = |history: &Vec<(i64, i64)>| {
            let padding = std::iter::repeat_n((0, -1), length - history.len());
            padding.chain(history.iter().copied()).collect::<Vec<(i64, i64)>>()
        };
        let (rows, ages): (Vec<i64>, Vec<i64>) = self.histories.iter().flat_map(padded).unzip();
        let present = |&(history, _): &(usize, i64)| {
            let last = self.histories.get(history).and_then(|rows| rows.last());
            last.map_or(0, |&(row, _)| row)
        };
        let present: Vec<i64> = self.places.iter().map(present).collect();
        let slots: Vec<i64> =
            self.places.iter().map(|&(history, number)| history as i64 * num_slots + number).collect();
        let (num, length, width) = (self.histories.len() as i64, length as i64, 2 * shape.belief_size as i64);
        let on_device = |tensor: Tensor| tensor.to_device(shape.device);
        Beliefs {
            rows: on_device(Tensor::from_slice(&self.rows).view([-1, width])),
            present: on_device(Tensor::from_slice(&present)),
            histories: on_device(Tensor::from_slice(&rows).view([num, length])),
            ages: on_device(Tensor::from_slice(&ages).view([num, length])),
            slots: on_device(Tensor::from_slice(&slots)),
            num_slots,
        }
    }
}
