//! The light of a room.

use glam::{Vec2, Vec3};
use rand::{Rng, RngExt};

use crate::config::{RoomConfig, Variation};
use crate::scene::Light;

/// Strength on faces that look down, relative to those that look up.
const AMBIENT_DOWN: f32 = 0.75;

/// Unit vector towards a light at these angles, radians.
fn towards(azimuth: f32, elevation: f32) -> Vec3 {
    let (around, up) = (Vec2::from_angle(azimuth), Vec2::from_angle(elevation));
    Vec3::new(around.x * up.x, up.y, around.y * up.x)
}

pub(super) fn light(rng: &mut impl Rng, config: &RoomConfig) -> Light {
    if config.light == Variation::Fixed {
        return Light { direction: towards(0.9, 1.0), direct: 0.55, ambient_up: 0.6, ambient_down: 0.35 };
    }
    let mut draw = |[low, high]: [f32; 2]| rng.random_range(low..=high);
    let azimuth = draw(config.light_azimuth_degrees).to_radians();
    let elevation = draw(config.light_elevation_degrees).to_radians();
    let direct = draw(config.light_direct);
    let ambient_up = draw(config.light_ambient);
    Light { direction: towards(azimuth, elevation), direct, ambient_up, ambient_down: AMBIENT_DOWN * ambient_up }
}
