//! Promised: 20 episodes, in worlds unlike each other, are what they were when they were last looked at.
//!
//! The *state* (body, poses of objects, what is held and visited, reward, end) has the same bits on every machine: what
//! decides it is computed with exact operations and with mathematics of our own dependencies, never with a machine's own
//! library, which `env/clippy.toml` refuses. A state that changes means that recordings made before no longer replay.
//!
//! *Pictures* are drawn by the same rules, and `env/render` promises that a machine's vector units change no bit of them.
//! They have digests of their own, because they change more often: with every mesh, colour and light.
//!
//! The digests lie in `golden/episodes.toml`. After a change that means to change them, write them anew by
//! `GROUNDLING_BLESS=1 cargo test -p groundling-sim --test golden`, and commit the file.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod worlds;

use std::collections::BTreeMap;
use std::path::Path;

use groundling_interface::{Action, Environment, derive};
use groundling_sim::{RoomEnvironment, StepDigest, TaskConfig, WorldConfig};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use worlds::worlds;

const NUM_EPISODES: u64 = 20;
const FILE: &str = "tests/golden/episodes.toml";
const REMEDY: &str = "if that was meant, `GROUNDLING_BLESS=1 cargo test -p groundling-sim --test golden` and commit";

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    /// Steps after the first.
    length: usize,
    state: String,
    pictures: String,
}

/// What came to pass in all episodes together, so that the goldens are known to hold what they should.
#[derive(Debug, Default)]
struct Happened {
    reward: f32,
    num_held: usize,
    num_moved: usize,
}

/// Each act is done for a while, so that the body gets somewhere; in the larger action set what is grabbed is mostly
/// held on to.
fn actions(seed: u64, num_actions: u16) -> impl Iterator<Item = Action> {
    let mut rng = derive(seed, "golden actions", &[]);
    let mut phase = (Action(0), 0);
    std::iter::from_fn(move || {
        if phase.1 == 0 {
            let favored = if rng.random_range(0..3) == 0 { 1 } else { rng.random_range(0..num_actions) };
            phase = (Action(favored), rng.random_range(1..8));
        }
        phase.1 -= 1;
        Some(phase.0)
    })
}

fn play(config: &WorldConfig, seed: u64, happened: &mut Happened) -> Golden {
    let (mut environment, privileged) = RoomEnvironment::new(config.clone()).unwrap();
    let mut step = environment.reset(seed).unwrap();
    let mut actions = actions(seed, environment.spec().num_actions() as u16);
    let mut digests = vec![StepDigest::of(&step, &privileged)];
    let positions = || privileged.facts().objects.iter().map(|object| object.position).collect::<Vec<_>>();
    let placed = positions();
    while !step.kind.is_last() {
        step = environment.step(actions.next().unwrap()).unwrap();
        digests.push(StepDigest::of(&step, &privileged));
        happened.reward += step.observation.last_reward;
        happened.num_held += usize::from(privileged.facts().objects.iter().any(|object| object.held));
    }
    let is_far = |(one, other): (&[f32; 3], &[f32; 3])| one.iter().zip(other).any(|(a, b)| (a - b).abs() > 0.1);
    happened.num_moved += placed.iter().zip(&positions()).filter(|&pair| is_far(pair)).count();
    let folded = |bytes: Vec<u8>| Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Golden {
        length: digests.len() - 1,
        state: folded(digests.iter().flat_map(|digest| digest.state.0.to_le_bytes()).collect()),
        pictures: folded(digests.iter().flat_map(|digest| digest.picture.0.to_le_bytes()).collect()),
    }
}

#[test]
fn twenty_episodes_are_what_they_were() {
    let worlds = worlds();
    let mut happened = Happened::default();
    let mut found = BTreeMap::new();
    for index in 0..NUM_EPISODES {
        let (name, config) = &worlds[index as usize % worlds.len()];
        // Longer, so that something happens; the world of one step keeps its one.
        let episode_steps = if config.task.episode_steps == 1 { 1 } else { 5 * config.task.episode_steps };
        let config = WorldConfig { task: TaskConfig { episode_steps, ..config.task }, ..config.clone() };
        found.insert(format!("{index:02} {name}"), play(&config, 100 + index, &mut happened));
    }
    let Happened { reward, num_held, num_moved } = happened;
    assert!(reward >= 10.0 && num_held >= 10 && num_moved >= 5, "too little happens: {happened:?}");

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("GROUNDLING_BLESS").is_some() {
        std::fs::write(&path, toml::to_string(&found).unwrap()).unwrap();
    }
    let golden: BTreeMap<String, Golden> = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(golden.keys().eq(found.keys()), "the episodes are others; {REMEDY}");
    let differ = |is_other: fn(&Golden, &Golden) -> bool| {
        let pairs = golden.iter().zip(found.values());
        pairs.filter(|((_, old), new)| is_other(old, new)).map(|((name, _), _)| name).collect::<Vec<_>>()
    };
    let moved = differ(|old, new| (old.length, &old.state) != (new.length, &new.state));
    assert!(moved.is_empty(), "rooms move otherwise, and older recordings no longer replay: {moved:?}; {REMEDY}");
    let drawn = differ(|old, new| old.pictures != new.pictures);
    assert!(drawn.is_empty(), "rooms move as they did, but are drawn otherwise: {drawn:?}; {REMEDY}");
}
