//! Promises of physics that need a room of one's own making; each in a file named for it.

mod crowds_do_no_harm;
mod divergence_ends_the_episode;
mod hands_carry_and_let_go;
mod things_stand_and_fall;
mod walking_pushes_light_things;

use glam::Vec3;
use groundling_room::{Color, FloorPlan, ObjectSpec, RoomConfig, RoomSpec, Shape, Size, Spawn};

use crate::act::Act;
use crate::config::WorldConfig;
use crate::world::World;

/// An object of a shape, placed.
fn object(shape: &str, size: Size, position: [f32; 3]) -> ObjectSpec {
    let shape = Shape::from_name(shape).unwrap();
    let height = shape.height() * size.factor();
    let footprint = shape.footprint().scaled(height);
    ObjectSpec { shape, color: Color(0), size, height, footprint, position, yaw: 0.3 }
}

/// A square room of 8 m with these objects; the agent stands in the middle and looks along -z.
fn room(config: &WorldConfig, objects: Vec<ObjectSpec>) -> World {
    config.validate().unwrap();
    let any = RoomSpec::sample(&RoomConfig { num_objects: [1, 1], ..RoomConfig::default() }, 1).unwrap();
    let floor_plan = FloorPlan { width: 8.0, depth: 8.0, notch: None };
    let spawn = Spawn { position: [0.0; 3], yaw: 0.0 };
    World::in_room(config.clone(), RoomSpec { floor_plan, objects, spawn, ..any })
}

/// A world in which an act is one physics step.
fn config() -> WorldConfig {
    let mut config = WorldConfig::default();
    config.control.action_repeat = 1;
    config.control.rate_hz = 30;
    // A quarter turn is 24 acts.
    config.control.turn_speed = 112.5;
    config.task.episode_steps = 100_000;
    config
}

fn act(world: &mut World, act: Act, times: u32) {
    for _ in 0..times {
        world.act(act);
        assert_eq!(world.divergence(), None);
    }
}

/// How far an object's own up leans from the vertical, degrees.
fn lean(world: &World, index: usize) -> f32 {
    (world.object_pose(index).rotation * Vec3::Y).angle_between(Vec3::Y).to_degrees()
}
