//! Training, end to end and each half alone, in runs that nobody keeps.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Result, anyhow};
use groundling_impala::{
    BeliefObserver, OnFrames, Progress, RunDirectory, SecondsSpent, TrainError, TrainHooks, TrainSetup, train,
};
use serde::Serialize;
use tch::Device;

use super::rate::Clock;
use super::windows::{Measurement, Windows};
use crate::config::Config;
use crate::failure::interrupted;
use crate::memory::{num_threads, peak_resident_bytes, resident_bytes};
use crate::observers::Observers;
use crate::online_probe::ProbeBeside;
use crate::rooms::RoomMaker;
use crate::teaching::Teaching;
use crate::training_episodes::TrainingEpisodes;

/// Small enough that thousands of updates over a few batches leave the networks what they were.
const NO_LEARNING: f64 = 1e-12;

/// What is measured, and how long.
pub(super) struct TrainingBench {
    pub(super) config: Config,
    pub(super) device: Device,
    pub(super) rooms: RoomMaker,
    pub(super) clock: Clock,
    /// Set by Ctrl-C.
    pub(super) stop: Arc<AtomicBool>,
    /// Where runs lie while they are measured.
    pub(super) folder: PathBuf,
}

/// Training as it is.
pub(super) struct EndToEnd {
    pub(super) measured: Measurement,
    pub(super) shares: Shares,
    pub(super) memory: Memory,
    pub(super) num_threads: u64,
}

/// Shares of the time of all windows, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Shares {
    pub(super) learner_learns: f64,
    pub(super) learner_waits: f64,
    /// Of the time that actors compute or wait for anybody.
    pub(super) actors_act: f64,
    /// The same of the thread that infers for all; none where each actor infers by itself.
    pub(super) inference_computes: Option<f64>,
}

/// Bytes of the process that were in memory.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Memory {
    /// Before the first room was made.
    pub(super) before: u64,
    /// When the first window began.
    pub(super) at_first_window: u64,
    /// When the last window ended.
    pub(super) at_last_window: u64,
    /// The most there ever was.
    pub(super) peak: u64,
}

/// Where training stands at the beginning of the first window, or at the end of the last.
struct Snapshot {
    at: Instant,
    spent: SecondsSpent,
    resident_bytes: u64,
    num_threads: u64,
}

impl Snapshot {
    fn now(spent: SecondsSpent) -> Result<Self> {
        Ok(Self { at: Instant::now(), spent, resident_bytes: resident_bytes()?, num_threads: num_threads()? })
    }
}

impl TrainingBench {
    /// Calls `act` with the set-up of a run.
    fn with_setup<T>(
        &self,
        name: &str,
        stop: &AtomicBool,
        observers: &(dyn Fn(usize) -> Option<Box<dyn BeliefObserver>> + Sync),
        act: impl FnOnce(TrainSetup<'_>) -> Result<T, TrainError>,
    ) -> Result<T> {
        let config = &self.config;
        let run = RunDirectory::open_for_training(&self.folder.join(name), &config.to_toml()?, config.seed)?;
        let teaching = Teaching::of(config)?;
        let done = act(TrainSetup {
            blueprint: config.blueprint()?,
            losses: config.loss_settings(),
            optimizer: config.optimizer.clone(),
            training: config.training.clone(),
            seed: config.seed,
            device: self.device,
            seats: &|room| self.rooms.seat(room),
            observers,
            targets: &|_| Some(teaching.as_ref()?.targets(&self.rooms)),
            run: &run,
            resume: None,
            stop,
        })?;
        if self.stop.load(Ordering::Relaxed) {
            return Err(interrupted("interrupted; nothing of it is kept"));
        }
        Ok(done)
    }

    /// Trains, with a probe beside the agent if it is wanted, and recording if the configuration asks for it.
    pub(super) fn end_to_end(&self, with_probe: bool) -> Result<EndToEnd> {
        let before = resident_bytes()?;
        let beside = with_probe.then(|| ProbeBeside::start(&self.config, None)).transpose()?;
        let episodes = TrainingEpisodes::start(&self.config, &self.folder)?;
        let observe = |_| -> Option<Box<dyn BeliefObserver>> {
            let asked = beside.as_ref().map(|beside| beside.observer(&self.rooms));
            let recorded = episodes.as_ref().map(|episodes| episodes.observer(&self.rooms));
            let all: Vec<_> = asked.into_iter().chain(recorded).collect();
            if all.is_empty() { None } else { Some(Box::new(Observers(all))) }
        };
        let end = AtomicBool::new(false);
        let windows = Windows::new(self.clock);
        let mut watch = Watch { windows, frames: 0, first: None, last: None, interrupted: &self.stop, end: &end };
        self.with_setup("whole", &end, &observe, |setup| train(setup, &mut watch))?;
        let Watch { windows, first, last, .. } = watch;
        if let Some(episodes) = episodes {
            episodes.finish();
        }
        beside.map_or(Ok(()), ProbeBeside::finish)?;
        let missing = || anyhow!("training ended before all windows were measured");
        let (first, last) = (first.ok_or_else(missing)??, last.ok_or_else(missing)??);
        Ok(EndToEnd {
            measured: windows.rates("end to end"),
            shares: Shares::between(&first, &last),
            memory: Memory {
                before,
                at_first_window: first.resident_bytes,
                at_last_window: last.resident_bytes,
                peak: peak_resident_bytes()?,
            },
            num_threads: last.num_threads,
        })
    }

    /// Runs one half of training.
    pub(super) fn half(
        &self,
        name: &str,
        run: impl FnOnce(&TrainSetup<'_>, &mut OnFrames<'_>) -> Result<(), TrainError>,
    ) -> Result<Measurement> {
        let mut windows = Windows::new(self.clock);
        self.with_setup(name, &AtomicBool::new(false), &|_| None, |mut setup| {
            setup.optimizer.learning_rate = NO_LEARNING;
            run(&setup, &mut |frames| match self.stop.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => windows.note(frames),
            })
        })?;
        Ok(windows.rates(name))
    }
}

/// Watches training until all windows are measured.
struct Watch<'a> {
    windows: Windows,
    /// Learnt from so far.
    frames: u64,
    first: Option<Result<Snapshot>>,
    last: Option<Result<Snapshot>>,
    interrupted: &'a AtomicBool,
    end: &'a AtomicBool,
}

impl TrainHooks for Watch<'_> {
    fn progress(&mut self, progress: &Progress) {
        let learnt = progress.frames - self.frames;
        self.frames = progress.frames;
        let is_over = self.windows.note(learnt).is_break();
        if self.first.is_none() && self.windows.have_begun() {
            self.first = Some(Snapshot::now(progress.spent));
        }
        if is_over && self.last.is_none() {
            self.last = Some(Snapshot::now(progress.spent));
        }
        if is_over || self.interrupted.load(Ordering::Relaxed) {
            self.end.store(true, Ordering::Relaxed);
        }
    }
}

impl Shares {
    fn between(first: &Snapshot, last: &Snapshot) -> Self {
        let seconds = last.at.duration_since(first.at).as_secs_f64().max(1e-9);
        let spent = |part: fn(&SecondsSpent) -> f64| part(&last.spent) - part(&first.spent);
        let busy = |works: f64, waits: f64| works / (works + waits).max(1e-9);
        let (computes, idles) = (spent(|s| s.inference_computes), spent(|s| s.inference_waits));
        Self {
            learner_learns: spent(|s| s.learner_learns) / seconds,
            learner_waits: spent(|s| s.learner_waits) / seconds,
            actors_act: busy(spent(|s| s.actors_act), spent(|s| s.actors_wait)),
            inference_computes: (computes > 0.0).then(|| busy(computes, idles)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn shares_are_of_the_windows_only() {
        let at = Instant::now();
        let spent = SecondsSpent { learner_learns: 100.0, actors_wait: 50.0, ..SecondsSpent::default() };
        let first = Snapshot { at, spent, resident_bytes: 0, num_threads: 0 };
        let later =
            SecondsSpent { learner_learns: 106.0, learner_waits: 3.0, actors_act: 5.0, actors_wait: 65.0, ..spent };
        let last = Snapshot { at: at + Duration::from_secs(10), spent: later, ..first };
        let expected = Shares { learner_learns: 0.6, learner_waits: 0.3, actors_act: 0.25, inference_computes: None };
        assert_eq!(Shares::between(&Snapshot { spent, ..first }, &last), expected);
        let later = SecondsSpent { inference_computes: 1.0, inference_waits: 3.0, ..later };
        let last = Snapshot { spent: later, ..last };
        assert_eq!(Shares::between(&first, &last).inference_computes, Some(0.25));
    }
}
