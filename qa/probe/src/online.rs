//! A probe that learns beside an agent, in a thread of its own.
//!
//! Episodes reach it through a bounded channel. Whoever sends never waits: when the channel is full the episode is
//! dropped and counted. Nothing flows back but figures.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam::channel::{Receiver, Sender, TrySendError, bounded, select};

use crate::error::{ProbeError, SavedProbeError};
use crate::example::ProbeExample;
use crate::online_metrics::OnlineMetrics;
use crate::trainer::ProbeTrainer;

enum Request {
    Save(PathBuf, Sender<Result<(), SavedProbeError>>),
    Finish,
}

/// The running probe.
#[derive(Debug)]
pub struct OnlineProbe {
    episodes: EpisodeSender,
    requests: Sender<Request>,
    metrics: Arc<Mutex<OnlineMetrics>>,
    thread: JoinHandle<Result<ProbeTrainer, ProbeError>>,
}

/// Gives episodes to the probe; one for each actor.
#[derive(Debug, Clone)]
pub struct EpisodeSender {
    channel: Sender<Vec<ProbeExample>>,
    num_dropped: Arc<AtomicU64>,
}

impl EpisodeSender {
    /// Hands over the examples of one episode, at once and without waiting. `false`: dropped, and counted.
    pub fn offer(&self, episode: Vec<ProbeExample>) -> bool {
        match self.channel.try_send(episode) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.num_dropped.fetch_add(1, Ordering::Relaxed);
                false
            }
        }
    }
}

impl OnlineProbe {
    /// Starts the thread `probe`, which goes on training `trainer`.
    pub fn start(trainer: ProbeTrainer) -> Result<Self, ProbeError> {
        let config = &trainer.spec().config;
        let (channel, episodes) = bounded(config.online.channel_capacity);
        let (requests, asked) = bounded(1);
        let num_templates = trainer.spec().vocabulary.templates().len();
        let metrics = Arc::new(Mutex::new(OnlineMetrics::new(num_templates)));
        let published = Arc::clone(&metrics);
        let thread = std::thread::Builder::new()
            .name("probe".into())
            .spawn(move || Learning { trainer, pending: Vec::new(), metrics: published }.run(&episodes, &asked))
            .map_err(|error| ProbeError::Thread(error.to_string()))?;
        Ok(Self { episodes: EpisodeSender { channel, num_dropped: Arc::default() }, requests, metrics, thread })
    }

    /// Another handle through which to send.
    pub fn sender(&self) -> EpisodeSender {
        self.episodes.clone()
    }

    /// The figures of now.
    pub fn metrics(&self) -> OnlineMetrics {
        let mut metrics = locked(&self.metrics).clone();
        metrics.num_dropped = self.episodes.num_dropped.load(Ordering::Relaxed);
        metrics
    }

    /// Whether the thread has ended by itself, which it does on an error only; [`finish`](Self::finish) tells which.
    pub fn thread_has_ended(&self) -> bool {
        self.thread.is_finished()
    }

    /// Saves the probe as it is between two updates; waits for the update that is under way.
    pub fn save(&self, path: &Path) -> Result<(), SavedProbeError> {
        let (reply, replied) = bounded(1);
        let sent = self.requests.send(Request::Save(path.to_owned(), reply));
        sent.map_err(|_| SavedProbeError::ThreadEnded)?;
        replied.recv().unwrap_or(Err(SavedProbeError::ThreadEnded))
    }

    /// Learns from what was sent before this call, then ends the thread and gives the probe back. Senders that live on
    /// find their episodes dropped.
    pub fn finish(self) -> Result<ProbeTrainer, ProbeError> {
        // A thread that has ended by an error takes no request; joining it tells the error.
        let _ = self.requests.send(Request::Finish);
        self.thread.join().unwrap_or_else(|_| Err(ProbeError::Thread("it panicked".into())))
    }
}

/// What the thread owns.
struct Learning {
    trainer: ProbeTrainer,
    pending: Vec<ProbeExample>,
    metrics: Arc<Mutex<OnlineMetrics>>,
}

impl Learning {
    fn run(
        mut self,
        episodes: &Receiver<Vec<ProbeExample>>,
        requests: &Receiver<Request>,
    ) -> Result<ProbeTrainer, ProbeError> {
        loop {
            select! {
                recv(requests) -> request => match request {
                    Ok(Request::Save(path, reply)) => {
                        // Whoever asked may have given up waiting.
                        let _ = reply.send(self.trainer.save(&path));
                    }
                    Ok(Request::Finish) | Err(_) => break,
                },
                recv(episodes) -> episode => match episode {
                    Ok(episode) => self.take(episode)?,
                    Err(_) => break,
                },
            }
        }
        for episode in episodes.try_iter() {
            self.take(episode)?;
        }
        let rest = std::mem::take(&mut self.pending);
        if !rest.is_empty() {
            self.learn(&rest)?;
        }
        Ok(self.trainer)
    }

    fn take(&mut self, episode: Vec<ProbeExample>) -> Result<(), ProbeError> {
        self.pending.extend(episode);
        locked(&self.metrics).num_episodes += 1;
        let batch_size = self.trainer.spec().config.batch_size;
        while self.pending.len() >= batch_size {
            let later = self.pending.split_off(batch_size);
            let batch = std::mem::replace(&mut self.pending, later);
            self.learn(&batch)?;
        }
        Ok(())
    }

    fn learn(&mut self, batch: &[ProbeExample]) -> Result<(), ProbeError> {
        let report = self.trainer.step(batch)?;
        locked(&self.metrics).count(batch, &report);
        Ok(())
    }
}

/// Figures are whole after every statement, so a panic elsewhere does not spoil them.
fn locked(metrics: &Mutex<OnlineMetrics>) -> MutexGuard<'_, OnlineMetrics> {
    metrics.lock().unwrap_or_else(PoisonError::into_inner)
}
