//! Training as its caller sees it: what goes in, what is told on the way, and how it ends.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crossbeam::channel::bounded;
use groundling_interface::{EnvironmentError, derive_seed};
use groundling_model::{EncoderTooDeep, LossSettings};
use groundling_nn::{OptimizerConfig, ValuesError};
use tch::Device;

use crate::learner::Learner;
use crate::room_group::{EpisodeSeeds, RoomGroup};
use crate::schedule::{Actor, ActorError, Publisher};
use crate::{
    AgentBlueprint, BeliefObserver, Checkpoint, CheckpointError, CheckpointFiles, FileError, RunDirectory, Schedule,
    Seat, TensorBoard, TrainingConfig,
};

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
    /// Where the learner computes: what `training.device` names, found. How exactly is `training.precision`.
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
    /// The last line of metrics; empty before the first.
    pub metrics: BTreeMap<String, f64>,
}

/// What the caller does while training runs. None of it reaches the agent: in lockstep the same bits are learnt with
/// any hooks, in async only the timing can differ.
pub trait TrainHooks {
    /// Called once, before the first update. Texts and pictures may be given to `tensorboard` at any time, from any thread;
    /// none if it is switched off.
    fn begun(&mut self, _tensorboard: Option<&TensorBoard>) {}

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

    /// Called when a checkpoint was written.
    fn saved(&mut self, _checkpoint: &Checkpoint) {}
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
    /// It failed, and what was learnt since the last checkpoint is lost.
    #[error("{cause}; {why}; {last}")]
    Unsaved {
        /// Why training failed.
        cause: Box<TrainError>,
        /// Why it is lost.
        why: String,
        /// Where the same command goes on.
        last: String,
    },
    /// The learner panicked: the networks cannot be computed, for want of memory or because of what was fed to them.
    #[error("update {update} failed: {reason}{}", remedy(reason))]
    Learner {
        /// Which, from 1.
        update: u64,
        /// The first line of its message.
        reason: String,
    },
    /// Every actor ended without saying why.
    #[error("all actors ended unexpectedly")]
    ActorsGone,
    /// A loss or the gradient is no longer a number, or a loss is beyond `training.divergence_limit`.
    #[error(
        "update {update} diverged: {cause}; nothing of it was learnt, {record}; {last}; if it diverges again, lower \
         optimizer.learning_rate or optimizer.max_gradient_norm and add --accept-changes"
    )]
    Diverged {
        /// Which, from 1.
        update: u64,
        /// Which loss, and its value.
        cause: String,
        /// Where its batch is kept.
        record: String,
        /// Where the same command goes on.
        last: String,
    },
    /// The checkpoint is of other rooms.
    #[error("the checkpoint has {found} rooms, this configuration {expected}")]
    OtherRooms {
        /// Rooms of the checkpoint.
        found: usize,
        /// Rooms of the configuration.
        expected: usize,
    },
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

fn remedy(reason: &str) -> &'static str {
    if reason.contains("out of memory") || reason.contains("not enough memory") {
        " (lower training.rooms_per_actor, training.unroll_length or the sizes in [agent])"
    } else {
        ""
    }
}

/// Trains until all frames are learnt from, `stop` is set, or something fails; then keeps a checkpoint.
pub fn train(setup: TrainSetup<'_>, hooks: &mut dyn TrainHooks) -> Result<TrainOutcome, TrainError> {
    let mut learner = Learner::new(&setup)?;
    let actors = (0..setup.training.num_actors).map(|index| make_actor(&setup, index));
    let actors = actors.collect::<Result<Vec<_>, _>>()?;
    // Every room has its place from the start: an actor may fail, or training be stopped, before its first unroll.
    learner.place(&actors);
    hooks.begun(learner.log.tensorboard());
    if learner.updates() >= setup.training.num_updates() {
        return Ok(TrainOutcome::Finished { checkpoint: learner.save(&setup, hooks)? });
    }
    std::thread::scope(|scope| {
        let (unroll_sender, unroll_receiver) = bounded(match setup.training.schedule {
            Schedule::Async => setup.training.queue_capacity,
            Schedule::Lockstep => setup.training.num_actors,
        });
        let (publisher, sources) =
            Publisher::new(setup.training.schedule, setup.training.num_actors, learner.published(learner.updates()));
        for (actor, source) in actors.into_iter().zip(sources) {
            let sender = unroll_sender.clone();
            let builder = std::thread::Builder::new().name(format!("actor-{}", actor.index));
            let act = move || {
                groundling_nn::set_threads_of_this_thread(1);
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
    let agent = setup.blueprint.build_actor(Device::Cpu)?;
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
