//! The command line of Groundling: wiring between the room, the agent and the probe, and no mathematics.

pub mod commands;
pub mod config;
pub mod failure;
mod progress;
mod rooms;
