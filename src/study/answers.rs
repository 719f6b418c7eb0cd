//! The answers of a study: what each run and each control said, one file each, made where it is missing.

use std::path::{Path, PathBuf};

use anyhow::Result;
use groundling_report::ProbeFile;

use super::plan::{Plan, PlannedRun, hash};
use super::state::{RunState, StudyFolder};
use crate::config::Config;
use crate::failure::wrong_input;
use crate::output::prepare_folder_of;
use crate::probing::{Measurement, RowName};
use crate::trained::TrainedRun;

/// Where the answers by one protocol lie.
pub(super) struct Answers<'a> {
    plan: &'a Plan,
    folder: &'a StudyFolder,
    measurement: &'a Measurement<'a>,
    protocol: &'a str,
}

impl<'a> Answers<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        folder: &'a StudyFolder,
        measurement: &'a Measurement<'a>,
        protocol: &'a str,
    ) -> Self {
        Self { plan, folder, measurement, protocol }
    }

    /// Hash of the protocol.
    pub(super) fn protocol(&self) -> &str {
        self.protocol
    }

    /// How far a run is.
    pub(super) fn state(&self, run: &PlannedRun) -> Result<RunState> {
        self.folder.state(run, self.protocol)
    }

    /// Measures the controls that need no agent, unless that was done.
    pub(super) fn controls(&self) -> Result<()> {
        let path = self.folder.controls(self.protocol);
        make(&path, || self.measurement.controls())
    }

    /// Measures a trained run, and the untrained agent it began as, unless that was done.
    pub(super) fn run(&self, planned: &PlannedRun) -> Result<()> {
        let run = TrainedRun::open(&self.folder.run(planned))?;
        make(&self.untrained_path(planned)?, || self.measurement.untrained(&run.blueprint, &self.untrained(planned)))?;
        make(&self.folder.answers(planned, run.checkpoint.frames, self.protocol), || {
            let name = RowName { name: planned.name.clone(), variant: planned.variant.clone(), seed: planned.seed };
            let measured = self.measurement.run(&run, &name)?;
            let decoder = run.decoder_path();
            prepare_folder_of(&decoder)?;
            measured.decoder.save(&decoder)?;
            Ok(measured.file)
        })
    }

    /// All answers of the plan's runs and of the controls as one; none before a run was probed.
    pub(super) fn merged(&self) -> Result<Option<ProbeFile>> {
        let mut files = Vec::new();
        for run in &self.plan.runs {
            if let RunState::Probed { frames } = self.state(run)? {
                files.push(self.folder.read(&self.folder.answers(run, frames, self.protocol))?);
                let mut untrained = self.folder.read(&self.untrained_path(run)?)?;
                // What it is called depends on the other variants, which may be others than when it was measured.
                let headline = self.untrained(run);
                for (at, row) in untrained.agents.iter_mut().enumerate() {
                    // The headline decoder's row comes first.
                    let name = if at == 0 { headline.clone() } else { headline.read_by(&row.decoder) };
                    (row.name, row.variant) = (name.name, name.variant);
                }
                files.push(untrained);
            }
        }
        if files.is_empty() {
            return Ok(None);
        }
        files.push(self.folder.read(&self.folder.controls(self.protocol))?);
        ProbeFile::merge(files).map(Some).map_err(wrong_input)
    }

    /// Where the answers of the untrained agent lie that a run began as. Runs of the same networks and seed share it.
    fn untrained_path(&self, run: &PlannedRun) -> Result<PathBuf> {
        let mut untrained = Config { agent: run.config.agent.clone(), seed: run.seed, ..Config::default() };
        untrained.vtrace.clip_reward = run.config.vtrace.clip_reward;
        Ok(self.folder.untrained(run.seed, &hash(&untrained)?, self.protocol))
    }

    /// The untrained agent that a run began as, named by its seed and, where variants differ in their networks, by the first
    /// variant that has these.
    fn untrained(&self, run: &PlannedRun) -> RowName {
        let nets = |run: &PlannedRun| (run.config.agent.clone(), run.config.vtrace.clip_reward);
        let first = self.plan.runs.iter().find(|other| nets(other) == nets(run)).unwrap_or(run);
        let is_shared = self.plan.runs.iter().all(|other| nets(other) == nets(run));
        let variant = if is_shared { "untrained".into() } else { format!("untrained_{}", first.variant) };
        RowName { name: format!("{variant}-{}", run.seed), variant, seed: run.seed }
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
