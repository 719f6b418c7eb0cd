//! Which objects a room has, and where they find place.

use rand::{Rng, RngExt};

use super::clearance::Placed;
use super::{ObjectSpec, Spawn};
use crate::config::{HeldOut, RoomConfig};
use crate::floor_plan::FloorPlan;
use crate::shapes::Footprint;
use crate::vocabulary::{Color, Shape, Size};

/// Tries for each object, and for the agent, before an arrangement is given up.
const TRIES: u32 = 200;

/// Draws number, shapes, colours and sizes, each independently and uniformly; positions are not yet set.
///
/// Where pairs are held out and `absent`, a pair is drawn again until it is none of them: uniform over the others, and
/// a room in which none was drawn is the one that there would be without the setting. Where they must be `present`, and
/// the draw has none, one of its objects becomes one.
pub(super) fn kinds(rng: &mut impl Rng, config: &RoomConfig) -> Vec<ObjectSpec> {
    let (shapes, colors, sizes) = (config.shape_choices(), config.color_choices(), config.size_choices());
    let held_out = config.held_out_pairs();
    let never = |pair: &(Shape, Color)| config.held_out == HeldOut::Absent && held_out.contains(pair);
    let [least, greatest] = config.num_objects;
    let mut drawn: Vec<(Shape, Color, Size)> = (0..rng.random_range(least..=greatest))
        .map(|_| {
            let mut pair = || (shapes[rng.random_range(0..shapes.len())], colors[rng.random_range(0..colors.len())]);
            let mut fit = pair();
            // At most half of all pairs are held out, so that this ends, soon.
            while never(&fit) {
                fit = pair();
            }
            (fit.0, fit.1, sizes[rng.random_range(0..sizes.len())])
        })
        .collect();
    let is_missing = !drawn.iter().any(|(shape, color, _)| held_out.contains(&(*shape, *color)));
    if config.held_out == HeldOut::Present && is_missing && !drawn.is_empty() && !held_out.is_empty() {
        let pair = held_out.iter().nth(rng.random_range(0..held_out.len()));
        let index = rng.random_range(0..drawn.len());
        if let Some(&(shape, color)) = pair {
            (drawn[index].0, drawn[index].1) = (shape, color);
        }
    }
    drawn.into_iter().map(|kind| unplaced(config, kind)).collect()
}

fn unplaced(config: &RoomConfig, (shape, color, size): (Shape, Color, Size)) -> ObjectSpec {
    let medium_height = match config.object_radius {
        Some(radius) => radius / shape.footprint().radius().max(0.5),
        None => shape.height(),
    };
    let height = medium_height * size.factor();
    let footprint = shape.footprint().scaled(height);
    ObjectSpec { shape, color, size, height, footprint, position: [0.0; 3], yaw: 0.0 }
}

/// A point at least `margin` away from the sides of the floor's bounding rectangle, where there is one.
fn point(rng: &mut impl Rng, plan: &FloorPlan, margin: f32) -> Option<[f32; 3]> {
    let (x, z) = (plan.width / 2.0 - margin, plan.depth / 2.0 - margin);
    (x >= 0.0 && z >= 0.0).then(|| [rng.random_range(-x..=x), 0.0, rng.random_range(-z..=z)])
}

fn yaw(rng: &mut impl Rng) -> f32 {
    rng.random_range(0.0..std::f32::consts::TAU)
}

/// Whether the footprints of all objects, each with half the clearance around it, cover more than there is. Such rooms
/// are not tried for long: a hopeless configuration shall fail soon.
pub(super) fn cover_too_much(config: &RoomConfig, plan: &FloorPlan, objects: &[ObjectSpec]) -> bool {
    use std::f32::consts::PI;
    let apart = config.object_clearance / 2.0;
    let covered: f32 = objects
        .iter()
        .map(|object| match object.footprint {
            Footprint::Disc(radius) => PI * (radius + apart) * (radius + apart),
            Footprint::Rectangle([x, z]) => 4.0 * (x * z + (x + z) * apart) + PI * apart * apart,
        })
        .sum();
    // Near walls a footprint with its half of the clearance may reach beyond the floor.
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
    let mut placed: Vec<Placed> = Vec::with_capacity(objects.len());
    for index in order {
        let footprint = objects[index].footprint;
        let smallest = config.wall_clearance
            + match footprint {
                Footprint::Disc(radius) => radius,
                Footprint::Rectangle([x, z]) => x.min(z),
            };
        let found =
            (0..TRIES).map_while(|_| Some((point(rng, plan, smallest)?, yaw(rng)))).find_map(|(position, yaw)| {
                let candidate = Placed::new(footprint, position, yaw);
                let is_apart = |other: &Placed| candidate.is_apart(other, config.object_clearance);
                let is_free = candidate.lies_on(plan, config.wall_clearance) && placed.iter().all(is_apart);
                is_free.then_some((candidate, position, yaw))
            });
        let (candidate, position, yaw) = found.ok_or(placed.len())?;
        placed.push(candidate);
        (objects[index].position, objects[index].yaw) = (position, yaw);
    }
    Ok(())
}

/// A place for the agent, where there is one.
pub(super) fn spawn(rng: &mut impl Rng, clearance: f32, plan: &FloorPlan, objects: &[ObjectSpec]) -> Option<Spawn> {
    let is_free = |[x, _, z]: &[f32; 3]| {
        plan.contains(*x, *z, clearance) && objects.iter().all(|object| object.distance(*x, *z) >= clearance)
    };
    let position = (0..TRIES).map_while(|_| point(rng, plan, clearance)).find(is_free)?;
    Some(Spawn { position, yaw: yaw(rng) })
}
