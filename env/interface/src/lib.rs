//! The contract between an agent and the world it acts in, and how every random generator is derived.
//!
//! An agent knows this crate and nothing of rooms. What only the simulator knows never passes through here:
//! privileged handles belong to the crate that makes the world.

pub mod contract;
mod environment;
mod motion;
mod scripted;
mod seeding;
mod setting;

pub use environment::{Action, Environment, EnvironmentError, EnvironmentSpec, Observation, StepKind, TimeStep};
pub use motion::{Motion, Pose};
pub use scripted::ScriptedPolicy;
pub use seeding::{derive, derive_seed};
pub use setting::InvalidSetting;
