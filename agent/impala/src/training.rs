//! Training as its caller sees it: what goes in, what is told on the way, and how it ends.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use groundling_interface::EnvironmentError;
use groundling_model::{AgentError, LossSettings};
use groundling_nn::{OptimizerConfig, ValuesError};
use tch::Device;

use crate::actor_thread::start_threads;
use crate::learner::Learner;
use crate::{
    ActorError, AgentBlueprint, BeliefObserver, Checkpoint, CheckpointError, CheckpointFiles, FileError, RunDirectory,
    Seat, SecondsSpent, TargetMaker, TensorBoard, TrainingConfig,
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
    /// Makes the maker of targets of an actor, by the actor's index: for an agent with an auxiliary loss; none for others.
    pub targets: &'a (dyn Fn(usize) -> Option<Box<dyn TargetMaker>> + Sync),
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
    /// Where the time went.
    pub spent: SecondsSpent,
}

/// What the caller does while training runs. None of it reaches the agent: in lockstep the same bits are learnt with
/// any hooks, in async only the timing can differ.
pub trait TrainHooks: Send {
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
    /// The agent cannot be made.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// An actor failed.
    #[error("actor {actor}: {source}")]
    Actor {
        /// Which.
        actor: usize,
        /// What went wrong.
        source: ActorError,
    },
    /// The thread that infers for all actors failed.
    #[error("the inference thread: {0}")]
    Inference(ActorError),
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

/// Trains until all frames are learnt from, `stop` is set, or something fails; then keeps a checkpoint. The learner has a
/// thread of its own, on which `hooks` are called; the caller waits.
pub fn train(setup: TrainSetup<'_>, hooks: &mut dyn TrainHooks) -> Result<TrainOutcome, TrainError> {
    std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new().name("learner".into()).spawn_scoped(scope, || run(&setup, hooks));
        let learner = spawned.map_err(FileError::at("start a thread for", setup.run.path()))?;
        learner.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn run(setup: &TrainSetup<'_>, hooks: &mut dyn TrainHooks) -> Result<TrainOutcome, TrainError> {
    let mut learner = Learner::new(setup)?;
    hooks.begun(learner.log.tensorboard());
    if learner.updates() >= setup.training.num_updates() {
        return Ok(TrainOutcome::Finished { checkpoint: learner.save(setup, hooks)? });
    }
    std::thread::scope(|scope| {
        let first = learner.published(learner.updates());
        let threads = start_threads(scope, setup, &learner.places, first)?;
        let result = learner.run(setup, &threads.publisher, &threads.intake, hooks);
        // Actors end when nobody orders or takes unrolls any more, also where the learner panics.
        drop(threads);
        result
    })
}
