//! The answers of a study: what each run and each control said, one file each, put together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use groundling_report::{ProbeFile, Sweep, SweepMeasured, SweepValue};

use super::plan::{Plan, PlannedRun, PlannedSweep, PlannedValue, hash};
use super::state::{RunState, StudyFolder};
use crate::config::Config;
use crate::failure::wrong_input;
use crate::probing::RowName;

/// Where the answers lie.
#[derive(Clone, Copy)]
pub(super) struct Answers<'a> {
    pub(super) plan: &'a Plan,
    pub(super) folder: &'a StudyFolder,
}

/// All answers there are so far.
pub(crate) struct Gathered {
    /// Those of the variants and their controls; before there are any, of the values of sweeps by one protocol; `None` before
    /// a run was probed.
    pub(super) headline: Option<ProbeFile>,
    /// Those of the values of sweeps and their controls, by the hash of their protocol.
    pub(super) of_sweeps: BTreeMap<String, ProbeFile>,
    /// The sweeps' figures.
    pub(crate) sweeps: Vec<Sweep>,
}

impl Answers<'_> {
    /// How far a run is. It is probed when the untrained agent it began as is so too.
    pub(super) fn state(&self, run: &PlannedRun) -> Result<RunState> {
        match self.folder.state(run)? {
            RunState::Probed { frames } if !self.untrained_path(run)?.exists() => Ok(RunState::Trained { frames }),
            state => Ok(state),
        }
    }

    /// Everything that was answered.
    pub(super) fn gather(&self) -> Result<Gathered> {
        let of_variants: Vec<&PlannedRun> = self.plan.runs.iter().filter(|run| run.is_of_a_variant).collect();
        let of_variants = self.merged(&of_variants)?;
        let swept = self.swept();
        let mut of_sweeps = BTreeMap::new();
        for (protocol, runs) in &swept {
            if let Some(merged) = self.merged(runs)? {
                of_sweeps.insert((*protocol).to_owned(), merged);
            }
        }
        let sweeps = self.plan.sweeps.iter().map(|sweep| self.sweep(sweep, &swept, &of_sweeps)).collect();
        let first = self.plan.runs.iter().find_map(|run| of_sweeps.get(&run.protocol));
        Ok(Gathered { headline: of_variants.or_else(|| first.cloned()), sweeps, of_sweeps })
    }

    /// The runs of the values of sweeps, by their protocol.
    fn swept(&self) -> BTreeMap<&str, Vec<&PlannedRun>> {
        let mut swept: BTreeMap<&str, Vec<&PlannedRun>> = BTreeMap::new();
        for run in &self.plan.runs {
            let is_of = |value: &PlannedValue| value.runs.contains(&run.name);
            if self.plan.sweeps.iter().flat_map(|sweep| &sweep.values).any(is_of) {
                swept.entry(&run.protocol).or_default().push(run);
            }
        }
        swept
    }

    fn sweep(
        &self,
        planned: &PlannedSweep,
        swept: &BTreeMap<&str, Vec<&PlannedRun>>,
        of_sweeps: &BTreeMap<String, ProbeFile>,
    ) -> Sweep {
        let measured = |value: &PlannedValue| {
            let first = value.runs.first().and_then(|name| self.plan.run(name))?;
            let (probed, among) = (of_sweeps.get(&first.protocol)?, swept.get(first.protocol.as_str())?);
            let runs = value.runs.iter().filter_map(|name| self.plan.run(name));
            let untrained: Vec<String> = runs.map(|run| untrained(run, among).name).collect();
            SweepMeasured::of(probed, &value.runs, &untrained)
        };
        let value = |value: &PlannedValue| SweepValue {
            label: value.label.clone(),
            number: value.number,
            measured: measured(value),
        };
        let PlannedSweep { name, key, values } = planned;
        Sweep { name: name.clone(), key: key.clone(), values: values.iter().map(value).collect() }
    }

    /// All answers of these runs, which are of one protocol, and of their controls as one; none before one of them, and the
    /// controls that need no agent, were probed.
    fn merged(&self, runs: &[&PlannedRun]) -> Result<Option<ProbeFile>> {
        let mut files = Vec::new();
        for run in runs {
            if let RunState::Probed { frames } = self.state(run)? {
                files.push(self.folder.read(&self.folder.answers(run, frames))?);
                let mut probed = self.folder.read(&self.untrained_path(run)?)?;
                // What it is called depends on the other runs, which may be others than when it was measured.
                let headline = untrained(run, runs);
                for (at, row) in probed.agents.iter_mut().enumerate() {
                    // The headline decoder's row comes first.
                    let name = if at == 0 { headline.clone() } else { headline.read_by(&row.decoder) };
                    (row.name, row.variant) = (name.name, name.variant);
                }
                files.push(probed);
            }
        }
        let controls = runs.first().map(|run| self.folder.controls(&run.protocol)).filter(|path| path.exists());
        let (Some(controls), false) = (controls, files.is_empty()) else { return Ok(None) };
        files.push(self.folder.read(&controls)?);
        ProbeFile::merge(files).map(Some).map_err(wrong_input)
    }

    /// Where the answers of the untrained agent lie that a run began as. Runs of the same networks and seed share it.
    pub(super) fn untrained_path(&self, run: &PlannedRun) -> Result<PathBuf> {
        let mut untrained = Config { agent: run.config.agent.clone(), seed: run.seed, ..Config::default() };
        untrained.vtrace.clip_reward = run.config.vtrace.clip_reward;
        Ok(self.folder.untrained(run.seed, &hash(&untrained)?, &run.protocol))
    }
}

/// The untrained agent that a run began as, named by its seed and, where the networks of the runs beside it differ, by the
/// first variant that has these.
pub(super) fn untrained(run: &PlannedRun, among: &[&PlannedRun]) -> RowName {
    let nets = |run: &PlannedRun| (run.config.agent.clone(), run.config.vtrace.clip_reward);
    let first = among.iter().copied().find(|other| nets(other) == nets(run)).unwrap_or(run);
    let is_shared = among.iter().all(|other| nets(other) == nets(run));
    let variant = if is_shared { "untrained".into() } else { format!("untrained_{}", first.variant) };
    RowName { name: format!("{variant}-{}", run.seed), variant, seed: run.seed }
}
