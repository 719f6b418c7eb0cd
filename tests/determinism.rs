//! Promised: in the world of every preset the same (config, seed, actions) give the same frames, bit for bit: twice, in
//! any order of episodes, and in another environment. `env/sim` promises it of other settings and of threads.
//!
//! And training in lockstep gives the same bits for any number of actor threads, also where a run is stopped and goes on
//! with another number.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use groundling::config::Config;
use groundling_impala::{
    Averages, Checkpoint, Progress, RunDirectory, Seat, TrainHooks, TrainOutcome, TrainSetup, train,
};
use groundling_interface::{Action, Environment, StepKind, TimeStep, derive};
use groundling_sim::{RoomEnvironment, ScriptedExplorer, WorldConfig};
use rand::RngExt;
use tch::Device;

const NUM_STEPS: usize = 30;

fn worlds(folder: &Path) -> Vec<(PathBuf, WorldConfig)> {
    // A study is no configuration, but names one.
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let entries = entries.filter(|path| !path.ends_with("study"));
    let world = |path: PathBuf| {
        let world = Config::load(&path, &[]).unwrap().world();
        vec![(path, world)]
    };
    entries.flat_map(|path| if path.is_dir() { worlds(&path) } else { world(path) }).collect()
}

/// The beginning of the episode of `seed`, under actions drawn from `seed`.
fn play(environment: &mut RoomEnvironment, seed: u64) -> Vec<TimeStep> {
    let mut generator = derive(seed, "actions", &[]);
    let num_actions = environment.spec().num_actions() as u16;
    let mut steps = vec![environment.reset(seed).unwrap()];
    while steps.len() <= NUM_STEPS && !steps.last().unwrap().kind.is_last() {
        steps.push(environment.step(Action(generator.random_range(0..num_actions))).unwrap());
    }
    steps
}

#[test]
fn the_same_seed_and_actions_give_the_same_frames() {
    for (path, world) in worlds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("configs")) {
        let mut environment = RoomEnvironment::new(world.clone()).unwrap().0;
        let in_order: Vec<_> = (0..4).map(|seed| play(&mut environment, seed)).collect();
        let mut other = RoomEnvironment::new(world).unwrap().0;
        for seed in [3, 0, 0, 2, 1] {
            assert!(play(&mut other, seed) == in_order[seed as usize], "{}: episode {seed} differs", path.display());
        }
        // So that equality is no wonder: episodes differ, and so do the frames within one.
        let frames = |episode: usize| in_order[episode].iter().map(|step| &step.observation.rgb);
        assert!(frames(0).zip(frames(1)).all(|(one, other)| one != other), "{}", path.display());
        assert!(frames(0).zip(frames(0).skip(1)).any(|(before, after)| before != after));
        assert!(in_order.iter().all(|steps| steps[0].kind == StepKind::First && steps.len() > 10));
    }
}

/// The demo, made small: episodes of 10 steps in unrolls of 7, four actors of two rooms.
fn training(settings: &[&str]) -> Config {
    let small = [
        "camera.width=16",
        "camera.height=12",
        "task.episode_steps=10",
        "agent.conv=[{ channels = 4, kernel = 4, stride = 4 }]",
        "agent.features=16",
        "agent.core_size=16",
        "predictive.simcore.channels=4",
        "predictive.simcore.overshoot=2",
        "predictive.simcore.earliest_start=5",
        "optimizer.warmup_updates=2",
        "training.schedule=lockstep",
        "training.num_actors=4",
        "training.learner_threads=1",
        "training.rooms_per_actor=2",
        "training.unroll_length=7",
        "training.num_frames=448",
    ];
    let settings: Vec<String> = small.iter().chain(settings).map(ToString::to_string).collect();
    Config::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/demo/simcore.toml"), &settings).unwrap()
}

/// Stops after an update, if it is asked to.
struct Stopper<'a>(&'a AtomicBool, Option<u64>);

impl TrainHooks for Stopper<'_> {
    fn progress(&mut self, progress: &Progress) {
        if Some(progress.update) == self.1 {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// Trains in `folder` to the end or until `stop_after`, from its last checkpoint if it has one.
fn train_on(folder: &Path, config: &Config, stop_after: Option<u64>) -> TrainOutcome {
    let run = RunDirectory::open_for_training(folder, "", config.seed).unwrap();
    let stop = AtomicBool::new(false);
    let setup = TrainSetup {
        blueprint: config.blueprint().unwrap(),
        losses: config.loss_settings(),
        optimizer: config.optimizer.clone(),
        training: config.training.clone(),
        seed: config.seed,
        device: Device::Cpu,
        seats: &|_| {
            let (environment, privileged) = RoomEnvironment::new(config.world()).unwrap();
            let scripted = Box::new(ScriptedExplorer::new(privileged));
            Ok(Seat { environment: Box::new(environment), scripted: Some(scripted) })
        },
        observers: &|_| None,
        targets: &|_| None,
        run: &run,
        resume: Checkpoint::resume(&run).unwrap().checkpoint,
        stop: &stop,
    };
    train(setup, &mut Stopper(&stop, stop_after)).unwrap()
}

/// What of the end of a run the clock does not decide.
fn end(folder: &Path) -> Checkpoint {
    let checkpoint = Checkpoint::load_latest(&RunDirectory::open(folder).unwrap()).unwrap().unwrap();
    assert_eq!(checkpoint.update, 8);
    Checkpoint { seconds: 0.0, averages: Averages::default(), ..checkpoint }
}

fn trained(settings: &[&str], actor_threads: usize) -> Checkpoint {
    let folder = tempfile::tempdir().unwrap();
    let mut config = training(settings);
    config.training.actor_threads = actor_threads;
    assert!(matches!(train_on(folder.path(), &config, None), TrainOutcome::Finished { .. }));
    end(folder.path())
}

#[test]
fn lockstep_learns_the_same_bits_for_any_number_of_actor_threads() {
    for settings in [
        &["training.exploring=learned"][..],
        &["training.exploring=scripted"],
        &["training.exploring=learned", "training.inference=shared", "training.inference_batch_rooms=4"],
    ] {
        let four = trained(settings, 4);
        for actor_threads in [1, 2] {
            assert!(trained(settings, actor_threads) == four, "{settings:?} with {actor_threads} actor threads");
        }
        let folder = tempfile::tempdir().unwrap();
        for (actor_threads, stop_after) in [(2, Some(1)), (4, Some(6)), (1, None)] {
            let mut config = training(settings);
            config.training.actor_threads = actor_threads;
            train_on(folder.path(), &config, stop_after);
        }
        assert!(end(folder.path()) == four, "{settings:?} resumed");
        // So that equality is no wonder.
        let other: Vec<&str> = settings.iter().copied().chain(["seed=77"]).collect();
        assert!(trained(&other, 4) != four, "{settings:?}");
    }
}
