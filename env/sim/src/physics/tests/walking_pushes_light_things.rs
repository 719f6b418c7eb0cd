//! Promised: the body pushes what is light, the slower the heavier it is, and not at all what is heavier than
//! `physics.push_limit`; it slides along what does not give way, and is never inside anything.

use glam::{Quat, Vec3};
use groundling_room::{Size, Support};

use super::{Act, act, config, lean, object, room};

/// How far an object comes, pushed for two seconds from half a metre away, and how far the body.
fn pushed(shape: &str, size: Size, push_limit: f32) -> [f32; 2] {
    let mut config = config();
    config.physics.push_limit = push_limit;
    let mut object = object(shape, size, [0.0, 0.0, 0.0]);
    object.yaw = 0.0;
    object.position[2] = -0.5 - object.radius();
    let mut world = room(&config, vec![object]);
    let from = world.object_pose(0).position;
    act(&mut world, Act::Forward, 60);
    [(from - world.object_pose(0).position).z, -world.body().position.z]
}

#[test]
fn the_heavier_the_slower_and_the_heaviest_not_at_all() {
    let ways: Vec<[f32; 2]> = [5.5, 10.0, 100.0].map(|limit| pushed("crate", Size::Medium, limit)).into();
    assert!(ways[0][0] > 0.02, "{ways:?}");
    assert!(ways[1][0] > 2.0 * ways[0][0], "{ways:?}");
    assert!(ways[2][0] > 1.2 * ways[1][0], "{ways:?}");
    assert!(ways[2][0] > 1.0, "{ways:?}");
    let [thing, body] = pushed("crate", Size::Medium, 4.9);
    assert_eq!(thing, 0.0);
    assert!(body > 0.3 && body < 0.8, "{body}");
    let [thing, _] = pushed("wardrobe", Size::Small, 20.0);
    assert_eq!(thing, 0.0, "no wardrobe is pushed");
}

#[test]
fn what_is_pushed_sideways_is_slid_along() {
    // Heavy, and slightly aside: the body goes around it.
    let mut thing = object("wardrobe", Size::Medium, [0.0, 0.0, -1.5]);
    thing.yaw = 0.6;
    let mut world = room(&config(), vec![thing]);
    act(&mut world, Act::Forward, 150);
    assert!(world.body().position.z < -3.0, "{}", world.body().position);
    assert_eq!(world.object_pose(0).position, Vec3::from(thing.position));
}

#[test]
fn what_stands_on_a_pushed_thing_wakes_and_stays_on_it_or_falls() {
    let low = object("crate", Size::Large, [0.0, 0.0, -1.0]);
    let high = object("crate", Size::Small, [0.0, low.height, -1.0]);
    let mut world = room(&config(), vec![low, high]);
    act(&mut world, Act::Forward, 60);
    act(&mut world, Act::Back, 45);
    let place = world.object_pose(1).position;
    assert!(world.object_pose(0).position.z < -1.3);
    match world.support(1) {
        Support::Object(0) => assert!((place.y - low.height).abs() < 0.02 && place.z < -1.2, "{place}"),
        Support::Floor => assert!(place.y < 0.5 * low.height, "{place}"),
        other => panic!("it rests on {other:?}"),
    }
}

#[test]
fn a_thing_against_the_wall_stops_the_body() {
    let mut thing = object("crate", Size::Medium, [0.0, 0.0, -3.5]);
    thing.yaw = 0.0;
    let mut world = room(&config(), vec![thing]);
    act(&mut world, Act::Forward, 240);
    let [body, place] = [world.body().position, world.object_pose(0).position];
    assert!(place.z > -4.0 && place.z < -3.6, "{place}");
    assert!(body.z > place.z + 0.15 + 0.2, "{body} and {place}");
    assert!(place.y.abs() < 0.01, "{place}");
}

#[test]
fn what_rolls_against_the_body_stops_at_it() {
    let mut world = room(&config(), vec![object("ball", Size::Medium, [0.0, 0.0, -1.5])]);
    world.physics.throw(0, Vec3::new(0.0, 0.0, 3.0));
    act(&mut world, Act::Noop, 90);
    let place = world.object_pose(0).position;
    assert_eq!(world.body().position, Vec3::ZERO);
    assert!(Vec3::new(place.x, 0.0, place.z).length() > 0.15 + 0.15, "{place}");
    assert!(place.z < 0.0, "{place}");
    assert!(!world.physics.is_awake(), "it comes to rest");
}

#[test]
fn what_leans_on_the_body_falls_when_it_walks_away() {
    let mut config = config();
    config.physics.push_limit = 1000.0;
    let mut world = room(&config, vec![object("clock", Size::Large, [0.0, 0.0, -2.0])]);
    world.physics.place(0, Vec3::new(0.0, 0.05, -0.8), Quat::from_rotation_x(0.7));
    act(&mut world, Act::Noop, 90);
    let leaning = lean(&world, 0);
    assert!(leaning > 30.0 && leaning < 50.0 && !world.physics.is_awake(), "it leans by {leaning} degrees");
    // Straight away from it, so that it is not brushed.
    act(&mut world, Act::Back, 30);
    act(&mut world, Act::Noop, 60);
    let fallen = lean(&world, 0);
    assert!(!(5.0..=70.0).contains(&fallen), "it leans on nothing by {fallen} degrees");
}
