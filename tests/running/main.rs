//! Promised of running `groundling train`: see `resuming` and `kills`.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod kills;
mod resuming;
mod scene;
