//! One file a command.

pub mod bench;
pub mod diverged;
pub mod doctor;
pub mod probe;
pub mod questions;
pub mod record;
pub mod replay;
pub mod report;
pub mod rooms;
pub mod study;
pub mod train;
