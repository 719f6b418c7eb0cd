//! Trains the runs of a study that are missing, some of them side by side.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, anyhow};
use groundling_impala::TrainOutcome;

use super::plan::PlannedRun;
use super::state::StudyFolder;
use crate::complain;
use crate::failure::interrupted;
use crate::training_run::TrainingRun;

/// Trains `runs` in their order, `jobs` at a time, and tells `ended` of each as soon as it has ended; `ended` is never
/// called twice at a time. A run that fails does not end the others. After `stop` is set, what is under way saves its
/// checkpoint and nothing more is begun.
pub(super) fn train_all(
    folder: &StudyFolder,
    runs: &[&PlannedRun],
    jobs: usize,
    stop: &Arc<AtomicBool>,
    ended: &mut (dyn FnMut(&PlannedRun, Result<()>) + Send),
) -> Result<()> {
    let total = runs.len();
    let waiting: Mutex<VecDeque<(usize, &PlannedRun)>> = Mutex::new(runs.iter().copied().enumerate().collect());
    let ended = Mutex::new(ended);
    std::thread::scope(|scope| {
        let work = || {
            while !stop.load(Ordering::Relaxed) {
                let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some((index, run)) = next else { break };
                complain!("training {} ({} of {total})", run.name, index + 1);
                let result = train_one(folder, run, stop);
                let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
                ended(run, result);
            }
        };
        let spawn = |index: usize| std::thread::Builder::new().name(format!("study-{index}")).spawn_scoped(scope, work);
        let threads = (0..jobs.min(total)).map(spawn).collect::<Result<Vec<_>, _>>()?;
        let panicked = threads.into_iter().map(|thread| thread.join()).filter(Result::is_err).count();
        if panicked > 0 { Err(anyhow!("{panicked} training threads panicked; see above")) } else { Ok(()) }
    })
}

fn train_one(folder: &StudyFolder, run: &PlannedRun, stop: &Arc<AtomicBool>) -> Result<()> {
    let run_folder = folder.run(run);
    let training = TrainingRun {
        config: &run.config,
        folder: &run_folder,
        title: &run.name,
        accept_changes: false,
        probe: false,
        stop,
    };
    match training.train()? {
        TrainOutcome::Finished { .. } => Ok(()),
        TrainOutcome::Interrupted { .. } => Err(interrupted(format!("{} was interrupted and saved", run.name))),
    }
}
