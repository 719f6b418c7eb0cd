//! How strongly a face is lit: one directional light and an ambient light between sky and ground.

use fearless_simd::{f32x8, prelude::*};
use glam::Vec3;
use groundling_room::{Light, Rgb};

use crate::camera::dot;
use crate::vectors::Vectors;

/// Strength of the light on a face with this unit normal.
#[inline(always)]
pub(crate) fn intensity(light: &Light, normal: Vec3) -> f32 {
    let towards = dot(light.direction, normal);
    let direct = light.direct * if towards > 0.0 { towards } else { 0.0 };
    let up = 0.5 + 0.5 * normal.y;
    direct + light.ambient_down + (light.ambient_up - light.ambient_down) * up
}

/// The same of a block of faces.
#[inline(always)]
pub(crate) fn intensities<S: Simd>(light: &Light, normals: Vectors<S>) -> f32x8<S> {
    let direct = light.direct * normals.dot(light.direction).max(0.0);
    let up = 0.5 + 0.5 * normals.y;
    direct + light.ambient_down + (light.ambient_up - light.ambient_down) * up
}

/// A colour in light of this strength.
#[inline(always)]
pub(crate) fn lit(color: Rgb, intensity: f32) -> Rgb {
    [color[0] * intensity, color[1] * intensity, color[2] * intensity]
}
