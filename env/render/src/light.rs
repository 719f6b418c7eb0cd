//! How strongly a face is lit: one directional light and an ambient light between sky and ground.

use glam::Vec3;
use groundling_room::{Light, Rgb};

use crate::camera::dot;

/// Strength of the light on a face with this unit normal.
#[inline(always)]
pub(crate) fn intensity(light: &Light, normal: Vec3) -> f32 {
    let towards = dot(light.direction, normal);
    let direct = light.direct * if towards > 0.0 { towards } else { 0.0 };
    let up = 0.5 + 0.5 * normal.y;
    direct + light.ambient_down + (light.ambient_up - light.ambient_down) * up
}

/// A colour in light of this strength.
#[inline(always)]
pub(crate) fn lit(color: Rgb, intensity: f32) -> Rgb {
    [color[0] * intensity, color[1] * intensity, color[2] * intensity]
}
