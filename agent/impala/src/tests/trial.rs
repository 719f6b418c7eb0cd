//! One training run on counting rooms, small enough for a fraction of a second.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use groundling_belief::FrozenBelief;
use groundling_model::{
    AgentConfig, AuxiliaryBlueprint, ConvLayer, LossScales, LossSettings, PredictiveConfig, PredictiveName,
    SimCoreConfig, VTraceConfig,
};
use groundling_nn::OptimizerConfig;
use tch::Device;

use super::auxiliary::{EveryThird, Telling};
use super::counting_room::{CountingRoom, DrawingScript, Fault, spec};
use crate::{
    AgentBlueprint, Averages, BeliefObserver, Checkpoint, CheckpointFiles, Exploring, InferencePlace, ObservedStep,
    Progress, RunDirectory, Schedule, Seat, TargetMaker, TrainError, TrainHooks, TrainOutcome, TrainSetup,
    TrainingConfig, train,
};

/// Not a divisor of an episode's length, and shorter than most.
pub(super) const UNROLL_LENGTH: usize = 4;
pub(super) const ROOMS_PER_ACTOR: usize = 2;
pub(super) const LOG_INTERVAL: u64 = 2;

pub(super) fn blueprint(core_size: i64) -> AgentBlueprint {
    let conv = vec![ConvLayer { channels: 4, kernel: 4, stride: 4 }];
    let simcore = SimCoreConfig { overshoot: 2, channels: 4, ..SimCoreConfig::default() };
    AgentBlueprint {
        spec: spec(),
        agent: AgentConfig { conv, features: 8, core_size, ..AgentConfig::default() },
        predictive: PredictiveConfig { loss: PredictiveName::SimCore, simcore, ..PredictiveConfig::default() },
        clip_reward: 1.0,
        auxiliary: None,
        seed: 11,
    }
}

pub(super) fn seat(fault: Option<(Fault, u32)>) -> Seat {
    Seat { environment: Box::new(CountingRoom::new(fault)), scripted: Some(Box::new(DrawingScript::new(fault))) }
}

pub(super) fn loss_settings(exploring: Exploring) -> LossSettings {
    let scripted = exploring == Exploring::Scripted;
    LossSettings { scales: LossScales::default(), vtrace: VTraceConfig::default(), scripted, carried_state: true }
}

/// What is run. The configuration proper; what may vary without a trace are the arguments of `go`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trial {
    pub(super) schedule: Schedule,
    pub(super) exploring: Exploring,
    pub(super) num_actors: usize,
    pub(super) num_updates: u64,
    pub(super) core_size: i64,
    /// Where rooms are inferred.
    pub(super) inference: InferencePlace,
    /// Most rooms of one batch of shared inference.
    pub(super) inference_batch_rooms: usize,
    pub(super) actor_threads: usize,
    pub(super) learner_threads: usize,
    pub(super) checkpoint_interval: u64,
    /// Whether the agent has an auxiliary loss, and targets for it.
    pub(super) taught: bool,
}

/// What happens to a run from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Events {
    /// Update after which it is asked to stop.
    pub(super) stop_after: Option<u64>,
    /// What goes wrong in the last room.
    pub(super) fault: Option<(Fault, u32)>,
    /// Number of the step of the last room at which who looks panics.
    pub(super) observer_fault: Option<u32>,
    /// Whether somebody looks.
    pub(super) observed: bool,
    /// Update after which the caller's own code panics.
    pub(super) panic_after: Option<u64>,
    /// Update from which on every loss is too large.
    pub(super) limit_after: Option<u64>,
}

impl Trial {
    pub(super) fn lockstep(exploring: Exploring, num_actors: usize) -> Self {
        Self {
            schedule: Schedule::Lockstep,
            exploring,
            num_actors,
            num_updates: 9,
            core_size: 8,
            inference: InferencePlace::Actor,
            inference_batch_rooms: 1024,
            actor_threads: 0,
            learner_threads: 1,
            checkpoint_interval: 3,
            taught: false,
        }
    }

    /// With one thread that infers batches of up to so many rooms.
    pub(super) fn shared(self, inference_batch_rooms: usize) -> Self {
        Self { inference: InferencePlace::Shared, inference_batch_rooms, ..self }
    }

    /// Trains in `folder` from its latest checkpoint, as a new process would.
    pub(super) fn go(&self, folder: &Path, events: Events) -> Result<TrainOutcome, TrainError> {
        self.with_setup(folder, events, |setup| {
            let mut hooks = Hooks { stop: setup.stop, events };
            train(setup, &mut hooks)
        })
    }

    /// Does something with the set-up of a run in `folder`, from its latest checkpoint.
    pub(super) fn with_setup<T>(
        &self,
        folder: &Path,
        events: Events,
        act: impl FnOnce(TrainSetup<'_>) -> Result<T, TrainError>,
    ) -> Result<T, TrainError> {
        let run = RunDirectory::open_for_training(folder, "", 1).unwrap();
        let resume = Checkpoint::resume(&run)?.checkpoint;
        let stop = AtomicBool::new(false);
        let is_limited = events.limit_after.is_some_and(|after| resume.as_ref().is_some_and(|r| r.update >= after));
        let num_rooms = self.num_actors * ROOMS_PER_ACTOR;
        let faint_at = events.observer_fault.map(|step| (num_rooms - 1, step));
        let setup = TrainSetup {
            blueprint: AgentBlueprint {
                auxiliary: self.taught.then(|| Arc::new(Telling(2)) as Arc<dyn AuxiliaryBlueprint>),
                ..blueprint(self.core_size)
            },
            losses: loss_settings(self.exploring),
            optimizer: OptimizerConfig { warmup_updates: 2, ..OptimizerConfig::default() },
            training: TrainingConfig {
                num_frames: self.num_updates * (num_rooms * UNROLL_LENGTH) as u64,
                schedule: self.schedule,
                exploring: self.exploring,
                num_actors: self.num_actors,
                rooms_per_actor: ROOMS_PER_ACTOR,
                unroll_length: UNROLL_LENGTH,
                inference: self.inference,
                inference_batch_rooms: self.inference_batch_rooms,
                actor_threads: self.actor_threads,
                learner_threads: self.learner_threads,
                log_interval: LOG_INTERVAL,
                checkpoint_interval: self.checkpoint_interval,
                divergence_limit: if is_limited { 1e-9 } else { 1e10 },
                ..TrainingConfig::default()
            },
            seed: 5,
            device: Device::Cpu,
            seats: &|room| Ok(seat(events.fault.filter(|_| room + 1 == num_rooms))),
            observers: &|_| {
                let onlooker = || Box::new(Onlooker { beliefs: Vec::new(), faint_at }) as Box<dyn BeliefObserver>;
                (events.observed || faint_at.is_some()).then(onlooker)
            },
            targets: &|_| self.taught.then(|| Box::new(EveryThird) as Box<dyn TargetMaker>),
            run: &run,
            resume,
            stop: &stop,
        };
        act(setup)
    }
}

/// Stops after an update, and keeps a file in each checkpoint.
struct Hooks<'a> {
    stop: &'a AtomicBool,
    events: Events,
}

impl TrainHooks for Hooks<'_> {
    fn progress(&mut self, progress: &Progress) {
        assert_ne!(Some(progress.update), self.events.panic_after, "the caller is beside itself");
        if Some(progress.update) == self.events.stop_after {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn files(&mut self) -> CheckpointFiles {
        CheckpointFiles::from([("probe.bin".to_string(), vec![1, 2, 3])])
    }
}

/// Copies every belief, and does nothing with it.
struct Onlooker {
    beliefs: Vec<FrozenBelief>,
    /// Room, and its step, at which it panics.
    faint_at: Option<(usize, u32)>,
}

impl BeliefObserver for Onlooker {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        self.beliefs.push((step.belief)());
        if let Some((room, after)) = &mut self.faint_at
            && *room == step.room
        {
            *after = after.checked_sub(1).expect("I have seen enough");
        }
    }
}

/// The newest checkpoint in `folder`, without what the clock decides.
pub(super) fn latest(folder: &Path) -> Checkpoint {
    let run = RunDirectory::open(folder).unwrap();
    let averages = Averages::default();
    Checkpoint { seconds: 0.0, averages, ..Checkpoint::load_latest(&run).unwrap().unwrap() }
}
