//! Ctrl-C: remembered, so that what runs can end well and half-made folders are removed.
//!
//! The terminal sends it to the child processes too; they end by themselves, and we wait for them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::failure::Failure;

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Starts remembering Ctrl-C instead of dying of it.
pub fn watch() -> Result<(), Failure> {
    let flag = Arc::clone(INTERRUPTED.get_or_init(Arc::default));
    signal_hook::flag::register(signal_hook::consts::SIGINT, flag)
        .map(drop)
        .map_err(|error| Failure::new(format!("cannot watch for Ctrl-C: {error}"), "run it again"))
}

/// Fails if Ctrl-C was pressed.
pub fn check() -> Result<(), Failure> {
    match INTERRUPTED.get() {
        Some(flag) if flag.load(Ordering::Relaxed) => Err(Failure::interrupted()),
        _ => Ok(()),
    }
}
