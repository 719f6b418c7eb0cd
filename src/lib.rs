//! The command line of Groundling: wiring between the room, the agent and the probe, and no mathematics.

mod annotating;
pub mod commands;
pub mod config;
mod drawing;
mod examples;
pub mod failure;
mod imagination;
mod online_probe;
mod output;
mod progress;
mod recorder;
mod rooms;
mod scenes;
mod trained;

/// Cases of what must not compile.
#[cfg(doctest)]
#[doc = include_str!("../tests/border.md")]
struct Border;
