//! A whole sequence of LSTM steps as one operation of the graph, on the host.
//!
//! As a loop of libtorch's operations, most of the time goes into the graph and into adding up one recurrent weight's
//! gradient a step. Here a step is one matrix product in place and one pass over its gates, and the way back has one
//! product for the recurrent weights of all steps together.

use groundling_autograd::{attach, is_recorded};
use tch::{Device, Kind, Tensor};

use super::LstmState;
use super::cell::{Backward, Forward, Vectors};
use crate::host::{host, host_mut};
use crate::to_host;

/// From so many steps on, a copy of the transposed weights pays.
const LONG: usize = 8;

/// Projected inputs `[T, B, 4 N]` from `state`, recurrent weights `[4 N, N]`: outputs and cells `[T, B, N]`.
/// `keeps[t]` (`[B, 1]`), where given, multiplies the state before step `t`.
pub(super) fn run(projected: &Tensor, state: &LstmState, recurrent: &Tensor, keeps: &[Option<Tensor>]) -> LstmState {
    let kept = tch::no_grad(|| Kept::forward(projected, state, recurrent, keeps));
    let output = LstmState { hidden: kept.hidden.shallow_clone(), cell: kept.cell.detach() };
    let inputs = [projected, &state.hidden, &state.cell, recurrent];
    if is_recorded(&inputs) {
        let mut kept = Kept { hidden: kept.hidden.detach(), ..kept };
        attach(&[&output.hidden, &output.cell], &inputs, move |gradients| kept.backward(gradients));
    }
    output
}

/// What the way back needs.
struct Kept {
    steps: usize,
    rooms: usize,
    size: usize,
    vectors: Vectors,
    /// `[4 N, N]`.
    recurrent: Tensor,
    /// For each step what remains of each room's state, `[B]`; none where all of it does.
    keeps: Vec<Option<Vec<f32>>>,
    /// The state that enters each step's product, `[T, B, N]`.
    entering: Tensor,
    /// `[B, N]`.
    first_cell: Tensor,
    /// Behind their activation functions, `[T, B, 4 N]`.
    gates: Tensor,
    /// `[T, B, N]`.
    hidden: Tensor,
    /// `[T, B, N]`.
    cell: Tensor,
}

impl Kept {
    fn forward(projected: &Tensor, state: &LstmState, recurrent: &Tensor, keeps: &[Option<Tensor>]) -> Self {
        let (steps, rooms, four) = (projected.size()[0], projected.size()[1], projected.size()[2]);
        let size = four / 4;
        let empty = |shape: [i64; 3]| Tensor::empty(shape, (Kind::Float, Device::Cpu));
        let mut kept = Self {
            steps: steps as usize,
            rooms: rooms as usize,
            size: size as usize,
            vectors: Vectors::widest(),
            recurrent: recurrent.detach().contiguous(),
            keeps: keeps.iter().map(|keep| keep.as_ref().map(to_host)).collect(),
            entering: empty([steps, rooms, size]),
            first_cell: state.cell.detach().contiguous(),
            gates: empty([steps, rooms, four]),
            hidden: empty([steps, rooms, size]),
            cell: empty([steps, rooms, size]),
        };
        kept.gates.copy_(projected);
        let recurrent_t = kept.recurrent.tr();
        let recurrent_t = if kept.steps < LONG { recurrent_t } else { recurrent_t.contiguous() };
        let mut before = state.hidden.detach();
        for t in 0..kept.steps {
            let mut entering = kept.entering.get(t as i64);
            match &kept.keeps[t] {
                Some(keep) => entering.copy_(&(&before * Tensor::from_slice(keep).view([-1, 1]))),
                None => entering.copy_(&before),
            }
            let _ = kept.gates.get(t as i64).addmm_(&entering, &recurrent_t);
            kept.step(t);
            before = kept.hidden.get(t as i64);
        }
        kept
    }

    /// Activation functions, cell and output of step `t`.
    fn step(&mut self, t: usize) {
        let (cells, first) = (host_mut(&mut self.cell), host(&self.first_cell));
        let (gates, hidden) = (host_mut(&mut self.gates), host_mut(&mut self.hidden));
        let (past, present) = cells.split_at_mut(t * self.rooms * self.size);
        let past = if t == 0 { first } else { &past[(t - 1) * self.rooms * self.size..] };
        for room in 0..self.rooms {
            let row = (t * self.rooms + room) * self.size;
            let own = room * self.size..(room + 1) * self.size;
            self.vectors.forward(Forward {
                gates: &mut gates[4 * row..4 * (row + self.size)],
                before: &past[own.clone()],
                keep: self.keeps[t].as_ref().map_or(1.0, |keep| keep[room]),
                cell: &mut present[own],
                hidden: &mut hidden[row..row + self.size],
            });
        }
    }

    /// Gradients of the projected inputs, of the state before and of the recurrent weights.
    fn backward(&mut self, gradients: &[Option<Tensor>]) -> Vec<Tensor> {
        let (steps, rooms, size) = (self.steps as i64, self.rooms as i64, self.size as i64);
        let whole = |gradient: &Option<Tensor>| match gradient {
            Some(gradient) => gradient.contiguous(),
            None => Tensor::zeros([steps, rooms, size], (Kind::Float, Device::Cpu)),
        };
        let (from_hidden, from_cell) = (whole(&gradients[0]), gradients[1].as_ref().map(Tensor::contiguous));
        let mut d_gates = Tensor::empty([steps, rooms, 4 * size], (Kind::Float, Device::Cpu));
        let mut d_hidden = Tensor::zeros([rooms, size], (Kind::Float, Device::Cpu));
        let mut d_cell = d_hidden.zeros_like();
        for t in (0..self.steps).rev() {
            let _ = d_hidden.g_add_(&from_hidden.get(t as i64));
            if let Some(from_cell) = &from_cell {
                let _ = d_cell.g_add_(&from_cell.get(t as i64));
            }
            self.step_back(t, &d_hidden, &mut d_cell, &mut d_gates);
            let _ = d_gates.get(t as i64).mm_out(&d_hidden, &self.recurrent);
            if let Some(keep) = &self.keeps[t] {
                let _ = d_hidden.g_mul_(&Tensor::from_slice(keep).view([-1, 1]));
            }
        }
        let rows = d_gates.view([steps * rooms, 4 * size]);
        let d_recurrent = rows.tr().mm(&self.entering.view([steps * rooms, size]));
        vec![d_gates, d_hidden, d_cell, d_recurrent]
    }

    /// The way back through activation functions, cell and output of step `t`.
    fn step_back(&self, t: usize, d_hidden: &Tensor, d_cell: &mut Tensor, d_gates: &mut Tensor) {
        let (gates, cells, first) = (host(&self.gates), host(&self.cell), host(&self.first_cell));
        let (d_hidden, d_cell, d_gates) = (host(d_hidden), host_mut(d_cell), host_mut(d_gates));
        let past = if t == 0 { first } else { &cells[(t - 1) * self.rooms * self.size..] };
        for room in 0..self.rooms {
            let row = (t * self.rooms + room) * self.size;
            let own = room * self.size..(room + 1) * self.size;
            self.vectors.backward(Backward {
                gates: &gates[4 * row..4 * (row + self.size)],
                before: &past[own.clone()],
                keep: self.keeps[t].as_ref().map_or(1.0, |keep| keep[room]),
                cell: &cells[row..row + self.size],
                d_hidden: &d_hidden[own.clone()],
                d_cell: &mut d_cell[own],
                d_gates: &mut d_gates[4 * row..4 * (row + self.size)],
            });
        }
    }
}
