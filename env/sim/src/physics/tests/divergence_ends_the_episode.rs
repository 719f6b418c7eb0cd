//! Promised: when the numbers of the physics go bad, the episode ends there with its cause. What is drawn and told is
//! the room as it was before, and the next episode is none the worse.

use glam::{Quat, Vec3};
use groundling_interface::{Environment, EnvironmentError, StepKind};
use groundling_room::RoomConfig;

use crate::act::Act;
use crate::config::{CameraConfig, PhysicsConfig, WorldConfig};
use crate::environment::RoomEnvironment;
use crate::information::EndCause;
use crate::physics::{Divergence, DivergenceKind};

fn config() -> WorldConfig {
    let camera = CameraConfig { width: 32, height: 24, ..CameraConfig::default() };
    let room = RoomConfig { num_objects: [4, 4], ..RoomConfig::default() };
    // So that every object can move.
    let physics = PhysicsConfig { push_limit: 1000.0, ..PhysicsConfig::default() };
    WorldConfig { camera, room, physics, ..WorldConfig::default() }
}

#[test]
fn a_velocity_that_is_not_a_number_ends_the_episode_with_its_cause() {
    let (mut environment, privileged) = RoomEnvironment::new(config()).unwrap();
    let undisturbed = environment.reset(7).unwrap();
    environment.reset(3).unwrap();
    let before = environment.step(Act::LookLeft.action()).unwrap();
    let facts = privileged.facts();
    privileged.lock().world.physics.throw(2, Vec3::NAN);
    let last = environment.step(Act::Noop.action()).unwrap();
    assert_eq!(last.kind, StepKind::Truncated);
    assert_eq!(last.observation.rgb, before.observation.rgb, "the last sound picture is drawn");
    let cause = Divergence { object: 2, what: DivergenceKind::NotFinite };
    assert_eq!(privileged.information().end, Some(EndCause::Diverged(cause)));
    assert_eq!(cause.to_string(), "object 2 has no finite place or velocity any more");
    for (object, before) in privileged.facts().objects.iter().zip(&facts.objects) {
        assert_eq!((object.position, object.rotation), (before.position, before.rotation));
    }
    assert_eq!(environment.step(Act::Noop.action()), Err(EnvironmentError::NoEpisodeRunning));
    assert!(environment.reset(7).unwrap() == undisturbed);
    assert_eq!(privileged.information().end, None);
    assert_eq!(environment.step(Act::Noop.action()).unwrap().kind, StepKind::Mid);
}

#[test]
fn an_object_that_leaves_the_room_ends_the_episode() {
    for beyond in [[0.0, -3.0, 0.0], [0.0, 9.0, 0.0], [40.0, 0.5, 0.0]] {
        let (mut environment, privileged) = RoomEnvironment::new(config()).unwrap();
        environment.reset(3).unwrap();
        privileged.lock().world.physics.place(1, beyond.into(), Quat::IDENTITY);
        let last = environment.step(Act::Noop.action()).unwrap();
        assert_eq!(last.kind, StepKind::Truncated, "{beyond:?}");
        let cause = Divergence { object: 1, what: DivergenceKind::OutOfRoom };
        assert_eq!(privileged.information().end, Some(EndCause::Diverged(cause)), "{beyond:?}");
    }
}
