//! One file a command.

pub mod train;
