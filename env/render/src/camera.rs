//! The camera as numbers: where a point falls in the picture, and what a pixel sees of a plane.
//!
//! Pixel `(i, j)` is column `i`, row `j` from the top; its centre is at the integer point `(i, j)`. *Depth* is metres
//! along the viewing axis. *Nearness* is what the z-buffer holds: linear over the picture on a plane, larger when nearer;
//! `1 / depth` in perspective, `-depth` in an orthographic picture.

use fearless_simd::{f32x8, prelude::*};
use glam::Vec3;
use groundling_room::{Camera, Projection};

use crate::frame::LANES;
use crate::vectors::Vectors;

/// `a · b`, added in a fixed order.
#[inline(always)]
pub(crate) fn dot(a: Vec3, b: Vec3) -> f32 {
    a.x * b.x + a.y * b.y + a.z * b.z
}

/// A function `at + i * along_i + j * along_j` of the pixel.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Linear {
    pub(crate) at: f32,
    pub(crate) along_i: f32,
    pub(crate) along_j: f32,
}

impl Linear {
    #[inline(always)]
    pub(crate) fn scaled(self, factor: f32) -> Self {
        Self { at: self.at * factor, along_i: self.along_i * factor, along_j: self.along_j * factor }
    }

    /// Value at column 0 of row `j`.
    #[inline(always)]
    pub(crate) fn row(self, j: f32) -> f32 {
        self.at + j * self.along_j
    }
}

/// A linear function of space as seen through the picture: `constant + depth * by_depth` at each pixel.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Functional {
    pub(crate) constant: Linear,
    pub(crate) by_depth: Linear,
}

/// A camera made ready for a picture of a given size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) eye: Vec3,
    pub(crate) right: Vec3,
    pub(crate) up: Vec3,
    pub(crate) forward: Vec3,
    pub(crate) perspective: bool,
    /// Pixels per unit of the tangent (perspective) or per metre (orthographic).
    pub(crate) scale: f32,
    pub(crate) center_i: f32,
    pub(crate) center_j: f32,
}

impl View {
    pub(crate) fn new(camera: &Camera, width: usize, height: usize) -> Self {
        let (sin_yaw, cos_yaw) = (libm::sinf(camera.yaw), libm::cosf(camera.yaw));
        let (sin_pitch, cos_pitch) = (libm::sinf(camera.pitch), libm::cosf(camera.pitch));
        let height_f = height as f32;
        let (perspective, scale) = match camera.projection {
            Projection::Perspective { fov_y } => (true, 0.5 * height_f / libm::tanf(0.5 * fov_y)),
            Projection::Orthographic { height } => (false, height_f / height),
        };
        Self {
            eye: camera.position,
            right: Vec3::new(cos_yaw, 0.0, -sin_yaw),
            up: Vec3::new(sin_yaw * sin_pitch, cos_pitch, cos_yaw * sin_pitch),
            forward: Vec3::new(-sin_yaw * cos_pitch, sin_pitch, -cos_yaw * cos_pitch),
            perspective,
            scale,
            center_i: 0.5 * (width as f32 - 1.0),
            center_j: 0.5 * (height_f - 1.0),
        }
    }

    /// Whether every number of it is finite and it has an extent; else nothing can be seen.
    pub(crate) fn is_sound(&self) -> bool {
        let Self { eye, right, up, forward, scale, .. } = self;
        [eye, right, up, forward].iter().all(|v| v.is_finite()) && scale.is_finite() && *scale > 0.0
    }

    /// `axis · (p - origin)` for the points `p` seen through the pixels.
    #[inline(always)]
    pub(crate) fn functional(&self, axis: Vec3, origin: Vec3) -> Functional {
        let at_eye = dot(axis, self.eye - origin);
        let along_i = dot(axis, self.right) / self.scale;
        let along_j = -dot(axis, self.up) / self.scale;
        let at_corner = -self.center_i * along_i - self.center_j * along_j;
        let forward = dot(axis, self.forward);
        if self.perspective {
            Functional {
                constant: Linear { at: at_eye, ..Linear::default() },
                by_depth: Linear { at: forward + at_corner, along_i, along_j },
            }
        } else {
            Functional {
                constant: Linear { at: at_eye + at_corner, along_i, along_j },
                by_depth: Linear { at: forward, ..Linear::default() },
            }
        }
    }

    /// Nearness of the plane through `origin` with this normal, or `None` when the camera sees its back or its edge.
    #[inline(always)]
    pub(crate) fn plane_nearness(&self, normal: Vec3, origin: Vec3) -> Option<Linear> {
        let functional = self.functional(normal, origin);
        let (facing, nearness) = if self.perspective {
            let distance = functional.constant.at;
            (distance, functional.by_depth.scaled(-1.0 / distance))
        } else {
            let against = functional.by_depth.at;
            (-against, functional.constant.scaled(1.0 / against))
        };
        (facing > 1e-6).then_some(nearness)
    }

    /// A point in the camera's own axes: right, up, depth.
    #[inline(always)]
    pub(crate) fn to_view(self, point: Vec3) -> Vec3 {
        let offset = point - self.eye;
        Vec3::new(dot(self.right, offset), dot(self.up, offset), dot(self.forward, offset))
    }

    /// Column, row and nearness of a point in the camera's axes, whose depth is positive.
    #[inline(always)]
    pub(crate) fn to_pixel(self, view: Vec3) -> PixelPoint {
        let (factor, nearness) = if self.perspective {
            let inverse = 1.0 / view.z;
            (self.scale * inverse, inverse)
        } else {
            (self.scale, -view.z)
        };
        let (i, j) = (self.center_i + view.x * factor, self.center_j - view.y * factor);
        PixelPoint { i, j, nearness, depth: view.z }
    }

    /// The same of a block of points.
    #[inline(always)]
    pub(crate) fn all_to_pixels<S: Simd>(&self, views: Vectors<S>, pixels: &mut [PixelPoint; LANES]) {
        let (factor, nearness) = if self.perspective {
            let inverse = 1.0 / views.z;
            (self.scale * inverse, inverse)
        } else {
            (f32x8::splat(views.z.token(), self.scale), -views.z)
        };
        let i = self.center_i + views.x * factor;
        let j = self.center_j - views.y * factor;
        for (k, pixel) in pixels.iter_mut().enumerate() {
            *pixel = PixelPoint { i: i[k], j: j[k], nearness: nearness[k], depth: views.z[k] };
        }
    }
}

/// A point of the picture.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PixelPoint {
    pub(crate) i: f32,
    pub(crate) j: f32,
    pub(crate) nearness: f32,
    /// Metres along the viewing axis.
    pub(crate) depth: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axes_are_those_of_the_border() {
        let perspective = Projection::Perspective { fov_y: 1.0 };
        let camera = |yaw, pitch| Camera { position: Vec3::ZERO, yaw, pitch, projection: perspective };
        let half_pi = std::f32::consts::FRAC_PI_2;
        assert!((View::new(&camera(0.0, 0.0), 8, 8).forward - Vec3::NEG_Z).length() < 1e-6);
        assert!((View::new(&camera(half_pi, 0.0), 8, 8).forward - Vec3::NEG_X).length() < 1e-6);
        let down = View::new(&camera(0.0, -half_pi), 8, 8);
        assert!((down.forward - Vec3::NEG_Y).length() < 1e-6);
        assert!((down.up - Vec3::NEG_Z).length() < 1e-6);
        let odd = View::new(&camera(0.7, 0.3), 8, 8);
        assert!((odd.right.cross(odd.forward) - odd.up).length() < 1e-6);
    }

    #[test]
    fn a_plane_seen_through_pixels_agrees_with_projected_points() {
        for projection in [Projection::Perspective { fov_y: 1.1 }, Projection::Orthographic { height: 5.0 }] {
            let camera = Camera { position: Vec3::new(0.3, 1.2, 0.4), yaw: 0.4, pitch: -0.5, projection };
            let view = View::new(&camera, 96, 72);
            let normal = Vec3::new(0.1, 1.0, 0.2);
            let origin = Vec3::new(0.0, 0.1, 0.0);
            let nearness = view.plane_nearness(normal, origin).unwrap();
            for (x, z) in [(0.0, -2.0), (1.0, -3.0), (-0.5, -1.5)] {
                let y = 0.1 - (0.1 * x + 0.2 * z);
                let pixel = view.to_pixel(view.to_view(Vec3::new(x, y, z)));
                let found = nearness.row(pixel.j) + pixel.i * nearness.along_i;
                assert!((found - pixel.nearness).abs() < 1e-4, "{found} {pixel:?}");
            }
        }
    }
}
