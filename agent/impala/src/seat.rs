//! What the caller gives to actors: worlds to act in, somebody who may look, and somebody who notes what an auxiliary
//! loss is to learn.

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, Environment, EnvironmentError, ScriptedPolicy, TimeStep};

use crate::Exploring;

/// One place to act: a world, and the behaviour it gives if exploring is scripted.
pub struct Seat {
    /// The world.
    pub environment: Box<dyn Environment>,
    /// Its scripted behaviour; needed when exploring is scripted, ignored otherwise.
    pub scripted: Option<Box<dyn ScriptedPolicy>>,
}

impl Seat {
    /// Itself, if it has what `exploring` needs: told when rooms are made, not when somebody first wants to act.
    pub(crate) fn suited_to(self, exploring: Exploring) -> Result<Self, EnvironmentError> {
        if exploring == Exploring::Scripted && self.scripted.is_none() {
            let lacking =
                "training.exploring = scripted, but this environment has no scripted behaviour; set it to learned";
            return Err(EnvironmentError::World(lacking.into()));
        }
        Ok(self)
    }
}

/// One step as an observer sees it, after the agent has seen the picture and chosen, before the world goes on.
pub struct ObservedStep<'a> {
    /// Index of the room among all rooms.
    pub room: usize,
    /// Number of the episode in that room.
    pub episode: u64,
    /// Seed of the episode.
    pub episode_seed: u64,
    /// Steps since the reset.
    pub step: u32,
    /// What the agent saw.
    pub time_step: &'a TimeStep,
    /// What it does next; none at the last step.
    pub action: Option<Action>,
    /// Copies the agent's belief, which includes this step.
    pub belief: &'a dyn Fn() -> FrozenBelief,
    /// Copies what the agent's encoder made of this step's picture alone, in the form of a belief. None while an agent is
    /// trained: only `play` keeps it.
    pub features: Option<&'a dyn Fn() -> FrozenBelief>,
}

/// Is shown every step of an actor's rooms, on the actor's thread. It has no way to change what happens.
pub trait BeliefObserver: Send {
    /// Called once a step and room, in the order of steps.
    fn observe(&mut self, step: &ObservedStep<'_>);
}

/// Notes targets for an agent's auxiliary loss, on the actor's thread: the one place from which something that the agent
/// does not see reaches what it learns. The targets of an agent without such a loss would be carried for nothing.
pub trait TargetMaker: Send {
    /// The target of this step, if it has one: numbers that the agent's auxiliary loss reads. Called once a step and room,
    /// in the order of steps. What is noted depends on the step only and on what the world holds in it, so that a run that
    /// goes on from a checkpoint notes the same again.
    fn target(&mut self, step: &ObservedStep<'_>) -> Option<Vec<i64>>;
}

/// Who looks at an actor's rooms.
#[derive(Default)]
pub(crate) struct Onlookers {
    pub(crate) observer: Option<Box<dyn BeliefObserver>>,
    pub(crate) targets: Option<Box<dyn TargetMaker>>,
}

impl Onlookers {
    pub(crate) fn is_nobody(&self) -> bool {
        self.observer.is_none() && self.targets.is_none()
    }

    /// Shows the step to everybody; its target, if somebody notes one.
    pub(crate) fn look(&mut self, step: &ObservedStep<'_>) -> Option<Vec<i64>> {
        if let Some(observer) = &mut self.observer {
            observer.observe(step);
        }
        self.targets.as_mut()?.target(step)
    }
}
