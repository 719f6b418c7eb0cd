//! The agent's recurrent state in a batch of rooms: opaque, and left only by copying.

use groundling_belief::FrozenBelief;
use groundling_nn::{LstmState, to_host};
use tch::{Device, Tensor};

/// The LSTM's hidden output and cell in `B` rooms.
#[derive(Debug)]
pub struct CoreState(pub(crate) LstmState);

impl CoreState {
    /// Copies the state of one room out of the agent.
    pub fn freeze(&self, room: usize) -> FrozenBelief {
        FrozenBelief::new(to_host(&self.0.hidden.get(room as i64)), to_host(&self.0.cell.get(room as i64)))
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
