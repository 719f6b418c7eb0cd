//! The learner: takes unrolls, updates the parameters, gives them to the actors, keeps the run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crossbeam::channel::{Receiver, Sender, bounded};
use groundling_interface::{EnvironmentError, derive, derive_seed};
use groundling_model::{Agent, AgentOptimizer, EncoderTooDeep, LossSettings, Unroll};
use groundling_nn::{NamedValues, OptimizerConfig, ValuesError};
use tch::Device;

use crate::metrics::{Averages, MetricsFile};
use crate::room_group::{EpisodeSeeds, RoomGroup};
use crate::schedule::{Actor, ActorError, ActorUnroll, ParameterSource, Published};
use crate::{
    AgentBlueprint, BeliefObserver, Checkpoint, CheckpointError, CheckpointFiles, FileError, RunDirectory, Schedule,
    Seat, TrainingConfig,
};

/// Updates in a row whose gradients may be broken before the run is given up.
const MOST_BROKEN_UPDATES: u64 = 20;

/// Everything that training needs.
pub struct TrainSetup<'a> {
    /// Which agent.
    pub blueprint: AgentBlueprint,
    /// Scales of the losses and settings of V-trace.
    pub losses: LossSettings,
    /// The agent's optimiser.
    pub optimizer: OptimizerConfig,
    /// Rooms, unrolls, schedule.
    pub training: TrainingConfig,
    /// Every random choice is derived from it.
    pub seed: u64,
    /// Where the learner computes.
    pub device: Device,
    /// Makes the seat of a room, by its index among all rooms.
    pub seats: &'a (dyn Fn(usize) -> Result<Seat, EnvironmentError> + Sync),
    /// Makes the observer of an actor, by the actor's index.
    pub observers: &'a (dyn Fn(usize) -> Option<Box<dyn BeliefObserver>> + Sync),
    /// Where the run is kept.
    pub run: &'a RunDirectory,
    /// Where to go on, from `Checkpoint::load_latest`.
    pub resume: Option<Checkpoint>,
    /// Set from outside to end after the present update.
    pub stop: &'a AtomicBool,
}

/// Where training stands; reported after each update.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Updates done.
    pub update: u64,
    /// Updates in all.
    pub num_updates: u64,
    /// Pictures learnt from.
    pub frames: u64,
    /// Seconds of training, resumed ones included.
    pub seconds: f64,
    /// The last line of metrics.
    pub metrics: BTreeMap<String, f64>,
}

/// What the caller does while training runs. None of it can change what is learnt.
pub trait TrainHooks {
    /// Called after each update.
    fn progress(&mut self, _progress: &Progress) {}

    /// Further series for each line of metrics.
    fn metrics(&mut self) -> BTreeMap<String, f64> {
        BTreeMap::new()
    }

    /// What the caller wants kept in each checkpoint.
    fn files(&mut self) -> CheckpointFiles {
        CheckpointFiles::new()
    }
}

/// How training ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrainOutcome {
    /// All frames are learnt from.
    Finished {
        /// The last checkpoint.
        checkpoint: PathBuf,
    },
    /// It was asked to stop.
    Interrupted {
        /// The checkpoint to go on from.
        checkpoint: PathBuf,
    },
}

/// Why training failed. Whatever was learnt before is in the run's last checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The networks cannot be built.
    #[error(transparent)]
    Encoder(#[from] EncoderTooDeep),
    /// A room could not be made.
    #[error("room {room}: {source}")]
    Room {
        /// Index among all rooms.
        room: usize,
        /// What went wrong.
        source: EnvironmentError,
    },
    /// An actor failed.
    #[error("actor {actor}: {source}")]
    Actor {
        /// Which.
        actor: usize,
        /// What went wrong.
        source: ActorError,
    },
    /// Every actor ended without saying why.
    #[error("all actors ended unexpectedly")]
    ActorsGone,
    /// The losses are no longer numbers.
    #[error(
        "the gradients were not finite in {MOST_BROKEN_UPDATES} updates in a row; \
         lower optimizer.learning_rate or optimizer.max_gradient_norm"
    )]
    Diverged,
    /// A checkpoint could not be read or written.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A file of the run could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The checkpoint belongs to another network.
    #[error("the checkpoint does not fit this configuration: {0}")]
    Misfit(#[from] ValuesError),
}

/// Trains until all frames are learnt from, `stop` is set, or something fails; then keeps a checkpoint.
pub fn train(setup: TrainSetup<'_>, hooks: &mut dyn TrainHooks) -> Result<TrainOutcome, TrainError> {
    let mut learner = Learner::new(&setup)?;
    let actors = (0..setup.training.num_actors).map(|index| make_actor(&setup, index));
    let actors = actors.collect::<Result<Vec<_>, _>>()?;
    // Every room has its place from the start: an actor may fail, or training be stopped, before its first unroll.
    learner.places = actors.iter().map(Place::of).collect();
    if learner.update >= setup.training.num_updates() {
        return Ok(TrainOutcome::Finished { checkpoint: learner.save(&setup, hooks)? });
    }
    std::thread::scope(|scope| {
        let (unroll_sender, unroll_receiver) = bounded(match setup.training.schedule {
            Schedule::Async => setup.training.queue_capacity,
            Schedule::Lockstep => setup.training.num_actors,
        });
        let (publisher, sources) = Publisher::new(&setup, &learner);
        for (actor, source) in actors.into_iter().zip(sources) {
            let sender = unroll_sender.clone();
            let builder = std::thread::Builder::new().name(format!("actor-{}", actor.index));
            let act = move || {
                // The setting is one a thread; the learner's is its own.
                tch::set_num_threads(1);
                actor.run(&source, &sender);
            };
            builder.spawn_scoped(scope, act).map_err(FileError::at("start a thread for", setup.run.path()))?;
        }
        drop(unroll_sender);
        let mut learn = || learner.run(&setup, &publisher, &unroll_receiver, hooks);
        let result = learn();
        // Actors end when nobody orders or takes unrolls any more.
        drop((publisher, unroll_receiver));
        result
    })
}

fn make_actor(setup: &TrainSetup<'_>, index: usize) -> Result<Actor, TrainError> {
    let TrainingConfig { rooms_per_actor, unroll_length, exploring, .. } = setup.training;
    let first_room = index * rooms_per_actor;
    let at = |room: usize| move |source| TrainError::Room { room, source };
    let seats = (first_room..first_room + rooms_per_actor).map(|room| (setup.seats)(room).map_err(at(room)));
    let seats = seats.collect::<Result<Vec<_>, _>>()?;
    let agent = setup.blueprint.build(Device::Cpu)?;
    let rooms = first_room..first_room + rooms_per_actor;
    let resume = setup
        .resume
        .as_ref()
        .and_then(|checkpoint| Some((checkpoint.cursors.get(rooms.clone())?, checkpoint.beliefs.get(rooms.clone())?)));
    let seed = setup.seed;
    let episode_seeds: EpisodeSeeds =
        Arc::new(move |room, episode| derive_seed(seed, "training episode", &[room as u64, episode]));
    let group = RoomGroup::new(seats, first_room, exploring, seed, episode_seeds, &agent, resume);
    let group = group.map_err(at(first_room))?;
    Ok(Actor { index, agent, group, observer: (setup.observers)(index), length: unroll_length })
}

/// Gives parameters to actors.
enum Publisher {
    Orders(Vec<Sender<Arc<Published>>>),
    Latest(Arc<Mutex<Arc<Published>>>),
}

impl Publisher {
    fn new(setup: &TrainSetup<'_>, learner: &Learner) -> (Self, Vec<ParameterSource>) {
        let num_actors = setup.training.num_actors;
        match setup.training.schedule {
            Schedule::Lockstep => {
                let (senders, receivers): (Vec<_>, Vec<_>) = (0..num_actors).map(|_| bounded(1)).unzip();
                (Self::Orders(senders), receivers.into_iter().map(ParameterSource::Orders).collect())
            }
            Schedule::Async => {
                let latest = Arc::new(Mutex::new(learner.published(learner.update)));
                (Self::Latest(Arc::clone(&latest)), vec![ParameterSource::Latest(latest); num_actors])
            }
        }
    }

    /// Lockstep: orders one unroll of each actor. Async: these are the parameters from now on.
    fn publish(&self, published: &Arc<Published>) {
        match self {
            // An actor that is gone has said why in the queue of unrolls.
            Self::Orders(senders) => senders.iter().for_each(|sender| drop(sender.send(Arc::clone(published)))),
            Self::Latest(latest) => *latest.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(published),
        }
    }
}

type UnrollReceiver = Receiver<Result<ActorUnroll, (usize, ActorError)>>;

struct Learner {
    agent: Agent,
    optimizer: AgentOptimizer,
    update: u64,
    frames: u64,
    seconds_before: f64,
    since: Instant,
    /// The parameters of the unroll that was ordered last.
    behavior: NamedValues,
    /// Where each actor's rooms stand behind its last unroll that was learnt from.
    places: Vec<Place>,
    averages: Averages,
    metrics: MetricsFile,
    broken_updates: u64,
}

struct Place {
    cursors: Vec<crate::RoomCursor>,
    beliefs: Vec<groundling_belief::FrozenBelief>,
}

impl Place {
    fn of(actor: &Actor) -> Self {
        Self { cursors: actor.group.cursors(), beliefs: actor.group.beliefs() }
    }
}

impl Learner {
    fn new(setup: &TrainSetup<'_>) -> Result<Self, TrainError> {
        tch::set_num_threads(setup.training.learner_threads as i32);
        let agent = setup.blueprint.build(setup.device)?;
        let mut optimizer = AgentOptimizer::new(&setup.optimizer, &agent);
        let (mut update, mut frames, mut seconds_before) = (0, 0, 0.0);
        let mut behavior = agent.values();
        if let Some(checkpoint) = &setup.resume {
            agent.set_values(&checkpoint.agent)?;
            optimizer.set_values(&agent, &checkpoint.optimizer, checkpoint.optimizer_steps)?;
            (update, frames, seconds_before) = (checkpoint.update, checkpoint.frames, checkpoint.seconds);
            behavior = checkpoint.behavior.clone();
        }
        let metrics = MetricsFile::resume(&setup.run.metrics_path(), update)?;
        Ok(Self {
            agent,
            optimizer,
            update,
            frames,
            seconds_before,
            since: Instant::now(),
            behavior,
            places: Vec::new(),
            averages: Averages::default(),
            metrics,
            broken_updates: 0,
        })
    }

    /// The behaviour, as the parameters after `version` updates.
    fn published(&self, version: u64) -> Arc<Published> {
        Arc::new(Published { version, values: self.behavior.clone() })
    }

    fn run(
        &mut self,
        setup: &TrainSetup<'_>,
        publisher: &Publisher,
        unrolls: &UnrollReceiver,
        hooks: &mut dyn TrainHooks,
    ) -> Result<TrainOutcome, TrainError> {
        let num_updates = setup.training.num_updates();
        let lockstep = setup.training.schedule == Schedule::Lockstep;
        // In lockstep the unroll that is due was first ordered one update ago.
        let version = if lockstep { self.update.saturating_sub(1) } else { self.update };
        publisher.publish(&self.published(version));
        while self.update < num_updates {
            let taken = self.take_unrolls(setup, unrolls);
            let unrolls = match taken {
                Ok(unrolls) => unrolls,
                Err(error) => {
                    self.save(setup, hooks)?;
                    return Err(error);
                }
            };
            if lockstep && self.update + 1 < num_updates {
                // The next unroll is made now, with the parameters of before this update, while it is computed.
                self.behavior = self.agent.values();
                publisher.publish(&self.published(self.update));
            }
            self.learn(setup, &unrolls)?;
            if !lockstep {
                self.behavior = self.agent.values();
                publisher.publish(&self.published(self.update));
            }
            let metrics = self.log(setup, hooks)?;
            hooks.progress(&Progress {
                update: self.update,
                num_updates,
                frames: self.frames,
                seconds: self.seconds(),
                metrics,
            });
            if setup.stop.load(Ordering::Relaxed) && self.update < num_updates {
                return Ok(TrainOutcome::Interrupted { checkpoint: self.save(setup, hooks)? });
            }
            if self.update.is_multiple_of(setup.training.checkpoint_interval) {
                self.save(setup, hooks)?;
            }
        }
        Ok(TrainOutcome::Finished { checkpoint: self.save(setup, hooks)? })
    }

    /// One unroll of each actor (lockstep, in the order of actors) or as many as they come (async).
    fn take_unrolls(&mut self, setup: &TrainSetup<'_>, receiver: &UnrollReceiver) -> Result<Vec<Unroll>, TrainError> {
        let since = Instant::now();
        let mut taken: Vec<ActorUnroll> = Vec::with_capacity(setup.training.num_actors);
        while taken.len() < setup.training.num_actors {
            match receiver.recv() {
                Ok(Ok(unroll)) => taken.push(unroll),
                Ok(Err((actor, source))) => return Err(TrainError::Actor { actor, source }),
                Err(_) => return Err(TrainError::ActorsGone),
            }
        }
        self.averages.add("seconds/learner_waits", since.elapsed().as_secs_f64());
        taken.sort_by_key(|unroll| unroll.actor);
        Ok(taken.into_iter().map(|unroll| self.note(unroll)).collect())
    }

    fn note(&mut self, taken: ActorUnroll) -> Unroll {
        self.averages.add("policy_lag", self.update.saturating_sub(taken.version) as f64);
        self.averages.add("seconds/actor_acts", taken.act_seconds);
        self.averages.add("seconds/actor_waits", taken.wait_seconds);
        for episode in &taken.ended {
            self.averages.add("episode/return", f64::from(episode.episode_return));
            self.averages.add("episode/steps", episode.num_steps as f64);
        }
        if let Some(place) = self.places.get_mut(taken.actor) {
            *place = Place { cursors: taken.cursors, beliefs: taken.beliefs };
        }
        taken.unroll
    }

    fn learn(&mut self, setup: &TrainSetup<'_>, unrolls: &[Unroll]) -> Result<(), TrainError> {
        let since = Instant::now();
        let mut generator = derive(setup.seed, "loss", &[self.update]);
        let loss = self.agent.loss(unrolls, &setup.losses, &mut generator);
        for (name, value) in loss.report().iter() {
            self.averages.add(format!("loss/{name}"), value);
        }
        if self.is_logged(setup) {
            for part in ["encoder", "core"] {
                for (name, norm) in loss.gradient_norms(&self.agent, &format!("{part}.")).iter() {
                    self.averages.add(format!("gradient_norm/{part}/{name}"), norm);
                }
            }
        }
        let learning_rate = setup.optimizer.learning_rate_at(self.update, setup.training.num_updates());
        let norm = self.optimizer.step(&self.agent, loss, learning_rate);
        self.broken_updates = if norm.is_finite() { 0 } else { self.broken_updates + 1 };
        if self.broken_updates >= MOST_BROKEN_UPDATES {
            return Err(TrainError::Diverged);
        }
        self.averages.add("gradient_norm/all", norm);
        self.averages.add("learning_rate", learning_rate);
        self.averages.add("seconds/learner_learns", since.elapsed().as_secs_f64());
        self.update += 1;
        self.frames += setup.training.frames_per_update();
        Ok(())
    }

    fn is_logged(&self, setup: &TrainSetup<'_>) -> bool {
        (self.update + 1).is_multiple_of(setup.training.log_interval) || self.update + 1 == setup.training.num_updates()
    }

    fn log(&mut self, setup: &TrainSetup<'_>, hooks: &mut dyn TrainHooks) -> Result<BTreeMap<String, f64>, TrainError> {
        let due = self.update.is_multiple_of(setup.training.log_interval);
        if !due && self.update != setup.training.num_updates() {
            return Ok(BTreeMap::new());
        }
        let mut series = self.averages.take();
        series.extend(hooks.metrics());
        series.insert("frames_per_second".into(), self.frames_per_second(setup));
        self.metrics.append(self.update, self.frames, self.seconds(), &series)?;
        Ok(series)
    }

    fn frames_per_second(&self, setup: &TrainSetup<'_>) -> f64 {
        let before = setup.resume.as_ref().map_or(0, |checkpoint| checkpoint.frames);
        (self.frames - before) as f64 / self.since.elapsed().as_secs_f64().max(1e-9)
    }

    fn seconds(&self) -> f64 {
        self.seconds_before + self.since.elapsed().as_secs_f64()
    }

    fn save(&mut self, setup: &TrainSetup<'_>, hooks: &mut dyn TrainHooks) -> Result<PathBuf, TrainError> {
        let (optimizer, optimizer_steps) = self.optimizer.values(&self.agent);
        let checkpoint = Checkpoint {
            update: self.update,
            frames: self.frames,
            seconds: self.seconds(),
            agent: self.agent.values(),
            behavior: self.behavior.clone(),
            optimizer,
            optimizer_steps,
            cursors: self.places.iter().flat_map(|place| place.cursors.clone()).collect(),
            beliefs: self.places.iter().flat_map(|place| place.beliefs.clone()).collect(),
            files: hooks.files(),
        };
        Ok(checkpoint.save(setup.run)?)
    }
}
