//! Promised: every shape in every size stands stably, falls where nothing carries it, and rests on what it falls on.

use groundling_room::{Shape, Size, Support};

use super::{Act, act, config, lean, object, room};
use crate::config::PhysicsConfig;

#[test]
fn every_shape_stands_for_three_seconds() {
    let mut config = config();
    config.physics = PhysicsConfig { push_limit: 1000.0, ..config.physics };
    let mut failures = Vec::new();
    for shape in Shape::all() {
        for (column, size) in Size::ALL.into_iter().enumerate() {
            let place = [column as f32 * 2.5 - 2.5, 0.0, -2.5];
            let mut world = room(&config, vec![object(shape.name(), size, place)]);
            let before = world.object_pose(0);
            world.physics.wake(0);
            act(&mut world, Act::Noop, 90);
            let after = world.object_pose(0);
            let shift = (after.position - before.position).length();
            let turn = after.rotation.angle_between(before.rotation).to_degrees();
            if shift > 0.01 || turn > 2.0 || world.support(0) != Support::Floor || world.physics.is_awake() {
                failures.push(format!(
                    "{shape} {size}: {shift:.3} m, {turn:.1} degrees, {:?}, awake {}, lean {:.1}",
                    world.support(0),
                    world.physics.is_awake(),
                    lean(&world, 0)
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{} do not stand:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn what_nothing_carries_falls_and_rests_on_what_it_falls_on() {
    let low = object("crate", Size::Large, [0.0, 0.0, -2.0]);
    let things = vec![
        low,
        object("crate", Size::Small, [0.0, low.height + 0.5, -2.0]),
        object("mug", Size::Small, [2.0, 1.5, 0.0]),
    ];
    let mut world = room(&config(), things);
    world.physics.wake(1);
    world.physics.wake(2);
    act(&mut world, Act::Noop, 5);
    assert_eq!([1, 2].map(|index| world.support(index)), [Support::Nothing; 2], "in the air");
    act(&mut world, Act::Noop, 85);
    assert_eq!([0, 1, 2].map(|index| world.support(index)), [Support::Floor, Support::Object(0), Support::Floor]);
    let place = world.object_pose(1).position;
    // The lid of a crate lies a little lower than its posts.
    assert!((place.y - low.height).abs() < 0.02, "{place}");
    assert!(world.object_pose(2).position.y < 0.3);
    assert!(!world.physics.is_awake());
}

#[test]
fn what_is_not_touched_never_moves_and_costs_no_step() {
    let things = vec![object("ball", Size::Large, [1.0, 0.0, -2.0]), object("mug", Size::Small, [-2.0, 0.0, 0.5])];
    let mut world = room(&config(), things);
    world.physics.wake(1);
    act(&mut world, Act::Noop, 60);
    let shift = world.object_pose(0).position.distance(world.spec().objects[0].position.into());
    assert!(shift < 5e-4, "it settles by {shift} m when the other wakes, and no more");
    assert!(!world.physics.is_awake());
    let before = [0, 1].map(|index| world.object_pose(index));
    act(&mut world, Act::Right, 20);
    assert!(!world.physics.is_awake());
    assert_eq!([0, 1].map(|index| world.object_pose(index)), before);
}
