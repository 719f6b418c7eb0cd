//! Promised: facts are the truth of the present step, whatever the agent does to the room, and the same every time.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::collections::BTreeSet;

use glam::Vec2;
use groundling_interface::{Action, Environment, derive};
use groundling_room::{RoomConfig, Size, Support, WorldFacts};
use groundling_sim::{Act, ActionSet, CameraConfig, ControlConfig, RoomEnvironment, TaskConfig, WorldConfig};
use rand::RngExt;

/// Small things that can be kicked about, and hands to carry them.
fn config() -> WorldConfig {
    WorldConfig {
        room: RoomConfig { sizes: vec![Size::Small], side: [4.0, 5.0], num_objects: [4, 6], ..RoomConfig::default() },
        // An eye low enough to have even small things straight before it.
        camera: CameraConfig { width: 32, height: 24, eye_height: 0.3, ..CameraConfig::default() },
        control: ControlConfig { actions: ActionSet::Manipulate, ..ControlConfig::default() },
        task: TaskConfig { episode_steps: 120, ..TaskConfig::default() },
        ..WorldConfig::default()
    }
}

fn from_above([x, _, z]: [f32; 3]) -> Vec2 {
    Vec2::new(x, z)
}

/// Goes about, turning now and then, and holds on to what it gets for a while before it lets go.
fn actions(seed: u64) -> impl Iterator<Item = Action> {
    let mut generator = derive(seed, "facts test", &[]);
    let others =
        [Act::GrabLookLeft, Act::GrabLookRight, Act::GrabBack, Act::GrabSpinUp, Act::GrabSpinLeft, Act::GrabPull];
    std::iter::from_fn(move || {
        let act =
            if generator.random_bool(0.6) { Act::GrabForward } else { others[generator.random_range(0..others.len())] };
        let lets_go = generator.random_bool(0.06);
        Some(if lets_go { act.without_grab() } else { act }.action())
    })
}

/// The facts of every step of one episode.
fn play(seed: u64) -> Vec<WorldFacts> {
    let (mut environment, privileged) = RoomEnvironment::new(config()).unwrap();
    environment.reset(seed).unwrap();
    let mut facts = vec![privileged.facts()];
    for action in actions(seed) {
        let is_last = environment.step(action).unwrap().kind.is_last();
        let body = privileged.body();
        facts.push(privileged.facts());
        let agent = facts.last().unwrap().agent;
        assert_eq!((agent.position, agent.yaw, agent.pitch), (body.position.into(), body.yaw, body.pitch));
        if is_last {
            break;
        }
    }
    facts
}

#[test]
fn they_are_true_of_things_that_are_pushed_carried_and_dropped() {
    let (mut num_moved, mut was_held, mut fell) = (0, 0, 0);
    for seed in 0..12 {
        let facts = play(seed);
        let mut previous: Option<&WorldFacts> = None;
        for now in &facts {
            let num_objects = now.objects.len();
            assert!(now.objects.iter().filter(|object| object.held).count() <= 1);
            for (index, object) in now.objects.iter().enumerate() {
                let [x, y, z, w] = object.rotation;
                assert!((x * x + y * y + z * z + w * w - 1.0).abs() < 1e-3, "{object:?}");
                assert!(object.middle[1] > 0.0 && object.radius > 0.0);
                if object.held {
                    assert_eq!(object.support, Support::Nothing);
                    was_held += 1;
                }
                if let Support::Object(below) = object.support {
                    assert!(usize::from(below) < num_objects && usize::from(below) != index);
                }
                // The disc about the middle holds the middle of the base, whichever way up it is.
                let aside = from_above(object.middle).distance(from_above(object.position));
                assert!(aside <= object.radius + 1e-3, "{object:?}");
                fell += usize::from(aside > 0.05);
                let near: BTreeSet<usize> = now.near(index).into_iter().collect();
                for other in 0..num_objects {
                    let is_near = other != index && object.gap(&now.objects[other]) <= now.near_distance;
                    assert_eq!(near.contains(&other), is_near);
                    assert_eq!(near.contains(&other), now.near(other).contains(&index));
                }
            }
            if let Some(before) = previous {
                let moved = |(a, b): (&groundling_room::ObjectFacts, &groundling_room::ObjectFacts)| {
                    a.position.iter().zip(b.position).any(|(a, b)| (a - b).abs() > 0.01)
                };
                num_moved += before.objects.iter().zip(&now.objects).filter(|&pair| moved(pair)).count();
            }
            previous = Some(now);
        }
    }
    let happened = format!("{num_moved} moved, {was_held} held, {fell} fallen");
    assert!(num_moved > 20 && was_held > 20 && fell > 0, "too little happens: {happened}");
}

#[test]
fn they_are_the_same_bits_for_the_same_config_seed_and_actions() {
    for seed in [3, 4] {
        // As JSON, every bit of a number is told.
        let told = || serde_json::to_string(&play(seed)).unwrap();
        assert_eq!(told(), told());
    }
}
