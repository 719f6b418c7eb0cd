//! Promised: an episode goes on from a snapshot bit for bit as it went on without one, in the same environment or in
//! another, with things in motion and in the hands, and however often it is restored.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::{Action, Environment, EnvironmentError, TimeStep, derive};
use groundling_room::{ObjectFacts, RoomConfig, Support};
use groundling_sim::{
    Act, ActionSet, CameraConfig, ControlConfig, PhysicsConfig, Privileged, RoomEnvironment, SnapshotError, TaskConfig,
    WorldConfig,
};
use rand::RngExt;

const STEPS: usize = 150;

/// A crowd of things that can all be pushed, and most of them held.
fn config() -> WorldConfig {
    WorldConfig {
        room: RoomConfig { side: [6.0, 6.5], num_objects: [6, 6], ..RoomConfig::default() },
        camera: CameraConfig { width: 24, height: 18, ..CameraConfig::default() },
        control: ControlConfig { actions: ActionSet::Manipulate, ..ControlConfig::default() },
        physics: PhysicsConfig { push_limit: 100.0, lift_limit: 40.0, reach: 5.0, ..PhysicsConfig::default() },
        task: TaskConfig { episode_steps: STEPS as u32, ..TaskConfig::default() },
        ..WorldConfig::default()
    }
}

/// Long grabs with moves and looks, so that things are held for a while, and thrown.
fn actions(seed: u64) -> Vec<Action> {
    let mut rng = derive(seed, "actions", &[]);
    let mut grabs = false;
    let draw = |_| {
        if rng.random_bool(0.1) {
            grabs = !grabs;
        }
        let acts = if grabs { &Act::MANIPULATE[9..] } else { &Act::EXPLORE[..] };
        acts[rng.random_range(0..acts.len())].action()
    };
    (0..STEPS).map(draw).collect()
}

/// One step: picture, reward, and the truth in words, which name every bit of a float.
#[derive(PartialEq)]
struct Known {
    step: TimeStep,
    truth: String,
    is_holding: bool,
    is_in_the_air: bool,
}

fn play(environment: &mut RoomEnvironment, privileged: &Privileged, actions: &[Action]) -> Vec<Known> {
    let step = |&action: &Action| {
        let step = environment.step(action).unwrap();
        let facts = privileged.facts();
        let truth = format!("{facts:?} {:?} {:?}", privileged.body(), privileged.information());
        let in_the_air = |object: &ObjectFacts| !object.held && object.support == Support::Nothing;
        Known {
            step,
            truth,
            is_holding: facts.objects.iter().any(|object| object.held),
            is_in_the_air: facts.objects.iter().any(in_the_air),
        }
    };
    actions.iter().map(step).collect()
}

#[test]
fn an_episode_goes_on_from_a_snapshot_as_it_went_on_without() {
    let (mut one, from_one) = RoomEnvironment::new(config()).unwrap();
    let (mut other, from_other) = RoomEnvironment::new(config()).unwrap();
    let (mut num_holding, mut num_in_the_air) = (0, 0);
    for seed in 0..8 {
        let actions = actions(seed);
        one.reset(seed).unwrap();
        let undisturbed = play(&mut one, &from_one, &actions);
        let mut moments = vec![40];
        moments.extend(undisturbed.iter().position(|known| known.is_holding));
        moments.extend(undisturbed.iter().position(|known| known.is_in_the_air));
        for at in moments.into_iter().map(|moment| moment + 1) {
            one.reset(seed).unwrap();
            assert!(play(&mut one, &from_one, &actions[..at]) == undisturbed[..at], "seed {seed}");
            num_holding += u32::from(undisturbed[at - 1].is_holding);
            num_in_the_air += u32::from(undisturbed[at - 1].is_in_the_air);
            let facts = from_one.facts();
            let snapshot = one.snapshot();
            assert!(play(&mut one, &from_one, &actions[at..]) == undisturbed[at..], "after taking it, seed {seed}");
            other.reset(seed + 100).unwrap();
            other.restore(&snapshot).unwrap();
            assert_eq!(from_other.facts(), facts);
            assert!(play(&mut other, &from_other, &actions[at..]) == undisturbed[at..], "elsewhere, seed {seed}");
            one.restore(&snapshot).unwrap();
            assert!(play(&mut one, &from_one, &actions[at..]) == undisturbed[at..], "back again, seed {seed}");
        }
    }
    assert!(num_holding >= 3 && num_in_the_air >= 3, "{num_holding} with things held, {num_in_the_air} in the air");
}

#[test]
fn a_snapshot_of_the_end_is_at_its_end() {
    let (mut environment, _) = RoomEnvironment::new(config()).unwrap();
    environment.reset(1).unwrap();
    let first = environment.snapshot();
    for action in actions(1) {
        environment.step(action).unwrap();
    }
    let last = environment.snapshot();
    environment.restore(&first).unwrap();
    assert!(environment.step(Action(0)).is_ok());
    environment.restore(&last).unwrap();
    assert_eq!(environment.step(Action(0)), Err(EnvironmentError::NoEpisodeRunning));
}

#[test]
fn a_snapshot_of_other_settings_is_refused() {
    let (mut environment, _) = RoomEnvironment::new(config()).unwrap();
    environment.reset(1).unwrap();
    let (other, _) = RoomEnvironment::new(WorldConfig::default()).unwrap();
    assert_eq!(environment.restore(&other.snapshot()), Err(SnapshotError::OtherSettings));
    assert!(environment.step(Action(0)).is_ok());
}
