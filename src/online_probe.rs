//! A probe that learns beside the agent, fed with copies through a bounded channel that is never waited for.
//!
//! It reads beliefs as they are, while the offline probe standardises them first: an agent that learns has no fixed scale.
//! Its curve shows when something becomes known; how much is known, the offline probe tells.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use groundling_impala::{BeliefObserver, Checkpoint, ObservedStep};
use groundling_interface::derive_seed;
use groundling_probe::{EpisodeBeliefs, EpisodeSender, OnlineProbe, ProbeExample, ProbeSpec, ProbeTrainer, Reading};
use groundling_questions::{AskedStep, Question, QuestionMaker};
use tch::Device;

use crate::config::Config;
use crate::examples::question_maker;
use crate::rooms::RoomMaker;

/// Name of the probe's file in a checkpoint.
pub(crate) const FILE: &str = "probe.safetensors";

/// The running probe, and what is needed to feed it.
pub(crate) struct ProbeBeside {
    probe: OnlineProbe,
    maker: Arc<QuestionMaker>,
    last_step: u32,
    num_rooms: usize,
}

impl ProbeBeside {
    /// Starts a probe, or goes on with the one in `checkpoint`.
    pub(crate) fn start(config: &Config, checkpoint: Option<&Checkpoint>) -> Result<Self> {
        let maker = Arc::new(question_maker(config)?);
        let trainer = match checkpoint.and_then(|checkpoint| checkpoint.files.get(FILE)) {
            Some(bytes) => {
                let folder = tempfile::tempdir().context("no temporary folder")?;
                let path = folder.path().join(FILE);
                std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
                ProbeTrainer::load(&path, Device::Cpu)?
            }
            None => {
                let spec = ProbeSpec {
                    config: config.probe.clone(),
                    vocabulary: maker.vocabulary().clone(),
                    belief_size: config.agent.core_size as usize,
                    reading: Reading::Belief,
                    seed: derive_seed(config.seed, "online probe", &[]),
                };
                ProbeTrainer::new(spec, Device::Cpu)?
            }
        };
        Ok(Self {
            probe: OnlineProbe::start(trainer)?,
            maker,
            last_step: config.task.episode_steps,
            num_rooms: config.training.num_rooms(),
        })
    }

    /// Feeds the probe from one actor.
    pub(crate) fn observer(&self, rooms: &RoomMaker) -> Box<dyn BeliefObserver> {
        Box::new(Feed {
            maker: Arc::clone(&self.maker),
            rooms: rooms.clone(),
            sender: self.probe.sender(),
            last_step: self.last_step,
            running: BTreeMap::new(),
            num_rooms: self.num_rooms,
        })
    }

    /// The series of its line of metrics.
    pub(crate) fn metrics(&self) -> BTreeMap<String, f64> {
        let metrics = self.probe.metrics();
        let named = self.maker.vocabulary().templates().iter().zip(&metrics.accuracies);
        let mut series: BTreeMap<String, f64> =
            named.filter_map(|(name, value)| Some((format!("probe/accuracy/{name}"), (*value)?))).collect();
        series.extend(metrics.mean_accuracy().map(|mean| ("probe/accuracy/mean".to_string(), mean)));
        series.insert("probe/loss".into(), metrics.loss);
        series.insert("probe_episodes/taken".into(), metrics.num_episodes as f64);
        series.insert("probe_episodes/dropped".into(), metrics.num_dropped as f64);
        series
    }

    /// As the file [`FILE`] of a checkpoint.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let path = folder.path().join(FILE);
        self.probe.save(&path)?;
        read(&path)
    }

    /// Ends the thread after what was sent; an error of the thread is told here.
    pub(crate) fn finish(self) -> Result<()> {
        self.probe.finish()?;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// An episode that is under way.
struct Running {
    seed: u64,
    asked: Vec<AskedStep>,
    /// At the steps so far at which something was asked.
    beliefs: EpisodeBeliefs,
    /// With the index of the belief at the step when they were asked.
    questions: Vec<(usize, Vec<Question>)>,
}

impl Running {
    fn examples(&mut self, episode: u64) -> Vec<ProbeExample> {
        let beliefs = Arc::new(std::mem::take(&mut self.beliefs));
        let mut examples = Vec::new();
        for (at, questions) in self.questions.drain(..) {
            let first_number = examples.len() as u32;
            examples.extend(ProbeExample::of_belief(episode, first_number, &beliefs, at, questions));
        }
        examples
    }
}

/// Asks at some steps of each episode and hands the whole over at its end.
struct Feed {
    maker: Arc<QuestionMaker>,
    rooms: RoomMaker,
    sender: EpisodeSender,
    last_step: u32,
    num_rooms: usize,
    /// The running episode of each room.
    running: BTreeMap<usize, Running>,
}

impl BeliefObserver for Feed {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        let begin = || Running {
            seed: step.episode_seed,
            asked: self.maker.asked_steps(step.episode_seed, self.last_step),
            beliefs: EpisodeBeliefs::default(),
            questions: Vec::new(),
        };
        let running = self.running.entry(step.room).or_insert_with(begin);
        if running.seed != step.episode_seed {
            *running = begin();
        }
        let Some(asked) = running.asked.iter().find(|asked| asked.step == step.step) else { return };
        let Some(privileged) = self.rooms.privileged(step.room) else { return };
        let questions = self.maker.ask(&privileged.facts(), asked.draws);
        let at = running.beliefs.push(step.step, (step.belief)());
        running.questions.push((at, questions));
        if step.time_step.kind.is_last() {
            // A full channel drops the episode, which the metrics count; the agent is never held up.
            let episode = step.episode * self.num_rooms as u64 + step.room as u64;
            self.sender.offer(running.examples(episode));
        }
    }
}
