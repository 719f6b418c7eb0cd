//! Promised: a task is chosen by its name, and an episode ends where the task is done, not before; rewards are those of
//! visits, whatever the picture and the length of an action; facts and information agree.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::collections::BTreeSet;
use std::f32::consts::FRAC_PI_4;

use glam::Vec2;
use groundling_interface::{Environment, ScriptedPolicy, StepKind, derive};
use groundling_room::{RoomConfig, WorldFacts};
use groundling_sim::{
    Act, CameraConfig, ControlConfig, EndCause, RoomEnvironment, ScriptedExplorer, StepInformation, TaskConfig,
    TaskName, World, WorldConfig,
};
use rand::RngExt;

#[test]
fn find_ends_when_its_object_is_visited_and_is_worth_one() {
    let config = WorldConfig {
        task: TaskConfig { name: TaskName::from_name("find").unwrap(), episode_steps: 2000, ..TaskConfig::default() },
        camera: CameraConfig { width: 16, height: 12, ..CameraConfig::default() },
        ..WorldConfig::default()
    };
    let (mut environment, privileged) = RoomEnvironment::new(config).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    let mut num_not_first = 0;
    for seed in 0..10 {
        environment.reset(seed).unwrap();
        explorer.begin(seed);
        let mut step = environment.step(explorer.action()).unwrap();
        let mut rewards = vec![step.observation.last_reward];
        while !step.kind.is_last() {
            step = environment.step(explorer.action()).unwrap();
            rewards.push(step.observation.last_reward);
        }
        assert_eq!(step.kind, StepKind::Terminated, "seed {seed}");
        assert_eq!(rewards.pop(), Some(1.0));
        assert!(rewards.iter().all(|&reward| reward == 0.0));
        num_not_first += usize::from(privileged.facts().objects.iter().filter(|object| object.visited).count() > 1);
    }
    assert!(num_not_first > 0, "other objects were visited on the way");
}

/// The explorer's way through one episode: rewards, facts and information of each step.
fn explored(config: &WorldConfig, seed: u64) -> Vec<(f32, WorldFacts, StepInformation)> {
    let (mut environment, privileged) = RoomEnvironment::new(config.clone()).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    environment.reset(seed).unwrap();
    explorer.begin(seed);
    let mut steps = Vec::new();
    loop {
        let step = environment.step(explorer.action()).unwrap();
        steps.push((step.observation.last_reward, privileged.facts(), privileged.information()));
        if step.kind.is_last() {
            return steps;
        }
    }
}

fn long_episodes() -> WorldConfig {
    WorldConfig {
        room: RoomConfig { num_objects: [3, 5], ..RoomConfig::default() },
        task: TaskConfig { episode_steps: 1200, ..TaskConfig::default() },
        camera: CameraConfig { width: 16, height: 12, ..CameraConfig::default() },
        ..WorldConfig::default()
    }
}

#[test]
fn a_visit_is_worth_one_and_all_count_again_once_all_are_visited() {
    let mut num_refreshes = 0;
    for seed in 0..4 {
        let steps = explored(&long_episodes(), seed);
        let mut visited = BTreeSet::new();
        let mut counts = vec![0; steps[0].1.objects.len()];
        for (reward, facts, information) in &steps {
            assert_eq!(*reward, information.newly_visited.len() as f32);
            for &object in &information.newly_visited {
                assert!(visited.insert(object), "object {object} counted twice before all were visited");
                counts[usize::from(object)] += 1;
                if visited.len() == counts.len() {
                    visited.clear();
                    num_refreshes += 1;
                }
            }
            assert_eq!(information.visited, visited.iter().copied().collect::<Vec<_>>());
            for (object, count) in facts.objects.iter().zip(&counts) {
                assert_eq!(object.visits, *count);
            }
        }
        assert_eq!(steps.last().unwrap().2.end, Some(EndCause::TimeLimit));
        assert!(steps[..steps.len() - 1].iter().all(|(_, _, information)| information.end.is_none()));
    }
    assert!(num_refreshes >= 4, "only {num_refreshes} times were all objects visited");
}

#[test]
fn whatever_is_visited_is_near_and_before_the_eye() {
    // With one physics step an action, the facts are those of the moment of the visit.
    let mut config = long_episodes();
    config.control.action_repeat = 1;
    let mut num_visits = 0;
    for (_, facts, information) in explored(&config, 2) {
        for &object in &information.newly_visited {
            let object = &facts.objects[usize::from(object)];
            let ([x, _, z], [here_x, _, here_z]) = (object.middle, facts.agent.position);
            let direction = Vec2::new(x - here_x, z - here_z);
            // From the body's edge to that of the disc around the object it is nearer than to the object's own edge.
            let gap = direction.length() - object.radius - config.control.body_radius;
            assert!(gap <= config.task.visit_distance);
            // Seen from above, yaw 0 looks along -z, and the angle of view is 90 degrees.
            let heading = -Vec2::from_angle(-facts.agent.yaw).perp();
            assert!(direction.normalize().dot(heading) >= 0.999 * Vec2::from_angle(FRAC_PI_4).x, "{direction}");
            num_visits += 1;
        }
    }
    assert!(num_visits >= 5, "{num_visits} visits");
}

#[test]
fn the_information_agrees_with_the_facts_and_both_are_the_same_every_time() {
    let config = WorldConfig { task: TaskConfig { episode_steps: 60, ..TaskConfig::default() }, ..long_episodes() };
    let steps = explored(&config, 5);
    for (_, facts, information) in &steps {
        let seen = facts.objects.iter().enumerate().filter(|(_, object)| object.pixels_now > 0);
        let seen: Vec<_> = seen.map(|(index, object)| (index as u16, object.pixels_now)).collect();
        assert_eq!(information.in_view.iter().map(|seen| (seen.object, seen.pixels)).collect::<Vec<_>>(), seen);
        let visited = (0..facts.objects.len()).filter(|&object| facts.objects[object].visited);
        assert_eq!(information.visited, visited.map(|object| object as u16).collect::<Vec<_>>());
    }
    assert!(steps.iter().any(|(_, _, information)| !information.in_view.is_empty()));
    // As text, every bit of a number is told.
    assert_eq!(format!("{:?}", explored(&config, 5)), format!("{steps:?}"));
}

#[test]
fn rewards_do_not_depend_on_the_picture() {
    let config = WorldConfig { task: TaskConfig { episode_steps: 60, ..TaskConfig::default() }, ..long_episodes() };
    let larger = WorldConfig { camera: CameraConfig { width: 64, height: 64, ..config.camera }, ..config.clone() };
    let rewards = |config| explored(config, 6).into_iter().map(|(reward, ..)| reward).collect::<Vec<_>>();
    assert_eq!(rewards(&config), rewards(&larger));
}

#[test]
fn an_action_of_four_physics_steps_is_worth_four_actions_of_one() {
    let mut config = long_episodes();
    for name in TaskName::all() {
        config.task.name = name;
        let fine = ControlConfig { action_repeat: 1, ..config.control };
        let coarse = ControlConfig { action_repeat: 4, ..config.control };
        for seed in 0..3 {
            let world = |control| World::new(WorldConfig { control, ..config.clone() }, seed).unwrap();
            let (mut fine, mut coarse) = (world(fine), world(coarse));
            let mut generator = derive(seed, "acts", &[]);
            for _ in 0..150 {
                let act = [Act::Forward, Act::Forward, Act::LookLeft, Act::Left][generator.random_range(0..4)];
                let mut reward = 0.0;
                for _ in 0..4 {
                    if fine.end().is_none() {
                        reward += fine.act(act);
                    }
                }
                assert_eq!(coarse.act(act), reward);
                assert_eq!((coarse.body(), coarse.end()), (fine.body(), fine.end()));
                if coarse.end().is_some() {
                    break;
                }
            }
        }
    }
}
