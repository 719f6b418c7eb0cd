//! How an actor has its rooms inferred: by a copy of the network of its own thread, or by one thread that infers for all.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use groundling_belief::FrozenBelief;
use groundling_interface::TimeStep;
use groundling_model::{Agent, CoreState, Inputs};

use crate::ActorError;
use crate::publishing::Published;

/// What comes back for the present steps of a group's rooms.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The steps that were asked about, `[E]`.
    pub(crate) steps: Vec<TimeStep>,
    /// `[E][A]`.
    pub(crate) logits: Vec<Vec<f32>>,
    /// Of the parameters that gave the logits.
    pub(crate) version: u64,
}

/// Infers the rooms of one group, and keeps their core states. `ask` and `answer` are called in turns, so that somebody
/// else can be served in between.
pub(crate) trait Inference {
    /// An unroll begins, ordered with these parameters.
    fn begin(&mut self, parameters: Arc<Published>) -> Result<(), ActorError>;

    /// Hands over the present step of each room.
    fn ask(&mut self, steps: Vec<TimeStep>);

    /// What the policy says to them; the core states now include them. None when nobody infers any more.
    fn answer(&mut self) -> Option<Answer>;

    /// Whether `answer` waits for another thread.
    fn is_shared(&self) -> bool;

    /// Copies the core state of one room, by its index in the group.
    fn freeze(&self, room: usize) -> FrozenBelief;

    /// Copies the core states of all rooms. None when nobody infers any more.
    fn freeze_all(&self) -> Option<Vec<FrozenBelief>>;
}

/// The copy of the network that all groups of one thread share, since only one of them is inferred at a time.
pub(crate) struct ThreadAgent {
    agent: Agent,
    version: Cell<Option<u64>>,
}

impl ThreadAgent {
    pub(crate) fn new(agent: Agent) -> Self {
        Self { agent, version: Cell::new(None) }
    }

    /// Takes over parameters that it does not have yet.
    pub(crate) fn load(&self, parameters: &Published) -> Result<(), ActorError> {
        if self.version.get() != Some(parameters.version) {
            self.agent.set_values(&parameters.values)?;
            self.version.set(Some(parameters.version));
        }
        Ok(())
    }

    pub(crate) fn agent(&self) -> &Agent {
        &self.agent
    }

    /// Of the parameters it has; 0 before it was given any.
    pub(crate) fn version(&self) -> u64 {
        self.version.get().unwrap_or_default()
    }
}

/// On the actor's own thread.
pub(crate) struct OwnInference {
    agent: Rc<ThreadAgent>,
    state: CoreState,
    asked: Vec<TimeStep>,
}

impl OwnInference {
    /// For rooms in these core states.
    pub(crate) fn new(agent: Rc<ThreadAgent>, beliefs: &[FrozenBelief]) -> Self {
        let state = agent.agent.thaw(beliefs);
        Self { agent, state, asked: Vec::new() }
    }
}

impl Inference for OwnInference {
    fn begin(&mut self, parameters: Arc<Published>) -> Result<(), ActorError> {
        self.agent.load(&parameters)
    }

    fn ask(&mut self, steps: Vec<TimeStep>) {
        self.asked = steps;
    }

    fn answer(&mut self) -> Option<Answer> {
        let steps = std::mem::take(&mut self.asked);
        let output = self.agent.agent.act(&Inputs { steps: &steps.iter().collect::<Vec<_>>() }, &self.state);
        self.state = output.state;
        Some(Answer { steps, logits: output.logits, version: self.agent.version() })
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn freeze(&self, room: usize) -> FrozenBelief {
        self.state.freeze(room)
    }

    fn freeze_all(&self) -> Option<Vec<FrozenBelief>> {
        Some(self.state.freeze_all())
    }
}
