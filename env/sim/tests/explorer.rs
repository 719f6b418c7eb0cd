//! Promised: the scripted explorer visits most objects of most rooms within an episode and is never stuck for long.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::{Environment, ScriptedPolicy, derive_seed};
use groundling_room::{Layout, RoomConfig, Variation};
use groundling_sim::{CameraConfig, ControlConfig, RoomEnvironment, ScriptedExplorer, TaskConfig, WorldConfig};

fn small_picture() -> CameraConfig {
    CameraConfig { width: 16, height: 12, ..CameraConfig::default() }
}

/// The room of the first experiments: 4 m, three objects, quantised turns.
fn desk() -> WorldConfig {
    WorldConfig {
        room: RoomConfig {
            layout: Layout::Square,
            side: [4.0, 4.0],
            walls: Variation::Fixed,
            floor: Variation::Fixed,
            door_chance: 0.0,
            num_windows: [0, 0],
            num_objects: [3, 3],
            object_radius: Some(0.4),
            ..RoomConfig::default()
        },
        camera: small_picture(),
        control: ControlConfig {
            rate_hz: 30,
            action_repeat: 4,
            move_speed: 0.35 * 7.5,
            turn_speed: 30.0 * 7.5,
            ..ControlConfig::default()
        },
        task: TaskConfig { episode_steps: 100, ..TaskConfig::default() },
        ..WorldConfig::default()
    }
}

/// The part of rooms in which the explorer visits at least `part` of the objects.
fn rooms_explored(config: WorldConfig, part: f64, rooms: u64) -> f64 {
    let (mut environment, privileged) = RoomEnvironment::new(config).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    let mut explored = 0;
    let mut total = 0.0;
    for room in 0..rooms {
        let seed = derive_seed(11, "explored room", &[room]);
        environment.reset(seed).unwrap();
        explorer.begin(seed);
        let mut reward = 0.0;
        loop {
            let step = environment.step(explorer.action()).unwrap();
            reward += f64::from(step.observation.last_reward);
            if step.kind.is_last() {
                break;
            }
        }
        let objects = privileged.facts().objects.len() as f64;
        total += reward / objects;
        if reward >= part * objects {
            explored += 1;
        }
    }
    eprintln!("mean {:.2} of all objects, explored {explored} of {rooms}", total / rooms as f64);
    f64::from(explored) / rooms as f64
}

#[test]
fn it_visits_all_objects_of_a_small_square_room() {
    assert!(rooms_explored(desk(), 1.0, 200) >= 0.95);
}

#[test]
fn it_visits_most_objects_of_default_rooms() {
    let config = WorldConfig { camera: small_picture(), ..WorldConfig::default() };
    assert!(rooms_explored(config, 0.8, 200) >= 0.95);
}

#[test]
fn it_finds_its_way_through_a_crowd() {
    let room = RoomConfig { side: [7.0, 9.0], num_objects: [12, 12], ..RoomConfig::default() };
    let task = TaskConfig { episode_steps: 900, ..TaskConfig::default() };
    let config = WorldConfig { room, task, camera: small_picture(), ..WorldConfig::default() };
    assert!(rooms_explored(config, 1.0, 60) >= 0.95);
}
