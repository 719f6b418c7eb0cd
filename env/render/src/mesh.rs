//! The objects: instances placed, culled and drawn triangle by triangle.
//!
//! The lit colours of an instance's faces do not depend on the camera. They are kept from frame to frame and made anew
//! when the instance has turned, or its colours or the light have changed.

use std::sync::Arc;

use fearless_simd::{f32x8, prelude::*, u32x8};
use glam::{Mat3A, Vec3};
use groundling_room::{Instance, Light, Mesh, Rgb};

use crate::camera::{PixelPoint, View};
use crate::face::{Face, FaceTable};
use crate::frame::{Frame, LANES, columns};
use crate::light;
use crate::placement::{Placement, SightLine, is_outside};
use crate::polygon::beyond_near;
use crate::ready_mesh::ReadyMesh;
use crate::renderer::NEAR;
use crate::srgb::SrgbTable;
use crate::triangle::FrontTriangle;

/// Meshes kept ready; when more have been met, all are forgotten and made ready again as they come.
const MOST_MESHES: usize = 512;
/// Share of the distances involved by which a face must look away to be passed over unseen. Rounding errors are a
/// hundred times smaller; the faces in between are told by their corners on the picture.
const TOLERANCE: f32 = 1e-4;

/// What an instance's faces look like in the light, and what that was made from.
#[derive(Debug, Default)]
struct Paint {
    mesh: Option<usize>,
    axes: Mat3A,
    colors: Vec<Rgb>,
    /// One a triangle, `0x00bbggrr`.
    lit: Vec<u32>,
}

/// What drawing instances needs between frames.
#[derive(Debug, Default)]
pub(crate) struct MeshPainter {
    meshes: Vec<ReadyMesh>,
    /// By index of the instance.
    paints: Vec<Paint>,
    light: Option<Light>,
    points: Vec<PixelPoint>,
    front: Vec<u32>,
}

impl MeshPainter {
    /// Index in `meshes` of the mesh of instance `index`.
    #[inline(always)]
    fn ready(&mut self, index: usize, mesh: &Arc<Mesh>) -> usize {
        let is_it = |ready: &ReadyMesh| Arc::ptr_eq(&ready.mesh, mesh);
        if let Some(at) = self.paints.get(index).and_then(|paint| paint.mesh)
            && self.meshes.get(at).is_some_and(is_it)
        {
            return at;
        }
        self.make_ready(mesh)
    }

    #[cold]
    fn make_ready(&mut self, mesh: &Arc<Mesh>) -> usize {
        if let Some(at) = self.meshes.iter().position(|ready| Arc::ptr_eq(&ready.mesh, mesh)) {
            return at;
        }
        if self.meshes.len() >= MOST_MESHES {
            self.meshes.clear();
            self.paints.clear();
        }
        self.meshes.push(ReadyMesh::new(mesh));
        self.meshes.len() - 1
    }

    /// Draws all instances.
    #[inline(always)]
    pub(crate) fn draw<S: Simd>(
        &mut self,
        simd: S,
        (instances, light): (&[Instance], &Light),
        view: &View,
        srgb: &SrgbTable,
        faces: &mut FaceTable,
        frame: &mut Frame,
    ) {
        if self.light != Some(*light) {
            self.light = Some(*light);
            self.paints.clear();
        }
        for (index, instance) in instances.iter().enumerate() {
            let Some(placement) = Placement::new(instance, view) else { continue };
            let at = self.ready(index, &instance.mesh);
            let Some(ready) = self.meshes.get(at) else { continue };
            let center = placement.to_view(ready.center);
            let radius = ready.radius * placement.growth;
            if is_outside(center, radius, view) {
                continue;
            }
            if self.paints.len() <= index {
                self.paints.resize_with(index + 1, Paint::default);
            }
            let Some(paint) = self.paints.get_mut(index) else { continue };
            paint.update(simd, at, ready, (instance, &placement), light, srgb);
            let nearest = project(simd, ready, &placement, view, &mut self.points);
            find_front(simd, ready, placement.sight_line(view), &mut self.front);
            for &triangle in &self.front {
                let (Some(ready_triangle), Some(&lit)) =
                    (ready.triangles.get(triangle as usize), paint.lit.get(triangle as usize))
                else {
                    continue;
                };
                let [a, b, c] = ready_triangle.vertices.map(usize::from);
                let (Some(&a), Some(&b), Some(&c)) = (self.points.get(a), self.points.get(b), self.points.get(c))
                else {
                    continue;
                };
                let is_beyond = nearest >= NEAR || [a, b, c].iter().all(|corner| corner.depth >= NEAR);
                let drawn = if is_beyond {
                    match FrontTriangle::new([a, b, c], frame) {
                        Some(front) => {
                            front.fill(simd, frame, faces.next());
                            true
                        }
                        None => false,
                    }
                } else {
                    fill_cut(simd, ready, ready_triangle.vertices, &placement, view, frame, faces.next())
                };
                if drawn {
                    faces.push(Face::flat(lit, instance.object_id));
                }
            }
        }
    }
}

impl Paint {
    #[inline(always)]
    fn update<S: Simd>(
        &mut self,
        simd: S,
        mesh: usize,
        ready: &ReadyMesh,
        (instance, placement): (&Instance, &Placement),
        light: &Light,
        srgb: &SrgbTable,
    ) {
        let axes = instance.world_from_object.matrix3;
        if self.mesh == Some(mesh) && self.axes == axes && self.colors == instance.colors {
            return;
        }
        (self.mesh, self.axes) = (Some(mesh), axes);
        self.colors.clone_from(&instance.colors);
        self.lit.clear();
        for (block, triangles) in ready.planes.iter().zip(ready.triangles.chunks(LANES)) {
            let strengths = light::intensities(light, placement.world_normals(block.normal.load(simd)));
            let mut linear = [[0.0; LANES]; 3];
            for (k, triangle) in triangles.iter().enumerate() {
                let color = self.colors.get(usize::from(triangle.slot)).copied().unwrap_or([0.5; 3]);
                for (component, linear) in color.into_iter().zip(&mut linear) {
                    linear[k] = component;
                }
            }
            let [r, g, b] = &linear;
            let lit = srgb.block([
                f32x8::load_array_ref(simd, r) * strengths,
                f32x8::load_array_ref(simd, g) * strengths,
                f32x8::load_array_ref(simd, b) * strengths,
            ]);
            self.lit.extend_from_slice(lit.get(..triangles.len()).unwrap_or(&lit));
        }
    }
}

/// Takes all vertices to the picture; returns the depth of the nearest, or infinity. What lies before the near plane
/// has no place in the picture, and its point means nothing.
#[inline(always)]
fn project<S: Simd>(
    simd: S,
    ready: &ReadyMesh,
    placement: &Placement,
    view: &View,
    points: &mut Vec<PixelPoint>,
) -> f32 {
    points.clear();
    points.resize(ready.positions.len() * LANES, PixelPoint::default());
    let mut nearest = f32x8::splat(simd, f32::INFINITY);
    for (block, points) in ready.positions.iter().zip(points.as_chunks_mut().0) {
        let seen = placement.all_to_view(block.load(simd));
        nearest = seen.z.simd_lt(nearest).select(seen.z, nearest);
        view.all_to_pixels(seen, points);
    }
    let mut least = f32::INFINITY;
    for z in <[f32; LANES]>::from(nearest) {
        least = if z < least { z } else { least };
    }
    least
}

/// Lists the triangles that may look towards the camera.
#[inline(always)]
fn find_front<S: Simd>(simd: S, ready: &ReadyMesh, line: Option<SightLine>, front: &mut Vec<u32>) {
    front.clear();
    let num_triangles = ready.triangles.len();
    let Some(SightLine { towards, by_offset }) = line else {
        front.extend(0..num_triangles as u32);
        return;
    };
    front.resize(num_triangles + LANES, 0);
    let reach = towards.x.abs() + towards.y.abs() + towards.z.abs();
    let mut index = columns(simd, 0.0).to_int::<u32x8<S>>();
    let mut len = 0;
    for plane in &ready.planes {
        let offset = f32x8::load_array_ref(simd, &plane.offset.0);
        let facing = plane.normal.load(simd).dot(towards) - by_offset * offset;
        let is_front = facing.simd_gt(-TOLERANCE * (reach + offset.abs()));
        if let Some(slots) = front.get_mut(len..).and_then(|slots| slots.first_chunk_mut::<LANES>()) {
            index.compress(is_front).store_array(slots);
        }
        len += is_front.to_bitmask().count_ones() as usize;
        index += LANES as u32;
    }
    front.truncate(len);
}

/// Fills what lies beyond the near plane of a triangle; whether anything could be seen of it.
#[cold]
fn fill_cut<S: Simd>(
    simd: S,
    ready: &ReadyMesh,
    vertices: [u16; 3],
    placement: &Placement,
    view: &View,
    frame: &mut Frame,
    face: u32,
) -> bool {
    let corner = |vertex: u16| ready.mesh.positions.get(usize::from(vertex)).copied().unwrap_or(Vec3::NAN);
    let polygon = beyond_near(&vertices.map(|vertex| placement.to_view(corner(vertex))), view);
    let mut drawn = false;
    if let Some((&first, rest)) = polygon.corners().split_first() {
        for pair in rest.windows(2) {
            if let [b, c] = *pair
                && let Some(front) = FrontTriangle::new([first, b, c], frame)
            {
                front.fill(simd, frame, face);
                drawn = true;
            }
        }
    }
    drawn
}
