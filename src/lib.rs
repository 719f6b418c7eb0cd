//! The command line of Groundling: wiring between the room, the agent and the probe, and no mathematics.

#![warn(clippy::print_stdout, clippy::print_stderr, reason = "they panic on a closed pipe; use say! and complain!")]

pub mod allocator;
mod annotating;
mod catalogue;
pub mod commands;
pub mod config;
pub mod devices;
#[cfg(feature = "viewer")]
pub mod display;
mod drawing;
mod episode_visits;
mod example_episodes;
mod examples;
pub mod failure;
mod field_of_view;
mod film_painter;
mod host;
mod imagination;
mod imagining;
mod leaks;
mod memory;
mod moment;
mod observers;
mod online_probe;
mod orbit;
mod output;
mod overlay;
mod painter;
mod painting;
pub mod printing;
mod probing;
mod progress;
mod recorder;
mod report_writing;
mod resuming;
mod rooms;
mod scenes;
pub mod split;
mod stored;
mod strip;
pub mod study;
mod teaching;
mod train_hooks;
mod trained;
mod training_episodes;
mod training_run;

/// Cases of what must not compile.
#[cfg(doctest)]
#[doc = include_str!("../tests/border.md")]
struct Border;
