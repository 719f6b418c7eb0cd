//! Stored beliefs on the command line: what a measurement asked goes into a file, and a file of anyone is measured.
//!
//! - [`record_beliefs`] asks a run as `groundling probe` would and keeps that in a Parquet file.
//! - [`StoredMeasurement`] measures several files that ask the same questions.

mod examples;
mod measuring;
mod protocol;
mod recording;
mod same_questions;
mod writing;

pub(crate) use measuring::StoredMeasurement;
pub(crate) use recording::record_beliefs;
