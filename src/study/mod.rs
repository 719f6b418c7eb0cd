//! A study: several variants times several seeds, each a run of its own, all asked the same questions; and sweeps, one
//! setting at several values, which may be asked different questions and then have controls of their own.
//!
//! Nothing is remembered that can be read from the study's folder, so it can be stopped and started at any moment: runs
//! resume from their checkpoints, and what was probed is not probed again. Every file of answers is named by the hashes
//! of the run's configuration and of the protocol, so that answers of different ones never meet.
//!
//! ```text
//! study.json      what is done, and the accuracies     probe.json   every answer of the variants
//! report.html     the page, and beside it its figures   runs/        an ordinary run's folder each, <variant>-<seed>
//! probes/         the answers of each run and control   sweeps-*     every answer of the sweeps' values, a file a protocol
//! ```

mod answers;
mod file;
mod measuring;
mod plan;
mod state;
mod summary;
mod training;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use groundling_report::{Overwrite, ReportFiles};

use crate::complain;
use crate::failure::{interrupted, is_interruption, wrong_input};
use crate::output::make_folder;
use crate::probing::protocol_difference;
use crate::report_writing::{PageOf, write_report};
use crate::trained::TrainedRun;
use answers::{Answers, Gathered};
use measuring::Measuring;
pub use plan::Plan;
use plan::PlannedRun;
use state::{RunState, StudyFolder};
pub(crate) use summary::Summary;

/// A study and its folder, which no other process may work in meanwhile.
pub(crate) struct Study<'a> {
    plan: Plan,
    folder: StudyFolder,
    stop: &'a Arc<AtomicBool>,
    /// Held until the study is dropped.
    _lock: File,
}

impl<'a> Study<'a> {
    /// Opens the folder of a study, which may be new. Set `stop` to end whatever is under way.
    pub(crate) fn open(plan: Plan, folder: &Path, stop: &'a Arc<AtomicBool>) -> Result<Self> {
        let mut of_variants = plan.runs.iter().filter(|run| run.is_of_a_variant);
        if let Some(first) = of_variants.next() {
            for run in of_variants {
                if let Some(setting) = protocol_difference(&first.config, &run.config)? {
                    let (here, there) = (&run.variant, &first.variant);
                    return Err(wrong_input(format!(
                        "variants `{there}` and `{here}` cannot be compared: they differ in {setting}; make it the same for \
                         all with the study's own `set`, make it a [[sweep]], or make two studies"
                    )));
                }
            }
        }
        let lock = lock(folder)?;
        let folder = StudyFolder::new(folder);
        make_folder(&folder.probes())?;
        Ok(Self { plan, folder, stop, _lock: lock })
    }

    /// Trains and probes what is missing, `jobs` runs at a time, and writes `study.json` whenever something was added. A run
    /// that fails does not end the others; its error is told at once, and counted at the end.
    pub(crate) fn complete(&self, jobs: usize) -> Result<()> {
        let answers = self.answers();
        self.write_summary(&answers.gather()?)?;
        let measuring = Measuring::new(answers, self.stop)?;
        measuring.controls()?;
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
            let summarise = || self.write_summary(&answers.gather()?).map(drop);
            match result.and_then(|()| measuring.run(run)).and_then(|()| summarise()) {
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

    /// All answers there are, and the figures of the sweeps.
    pub(crate) fn gather(&self) -> Result<Gathered> {
        self.answers().gather()
    }

    /// Writes `probe.json` and `sweeps-*.json` of these answers.
    pub(crate) fn write_answers(&self, gathered: &Gathered) -> Result<()> {
        if let Some(headline) = &gathered.headline {
            headline.write(&self.folder.path().join("probe.json"))?;
        }
        for (protocol, probed) in &gathered.of_sweeps {
            probed.write(&self.folder.of_sweeps(protocol))?;
        }
        Ok(())
    }

    /// Writes `report.html` of these answers and of the runs they are of, with its figures and tables beside it; none
    /// before a run was probed.
    pub(crate) fn write_report(&self, gathered: Gathered) -> Result<Option<ReportFiles>> {
        let Gathered { headline, sweeps, .. } = gathered;
        let Some(probed) = headline else { return Ok(None) };
        let is_probed = |run: &&PlannedRun| probed.agents.iter().any(|agent| agent.name == run.name);
        let runs = self.plan.runs.iter().filter(is_probed).map(|run| TrainedRun::open(&self.folder.run(run)));
        let runs = runs.collect::<Result<Vec<_>>>()?;
        let page = PageOf { title: &self.plan.title, probed, runs: &runs, sweeps, film: None };
        write_report(page, &self.folder.path().join("report.html"), Overwrite::Yes).map(Some)
    }

    /// Writes `study.json`: how far each run is, and the accuracies so far.
    pub(crate) fn write_summary(&self, gathered: &Gathered) -> Result<Summary> {
        let summary = Summary::of(self.answers(), gathered)?;
        summary.write(&self.folder)?;
        Ok(summary)
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn answers(&self) -> Answers<'_> {
        Answers { plan: &self.plan, folder: &self.folder }
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
