//! Promised: the scripted explorer visits every object of nearly every room within 900 physics steps, looks around, errs
//! as often as it is told to, and is never stuck for long, whatever the room.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::{Action, Environment, ScriptedPolicy, derive_seed};
use groundling_room::{Layout, RoomConfig, Size, Variation};
use groundling_sim::{
    Act, ActionSet, CameraConfig, ControlConfig, ExplorerConfig, Order, RoomEnvironment, ScriptedExplorer, TaskConfig,
    WorldConfig,
};

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
        task: TaskConfig { episode_steps: 100, visit_distance: 0.3, visit_in_view: false, ..TaskConfig::default() },
        explorer: ExplorerConfig { order: Order::Random, ..ExplorerConfig::default() },
        ..WorldConfig::default()
    }
}

/// The default world, seen in small pictures.
fn default_world() -> WorldConfig {
    let config = WorldConfig { camera: small_picture(), ..WorldConfig::default() };
    // An episode is 900 physics steps long.
    assert_eq!(config.control.action_repeat * config.task.episode_steps, 900);
    config
}

/// The share of rooms in which the explorer visits every object at least once.
fn rooms_explored(config: WorldConfig, rooms: u64) -> f64 {
    let (mut environment, privileged) = RoomEnvironment::new(config).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    let mut explored = 0;
    for room in 0..rooms {
        let seed = derive_seed(11, "explored room", &[room]);
        environment.reset(seed).unwrap();
        explorer.begin(seed);
        while !environment.step(explorer.action()).unwrap().kind.is_last() {
            if privileged.information().num_refreshes > 0 {
                break;
            }
        }
        explored += u32::from(privileged.facts().objects.iter().all(|object| object.visits > 0));
    }
    let share = f64::from(explored) / rooms as f64;
    eprintln!("all objects were visited in {explored} of {rooms} rooms");
    share
}

#[test]
fn every_object_of_a_small_square_room_in_random_order() {
    assert!(rooms_explored(desk(), 200) >= 0.95);
}

#[test]
fn every_object_of_default_rooms() {
    assert!(rooms_explored(default_world(), 200) >= 0.95);
}

/// The same for more rooms; wants a release build: `cargo test --release -p groundling-sim --test explorer -- --ignored`.
#[test]
#[ignore = "takes minutes in a development build"]
fn every_object_of_a_thousand_default_rooms() {
    assert!(rooms_explored(default_world(), 1000) >= 0.95);
}

#[test]
fn every_object_of_a_crowd() {
    let room = RoomConfig { side: [8.0, 9.0], num_objects: [13, 13], ..RoomConfig::default() };
    let task = TaskConfig { episode_steps: 900, ..TaskConfig::default() };
    assert!(rooms_explored(WorldConfig { room, task, ..default_world() }, 40) >= 0.95);
}

#[test]
fn every_object_though_it_kicks_them_about() {
    // Small things only, and a body that stumbles.
    let room = RoomConfig { sizes: vec![Size::Small], num_objects: [6, 8], side: [4.0, 6.0], ..RoomConfig::default() };
    let explorer = ExplorerConfig { random_action_probability: 0.4, ..ExplorerConfig::default() };
    let task = TaskConfig { episode_steps: 900, ..TaskConfig::default() };
    assert!(rooms_explored(WorldConfig { room, explorer, task, ..default_world() }, 40) >= 0.95);
}

/// The explorer's actions in the room of seed 3, and how far it walked, metres.
fn walked(config: WorldConfig, num_actions: usize) -> (Vec<Action>, f32) {
    let (mut environment, privileged) = RoomEnvironment::new(config).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    environment.reset(3).unwrap();
    explorer.begin(3);
    let (mut actions, mut length) = (Vec::new(), 0.0);
    for _ in 0..num_actions {
        let before = privileged.body().position;
        actions.push(explorer.action());
        environment.step(*actions.last().unwrap()).unwrap();
        length += before.distance(privileged.body().position);
    }
    (actions, length)
}

#[test]
fn without_objects_it_wanders() {
    let room = RoomConfig { num_objects: [0, 0], ..RoomConfig::default() };
    let (_, length) = walked(WorldConfig { room, ..default_world() }, 225);
    assert!(length > 10.0, "{length} m");
}

#[test]
fn with_one_object_it_leaves_and_comes_back() {
    let room = RoomConfig { num_objects: [1, 1], ..RoomConfig::default() };
    let (mut environment, privileged) = RoomEnvironment::new(WorldConfig { room, ..default_world() }).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    environment.reset(5).unwrap();
    explorer.begin(5);
    while !environment.step(explorer.action()).unwrap().kind.is_last() {}
    assert!(privileged.facts().objects[0].visits >= 2);
}

#[test]
fn it_has_the_same_nine_actions_in_every_action_set_and_does_the_same_in_both() {
    let with = |actions| {
        let control = ControlConfig { actions, ..ControlConfig::default() };
        walked(WorldConfig { control, ..default_world() }, 120)
    };
    let (actions, length) = with(ActionSet::Explore);
    assert!(length > 5.0 && actions.iter().all(|action| usize::from(action.0) < Act::EXPLORE.len()));
    assert_eq!((actions, length), with(ActionSet::Manipulate));
}

#[test]
fn it_looks_around_and_errs_as_it_is_told_to() {
    let with = |explorer| walked(WorldConfig { explorer, ..default_world() }, 200).0;
    let quiet = ExplorerConfig { spin_probability: 0.0, random_action_probability: 0.0, ..ExplorerConfig::default() };
    let is_look = |action: &Action| [Act::LookLeft.action(), Act::LookRight.action()].contains(action);
    let num_spins = |actions: &[Action]| {
        let runs = actions.chunk_by(|a, b| a == b);
        runs.filter(|run| run.len() >= 20 && is_look(&run[0])).count()
    };
    let looking = with(ExplorerConfig { spin_probability: 1.0, spin_turns: [20, 20], ..quiet });
    assert!(looking[..20].iter().all(|action| is_look(action) && *action == looking[0]), "a spin at the beginning");
    assert!(num_spins(&looking) >= 3);
    assert_eq!(num_spins(&with(quiet)), 0);
    // Without errors it never walks backwards or sideways.
    let num_sideways = |actions: &[Action]| {
        let sideways = [Act::Back, Act::Left, Act::Right].map(Act::action);
        actions.iter().filter(|action| sideways.contains(action)).count()
    };
    assert_eq!(num_sideways(&with(quiet)), 0);
    let erring = num_sideways(&with(ExplorerConfig { random_action_probability: 1.0, ..quiet }));
    assert!((70..130).contains(&erring), "half of all random actions: {erring} of 200");
}

#[test]
fn it_does_the_same_again_whatever_it_did_before() {
    let (mut environment, privileged) = RoomEnvironment::new(default_world()).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged);
    let mut play = |seed: u64| {
        environment.reset(seed).unwrap();
        explorer.begin(seed);
        let mut actions = Vec::new();
        for _ in 0..60 {
            actions.push(explorer.action());
            environment.step(*actions.last().unwrap()).unwrap();
        }
        actions
    };
    let first = play(1);
    let second = play(2);
    assert_ne!(first, second);
    assert_eq!((play(1), play(1), play(2)), (first.clone(), first, second));
}
