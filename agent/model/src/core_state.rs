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

    /// Copies the state of every room out of the agent, `[B]`.
    pub fn freeze_all(&self) -> Vec<FrozenBelief> {
        let size = self.0.hidden.size().last().map_or(1, |&size| size.max(1) as usize);
        let (hidden, cell) = (to_host(&self.0.hidden), to_host(&self.0.cell));
        let rows = hidden.chunks(size).zip(cell.chunks(size));
        rows.map(|(hidden, cell)| FrozenBelief::new(hidden.to_vec(), cell.to_vec())).collect()
    }

    /// The state that was frozen from each room, in order; all of one size.
    pub fn thaw(beliefs: &[FrozenBelief], device: Device) -> Self {
        let stack = |part: fn(&FrozenBelief) -> &[f32]| {
            let rows: Vec<Tensor> = beliefs.iter().map(|belief| Tensor::from_slice(part(belief))).collect();
            Tensor::stack(&rows, 0).to_device(device)
        };
        Self(LstmState { hidden: stack(FrozenBelief::hidden), cell: stack(FrozenBelief::cell) })
    }

    /// A copy of the states of `rooms`, each below `B`, in that order.
    pub fn select(&self, rooms: &[i64]) -> Self {
        let rooms = Tensor::from_slice(rooms).to_device(self.0.hidden.device());
        Self(LstmState { hidden: self.0.hidden.index_select(0, &rooms), cell: self.0.cell.index_select(0, &rooms) })
    }

    /// Overwrites the states of `rooms`, each below `B` and there once, with those of `other`, in that order.
    pub fn replace(&mut self, rooms: &[i64], other: &Self) {
        let rooms = Tensor::from_slice(rooms).to_device(self.0.hidden.device());
        let _guard = tch::no_grad_guard();
        let _ = self.0.hidden.index_copy_(0, &rooms, &other.0.hidden);
        let _ = self.0.cell.index_copy_(0, &rooms, &other.0.cell);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Rooms whose states are `10 room + unit`; the cell's are negative.
    fn numbered(rooms: &[u16]) -> Vec<FrozenBelief> {
        let row = |room: &u16| (0..3).map(|unit| f32::from(10 * room + unit)).collect::<Vec<_>>();
        let belief = |room: &u16| FrozenBelief::new(row(room), row(room).iter().map(|value| -value).collect());
        rooms.iter().map(belief).collect()
    }

    #[test]
    fn what_is_thawed_freezes_as_it_was() {
        let beliefs = numbered(&[4, 0, 7]);
        let state = CoreState::thaw(&beliefs, Device::Cpu);
        assert_eq!(state.freeze_all(), beliefs);
        assert_eq!((0..3).map(|room| state.freeze(room)).collect::<Vec<_>>(), beliefs);
    }

    #[test]
    fn rooms_are_selected_and_replaced_in_the_order_given() {
        let mut state = CoreState::thaw(&numbered(&[0, 1, 2, 3]), Device::Cpu);
        let selected = state.select(&[3, 1]);
        assert_eq!(selected.freeze_all(), numbered(&[3, 1]));
        state.replace(&[0, 3], &CoreState::thaw(&numbered(&[8, 9]), Device::Cpu));
        assert_eq!(state.freeze_all(), numbered(&[8, 1, 2, 9]));
        assert_eq!(selected.freeze_all(), numbered(&[3, 1]), "a selection is a copy");
    }
}
