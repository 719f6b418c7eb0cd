//! Promised: the probe never teaches the agent. In lockstep an agent ends with the same bits whether a probe learns
//! beside it or not; and the same comparison is red for probes that leak, and for the oracle, which questions teach.
//!
//! A probe that writes into the agent's parameters is not among those, since none can be written: see `border.md`.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use groundling::config::Config;
use groundling_impala::{
    BeliefObserver, Checkpoint, ObservedStep, RunDirectory, Seat, TrainHooks, TrainOutcome, TrainSetup, train,
};
use groundling_interface::contract::{ContractOptions, check};
use groundling_interface::{
    Action, Environment, EnvironmentError, EnvironmentSpec, ScriptedPolicy, StepKind, TimeStep,
};
use groundling_probe::{EpisodeSender, OnlineProbe, ProbeExample, ProbeSpec, ProbeTrainer, Reading};
use groundling_questions::QuestionMaker;
use groundling_sim::{Privileged, RoomEnvironment, ScriptedExplorer};
use tch::{Device, Tensor};

/// The demo, made small: episodes of 10 steps in unrolls of 7, two actors of two rooms.
fn settings(exploring: &str) -> Vec<String> {
    let settings = [
        &format!("training.exploring={exploring}"),
        "camera.width=16",
        "camera.height=12",
        "task.episode_steps=10",
        "agent.conv=[{ channels = 4, kernel = 4, stride = 4 }]",
        "agent.features=16",
        "agent.core_size=16",
        "predictive.simcore.channels=4",
        "predictive.simcore.overshoot=2",
        "predictive.simcore.earliest_start=5",
        "optimizer.warmup_updates=12",
        "training.num_actors=2",
        "training.learner_threads=1",
        "training.rooms_per_actor=2",
        "training.unroll_length=7",
        "training.num_frames=336",
        "questions.census_rooms=1000",
        "probe.decoders.lstm.hidden_size=16",
        "probe.batch_size=16",
    ];
    settings.map(String::from).to_vec()
}

fn preset() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/demo/simcore.toml")
}

fn config(exploring: &str) -> Config {
    Config::load(&preset(), &settings(exploring)).unwrap()
}

/// The rooms of a run, in reach of whoever looks: in earnest only the privileged handle is.
#[derive(Clone)]
struct Rooms(Arc<Vec<Room>>);

struct Room {
    environment: Arc<Mutex<RoomEnvironment>>,
    explorer: Arc<Mutex<ScriptedExplorer>>,
    privileged: Privileged,
}

impl Rooms {
    fn new(config: &Config) -> Self {
        let room = |_| {
            let (environment, privileged) = RoomEnvironment::new(config.world()).unwrap();
            let explorer = Arc::new(Mutex::new(ScriptedExplorer::new(privileged.clone())));
            Room { environment: Arc::new(Mutex::new(environment)), explorer, privileged }
        };
        Self(Arc::new((0..config.training.num_rooms()).map(room).collect()))
    }

    fn seat(&self, index: usize) -> Seat {
        let room = &self.0[index];
        let spec = room.environment.lock().unwrap().spec().clone();
        let environment = Box::new(SharedEnvironment(spec, Arc::clone(&room.environment)));
        Seat { environment, scripted: Some(Box::new(SharedExplorer(Arc::clone(&room.explorer)))) }
    }
}

struct SharedEnvironment(EnvironmentSpec, Arc<Mutex<RoomEnvironment>>);

impl Environment for SharedEnvironment {
    fn spec(&self) -> &EnvironmentSpec {
        &self.0
    }

    fn reset(&mut self, seed: u64) -> Result<TimeStep, EnvironmentError> {
        self.1.lock().unwrap().reset(seed)
    }

    fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError> {
        self.1.lock().unwrap().step(action)
    }
}

struct SharedExplorer(Arc<Mutex<ScriptedExplorer>>);

impl ScriptedPolicy for SharedExplorer {
    fn begin(&mut self, seed: u64) {
        self.0.lock().unwrap().begin(seed);
    }

    fn action(&mut self) -> Action {
        self.0.lock().unwrap().action()
    }
}

/// What else a probe does while it looks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mischief {
    None,
    /// Seeds the process's global generator and draws from it: no matter, nothing else here does.
    DrawsFromTheGlobalGenerator,
    /// Moves the agent's body now and then.
    MovesTheBody,
    /// Asks the scripted explorer what it would do next.
    AsksTheExplorer,
}

/// Asks at the end of each episode.
struct Probing {
    rooms: Rooms,
    maker: Arc<QuestionMaker>,
    sender: EpisodeSender,
    num_episodes: Arc<AtomicU64>,
    mischief: Mischief,
}

impl BeliefObserver for Probing {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        let room = &self.rooms.0[step.room];
        let is_time = step.time_step.kind == StepKind::Mid && step.step == 4;
        match self.mischief {
            Mischief::DrawsFromTheGlobalGenerator => {
                tch::manual_seed(i64::from(step.step));
                let _ = Tensor::rand([3], (tch::Kind::Float, Device::Cpu));
            }
            Mischief::MovesTheBody if is_time => drop(room.environment.lock().unwrap().step(Action(1)).unwrap()),
            Mischief::AsksTheExplorer if is_time => drop(room.explorer.lock().unwrap().action()),
            _ => {}
        }
        if step.time_step.kind.is_last() {
            let questions = self.maker.ask(&room.privileged.facts(), 2);
            let episode = self.num_episodes.fetch_add(1, Ordering::Relaxed);
            self.sender.offer(ProbeExample::of_step(episode, 0, step.step, (step.belief)(), questions));
        }
    }
}

struct NoHooks;

impl TrainHooks for NoHooks {}

/// Trains with a probe beside, or with none; the end of it, and the probe.
fn trained(config: &Config, probing: Option<Mischief>) -> (Checkpoint, Option<ProbeTrainer>) {
    let folder = tempfile::tempdir().unwrap();
    let run = RunDirectory::open_for_training(folder.path(), "", config.seed).unwrap();
    let rooms = Rooms::new(config);
    let maker = Arc::new(QuestionMaker::new(&config.room, &config.questions, 2).unwrap());
    let spec = ProbeSpec {
        config: config.probe.clone(),
        vocabulary: maker.vocabulary().clone(),
        belief_size: config.agent.core_size as usize,
        reading: Reading::Belief,
        seed: 3,
    };
    let probe = probing.map(|_| OnlineProbe::start(ProbeTrainer::new(spec, Device::Cpu).unwrap()).unwrap());
    let num_episodes = Arc::new(AtomicU64::new(0));
    let observers = |_| {
        let (probe, mischief) = (probe.as_ref()?, probing?);
        let (rooms, maker, num_episodes) = (rooms.clone(), Arc::clone(&maker), Arc::clone(&num_episodes));
        let probing = Probing { rooms, maker, sender: probe.sender(), num_episodes, mischief };
        Some(Box::new(probing) as Box<dyn BeliefObserver>)
    };
    let setup = TrainSetup {
        blueprint: config.blueprint().unwrap(),
        losses: config.loss_settings(),
        optimizer: config.optimizer.clone(),
        training: config.training.clone(),
        seed: config.seed,
        device: Device::Cpu,
        seats: &|room| Ok(rooms.seat(room)),
        observers: &observers,
        targets: &|_| None,
        run: &run,
        resume: None,
        stop: &AtomicBool::new(false),
    };
    let outcome = train(setup, &mut NoHooks).unwrap();
    assert!(matches!(outcome, TrainOutcome::Finished { .. }));
    let end = Checkpoint::load_latest(&run).unwrap().unwrap();
    assert_eq!(end.update, 12);
    (end, probe.map(|probe| probe.finish().unwrap()))
}

/// A run without a probe against one with a probe that does `mischief`.
fn differences_by(mischief: Mischief, exploring: &str) -> Vec<String> {
    let config = config(exploring);
    let (alone, none) = trained(&config, None);
    let (probed, probe) = trained(&config, Some(mischief));
    assert!(none.is_none() && probe.unwrap().num_updates() >= 2, "the probe has learnt");
    differences(alone, probed)
}

/// The comparison: what of the agent differs in any bit between the ends of two runs. Names of parameters and of the
/// optimiser's numbers, and whether the rooms differ.
fn differences(alone: Checkpoint, probed: Checkpoint) -> Vec<String> {
    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let mut differing = Vec::new();
    for (part, one, other) in
        [("agent", &alone.agent, &probed.agent), ("optimizer", &alone.optimizer, &probed.optimizer)]
    {
        let added = other.iter().filter(|(name, ..)| one.iter().all(|(known, ..)| known != *name));
        differing.extend(added.map(|(name, ..)| format!("{part} {name}")));
        for (name, shape, values) in one.iter() {
            if bits(values) != bits(other.get(name, shape).unwrap()) {
                differing.push(format!("{part} {name}"));
            }
        }
    }
    if (alone.cursors, alone.beliefs) != (probed.cursors, probed.beliefs) {
        differing.push("rooms".into());
    }
    differing
}

/// Else what follows might compare worlds that differ by themselves.
#[test]
fn rooms_that_are_shared_with_a_probe_keep_the_contract_of_environments() {
    let config = config("scripted");
    let make = || {
        let room = &Rooms::new(&config).0[0].environment;
        let spec = room.lock().unwrap().spec().clone();
        SharedEnvironment(spec, Arc::clone(room))
    };
    let options = ContractOptions { num_steps: 10, ..ContractOptions::default() };
    assert_eq!(check(make, &options), Ok(()));
}

#[test]
fn with_and_without_a_probe_the_agent_is_the_same_to_the_bit() {
    for exploring in ["learned", "scripted"] {
        assert_eq!(differences_by(Mischief::None, exploring), Vec::<String>::new(), "{exploring}");
    }
}

#[test]
fn the_global_generator_is_of_no_account() {
    assert_eq!(differences_by(Mischief::DrawsFromTheGlobalGenerator, "learned"), Vec::<String>::new());
}

#[test]
fn a_probe_that_leaks_is_found_out() {
    for (exploring, mischief) in [
        ("learned", Mischief::MovesTheBody),
        ("scripted", Mischief::MovesTheBody),
        ("scripted", Mischief::AsksTheExplorer),
    ] {
        let differing = differences_by(mischief, exploring);
        for name in ["agent core.", "agent encoder.", "agent predictive.", "optimizer "] {
            let found = differing.iter().any(|difference| difference.starts_with(name));
            assert!(found, "{mischief:?}, {exploring}: {name} is the same, only {differing:?} differ");
        }
    }
}

/// The end of `groundling train`, with these arguments besides.
fn trained_by_the_command(further: &[&str]) -> Checkpoint {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundling"));
    command.arg("train").arg("--config").arg(preset()).arg("--run").arg(folder.path()).args(further);
    let settings = settings("learned");
    command.args(settings.iter().flat_map(|setting| ["--set", setting]));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Checkpoint::load_latest(&RunDirectory::open(folder.path()).unwrap()).unwrap().unwrap()
}

#[test]
fn the_train_commands_own_probe_teaches_nothing() {
    let (alone, probed) = (trained_by_the_command(&[]), trained_by_the_command(&["--probe"]));
    assert!(alone.files.is_empty() && !probed.files.is_empty(), "a probe was there");
    assert_eq!(differences(alone.clone(), probed), Vec::<String>::new());
    let other = trained_by_the_command(&["--set", "losses.entropy=0.02"]);
    assert!(!differences(alone, other).is_empty(), "other settings end with other bits");
}

#[test]
fn the_oracle_is_taught_and_found_out() {
    let alone = trained_by_the_command(&[]);
    let oracle = trained_by_the_command(&["--set", "oracle.scale=1", "--set", "oracle.lstm.hidden_size=8"]);
    let differing = differences(alone.clone(), oracle);
    for name in ["agent core.", "agent encoder.", "agent auxiliary.", "optimizer "] {
        let found = differing.iter().any(|difference| difference.starts_with(name));
        assert!(found, "{name} is the same, only {differing:?} differ");
    }
    // An oracle of scale 0 is none.
    let none = trained_by_the_command(&["--set", "oracle.scale=0", "--set", "oracle.earlier_steps=3"]);
    assert_eq!(differences(alone, none), Vec::<String>::new());
}
