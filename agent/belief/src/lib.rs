//! `FrozenBelief`, the only window through which an agent is read.
//!
//! It is a copy in plain host numbers, made once and never changed. It holds no tensor: `detach()` in tch shares
//! storage, so an in-place operation on a detached tensor would change the agent.

use serde::{Deserialize, Serialize};

/// The recurrent state of one agent in one room at one step, copied out of the agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenBelief {
    hidden: Vec<f32>,
    cell: Vec<f32>,
}

impl FrozenBelief {
    /// Takes over two vectors of equal length `[N]`: the LSTM's output and its cell.
    pub fn new(hidden: Vec<f32>, cell: Vec<f32>) -> Self {
        debug_assert_eq!(hidden.len(), cell.len());
        Self { hidden, cell }
    }

    /// Numbers that no cell belongs to, `[N]`, in the place of the output; the cell is 0.
    pub fn without_cell(numbers: Vec<f32>) -> Self {
        Self { cell: vec![0.0; numbers.len()], hidden: numbers }
    }

    /// The LSTM's output, `[N]`.
    pub fn hidden(&self) -> &[f32] {
        &self.hidden
    }

    /// The LSTM's cell, `[N]`.
    pub fn cell(&self) -> &[f32] {
        &self.cell
    }

    /// `N`.
    pub fn size(&self) -> usize {
        self.hidden.len()
    }
}
