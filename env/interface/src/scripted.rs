//! Behaviour that is given to an agent instead of being learnt.

use crate::Action;

/// A policy that acts by itself, for one environment, often from privileged knowledge of it.
///
/// What it does in an episode is a function of (configuration, seed, what happened since `begin`).
pub trait ScriptedPolicy: Send {
    /// Called after each `Environment::reset`, with the same seed.
    fn begin(&mut self, seed: u64);

    /// The action for the present step. Called once before each `Environment::step`.
    fn action(&mut self) -> Action;
}
