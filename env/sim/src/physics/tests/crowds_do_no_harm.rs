//! Promised: however the agent walks, pushes, grabs and throws in crowded rooms, nothing diverges or leaves the room, the
//! body is never inside a wall or a thing that stands fast, and what moves is never pressed deep into anything.

use glam::Vec2;
use groundling_interface::derive;
use groundling_room::{Layout, RoomConfig};
use rand::RngExt;

use super::{Act, config};
use crate::config::WorldConfig;
use crate::outline::from_above;
use crate::world::World;

/// Rooms and physics steps in each.
const NUM_ROOMS: u64 = 25;
const NUM_STEPS: u32 = 800;
/// What rounding may take from the body's radius, metres.
const ROUNDING: f32 = 1e-5;

fn crowd() -> WorldConfig {
    let mut config = config();
    config.room = RoomConfig { layout: Layout::Any, side: [5.0, 6.5], num_objects: [6, 12], ..RoomConfig::default() };
    config
}

fn check(world: &World, pressed: f32, place: &str) {
    let physics = &world.physics;
    assert_eq!(world.divergence(), None, "{place}");
    let body = world.body();
    assert!(body.position.is_finite() && body.position.y == 0.0, "{place}");
    let at = from_above(body.position);
    let radius = physics.body_radius;
    assert!(world.spec().contains(at.x, at.y, radius - ROUNDING), "{place}: the body is in a wall at {at}");
    for (object, obstacle) in physics.obstacles.iter().enumerate() {
        let name = world.spec().objects[object].shape;
        let gaps = obstacle.pieces.iter().map(|piece| piece.gap(at).distance);
        let depth = radius - gaps.fold(f32::INFINITY, f32::min);
        if physics.dynamics.movable(object).is_none() {
            assert!(depth < ROUNDING, "{place}: the body is {depth} m in a {name} that stands fast");
            continue;
        }
        let pose = world.object_pose(object);
        assert!(pose.position.is_finite() && pose.rotation.is_finite(), "{place}");
        let corners = physics.models[object].solids.iter().flatten();
        let beyond = corners.map(|&corner| {
            let corner = pose.rotation * corner + pose.position;
            let walls = physics.walls.depth(Vec2::new(corner.x, corner.z));
            walls.max(-corner.y).max(corner.y - world.spec().wall_height)
        });
        let beyond = beyond.fold(0.0, f32::max);
        assert!(depth < pressed, "{place}: the body is {depth} m in a {name}");
        assert!(beyond < pressed, "{place}: a {name} is {beyond} m in wall or floor");
    }
}

/// Walks about. Things may be pressed into the body, the walls or the floor by `pressed` metres for a moment; in the
/// end they come to rest. Long runs of an act press harder than quick changes do.
fn wander(config: &WorldConfig, acts: &[Act], pressed: f32) {
    let (mut num_moved, mut num_held) = (0, 0);
    for seed in 0..NUM_ROOMS {
        let Ok(mut world) = World::new(config.clone(), seed) else { continue };
        let mut rng = derive(seed, "wander", &[]);
        let mut act = Act::Forward;
        let before = world.physics.poses.clone();
        for step in 0..NUM_STEPS {
            if rng.random_bool(0.05) {
                act = acts[rng.random_range(0..acts.len())];
            }
            world.act(act);
            check(&world, pressed, &format!("seed {seed}, step {step}, {act:?}"));
            num_held += u32::from(world.held().is_some());
        }
        let moved = |(now, before): &(&crate::world::ObjectPose, &crate::world::ObjectPose)| {
            now.position.distance(before.position) > 0.1
        };
        for _ in 0..150 {
            world.act(Act::Noop);
        }
        assert!(!world.physics.is_awake(), "seed {seed}: it does not come to rest");
        num_moved += world.physics.poses.iter().zip(&before).filter(moved).count();
    }
    assert!(num_moved > NUM_ROOMS as usize, "only {num_moved} things were moved at all");
    assert!(num_held > 0 || acts.len() == Act::EXPLORE.len());
}

#[test]
fn walking_and_pushing() {
    wander(&crowd(), &Act::EXPLORE, 0.06);
}

#[test]
fn grabbing_and_throwing() {
    wander(&crowd(), &Act::MANIPULATE, 0.12);
}

#[test]
fn a_giant_in_a_crowd() {
    let mut config = crowd();
    config.control.move_speed = 6.0;
    config.physics.push_limit = 1000.0;
    config.physics.lift_limit = 1000.0;
    config.physics.push_strength = 10_000.0;
    // Ten thousand newtons press hard.
    wander(&config, &Act::MANIPULATE, 0.2);
}
