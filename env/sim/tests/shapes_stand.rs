//! Promised of every shape: were it of one material throughout, its weight would rest on what it stands on.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use glam::{Vec2, Vec3};
use groundling_room::Shape;
use rapier3d::prelude::SharedShape;

/// Points lower than this are the base, at height 1.
const BASE: f32 = 0.02;
/// How far within the base the centre of mass lies, at height 1.
const MARGIN: f32 = 0.03;

/// Centre of mass of the solids, at height 1.
fn center_of_mass(shape: Shape) -> Vec3 {
    let (mut mass, mut moment) = (0.0, Vec3::ZERO);
    for solid in shape.solids() {
        let part = SharedShape::convex_hull(&solid.points).unwrap().mass_properties(1.0);
        mass += part.mass();
        moment += part.mass() * part.local_com;
    }
    moment / mass
}

/// How far within the convex hull of the base a point of the floor lies.
fn within(base: &[Vec2], point: Vec2) -> f32 {
    let directions = (0..64_u8).map(|k| Vec2::from_angle(std::f32::consts::TAU * f32::from(k) / 64.0));
    let reach = |direction: Vec2| base.iter().map(|corner| direction.dot(*corner - point)).fold(f32::MIN, f32::max);
    directions.map(reach).fold(f32::MAX, f32::min)
}

#[test]
fn the_weight_rests_on_the_base() {
    let mut unsafe_shapes = Vec::new();
    // A ball rolls.
    for shape in Shape::all().filter(|shape| shape.name() != "ball") {
        let points = shape.solids().iter().flat_map(|solid| &solid.points);
        let base: Vec<Vec2> = points.filter(|point| point.y < BASE).map(|point| Vec2::new(point.x, point.z)).collect();
        let center = center_of_mass(shape);
        let margin = within(&base, Vec2::new(center.x, center.z));
        if margin < MARGIN {
            unsafe_shapes.push((shape.name(), margin));
        }
    }
    assert!(unsafe_shapes.is_empty(), "these would fall: {unsafe_shapes:?}");
}
