//! Where an instance stands, as the camera sees it.

use fearless_simd::Simd;
use glam::Vec3;
use groundling_room::Instance;

use crate::camera::{View, dot};
use crate::renderer::NEAR;
use crate::vectors::Vectors;

/// An instance's own axes in the world and in the camera.
pub(crate) struct Placement {
    view_axes: [Vec3; 3],
    view_origin: Vec3,
    /// Columns of the cofactor matrix: takes normals to the world whatever the scale.
    normal_axes: [Vec3; 3],
    /// The most that a length grows.
    pub(crate) growth: f32,
    determinant: f32,
    origin: Vec3,
}

impl Placement {
    #[inline(always)]
    pub(crate) fn new(instance: &Instance, view: &View) -> Option<Self> {
        let affine = instance.world_from_object;
        let axes = [affine.matrix3.x_axis, affine.matrix3.y_axis, affine.matrix3.z_axis].map(Vec3::from);
        let origin = Vec3::from(affine.translation);
        if !(axes.iter().all(|axis| axis.is_finite()) && origin.is_finite()) {
            return None;
        }
        let turn = |axis: Vec3| Vec3::new(dot(view.right, axis), dot(view.up, axis), dot(view.forward, axis));
        let [x, y, z] = axes;
        let normal_axes = [y.cross(z), z.cross(x), x.cross(y)];
        Some(Self {
            view_axes: axes.map(turn),
            view_origin: view.to_view(origin),
            normal_axes,
            growth: (dot(x, x) + dot(y, y) + dot(z, z)).sqrt(),
            determinant: dot(x, normal_axes[0]),
            origin,
        })
    }

    #[inline(always)]
    pub(crate) fn to_view(&self, p: Vec3) -> Vec3 {
        let [x, y, z] = self.view_axes;
        self.view_origin + (x * p.x + y * p.y + z * p.z)
    }

    /// The same of a block of points.
    #[inline(always)]
    pub(crate) fn all_to_view<S: Simd>(&self, points: Vectors<S>) -> Vectors<S> {
        points.along(self.view_axes).offset(self.view_origin)
    }

    /// Unit normals in the world, from those in the instance's own axes.
    #[inline(always)]
    pub(crate) fn world_normals<S: Simd>(&self, normals: Vectors<S>) -> Vectors<S> {
        normals.along(self.normal_axes).normalized()
    }

    /// How to tell the faces that look away from the camera; `None` where the instance is mirrored or flat, so that
    /// nothing can be said.
    #[inline(always)]
    pub(crate) fn sight_line(&self, view: &View) -> Option<SightLine> {
        if !(self.determinant > 1e-9 && self.determinant < 1e9) {
            return None;
        }
        let from_world = |v: Vec3| {
            let [x, y, z] = self.normal_axes;
            Vec3::new(dot(x, v), dot(y, v), dot(z, v)) * (1.0 / self.determinant)
        };
        Some(if view.perspective {
            SightLine { towards: from_world(view.eye - self.origin), by_offset: 1.0 }
        } else {
            SightLine { towards: from_world(-view.forward), by_offset: 0.0 }
        })
    }
}

/// Tells the faces that look away from the camera, in the instance's own axes: those with
/// `normal · towards < by_offset * offset`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SightLine {
    pub(crate) towards: Vec3,
    pub(crate) by_offset: f32,
}

/// Whether a sphere in the camera's axes lies wholly outside the picture.
#[inline(always)]
pub(crate) fn is_outside(center: Vec3, radius: f32, view: &View) -> bool {
    let (half_i, half_j) = ((view.center_i + 1.0) / view.scale, (view.center_j + 1.0) / view.scale);
    if center.z + radius < NEAR {
        return true;
    }
    let beyond = |offset: f32, half: f32| {
        if view.perspective {
            // Distance to the plane through the eye and the picture's edge.
            offset - center.z * half > radius * (1.0 + half * half).sqrt()
        } else {
            offset - half > radius
        }
    };
    beyond(center.x.abs(), half_i) || beyond(center.y.abs(), half_j)
}
