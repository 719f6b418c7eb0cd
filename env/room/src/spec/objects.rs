//! Which objects a room has, and where they find place.

use rand::{Rng, RngExt};

use super::{ObjectSpec, Spawn};
use crate::config::RoomConfig;
use crate::floor_plan::FloorPlan;

/// Tries for each object, and for the agent, before an arrangement is given up.
const TRIES: u32 = 100;

/// Draws number, shapes, colours and sizes, each independently and uniformly; positions are not yet set.
pub(super) fn kinds(rng: &mut impl Rng, config: &RoomConfig) -> Vec<ObjectSpec> {
    let (shapes, colors, sizes) = (config.shape_choices(), config.color_choices(), config.size_choices());
    let [least, greatest] = config.num_objects;
    (0..rng.random_range(least..=greatest))
        .map(|_| {
            let shape = shapes[rng.random_range(0..shapes.len())];
            let color = colors[rng.random_range(0..colors.len())];
            let size = sizes[rng.random_range(0..sizes.len())];
            let medium_height = match config.object_radius {
                Some(radius) => radius / shape.footprint().radius().max(0.5),
                None => shape.height(),
            };
            let height = medium_height * size.factor();
            let footprint = shape.footprint().scaled(height);
            ObjectSpec { shape, color, size, height, footprint, position: [0.0; 3], yaw: 0.0 }
        })
        .collect()
}

/// A point at least `margin` away from the sides of the floor's bounding rectangle, where there is one.
fn point(rng: &mut impl Rng, plan: &FloorPlan, margin: f32) -> Option<[f32; 3]> {
    let (x, z) = (plan.width / 2.0 - margin, plan.depth / 2.0 - margin);
    (x >= 0.0 && z >= 0.0).then(|| [rng.random_range(-x..=x), 0.0, rng.random_range(-z..=z)])
}

fn yaw(rng: &mut impl Rng) -> f32 {
    rng.random_range(0.0..std::f32::consts::TAU)
}

fn gap(object: &ObjectSpec, position: [f32; 3]) -> f32 {
    let (dx, dz) = (object.position[0] - position[0], object.position[2] - position[2]);
    (dx * dx + dz * dz).sqrt() - object.radius()
}

/// Whether the discs around all objects, each with half the clearance, cover more than there is. Such rooms are not
/// tried: a hopeless configuration shall fail soon.
pub(super) fn cover_too_much(config: &RoomConfig, plan: &FloorPlan, objects: &[ObjectSpec]) -> bool {
    use std::f32::consts::PI;
    let apart = config.object_clearance / 2.0;
    let covered: f32 = objects.iter().map(|object| PI * (object.radius() + apart) * (object.radius() + apart)).sum();
    // Near walls a disc with its half of the clearance may reach beyond the floor.
    let beyond = (apart - config.wall_clearance).max(0.0);
    covered > plan.area() + beyond * (2.0 * (plan.width + plan.depth) + PI * beyond)
}

/// Sets every object's position and yaw, or returns how many found place before one did not.
pub(super) fn place(
    rng: &mut impl Rng,
    config: &RoomConfig,
    plan: &FloorPlan,
    objects: &mut [ObjectSpec],
) -> Result<(), usize> {
    // The largest first: they are the hardest to find place for.
    let mut order: Vec<usize> = (0..objects.len()).collect();
    order.sort_by(|&a, &b| objects[b].radius().total_cmp(&objects[a].radius()));
    for (placed, &index) in order.iter().enumerate() {
        let radius = objects[index].radius();
        let from_wall = radius + config.wall_clearance;
        let is_free = |position: &[f32; 3]| {
            plan.contains(position[0], position[2], from_wall)
                && order[..placed]
                    .iter()
                    .all(|&other| gap(&objects[other], *position) >= radius + config.object_clearance)
        };
        let mut tries = (0..TRIES).map_while(|_| point(rng, plan, from_wall));
        let position = tries.find(is_free).ok_or(placed)?;
        objects[index].position = position;
        objects[index].yaw = yaw(rng);
    }
    Ok(())
}

/// A place for the agent, where there is one.
pub(super) fn spawn(rng: &mut impl Rng, clearance: f32, plan: &FloorPlan, objects: &[ObjectSpec]) -> Option<Spawn> {
    let is_free = |position: &[f32; 3]| {
        plan.contains(position[0], position[2], clearance)
            && objects.iter().all(|object| gap(object, *position) >= clearance)
    };
    let position = (0..TRIES).map_while(|_| point(rng, plan, clearance)).find(is_free)?;
    Some(Spawn { position, yaw: yaw(rng) })
}
