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
