//! The agent's recurrent state in a batch of rooms: opaque, and left only by copying.

use groundling_belief::FrozenBelief;
use groundling_nn::LstmState;
use tch::{Device, Kind, Tensor};

/// The LSTM's hidden output and cell in `B` rooms.
#[derive(Debug)]
pub struct CoreState(pub(crate) LstmState);

impl CoreState {
    /// Number of rooms `B`.
    pub fn num_rooms(&self) -> usize {
        self.0.hidden.size()[0] as usize
    }

    /// Copies the state of one room out of the agent.
    pub fn freeze(&self, room: usize) -> FrozenBelief {
        FrozenBelief::new(row(&self.0.hidden, room), row(&self.0.cell, room))
    }

    /// The state that was frozen from each room, in order; all of one size.
    pub fn thaw(beliefs: &[FrozenBelief], device: Device) -> Self {
        let stack = |part: fn(&FrozenBelief) -> &[f32]| {
            let rows: Vec<Tensor> = beliefs.iter().map(|belief| Tensor::from_slice(part(belief))).collect();
            Tensor::stack(&rows, 0).to_device(device)
        };
        Self(LstmState { hidden: stack(FrozenBelief::hidden), cell: stack(FrozenBelief::cell) })
    }

    /// Forgets everything in the rooms where `reset` is true.
    pub(crate) fn reset(&self, reset: &[bool]) -> LstmState {
        if !reset.iter().any(|&reset| reset) {
            return self.0.shallow_clone();
        }
        let keep: Vec<f32> = reset.iter().map(|&reset| if reset { 0.0 } else { 1.0 }).collect();
        self.0.keep(&Tensor::from_slice(&keep).view([-1, 1]).to_device(self.0.hidden.device()))
    }
}

fn row(tensor: &Tensor, room: usize) -> Vec<f32> {
    let row = tensor.get(room as i64).detach().to_device(Device::Cpu).to_kind(Kind::Float).contiguous();
    let mut values = vec![0.0; row.numel()];
    let num_values = values.len();
    row.copy_data(&mut values, num_values);
    values
}
