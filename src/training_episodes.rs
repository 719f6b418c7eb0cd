//! Episodes recorded while an agent is trained: written by a thread of its own, for which actors wait only when the disk is
//! far behind.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use anyhow::{Context, Result};
use groundling_impala::{BeliefObserver, ObservedStep};
use groundling_sim::Existing;

use crate::complain;
use crate::config::Config;
use crate::recorder::{Played, Recorder};
use crate::rooms::RoomMaker;

/// Folder within the run's.
const FOLDER: &str = "episodes";
/// Episodes that may wait for the disk.
const WAITING: usize = 256;

/// The thread `recorder`, and what its observers need.
pub(crate) struct TrainingEpisodes {
    config: Config,
    agent: String,
    sender: SyncSender<Played>,
    thread: JoinHandle<()>,
}

impl TrainingEpisodes {
    /// For the run in `run`; none where `training.record_interval` asks for none.
    pub(crate) fn start(config: &Config, run: &Path) -> Result<Option<Self>> {
        if config.training.record_interval == 0 {
            return Ok(None);
        }
        let folder = run.join(FOLDER);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let name = run.file_name().unwrap_or_default().to_string_lossy();
        let (sender, receiver) = sync_channel(WAITING);
        let thread = Builder::new().name("recorder".into()).spawn(move || write_all(&receiver, &folder));
        Ok(Some(Self {
            config: config.clone(),
            agent: format!("{name} in training"),
            sender,
            thread: thread.context("cannot start the thread that writes episodes")?,
        }))
    }

    /// Records for one actor.
    pub(crate) fn observer(&self, rooms: &RoomMaker) -> Box<dyn BeliefObserver> {
        let num_rooms = self.config.training.num_rooms();
        let world = self.config.world();
        let recorder = Recorder::new(rooms.clone(), world, &self.agent, num_rooms, false, self.sender.clone());
        Box::new(OneOf { interval: self.config.training.record_interval, num_rooms: num_rooms as u64, recorder })
    }

    /// Waits until all are written. To be called when no actor is left.
    pub(crate) fn finish(self) {
        drop(self.sender);
        if self.thread.join().is_err() {
            complain!("warning: episodes are missing: the thread that writes them panicked");
        }
    }
}

/// Passes on every `interval`-th episode, counted over all rooms.
struct OneOf {
    interval: u64,
    num_rooms: u64,
    recorder: Recorder,
}

impl BeliefObserver for OneOf {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        let number = step.episode * self.num_rooms + step.room as u64;
        if number.is_multiple_of(self.interval) {
            self.recorder.observe(step);
        }
    }
}

/// Training is worth more than its recordings: it goes on when one cannot be written.
fn write_all(episodes: &Receiver<Played>, folder: &Path) {
    let mut complained = false;
    for Played { index, recording, .. } in episodes {
        let path = folder.join(format!("{index}.episode"));
        // One that is there is of the same episode, before the run was interrupted.
        if let Err(error) = recording.write(&path, Existing::Replace)
            && !complained
        {
            complained = true;
            complain!("warning: training goes on, but an episode could not be recorded: {error}");
        }
    }
}
