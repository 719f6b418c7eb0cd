//! Promised: whoever steps the room, from Rust or from Python, one room or many, gets the same steps, bit for bit.
//!
//! `golden/steps.json` has a few short episodes with the digest and the reward of each step. This test reads it, and so does
//! `python/tests/test_same_bits.py`. After a change that means to change them, write them anew by
//! `GROUNDLING_BLESS=1 cargo test -p groundling-sim --test golden_steps`, and commit the file.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::path::Path;

use groundling_interface::{Action, Environment, StepKind, TimeStep, derive};
use groundling_room::RoomConfig;
use groundling_sim::{
    ActionSet, CameraConfig, ControlConfig, Privileged, RoomEnvironment, StepDigest, TaskConfig, TaskName, WorldConfig,
};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const FILE: &str = "tests/golden/steps.json";

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Episode {
    /// Only what is not the default, so that Python takes it as keywords.
    settings: Value,
    seed: u64,
    actions: Vec<u16>,
    /// One more than actions: the first is that of the reset.
    steps: Vec<Step>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Step {
    reward: f32,
    terminated: bool,
    truncated: bool,
    state: String,
    picture: String,
}

impl Step {
    fn of(step: &TimeStep, privileged: &Privileged) -> Self {
        let digest = StepDigest::of(step, privileged);
        Self {
            reward: step.observation.last_reward,
            terminated: step.kind == StepKind::Terminated,
            truncated: step.kind == StepKind::Truncated,
            state: digest.state.to_string(),
            picture: digest.picture.to_string(),
        }
    }
}

/// Plays the actions; where there are none, draws them until the episode ends.
fn play(settings: &Value, seed: u64, actions: Option<&[u16]>) -> Episode {
    let config: WorldConfig = serde_json::from_value(settings.clone()).unwrap();
    let (mut environment, privileged) = RoomEnvironment::new(config).unwrap();
    let mut rng = derive(seed, "golden steps", &[]);
    let mut step = environment.reset(seed).unwrap();
    let mut episode =
        Episode { settings: settings.clone(), seed, actions: Vec::new(), steps: vec![Step::of(&step, &privileged)] };
    while !step.kind.is_last() {
        let index = episode.actions.len();
        // Half of them go forward, so that something is reached.
        let drawn = if rng.random_range(0..2) == 0 { 1 } else { rng.random_range(0..environment.spec().num_actions()) };
        let Some(action) = actions.map_or(Some(drawn as u16), |actions| actions.get(index).copied()) else { break };
        step = environment.step(Action(action)).unwrap();
        episode.actions.push(action);
        episode.steps.push(Step::of(&step, &privileged));
    }
    episode
}

fn blessed() -> Vec<Episode> {
    let sections = |world: &WorldConfig, names: &[&str]| {
        let (all, defaults) = (json!(world), json!(WorldConfig::default()));
        let changed = |name: &&str| {
            let section = all[name].as_object().unwrap().iter();
            let other = section.filter(|&(key, value)| *value != defaults[name][key]);
            (name.to_string(), other.map(|(key, value)| (key.clone(), value.clone())).collect::<Value>())
        };
        names.iter().map(changed).collect::<Value>()
    };
    let camera = CameraConfig { width: 32, height: 24, ..CameraConfig::default() };
    let room = RoomConfig { side: [4.0, 5.0], num_objects: [4, 6], ..RoomConfig::default() };
    let short = WorldConfig {
        room: room.clone(),
        camera,
        task: TaskConfig { episode_steps: 40, ..TaskConfig::default() },
        ..WorldConfig::default()
    };
    let find = WorldConfig {
        task: TaskConfig { name: TaskName::from_name("find").unwrap(), episode_steps: 400, ..TaskConfig::default() },
        ..short.clone()
    };
    let hands = WorldConfig {
        control: ControlConfig { actions: ActionSet::Manipulate, action_repeat: 2, ..ControlConfig::default() },
        ..short.clone()
    };
    let rewarded = |world: &WorldConfig, seeds: &mut dyn Iterator<Item = u64>| {
        let settings = sections(world, &["room", "camera", "control", "task"]);
        let mut episodes = seeds.map(|seed| play(&settings, seed, None));
        episodes.find(|episode| episode.steps.iter().any(|step| step.reward > 0.0)).unwrap()
    };
    vec![
        rewarded(&short, &mut (7..)),
        rewarded(&find, &mut (11..)),
        // Seeds that no signed integer holds.
        rewarded(&hands, &mut (0..u64::MAX).rev()),
    ]
}

#[test]
fn rust_steps_as_the_golden_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("GROUNDLING_BLESS").is_some() {
        std::fs::write(&path, serde_json::to_string(&blessed()).unwrap() + "\n").unwrap();
    }
    let golden: Vec<Episode> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(golden.iter().any(|episode| episode.steps.iter().any(|step| step.terminated)), "none terminates");
    assert!(golden.iter().any(|episode| episode.steps.iter().any(|step| step.truncated)), "none is truncated");
    for episode in &golden {
        assert!(episode.steps.iter().any(|step| step.reward > 0.0), "nothing is rewarded: {:?}", episode.settings);
        let found = play(&episode.settings, episode.seed, Some(&episode.actions));
        for (index, (golden, found)) in episode.steps.iter().zip(&found.steps).enumerate() {
            assert_eq!(golden, found, "seed {}, step {index}", episode.seed);
        }
        assert_eq!(episode.steps.len(), found.steps.len());
    }
}
