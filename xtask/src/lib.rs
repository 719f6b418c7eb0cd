//! `cargo xtask …`: set-up, demonstration, tests and checks of Groundling.
//!
//! It must compile in seconds on a machine that has nothing yet, so nothing here needs libtorch. Every failure is one
//! line that says what is wrong, and the remedy.

pub mod arrows;
pub mod borders;
pub mod cargo;
pub mod demo;
pub mod demo_stages;
pub mod download;
pub mod failure;
pub mod interrupt;
pub mod kills;
pub mod libtorch;
pub mod libtorch_config;
pub mod progress;
pub mod proof;
pub mod python;
pub mod recipe;
pub mod setup;
pub mod stable_baselines;
pub mod stages;
pub mod test;
pub mod tracked_text;
pub mod unpack;
