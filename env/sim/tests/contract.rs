//! Promised: every room keeps the contract of environments, whatever its settings; facts are those of the step that is
//! shown; settings that cannot be are named.

mod worlds;

use groundling_interface::contract::{ContractOptions, check};
use groundling_interface::{Action, Environment, EnvironmentError, StepKind};
use groundling_room::{RoomConfig, Size};
use groundling_sim::{Act, CameraConfig, RoomEnvironment, TaskConfig, WorldConfig, WorldError};

fn config() -> WorldConfig {
    WorldConfig {
        camera: CameraConfig { width: 32, height: 24, ..CameraConfig::default() },
        task: TaskConfig { episode_steps: 40, ..TaskConfig::default() },
        ..WorldConfig::default()
    }
}

#[test]
fn every_room_keeps_the_contract_of_environments() {
    for (name, config) in worlds::worlds() {
        let make = || RoomEnvironment::new(config.clone()).unwrap().0;
        if let Err(violation) = check(make, &ContractOptions::default()) {
            panic!("the world {name:?}: {violation}");
        }
    }
}

#[test]
fn an_episode_is_truncated_after_its_steps_and_no_earlier() {
    let mut environment = RoomEnvironment::new(config()).unwrap().0;
    environment.reset(3).unwrap();
    for step in 1..=40 {
        let kind = environment.step(Act::LookLeft.action()).unwrap().kind;
        assert_eq!(kind, if step < 40 { StepKind::Mid } else { StepKind::Truncated }, "step {step}");
    }
}

#[test]
fn an_unknown_action_is_refused_and_changes_nothing() {
    let (mut environment, privileged) = RoomEnvironment::new(config()).unwrap();
    environment.reset(5).unwrap();
    let before = (privileged.facts(), privileged.body());
    let error = EnvironmentError::UnknownAction { action: 9, num_actions: 9 };
    assert_eq!(environment.step(Action(9)), Err(error));
    assert_eq!((privileged.facts(), privileged.body()), before);
    assert!(environment.step(Action(0)).is_ok());
}

#[test]
fn facts_follow_the_pictures() {
    let (mut environment, privileged) = RoomEnvironment::new(config()).unwrap();
    environment.reset(8).unwrap();
    let mut most = vec![0; privileged.facts().objects.len()];
    for step in 0..=30_u32 {
        let facts = privileged.facts();
        assert_eq!((facts.episode_seed, facts.step), (8, step));
        for (object, most) in facts.objects.iter().zip(&mut most) {
            *most = object.pixels_now.max(*most);
            assert_eq!(object.most_pixels, *most);
            assert_eq!(object.first_seen.is_some(), *most > 0);
            assert_eq!(object.last_seen == Some(step), object.pixels_now > 0);
        }
        environment.step(Act::LookLeft.action()).unwrap();
    }
    assert!(most.iter().any(|&pixels| pixels > 0), "a full turn shows something");
}

#[test]
fn impossible_settings_are_named() {
    let crowded = RoomConfig { side: [3.0, 3.0], num_objects: [32, 32], ..RoomConfig::default() };
    let error = RoomEnvironment::new(WorldConfig { room: crowded, ..config() }).err().unwrap();
    assert!(matches!(error, WorldError::Room(_)), "{error}");
    assert!(error.to_string().contains("32 objects"), "{error}");

    let camera = CameraConfig { width: 8, ..CameraConfig::default() };
    let error = RoomEnvironment::new(WorldConfig { camera, ..config() }).err().unwrap();
    assert_eq!(error.to_string(), "camera.width = 8: must lie between 16 and 640");

    let tight = RoomConfig { object_clearance: 0.2, ..RoomConfig::default() };
    let error = RoomEnvironment::new(WorldConfig { room: tight, ..config() }).err().unwrap();
    assert!(error.to_string().starts_with("room.object_clearance = 0.2: must be at least 0.4"), "{error}");
}

#[test]
fn settings_are_read_back_as_written_and_unknown_ones_refused() {
    let room = RoomConfig { object_radius: Some(0.4), sizes: vec![Size::Medium], ..RoomConfig::default() };
    for config in [WorldConfig::default(), WorldConfig { room, ..config() }] {
        assert_eq!(toml::from_str::<WorldConfig>(&toml::to_string(&config).unwrap()).unwrap(), config);
    }
    assert_eq!(toml::from_str::<WorldConfig>("").unwrap(), WorldConfig::default());
    WorldConfig::default().validate().unwrap();
    for section in ["room", "camera", "control", "physics", "task", "explorer"] {
        let error = toml::from_str::<WorldConfig>(&format!("[{section}]\nspeling = 1")).unwrap_err();
        assert!(error.to_string().contains("unknown field `speling`"), "{error}");
    }
}
