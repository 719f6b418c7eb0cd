//! Convex parts of a shape: what physics makes of it.

use glam::Vec3;

/// A part whose share of all parts' bounding boxes is less than this is a detail, not a solid, unless the shape stands
/// on it.
const DETAIL: f32 = 0.002;
/// Vertices nearer to each other than this are one point, at height 1.
const WELD: f32 = 1e-4;

/// One convex part of a shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Solid {
    /// Points whose convex hull it is, in the mesh's own frame.
    pub points: Vec<Vec3>,
}

impl Solid {
    fn new(positions: &[Vec3], vertices: &[u16]) -> Self {
        let mut points: Vec<Vec3> = Vec::with_capacity(vertices.len());
        for position in vertices.iter().filter_map(|&vertex| positions.get(usize::from(vertex))) {
            if points.iter().all(|point| point.distance(*position) > WELD) {
                points.push(*position);
            }
        }
        Self { points }
    }

    /// Least and greatest corner of the box around it.
    pub fn bounds(&self) -> (Vec3, Vec3) {
        let points = || self.points.iter().copied();
        (points().reduce(Vec3::min).unwrap_or_default(), points().reduce(Vec3::max).unwrap_or_default())
    }

    fn box_volume(&self) -> f32 {
        let (low, high) = self.bounds();
        (high - low).element_product()
    }
}

/// The solids of a mesh that stands on the ground, given the vertices of each part.
pub(crate) fn from_parts(positions: &[Vec3], parts: &[Vec<u16>]) -> Vec<Solid> {
    let mut solids: Vec<Solid> = parts.iter().map(|part| Solid::new(positions, part)).collect();
    let total: f32 = solids.iter().map(Solid::box_volume).sum();
    solids.retain(|solid| {
        let is_foot = solid.bounds().0.y < WELD;
        solid.box_volume() > if is_foot { 0.0 } else { DETAIL * total }
    });
    solids
}
