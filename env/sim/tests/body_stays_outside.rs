//! Promised: whatever is done, the body leaves no room and enters no object that stands fast. How it moves those that do
//! not is tested beside the physics.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::derive;
use groundling_room::{Layout, RoomConfig};
use groundling_sim::{Act, ControlConfig, PhysicsConfig, World, WorldConfig};
use rand::RngExt;

/// What rounding may take from the body's radius, metres.
const TOLERANCE: f32 = 1e-5;

fn wander(config: &WorldConfig, seed: u64, acts: u32) {
    let config = WorldConfig { physics: PhysicsConfig { movable: false, ..config.physics }, ..config.clone() };
    config.validate().unwrap();
    let mut world = World::new(config.clone(), seed).unwrap();
    let mut rng = derive(seed, "wander", &[]);
    let margin = config.control.body_radius - TOLERANCE;
    let mut act = Act::Forward;
    let start = world.body().position;
    let mut farthest = 0.0_f32;
    for step in 0..acts {
        // Long runs of one act press against things harder than quick changes do.
        if rng.random_bool(0.2) {
            act = Act::EXPLORE[rng.random_range(0..Act::EXPLORE.len())];
        }
        world.act(act);
        let position = world.body().position;
        let free = world.spec().is_free(position.x, position.z, margin);
        assert!(free, "seed {seed}, step {step}: {position} is not free after {act:?}");
        assert_eq!(position.y, 0.0);
        farthest = farthest.max((position - start).length());
    }
    assert!(farthest > 0.5, "seed {seed}: it never got far");
}

#[test]
fn in_many_default_rooms() {
    for seed in 0..20 {
        wander(&WorldConfig::default(), seed, 10_000 / 20);
    }
}

#[test]
fn at_great_speed_in_a_crowd() {
    let room = RoomConfig { side: [6.0, 8.0], num_objects: [10, 12], layout: Layout::Any, ..RoomConfig::default() };
    let control = ControlConfig { move_speed: 15.0, rate_hz: 20, ..ControlConfig::default() };
    for seed in 0..20 {
        wander(&WorldConfig { room: room.clone(), control, ..WorldConfig::default() }, seed, 500);
    }
}

#[test]
fn in_creeping_steps_and_with_a_wide_body() {
    let control = ControlConfig { move_speed: 1.0, rate_hz: 120, body_radius: 0.3, ..ControlConfig::default() };
    let room = RoomConfig {
        object_clearance: 0.7,
        wall_clearance: 0.7,
        side: [6.0, 7.0],
        num_objects: [4, 6],
        ..RoomConfig::default()
    };
    for seed in 0..10 {
        wander(&WorldConfig { room: room.clone(), control, ..WorldConfig::default() }, seed, 1_000);
    }
}
