//! Promised: in the world of every preset the same (config, seed, actions) give the same frames, bit for bit: twice, in
//! any order of episodes, and in another environment. `env/sim` promises it of other settings and of threads.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::path::{Path, PathBuf};

use groundling::config::Config;
use groundling_interface::{Action, Environment, StepKind, TimeStep, derive};
use groundling_sim::{RoomEnvironment, WorldConfig};
use rand::RngExt;

const NUM_STEPS: usize = 30;

fn worlds(folder: &Path) -> Vec<(PathBuf, WorldConfig)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
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
