//! The objects: meshes made ready once and kept, instances transformed, culled and drawn triangle by triangle.

use std::sync::Arc;

use glam::Vec3;
use groundling_room::{Instance, Light, Mesh};

use crate::camera::{PixelPoint, View, dot};
use crate::frame::Frame;
use crate::light;
use crate::polygon::beyond_near;
use crate::renderer::NEAR;
use crate::srgb::SrgbTable;
use crate::triangle::FrontTriangle;

/// Meshes kept ready; when more have been met, all are forgotten and made ready again as they come.
const MOST_MESHES: usize = 512;

#[derive(Debug, Clone, Copy)]
struct ReadyTriangle {
    vertices: [u16; 3],
    slot: u8,
    normal: Vec3,
}

/// A mesh with the normals of its faces and its bounding sphere.
#[derive(Debug)]
struct ReadyMesh {
    /// Kept, so that the address stays this mesh's own.
    mesh: Arc<Mesh>,
    triangles: Vec<ReadyTriangle>,
    center: Vec3,
    radius: f32,
}

impl ReadyMesh {
    fn new(mesh: &Arc<Mesh>) -> Self {
        let (mut low, mut high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
        for &position in &mesh.positions {
            low = low.min(position);
            high = high.max(position);
        }
        let center = (low + high) * 0.5;
        let farthest = mesh.positions.iter().map(|&p| dot(p - center, p - center)).fold(0.0, f32::max);
        let triangles = mesh.triangles.iter().filter_map(|triangle| {
            let corner = |k: usize| mesh.positions.get(usize::from(triangle.vertices[k])).copied();
            let (a, b, c) = (corner(0)?, corner(1)?, corner(2)?);
            let normal = (b - a).cross(c - a);
            let length = dot(normal, normal).sqrt();
            (length > 0.0 && length.is_finite()).then(|| ReadyTriangle {
                vertices: triangle.vertices,
                slot: triangle.slot,
                normal: normal * (1.0 / length),
            })
        });
        Self { mesh: Arc::clone(mesh), triangles: triangles.collect(), center, radius: farthest.sqrt() }
    }
}

/// Colour and object id of a face of a mesh.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MeshFace {
    pub(crate) rgb: [u8; 3],
    pub(crate) object_id: u16,
}

/// What drawing instances needs between frames, and the faces of the present one.
#[derive(Debug, Default)]
pub(crate) struct MeshPainter {
    meshes: Vec<ReadyMesh>,
    /// Where in `meshes` the instance of this index was found last.
    found: Vec<usize>,
    points: Vec<PixelPoint>,
    views: Vec<Vec3>,
    pub(crate) faces: Vec<MeshFace>,
}

/// An instance's own axes in the world and in the camera.
struct Placement {
    view_axes: [Vec3; 3],
    view_origin: Vec3,
    /// Columns of the cofactor matrix: takes normals to the world whatever the scale.
    normal_axes: [Vec3; 3],
    /// The most that a length grows.
    growth: f32,
}

impl Placement {
    #[inline(always)]
    fn new(instance: &Instance, view: &View) -> Option<Self> {
        let affine = instance.world_from_object;
        let axes = [affine.matrix3.x_axis, affine.matrix3.y_axis, affine.matrix3.z_axis].map(Vec3::from);
        let origin = Vec3::from(affine.translation);
        if !(axes.iter().all(|axis| axis.is_finite()) && origin.is_finite()) {
            return None;
        }
        let turn = |axis: Vec3| Vec3::new(dot(view.right, axis), dot(view.up, axis), dot(view.forward, axis));
        let [x, y, z] = axes;
        Some(Self {
            view_axes: axes.map(turn),
            view_origin: view.to_view(origin),
            normal_axes: [y.cross(z), z.cross(x), x.cross(y)],
            growth: (dot(x, x) + dot(y, y) + dot(z, z)).sqrt(),
        })
    }

    #[inline(always)]
    fn to_view(&self, p: Vec3) -> Vec3 {
        let [x, y, z] = self.view_axes;
        self.view_origin + (x * p.x + y * p.y + z * p.z)
    }

    #[inline(always)]
    fn world_normal(&self, n: Vec3) -> Vec3 {
        let [x, y, z] = self.normal_axes;
        let turned = x * n.x + y * n.y + z * n.z;
        turned * (1.0 / dot(turned, turned).sqrt())
    }
}

/// Whether a sphere in the camera's axes lies wholly outside the picture.
#[inline(always)]
fn is_outside(center: Vec3, radius: f32, view: &View) -> bool {
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

impl MeshPainter {
    /// Index in `meshes` of the mesh of instance `index`.
    #[inline(always)]
    fn ready(&mut self, index: usize, mesh: &Arc<Mesh>) -> usize {
        let is_it = |ready: &ReadyMesh| Arc::ptr_eq(&ready.mesh, mesh);
        if let Some(&at) = self.found.get(index)
            && self.meshes.get(at).is_some_and(is_it)
        {
            return at;
        }
        let at = self.meshes.iter().position(is_it).unwrap_or_else(|| {
            if self.meshes.len() >= MOST_MESHES {
                self.meshes.clear();
            }
            self.meshes.push(ReadyMesh::new(mesh));
            self.meshes.len() - 1
        });
        if self.found.len() <= index {
            self.found.resize(index + 1, usize::MAX);
        }
        if let Some(found) = self.found.get_mut(index) {
            *found = at;
        }
        at
    }

    /// Draws all instances; the first face written has number `first_face`.
    #[inline(always)]
    pub(crate) fn draw(
        &mut self,
        (instances, light): (&[Instance], &Light),
        view: &View,
        srgb: &SrgbTable,
        first_face: u32,
        frame: &mut Frame,
    ) {
        self.faces.clear();
        for (index, instance) in instances.iter().enumerate() {
            let Some(placement) = Placement::new(instance, view) else { continue };
            let at = self.ready(index, &instance.mesh);
            let Some(ready) = self.meshes.get(at) else { continue };
            let center = placement.to_view(ready.center);
            let radius = ready.radius * placement.growth;
            if is_outside(center, radius, view) {
                continue;
            }
            self.points.clear();
            self.views.clear();
            let mut nearest = f32::INFINITY;
            for &position in &ready.mesh.positions {
                let seen = placement.to_view(position);
                nearest = if seen.z < nearest { seen.z } else { nearest };
                self.points.push(view.to_pixel(seen));
                self.views.push(seen);
            }
            for triangle in &ready.triangles {
                let face = first_face + self.faces.len() as u32;
                let corners = triangle.vertices.map(usize::from);
                let drawn = if nearest >= NEAR {
                    let (Some(&a), Some(&b), Some(&c)) =
                        (self.points.get(corners[0]), self.points.get(corners[1]), self.points.get(corners[2]))
                    else {
                        continue;
                    };
                    FrontTriangle::new([a, b, c], frame).map(|front| front.fill(frame, face)).is_some()
                } else {
                    let (Some(&a), Some(&b), Some(&c)) =
                        (self.views.get(corners[0]), self.views.get(corners[1]), self.views.get(corners[2]))
                    else {
                        continue;
                    };
                    fill_cut([a, b, c], view, frame, face)
                };
                if drawn {
                    let color = instance.colors.get(usize::from(triangle.slot)).copied().unwrap_or([0.5; 3]);
                    let strength = light::intensity(light, placement.world_normal(triangle.normal));
                    self.faces
                        .push(MeshFace { rgb: srgb.bytes(light::lit(color, strength)), object_id: instance.object_id });
                }
            }
        }
    }
}

/// Fills what lies beyond the near plane of a triangle in the camera's axes; whether anything could be seen of it.
#[cold]
fn fill_cut(corners: [Vec3; 3], view: &View, frame: &mut Frame, face: u32) -> bool {
    let polygon = beyond_near(&corners, view);
    let mut drawn = false;
    if let Some((&first, rest)) = polygon.corners().split_first() {
        for pair in rest.windows(2) {
            if let [b, c] = *pair
                && let Some(front) = FrontTriangle::new([first, b, c], frame)
            {
                front.fill(frame, face);
                drawn = true;
            }
        }
    }
    drawn
}
