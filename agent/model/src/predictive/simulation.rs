//! The simulation core of SimCore (Gregor et al. 2019): an LSTM that starts in the agent's belief and is fed only the
//! actions that followed. Losses differ in what its states must give.

use groundling_nn::{Lstm, LstmState, Scope};
use tch::{Kind, Tensor};

use super::Surroundings;

/// First bias of its forget gate where the agent has no time constants: a step keeps four fifths of the belief.
const FORGET_BIAS: f64 = 1.5;

/// The LSTM and the number of actions that it knows.
#[derive(Debug)]
pub(super) struct Simulation {
    num_actions: i64,
    core: Lstm,
}

impl Simulation {
    /// For the agent's beliefs. Its cells begin with the time constants of the agent's, whose cells they continue.
    pub(super) fn new(scope: Scope<'_>, surroundings: Surroundings<'_>) -> Self {
        let Surroundings { spec, core_size, memory_steps, .. } = surroundings;
        let num_actions = spec.num_actions() as i64;
        let core = Lstm::new(scope, num_actions, core_size, FORGET_BIAS);
        Self { num_actions, core: if memory_steps > 0.0 { core.with_time_constants(memory_steps) } else { core } }
    }

    /// Outputs of the simulation core, the belief's own first: `K + 1` tensors `[S, N]`. Actions i64 `[K, S]`.
    pub(super) fn run(&self, state: &LstmState, actions: &Tensor) -> Vec<Tensor> {
        let mut outputs = vec![state.hidden.shallow_clone()];
        if actions.size()[0] > 0 {
            let projected = self.core.project(&actions.one_hot(self.num_actions).to_kind(Kind::Float));
            let keeps: Vec<Option<Tensor>> = (0..actions.size()[0]).map(|_| None).collect();
            outputs.extend(self.core.unroll(&projected, state, &keeps).hidden.unbind(0));
        }
        outputs
    }
}
