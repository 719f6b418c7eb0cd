//! Promised: what is in the middle of the view, near and light enough is held as long as the actions contain grab. It
//! is carried in front of the eye, turned, pushed away and pulled near; let go, it falls, also onto other things.

use glam::Vec3;
use groundling_room::{Size, Support};

use super::{Act, act, config, lean, object, room};
use crate::config::WorldConfig;
use crate::world::World;

/// One thing ahead on the floor, the eye turned down to it.
fn before(config: &WorldConfig, shape: &str, size: Size, distance: f32) -> World {
    let mut thing = object(shape, size, [0.0, 0.0, -distance]);
    thing.yaw = 0.0;
    let mut world = room(config, vec![thing]);
    look_at(&mut world, 0);
    world
}

/// Turns the eye up or down until an object's middle is as near to the middle of the view as turns allow.
fn look_at(world: &mut World, index: usize) {
    let middle = world.object_pose(index).position.y + world.spec().objects[index].height / 2.0;
    let away = world.object_pose(index).position - world.body().position;
    let slope = (middle - world.config().camera.eye_height) / Vec3::new(away.x, 0.0, away.z).length();
    let wanted = glam::Vec2::new(1.0, slope).to_angle();
    let turn = world.config().control.turn_angle();
    while (world.body().pitch - wanted).abs() > turn {
        let up = world.body().pitch < wanted;
        act(world, if up { Act::LookUp } else { Act::LookDown }, 1);
    }
}

#[test]
fn a_thing_is_held_as_long_as_the_actions_contain_grab() {
    let mut world = before(&config(), "mug", Size::Medium, 1.0);
    act(&mut world, Act::Grab, 1);
    assert_eq!(world.held(), Some(0));
    assert_eq!(world.support(0), Support::Nothing);
    act(&mut world, Act::GrabLookUp, 12);
    act(&mut world, Act::Grab, 10);
    let height = world.object_pose(0).position.y;
    assert!(height > 0.3, "lifted to {height} m");
    act(&mut world, Act::Noop, 1);
    assert_eq!(world.held(), None);
    act(&mut world, Act::Noop, 60);
    let place = world.object_pose(0).position;
    assert!(place.y < 0.3 && world.support(0) == Support::Floor, "{place}");
    assert!(!world.physics.is_awake());
}

#[test]
fn nothing_is_held_that_is_too_heavy_or_too_far_or_hidden_or_aside() {
    let mut world = before(&config(), "barrel", Size::Medium, 1.0);
    act(&mut world, Act::Grab, 5);
    assert_eq!(world.held(), None, "a barrel is too heavy");
    let mut world = before(&config(), "mug", Size::Medium, 2.5);
    act(&mut world, Act::Grab, 5);
    assert_eq!(world.held(), None, "out of reach");
    let mut world = before(&config(), "mug", Size::Medium, 1.0);
    act(&mut world, Act::LookLeft, 8);
    act(&mut world, Act::Grab, 5);
    assert_eq!(world.held(), None, "aside");
    let wall = object("wardrobe", Size::Small, [0.0, 0.0, -0.8]);
    let mut world = room(&config(), vec![object("mug", Size::Large, [0.0, 0.0, -1.4]), wall]);
    look_at(&mut world, 0);
    act(&mut world, Act::Grab, 5);
    assert_eq!(world.held(), None, "behind a wardrobe");
    let mut fixed = config();
    fixed.physics.movable = false;
    let mut world = before(&fixed, "mug", Size::Medium, 1.0);
    act(&mut world, Act::Grab, 5);
    assert_eq!(world.held(), None, "nothing moves in this world");
}

#[test]
fn of_two_things_the_one_nearest_to_the_middle_is_held() {
    let things = vec![object("mug", Size::Small, [0.35, 0.0, -1.0]), object("mug", Size::Small, [0.05, 0.0, -1.0])];
    let mut world = room(&config(), things);
    look_at(&mut world, 1);
    act(&mut world, Act::Grab, 1);
    assert_eq!(world.held(), Some(1));
}

#[test]
fn what_is_held_turns_and_walks_with_the_agent_and_is_pushed_and_pulled() {
    let mut world = before(&config(), "mug", Size::Medium, 1.0);
    act(&mut world, Act::Grab, 1);
    act(&mut world, Act::GrabLookUp, 8);
    act(&mut world, Act::GrabLookLeft, 24);
    act(&mut world, Act::Grab, 15);
    // A quarter to the left is -x.
    let place = world.object_pose(0).position;
    assert!(place.x < -0.6 && place.z.abs() < 0.1, "{place}");
    assert!((world.object_pose(0).rotation * Vec3::NEG_Z).x < -0.98, "it has turned with the agent");
    act(&mut world, Act::GrabForward, 30);
    act(&mut world, Act::Grab, 10);
    let walked = world.object_pose(0).position;
    assert!(walked.x < place.x - 1.3, "{walked}");
    let away = |world: &World| {
        let offset = world.object_pose(0).position - world.body().position;
        Vec3::new(offset.x, 0.0, offset.z).length()
    };
    let near = away(&world);
    act(&mut world, Act::GrabPush, 12);
    act(&mut world, Act::Grab, 5);
    assert!(away(&world) > near + 0.15, "{} after {near}", away(&world));
    act(&mut world, Act::GrabPull, 60);
    act(&mut world, Act::Grab, 10);
    assert!(away(&world) < near, "{} after {near}", away(&world));
    assert!(away(&world) > 0.15 + 0.1, "never drawn into the body");
}

#[test]
fn spinning_turns_what_is_held() {
    for (spin, axis, to) in [
        (Act::GrabSpinLeft, Vec3::NEG_Z, Vec3::NEG_X),
        (Act::GrabSpinRight, Vec3::NEG_Z, Vec3::X),
        (Act::GrabSpinUp, Vec3::NEG_Z, Vec3::Y),
        (Act::GrabSpinDown, Vec3::Y, Vec3::NEG_Z),
    ] {
        let mut world = before(&config(), "mug", Size::Small, 1.0);
        act(&mut world, Act::Grab, 1);
        act(&mut world, Act::GrabLookUp, 10);
        act(&mut world, spin, 24);
        act(&mut world, Act::Grab, 15);
        let turned = world.object_pose(0).rotation * axis;
        assert!(turned.dot(to) > 0.98, "{spin:?}: {axis} came to {turned}");
    }
}

#[test]
fn a_thing_is_put_on_another_and_taken_away_again() {
    let table = object("table", Size::Large, [0.0, 0.0, -1.3]);
    let start = object("mug", Size::Small, [-1.0, 0.0, 0.0]);
    let mut config = config();
    config.physics.push_limit = 1.0;
    let mut world = room(&config, vec![table, start]);
    act(&mut world, Act::LookLeft, 24);
    look_at(&mut world, 1);
    act(&mut world, Act::Grab, 1);
    assert_eq!(world.held(), Some(1));
    act(&mut world, Act::GrabLookUp, 9);
    act(&mut world, Act::GrabLookRight, 24);
    act(&mut world, Act::Grab, 15);
    act(&mut world, Act::Noop, 60);
    let place = world.object_pose(1).position;
    assert_eq!(world.support(1), Support::Object(0), "at {place}, leaning {}", lean(&world, 1));
    assert!((place.y - table.height).abs() < 0.1, "{place}");
    assert!(!world.physics.is_awake());
    look_at(&mut world, 1);
    act(&mut world, Act::Grab, 1);
    assert_eq!(world.held(), Some(1));
    act(&mut world, Act::GrabLookLeft, 24);
    act(&mut world, Act::Noop, 60);
    assert_eq!(world.support(1), Support::Floor);
}

#[test]
fn what_is_torn_out_of_the_hands_is_lost() {
    let wall = object("wardrobe", Size::Large, [-0.9, 0.0, -0.55]);
    let mut config = config();
    config.control.turn_speed = 90.0;
    let mut world = room(&config, vec![object("mug", Size::Medium, [0.0, 0.0, -1.2]), wall]);
    look_at(&mut world, 0);
    act(&mut world, Act::Grab, 1);
    assert_eq!(world.held(), Some(0));
    act(&mut world, Act::GrabLookUp, 5);
    act(&mut world, Act::GrabLookLeft, 58);
    assert_eq!(world.held(), None, "the wardrobe kept it");
    act(&mut world, Act::Grab, 60);
    assert_eq!(world.support(0), Support::Floor, "it fell at {}", world.object_pose(0).position);
}

#[test]
fn a_thrown_thing_is_no_faster_than_allowed_and_stays_in_the_room() {
    let mut config = config();
    config.control.turn_speed = 300.0;
    config.physics.hold_speed = 20.0;
    config.physics.hold_slack = 3.0;
    let mut world = before(&config, "ball", Size::Small, 1.2);
    act(&mut world, Act::Grab, 1);
    act(&mut world, Act::GrabLookUp, 4);
    act(&mut world, Act::GrabPush, 20);
    act(&mut world, Act::GrabLookLeft, 6);
    assert_eq!(world.held(), Some(0));
    let middle = |world: &World| {
        let pose = world.object_pose(0);
        pose.position + pose.rotation * Vec3::Y * (world.spec().objects[0].height / 2.0)
    };
    let mut last = middle(&world);
    for step in 0..240 {
        act(&mut world, Act::Noop, 1);
        let place = middle(&world);
        let [now, before] = [place, last].map(|p| Vec3::new(p.x, 0.0, p.z));
        assert!(now.distance(before) * 30.0 < 2.2, "step {step}: {} m/s", now.distance(before) * 30.0);
        assert!(place.x.abs() < 4.0 && place.z.abs() < 4.0 && place.y > 0.1, "{place}");
        last = place;
    }
}
