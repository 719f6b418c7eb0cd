//! Measures what a study lacks: runs and controls, by the protocol of each.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};
use groundling_report::ProbeFile;

use super::answers::{Answers, untrained};
use super::plan::PlannedRun;
use super::state::RunState;
use crate::failure::wrong_input;
use crate::output::prepare_folder_of;
use crate::probing::{Measurement, RowName};
use crate::trained::TrainedRun;

/// The measurements of a study, by the hash of their protocol.
pub(super) struct Measuring<'a> {
    answers: Answers<'a>,
    measurements: BTreeMap<&'a str, Measurement<'a>>,
}

impl<'a> Measuring<'a> {
    /// Prepares the protocols by which something is still to be measured.
    pub(super) fn new(answers: Answers<'a>, stop: &'a AtomicBool) -> Result<Self> {
        let mut measurements = BTreeMap::new();
        for run in &answers.plan.runs {
            let is_probed = matches!(answers.state(run)?, RunState::Probed { .. });
            let is_done = is_probed && answers.folder.controls(&run.protocol).exists();
            if !is_done && !measurements.contains_key(run.protocol.as_str()) {
                measurements.insert(run.protocol.as_str(), Measurement::new(&run.config, stop)?);
            }
        }
        Ok(Self { answers, measurements })
    }

    /// Measures the controls that need no agent, unless that was done.
    pub(super) fn controls(&self) -> Result<()> {
        for (protocol, measurement) in &self.measurements {
            make(&self.answers.folder.controls(protocol), || measurement.controls())?;
        }
        Ok(())
    }

    /// Measures a trained run, and the untrained agent it began as, unless that was done.
    pub(super) fn run(&self, planned: &PlannedRun) -> Result<()> {
        let measurement = self.measurements.get(planned.protocol.as_str()).context("a protocol that was done")?;
        let run = TrainedRun::open(&self.answers.folder.run(planned))?;
        let among: Vec<&PlannedRun> = self.answers.plan.runs.iter().collect();
        let before = untrained(planned, &among);
        make(&self.answers.untrained_path(planned)?, || measurement.untrained(&run.blueprint, &before))?;
        make(&self.answers.folder.answers(planned, run.checkpoint.frames), || {
            let name = RowName { name: planned.name.clone(), variant: planned.variant.clone(), seed: planned.seed };
            let measured = measurement.run(&run, &name)?;
            let decoder = run.decoder_path();
            prepare_folder_of(&decoder)?;
            measured.decoder.save(&decoder)?;
            Ok(measured.file)
        })
    }
}

/// Writes what `measure` gives to `path`, unless it is there.
fn make(path: &Path, measure: impl FnOnce() -> Result<ProbeFile>) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let file = measure()?;
    file.write(path).map_err(wrong_input)
}
