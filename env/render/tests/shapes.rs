//! Promised of every shape, as seen: from no side is its colour hidden, and no two shapes have the same outline.

use std::f32::consts::{PI, TAU};

use glam::{Affine3A, Quat, Vec3};
use groundling_render::Renderer;
use groundling_room::{Camera, Instance, Light, Projection, Scene, Shape};

const YAWS: u8 = 8;
const EYE_HEIGHT: f32 = 0.9;

/// One thing of this height in the dark nothing; what takes its colour is red, the rest is blue.
fn alone(shape: Shape, height: f32, yaw: f32) -> Scene {
    let mut colors = vec![[0.0, 0.0, 1.0]; 1 + shape.materials().len()];
    colors[0] = [1.0, 0.0, 0.0];
    let turned = Affine3A::from_scale_rotation_translation(Vec3::splat(height), Quat::from_rotation_y(yaw), Vec3::ZERO);
    Scene {
        surfaces: Vec::new(),
        outdoors: Vec::new(),
        instances: vec![Instance {
            mesh: shape.mesh().clone(),
            world_from_object: turned,
            colors,
            object_id: 1,
            shadow_radius: 0.0,
        }],
        light: Light { direction: Vec3::Y, direct: 0.0, ambient_up: 1.0, ambient_down: 1.0 },
        background: [0.0; 3],
    }
}

fn yaws() -> impl Iterator<Item = f32> {
    (0..YAWS).map(|k| TAU * f32::from(k) / f32::from(YAWS))
}

/// Share of what is seen of a shape that takes its colour, from `distance` metres.
fn colored_share(shape: Shape, yaw: f32, distance: f32) -> f32 {
    let mut renderer = Renderer::new(192, 144).expect("an allowed size");
    let camera = Camera {
        position: Vec3::new(0.0, EYE_HEIGHT, distance),
        yaw: 0.0,
        pitch: libm::atanf((shape.height() / 2.0 - EYE_HEIGHT) / distance),
        projection: Projection::Perspective { fov_y: 1.2 },
    };
    renderer.render(&alone(shape, shape.height(), yaw), &camera);
    let (red, blue) = renderer.rgb().chunks_exact(3).fold((0.0, 0.0), |(red, blue), pixel| {
        (red + f32::from(u8::from(pixel[0] > 0)), blue + f32::from(u8::from(pixel[2] > 0)))
    });
    assert!(red + blue > 200.0, "{shape} is hardly seen");
    red / (red + blue)
}

#[test]
fn the_color_is_seen_from_every_side() {
    for shape in Shape::all() {
        for yaw in yaws() {
            for distance in [1.5, 2.5] {
                let share = colored_share(shape, yaw, distance);
                assert!(share >= 0.42, "{shape} at yaw {yaw:.2} and {distance} m: {:.0} %", 100.0 * share);
            }
        }
    }
}

const SIDE: usize = 48;
/// Height of the picture around a shape that reaches 1 from its middle.
const SPAN: f32 = 2.1;

/// Outlines from all yaws, at a slant, brought to one size: true where the shape is.
fn outlines(shape: Shape) -> Vec<Vec<bool>> {
    let middle = Vec3::new(0.0, 0.5, 0.0);
    let reach = shape.mesh().positions.iter().map(|position| position.distance(middle)).fold(0.0, f32::max);
    let mut renderer = Renderer::new(SIDE, SIDE).expect("an allowed size");
    let pitch = -PI / 8.0;
    let camera = Camera {
        position: middle / reach + Quat::from_rotation_x(pitch) * Vec3::new(0.0, 0.0, 5.0),
        yaw: 0.0,
        pitch,
        projection: Projection::Orthographic { height: SPAN },
    };
    yaws()
        .map(|yaw| {
            renderer.render(&alone(shape, 1.0 / reach, yaw), &camera);
            renderer.object_ids().iter().map(|&id| id == 1).collect()
        })
        .collect()
}

/// One minus the intersection over the union.
fn unlike(a: &[bool], b: &[bool]) -> f32 {
    let count = |both: &dyn Fn(bool, bool) -> bool| a.iter().zip(b).filter(|(a, b)| both(**a, **b)).count() as f32;
    1.0 - count(&|a, b| a && b) / count(&|a, b| a || b)
}

/// How unlike the outlines of `a` are to the most alike ones of `b`, on average over the yaws.
fn difference(a: &[Vec<bool>], b: &[Vec<bool>]) -> f32 {
    let nearest = |one: &Vec<bool>| b.iter().map(|other| unlike(one, other)).fold(1.0, f32::min);
    a.iter().map(nearest).sum::<f32>() / a.len() as f32
}

/// Every shape whose outlines differ from those of an earlier one by less than this is taken for a copy.
const LEAST_DIFFERENCE: f32 = 0.15;

#[test]
fn no_two_shapes_have_the_same_outline() {
    let all: Vec<_> = Shape::all().map(|shape| (shape, outlines(shape))).collect();
    let mut pairs = Vec::new();
    for (index, (shape, own)) in all.iter().enumerate() {
        // A copy, even one that is turned, would be noticed.
        let mut turned = own.clone();
        turned.rotate_left(3);
        assert!(difference(own, &turned) < LEAST_DIFFERENCE / 10.0, "{shape} differs from itself");
        for (other, others) in &all[..index] {
            pairs.push((difference(own, others).max(difference(others, own)), shape.name(), other.name()));
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let alike: Vec<_> = pairs.iter().take_while(|pair| pair.0 < LEAST_DIFFERENCE).collect();
    assert!(alike.is_empty(), "alike: {alike:?}");
}
