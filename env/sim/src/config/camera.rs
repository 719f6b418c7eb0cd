use glam::Vec2;
use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

use super::check_within;

/// The agent's eye: the `camera` section.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CameraConfig {
    /// Columns of a picture, 16 to 640. Default 96.
    pub width: usize,
    /// Rows of a picture, 12 to 480. Default 72.
    pub height: usize,
    /// Full *horizontal* opening angle in degrees, 30 to 140; the vertical one follows from the picture's shape, with
    /// square pixels. Default 90.
    pub fov_x_degrees: f32,
    /// Height of the eye above the floor, metres, 0.2 to 2. Default 0.9.
    pub eye_height: f32,
    /// How far the eye may look up or down, degrees, 0 to 80. Default 45.
    pub pitch_limit_degrees: f32,
}

impl Default for CameraConfig {
    fn default() -> Self {
        Self { width: 96, height: 72, fov_x_degrees: 90.0, eye_height: 0.9, pitch_limit_degrees: 45.0 }
    }
}

impl CameraConfig {
    pub(super) fn validate(&self) -> Result<(), InvalidSetting> {
        check_within("camera.width", self.width, 16, 640)?;
        check_within("camera.height", self.height, 12, 480)?;
        check_within("camera.fov_x_degrees", self.fov_x_degrees, 30.0, 140.0)?;
        check_within("camera.eye_height", self.eye_height, 0.2, 2.0)?;
        check_within("camera.pitch_limit_degrees", self.pitch_limit_degrees, 0.0, 80.0)
    }

    /// Full vertical opening angle, radians.
    pub fn fov_y(&self) -> f32 {
        // Sine and cosine from glam, which has the same bits on every machine.
        let half = Vec2::from_angle(self.fov_x_degrees.to_radians() / 2.0);
        let half_width = half.y / half.x;
        let half_height = half_width * self.height as f32 / self.width as f32;
        2.0 * Vec2::new(1.0, half_height).to_angle()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vertical_angle_keeps_pixels_square() {
        let square = CameraConfig { width: 64, height: 64, ..CameraConfig::default() };
        assert!((square.fov_y().to_degrees() - 90.0).abs() < 1e-3);
        let wide = CameraConfig { width: 32, height: 24, ..CameraConfig::default() };
        assert!((wide.fov_y().to_degrees() - 73.7398).abs() < 1e-3);
    }
}
