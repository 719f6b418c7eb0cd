//! A study: several variants times several seeds, each a run of its own, all asked the same questions.
//!
//! Nothing is remembered that can be read from the study's folder, so it can be stopped and started at any moment: runs
//! resume from their checkpoints, and what was probed is not probed again. Every file of answers is named by the hashes
//! of the run's configuration and of the protocol, so that answers of different ones never meet.
//!
//! ```text
//! study.json      what is done, and the accuracies     probe.json   every answer
//! report.html     the page, and beside it its figures   runs/        an ordinary run's folder each, <variant>-<seed>
//! probes/         the answers of each run and control
//! ```

mod answers;
mod plan;
mod state;
mod summary;
mod training;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use groundling_report::{Overwrite, ProbeFile, ReportFiles};

use crate::complain;
use crate::failure::{interrupted, is_interruption, wrong_input};
use crate::output::make_folder;
use crate::probing::{Measurement, protocol_difference, protocol_hash};
use crate::report_writing::{PageOf, write_report};
use crate::trained::TrainedRun;
use answers::Answers;
pub use plan::Plan;
use plan::PlannedRun;
use state::{RunState, StudyFolder};
pub(crate) use summary::Summary;

/// A study and its folder, which no other process may work in meanwhile.
pub(crate) struct Study<'a> {
    plan: Plan,
    folder: StudyFolder,
    measurement: Measurement<'a>,
    /// Hash of everything that a comparison needs to be the same.
    protocol: String,
    stop: &'a Arc<AtomicBool>,
    /// Held until the study is dropped.
    _lock: File,
}

impl<'a> Study<'a> {
    /// Opens the folder of a study, which may be new. Set `stop` to end whatever is under way.
    pub(crate) fn open(plan: Plan, folder: &Path, stop: &'a Arc<AtomicBool>) -> Result<Self> {
        let first = plan.runs.first().context("a study without runs")?;
        for run in &plan.runs {
            if let Some(setting) = protocol_difference(&first.config, &run.config)? {
                let (here, there) = (&run.variant, &first.variant);
                return Err(wrong_input(format!(
                    "variants `{there}` and `{here}` cannot be compared: they differ in {setting}; make it the same for all \
                     with the study's own `set`, or make two studies"
                )));
            }
        }
        let lock = lock(folder)?;
        let measurement = Measurement::new(&first.config, stop)?;
        let protocol = protocol_hash(&first.config)?;
        let folder = StudyFolder::new(folder);
        make_folder(&folder.probes())?;
        Ok(Self { plan, folder, measurement, protocol, stop, _lock: lock })
    }

    /// Trains and probes what is missing, `jobs` runs at a time, and writes `study.json` whenever something was added. A run
    /// that fails does not end the others; its error is told at once, and counted at the end.
    pub(crate) fn complete(&self, jobs: usize) -> Result<()> {
        let answers = self.answers();
        self.write_summary()?;
        answers.controls()?;
        let (mut to_probe, mut to_train) = (Vec::new(), Vec::new());
        for run in &self.plan.runs {
            match answers.state(run)? {
                RunState::Missing | RunState::Begun { .. } => to_train.push(run),
                RunState::Trained { .. } => to_probe.push(run),
                RunState::Probed { .. } => {}
            }
        }
        let mut failed: Vec<String> = Vec::new();
        let mut note = |run: &PlannedRun, result: Result<()>| {
            let result = result.and_then(|()| answers.run(run)).and_then(|()| self.write_summary().map(drop));
            match result {
                Err(error) if !is_interruption(&error) => {
                    complain!("{} failed: {error:#}", run.name);
                    failed.push(run.name.clone());
                }
                _ => {}
            }
        };
        for run in to_probe {
            note(run, Ok(()));
        }
        training::train_all(&self.folder, &to_train, jobs, self.stop, &mut note)?;
        if self.stop.load(Ordering::Relaxed) {
            let path = self.folder.path().display();
            return Err(interrupted(format!(
                "interrupted; {path} keeps what is done, the same command goes on from there"
            )));
        }
        match failed[..] {
            [] => Ok(()),
            _ => bail!("{} of {} runs failed, see above: {}", failed.len(), self.plan.runs.len(), failed.join(", ")),
        }
    }

    /// Writes `probe.json` of all answers there are; `None` before a run was probed.
    pub(crate) fn write_answers(&self) -> Result<Option<ProbeFile>> {
        let Some(probed) = self.answers().merged()? else { return Ok(None) };
        probed.write(&self.folder.path().join("probe.json"))?;
        Ok(Some(probed))
    }

    /// Writes `report.html` of these answers and of the runs they are of, with its figures and tables beside it.
    pub(crate) fn write_report(&self, probed: ProbeFile) -> Result<ReportFiles> {
        let is_probed = |run: &&PlannedRun| probed.agents.iter().any(|agent| agent.name == run.name);
        let runs = self.plan.runs.iter().filter(is_probed).map(|run| TrainedRun::open(&self.folder.run(run)));
        let runs = runs.collect::<Result<Vec<_>>>()?;
        let page = PageOf { title: &self.plan.title, probed, runs: &runs, film: None };
        write_report(page, &self.folder.path().join("report.html"), Overwrite::Yes)
    }

    /// Writes `study.json`: how far each run is, and the accuracies so far.
    pub(crate) fn write_summary(&self) -> Result<Summary> {
        let summary = Summary::of(&self.plan, &self.answers())?;
        summary.write(&self.folder)?;
        Ok(summary)
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn answers(&self) -> Answers<'_> {
        Answers::new(&self.plan, &self.folder, &self.measurement, &self.protocol)
    }
}

/// Claims a study's folder, which is made if it is not there.
fn lock(folder: &Path) -> Result<File> {
    make_folder(folder)?;
    let (path, lock) = (folder.display(), folder.join("study.lock"));
    let is_empty = std::fs::read_dir(folder).with_context(|| format!("cannot read {path}"))?.next().is_none();
    if !is_empty && !lock.exists() {
        return Err(wrong_input(format!(
            "{path} holds other things than a study; give an empty or a new folder with --out"
        )));
    }
    let file = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(wrong_input(format!("another process works on the study in {path}; wait for it, or end it"))),
    }
}
