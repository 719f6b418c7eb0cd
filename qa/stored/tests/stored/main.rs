//! Files of stored beliefs: written and read back, from anyone, wrong in every way, cut short.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod damage;
mod golden;
mod over_time;
mod random_files;
mod refusals;
mod round_trip;
mod tables;
mod wrong_files;
