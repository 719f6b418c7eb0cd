//! What physics knows of an object: its solids, its mass, and its outline on the floor.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use glam::{Vec2, Vec3};
use groundling_room::{ObjectSpec, Shape, Solid};
use rapier3d::parry::shape::ConvexPolyhedron;
use rapier3d::prelude::{MassProperties, Pose, SharedShape};

use super::obstacle::{Piece, convex_hull};

/// Models kept; a configuration has at most three sizes of each shape.
const MOST_KEPT: usize = 4096;
/// Least half edge of a solid, metres: a flatter one has no hull.
const LEAST_HALF_EDGE: f32 = 1e-3;

/// Vertices lower than this stand on the ground, at height 1: so a slanting leg stands on a sole and not on a point.
const SOLE: f32 = 0.02;
/// How deep the corners of a face beyond four are sunk, in radii of the face.
const SUNK: f32 = 0.02;
/// How far within the sole the centre of mass must lie, as a share of the height; else it is put over the middle of the
/// sole, as the makers of such things do by making the base heavy.
const STABLE: f32 = 0.03;

/// What physics knows of every object of one shape and height. Lengths in metres, in the object's own frame.
#[derive(Debug)]
pub(super) struct Model {
    /// All solids together.
    pub(super) shape: SharedShape,
    /// Corners of each solid.
    pub(super) solids: Vec<Vec<Vec3>>,
    /// Outline of each solid on the floor while the object stands: corners of a convex polygon.
    pub(super) outlines: Vec<Vec<Vec2>>,
    /// Mass, centre of mass and inertia.
    pub(super) mass: MassProperties,
    /// Radius of the smallest ball about the centre of mass that holds it.
    pub(super) radius: f32,
}

/// By shape and the bits of the height.
type Models = BTreeMap<(Shape, u32), Arc<Model>>;

/// Hulls of the solids of each shape at height 1.
static HULLS: LazyLock<Vec<Vec<ConvexPolyhedron>>> =
    LazyLock::new(|| Shape::all().map(|shape| shape.solids().iter().filter_map(hull).collect()).collect());

fn hull(solid: &Solid) -> Option<ConvexPolyhedron> {
    let (low, high) = solid.bounds();
    let is_flat = (high - low).min_element() < LEAST_HALF_EDGE;
    if is_flat || solid.points.len() < 4 {
        return None;
    }
    let on_sole = |point: &Vec3| if point.y < SOLE { Vec3::new(point.x, 0.0, point.z) } else { *point };
    let mut points: Vec<Vec3> = solid.points.iter().map(on_sole).collect();
    let hull = ConvexPolyhedron::from_convex_hull(&points)?;
    points.clear();
    points.extend(hull.points());
    let corners = hull.vertices_adj_to_face();
    for face in hull.faces() {
        let first = face.first_vertex_or_edge as usize;
        let corners = corners.get(first..first + face.num_vertices_or_edges as usize).unwrap_or_default();
        sink_corners(face.normal, corners, &mut points);
    }
    ConvexPolyhedron::from_convex_hull(&points)
}

/// rapier sees no more than the first four corners of a face: a drum would stand on a third of its bottom. So four are
/// chosen that are spread evenly, and the others of a larger face are sunk a little.
fn sink_corners(normal: Vec3, corners: &[u32], points: &mut [Vec3]) {
    let n = corners.len();
    if n <= 4 {
        return;
    }
    let at = |corner: u32| points.get(corner as usize).copied().unwrap_or_default();
    let middle = corners.iter().map(|&corner| at(corner)).sum::<Vec3>() / n as f32;
    let depth = SUNK * corners.iter().map(|&corner| at(corner).distance(middle)).fold(0.0, f32::max);
    let kept = [0, n / 4, n / 2, 3 * n / 4];
    for (_, &corner) in corners.iter().enumerate().filter(|(index, _)| !kept.contains(index)) {
        if let Some(point) = points.get_mut(corner as usize) {
            *point -= normal * depth;
        }
    }
}

/// Where the centre of mass must be for the thing to stand, given where it would be were it of one material.
fn stable_center(center: Vec3, solids: &[Vec<Vec3>], height: f32) -> Vec3 {
    let lowest = solids.iter().flatten().filter(|point| point.y <= 1e-4 * height);
    let sole = convex_hull(lowest.map(|point| Vec2::new(point.x, point.z)));
    if sole.is_empty() {
        return center;
    }
    let middle = sole.iter().sum::<Vec2>() / sole.len() as f32;
    let is_stable =
        sole.len() > 2 && Piece::Polygon(sole).gap(Vec2::new(center.x, center.z)).distance < -STABLE * height;
    if is_stable { center } else { Vec3::new(middle.x, center.y, middle.y) }
}

/// The box around a shape's mesh, for a shape none of whose solids has a hull.
fn bounding_box(shape: Shape) -> SharedShape {
    let positions = || shape.mesh().positions.iter().copied();
    let low = positions().reduce(Vec3::min).unwrap_or_default();
    let high = positions().reduce(Vec3::max).unwrap_or(Vec3::ONE);
    let half = ((high - low) / 2.0).max(Vec3::splat(LEAST_HALF_EDGE));
    let pose = Pose::from_translation((low + high) / 2.0);
    SharedShape::compound(vec![(pose, SharedShape::cuboid(half.x, half.y, half.z))])
}

impl Model {
    /// The model of an object; made once for each shape and height.
    pub(super) fn of(object: &ObjectSpec) -> Arc<Model> {
        static MODELS: LazyLock<Mutex<Models>> = LazyLock::new(Mutex::default);
        let key = (object.shape, object.height.to_bits());
        let mut models = MODELS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = models.get(&key) {
            return model.clone();
        }
        if models.len() >= MOST_KEPT {
            models.clear();
        }
        let model = Arc::new(Model::new(object.shape, object.height));
        models.insert(key, model.clone());
        model
    }

    fn new(shape: Shape, height: f32) -> Self {
        let hulls = HULLS.get(usize::from(shape.0)).map_or(&[][..], Vec::as_slice);
        let scaled: Vec<ConvexPolyhedron> =
            hulls.iter().filter_map(|hull| hull.clone().scaled(Vec3::splat(height))).collect();
        let solids = scaled.iter().map(|hull| hull.points().to_vec()).collect::<Vec<_>>();
        let mut parts: Vec<(Pose, SharedShape)> =
            scaled.into_iter().map(|hull| (Pose::IDENTITY, SharedShape::new(hull))).collect();
        let collider = match parts.len() {
            0 => bounding_box(shape),
            1 => parts.remove(0).1,
            _ => SharedShape::compound(parts),
        };
        let mut mass = collider.mass_properties(1.0);
        let relative = height / shape.height();
        mass.local_com = stable_center(mass.local_com, &solids, height);
        mass.set_mass(shape.mass() * relative * relative * relative, true);
        let outlines =
            solids.iter().map(|points| convex_hull(points.iter().map(|p| Vec2::new(p.x, p.z)))).collect::<Vec<_>>();
        let corners = solids.iter().flatten();
        let radius = corners.map(|point| point.distance(mass.local_com)).fold(0.0, f32::max);
        Self { shape: collider, solids, outlines, mass, radius }
    }

    /// Kilograms.
    pub(super) fn kilograms(&self) -> f32 {
        self.mass.mass()
    }
}
