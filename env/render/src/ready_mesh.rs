//! Meshes made ready for drawing: vertices and planes in blocks, one vector a component.

use std::sync::Arc;

use glam::Vec3;
use groundling_room::Mesh;

use crate::camera::dot;
use crate::frame::{LANES, Lanes};
use crate::vectors::VectorBlock;

/// A face of a mesh.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadyTriangle {
    pub(crate) vertices: [u16; 3],
    pub(crate) slot: u8,
}

/// The planes of `LANES` faces: unit normals, and their products with any point of the plane. What is left of the last
/// block has no normal and lies out of reach, so that nothing is in front of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlaneBlock {
    pub(crate) normal: VectorBlock,
    pub(crate) offset: Lanes<f32>,
}

/// A mesh with the planes of its faces and its bounding sphere.
#[derive(Debug)]
pub(crate) struct ReadyMesh {
    /// Kept, so that the address stays this mesh's own.
    pub(crate) mesh: Arc<Mesh>,
    /// All vertices; the last block is filled up with the first vertex.
    pub(crate) positions: Vec<VectorBlock>,
    /// All faces that have an area.
    pub(crate) triangles: Vec<ReadyTriangle>,
    pub(crate) planes: Vec<PlaneBlock>,
    pub(crate) center: Vec3,
    pub(crate) radius: f32,
}

impl ReadyMesh {
    pub(crate) fn new(mesh: &Arc<Mesh>) -> Self {
        let (mut low, mut high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
        for &position in &mesh.positions {
            low = low.min(position);
            high = high.max(position);
        }
        let center = (low + high) * 0.5;
        let farthest = mesh.positions.iter().map(|&p| dot(p - center, p - center)).fold(0.0, f32::max);
        let filler = mesh.positions.first().copied().unwrap_or_default();
        let mut triangles = Vec::new();
        let mut planes = Vec::new();
        for triangle in &mesh.triangles {
            let corner = |k: usize| mesh.positions.get(usize::from(triangle.vertices[k])).copied();
            let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else { continue };
            let normal = (b - a).cross(c - a);
            let length = dot(normal, normal).sqrt();
            if length > 0.0 && length.is_finite() {
                triangles.push(ReadyTriangle { vertices: triangle.vertices, slot: triangle.slot });
                let normal = normal * (1.0 / length);
                planes.push((normal, dot(normal, a)));
            }
        }
        let plane_block = |planes: &[(Vec3, f32)]| {
            let mut offset = Lanes([f32::INFINITY; LANES]);
            for (lane, plane) in offset.0.iter_mut().zip(planes) {
                *lane = plane.1;
            }
            PlaneBlock { normal: VectorBlock::new(planes.iter().map(|plane| plane.0), Vec3::ZERO), offset }
        };
        Self {
            mesh: Arc::clone(mesh),
            positions: mesh.positions.chunks(LANES).map(|p| VectorBlock::new(p.iter().copied(), filler)).collect(),
            triangles,
            planes: planes.chunks(LANES).map(plane_block).collect(),
            center,
            radius: farthest.sqrt(),
        }
    }
}
