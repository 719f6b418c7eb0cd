//! Promised: what `Environment` asks of every world, and that one episode is a function of (config, seed, actions):
//! not of the episodes before it, and not of the thread.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::{Action, Environment, EnvironmentError, StepKind, TimeStep, derive};
use groundling_room::{RoomConfig, Size};
use groundling_sim::{Act, CameraConfig, RoomEnvironment, TaskConfig, WorldConfig, WorldError};
use rand::RngExt;

fn config() -> WorldConfig {
    WorldConfig {
        camera: CameraConfig { width: 32, height: 24, ..CameraConfig::default() },
        task: TaskConfig { episode_steps: 40, ..TaskConfig::default() },
        ..WorldConfig::default()
    }
}

fn environment() -> RoomEnvironment {
    RoomEnvironment::new(config()).unwrap().0
}

/// Every step of the episode of `seed` under actions drawn from `seed`.
fn play(environment: &mut RoomEnvironment, seed: u64) -> Vec<TimeStep> {
    let mut rng = derive(seed, "actions", &[]);
    let mut steps = vec![environment.reset(seed).unwrap()];
    while !steps.last().unwrap().kind.is_last() {
        let action = Action(rng.random_range(0..Act::ALL.len() as u16));
        steps.push(environment.step(action).unwrap());
    }
    steps
}

#[test]
fn an_episode_begins_with_first_and_is_truncated_after_its_steps() {
    let mut environment = environment();
    let steps = play(&mut environment, 3);
    assert_eq!(steps.len(), 41);
    assert_eq!(steps[0].kind, StepKind::First);
    assert_eq!((steps[0].observation.last_action, steps[0].observation.last_reward), (None, 0.0));
    assert!(steps[1..40].iter().all(|step| step.kind == StepKind::Mid && step.observation.last_action.is_some()));
    assert_eq!(steps[40].kind, StepKind::Truncated);
    for step in &steps {
        assert_eq!(step.observation.rgb.len(), environment.spec().num_bytes());
    }
}

#[test]
fn no_step_without_a_running_episode() {
    let mut environment = environment();
    assert_eq!(environment.step(Action(0)), Err(EnvironmentError::NoEpisodeRunning));
    play(&mut environment, 1);
    assert_eq!(environment.step(Action(0)), Err(EnvironmentError::NoEpisodeRunning));
    assert_eq!(environment.reset(2).unwrap().kind, StepKind::First);
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
fn episodes_are_the_same_in_any_order_and_in_any_thread() {
    let mut first = environment();
    let in_order: Vec<_> = (0..6).map(|seed| play(&mut first, seed)).collect();
    let mut second = environment();
    for seed in [4, 1, 1, 5, 0, 3, 2] {
        // A half-played episode before it must leave no trace.
        second.reset(99).unwrap();
        second.step(Act::Forward.action()).unwrap();
        assert!(play(&mut second, seed) == in_order[seed as usize], "episode {seed} differs");
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut own = environment();
                    (0..6).map(|seed| play(&mut own, seed)).collect::<Vec<_>>()
                })
            })
            .collect();
        for thread in threads {
            assert!(thread.join().unwrap() == in_order);
        }
    });
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
    for section in ["room", "camera", "control", "task", "explorer"] {
        let error = toml::from_str::<WorldConfig>(&format!("[{section}]\nspeling = 1")).unwrap_err();
        assert!(error.to_string().contains("unknown field `speling`"), "{error}");
    }
}
