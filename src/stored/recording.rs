//! Records what an agent believes in the rooms of its own evaluation.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Result, anyhow};
use groundling_stored::{Existing, StoredHeader, StoredVocabulary, Written};

use super::writing::write;
use crate::config::Config;
use crate::probing::{Measurement, kind_of};
use crate::trained::TrainedRun;

/// Plays the rooms of an evaluation, asks as `groundling probe` would, and writes beliefs, questions and answers. Beliefs of
/// every `keep_every` steps are kept besides.
pub(crate) fn record_beliefs(
    run: &TrainedRun,
    config: &Config,
    keep_every: Option<u32>,
    path: &Path,
    existing: Existing,
    stop: &AtomicBool,
) -> Result<Written> {
    let measurement = Measurement::new(config, stop)?;
    let asked = measurement.ask_run(run, keep_every)?;
    let kind = serde_json::to_value(kind_of(&run.config))?;
    let kind = kind.as_str().ok_or_else(|| anyhow!("the kind of a row has no name"))?;
    let header = StoredHeader {
        agent: Some(run.name.clone()),
        variant: Some(run.name.clone()),
        kind: Some(kind.into()),
        seed: Some(run.config.seed),
        frames_trained: run.checkpoint.frames,
        vocabulary: Some(StoredVocabulary::of(measurement.vocabulary(), &measurement.summary())),
        num_dropped: asked.num_dropped,
        first_episodes: [0; 3],
        config: Some(config.to_toml()?),
    };
    write(path, header, &asked, existing)
}
