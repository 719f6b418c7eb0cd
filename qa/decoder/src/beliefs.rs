//! What the questions of a batch are asked of.

use tch::{Device, Kind, Tensor};

/// The beliefs of a batch, each once, and which of them belong to which question.
///
/// Questions that are asked at the same step of the same episode share a *history*: the beliefs up to that step. A
/// decoder that reads one belief has histories of length 1.
#[derive(Debug)]
pub struct Beliefs {
    /// Distinct beliefs, f32 `[R, 2 N]`: outputs, then cells.
    pub rows: Tensor,
    /// For each question the row of the belief at its step, i64 `[B]`.
    pub present: Tensor,
    /// For each history its rows, oldest first and the present one last, i64 `[G, L]`; shorter ones are padded in front.
    pub histories: Tensor,
    /// Steps from each of these beliefs to the question, i64 `[G, L]`; below 0 where there is none.
    pub ages: Tensor,
    /// For each question its place among those of its history, i64 `[B]`: `history * num_slots + number`.
    pub slots: Tensor,
    /// The most questions that share a history.
    pub num_slots: i64,
}

impl Beliefs {
    /// One belief for each question and nothing before it: rows f32 `[B, 2 N]`. Gradients reach them.
    pub fn one_each(rows: Tensor) -> Self {
        let (num, device) = (rows.size().first().copied().unwrap_or(0), rows.device());
        let order = || Tensor::arange(num, (Kind::Int64, device));
        Self {
            present: order(),
            histories: order().unsqueeze(1),
            ages: Tensor::zeros([num, 1], (Kind::Int64, device)),
            slots: order(),
            num_slots: 1,
            rows,
        }
    }

    /// Where the tensors are.
    pub(crate) fn device(&self) -> Device {
        self.rows.device()
    }
}
