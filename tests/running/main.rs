//! Promised of running `groundling train` and of reading its runs: see `resuming`, `kills`, `oracle` and `reading`.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod kills;
mod oracle;
mod reading;
mod recording;
mod resuming;
mod scene;
