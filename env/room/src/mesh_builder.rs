//! Closed low-poly meshes from a few primitives.
//!
//! Every primitive is closed and counter-clockwise seen from outside, so a mesh made only of them is too. Each is also
//! remembered as one or more convex solids: what physics makes of the shape.

use std::ops::Range;

use glam::{Affine3A, Vec2, Vec3};

use crate::scene::{Mesh, Triangle};
use crate::solid::{self, Solid};

/// Collects primitives; each takes the present slot and transform.
pub(crate) struct MeshBuilder {
    positions: Vec<Vec3>,
    triangles: Vec<Triangle>,
    slot: u8,
    transform: Affine3A,
    /// Vertices of each convex part.
    parts: Vec<Vec<u16>>,
}

impl MeshBuilder {
    pub(crate) fn new() -> Self {
        Self { positions: Vec::new(), triangles: Vec::new(), slot: 0, transform: Affine3A::IDENTITY, parts: Vec::new() }
    }

    /// What `draw` adds is one solid, its hull.
    pub(crate) fn fused(&mut self, draw: impl FnOnce(&mut Self)) -> &mut Self {
        let (first_part, first_vertex) = (self.parts.len(), self.positions.len());
        draw(self);
        self.parts.truncate(first_part);
        self.part(first_vertex..self.positions.len());
        self
    }

    fn part(&mut self, vertices: Range<usize>) {
        self.parts.push(vertices.map(|vertex| vertex as u16).collect());
    }

    /// Primitives from here on have the colour `slot`.
    pub(crate) fn slot(&mut self, slot: u8) -> &mut Self {
        self.slot = slot;
        self
    }

    /// Primitives from here on are placed by `transform`, which must not mirror.
    pub(crate) fn place(&mut self, transform: Affine3A) -> &mut Self {
        self.transform = transform;
        self
    }

    /// Primitives from here on stand at `(x, y, z)`.
    pub(crate) fn at(&mut self, x: f32, y: f32, z: f32) -> &mut Self {
        self.place(Affine3A::from_translation(Vec3::new(x, y, z)))
    }

    fn vertex(&mut self, position: Vec3) -> u16 {
        self.positions.push(self.transform.transform_point3(position));
        (self.positions.len() - 1) as u16
    }

    fn triangle(&mut self, vertices: [u16; 3]) {
        self.triangles.push(Triangle { vertices, slot: self.slot });
    }

    /// A ring of `segments` vertices about the y axis, or a single one where the radius is 0.
    fn ring(&mut self, segments: u16, radius: f32, y: f32) -> Vec<u16> {
        if radius == 0.0 {
            return vec![self.vertex(Vec3::new(0.0, y, 0.0))];
        }
        (0..segments)
            .map(|k| {
                let direction = Vec2::from_angle(std::f32::consts::TAU * f32::from(k) / f32::from(segments));
                self.vertex(Vec3::new(radius * direction.x, y, radius * direction.y))
            })
            .collect()
    }

    fn band(&mut self, lower: &[u16], upper: &[u16]) {
        let segments = lower.len().max(upper.len());
        for k in 0..segments {
            let next = (k + 1) % segments;
            match (lower.len(), upper.len()) {
                (1, _) => self.triangle([lower[0], upper[k], upper[next]]),
                (_, 1) => self.triangle([lower[k], upper[0], lower[next]]),
                _ => {
                    self.triangle([lower[k], upper[k], lower[next]]);
                    self.triangle([lower[next], upper[k], upper[next]]);
                }
            }
        }
    }

    /// Joins rings, one above the other, and caps the first and the last with a fan about its first vertex.
    fn joined(&mut self, rings: &[Vec<u16>]) -> &mut Self {
        for pair in rings.windows(2) {
            self.band(&pair[0], &pair[1]);
        }
        if let Some(bottom) = rings.first() {
            for k in 1..bottom.len().saturating_sub(1) {
                self.triangle([bottom[0], bottom[k], bottom[k + 1]]);
            }
        }
        if let Some(top) = rings.last() {
            for k in 1..top.len().saturating_sub(1) {
                self.triangle([top[0], top[k + 1], top[k]]);
            }
        }
        self
    }

    /// Turns a profile of `(radius, y)`, outside upwards (and inside downwards again for a hollow thing), about the
    /// y axis. An end that does not lie on the axis gets a flat cap. Its solids are between its waists; they are full.
    pub(crate) fn lathe(&mut self, segments: u16, profile: &[(f32, f32)]) -> &mut Self {
        let rings: Vec<Vec<u16>> = profile.iter().map(|&(radius, y)| self.ring(segments, radius, y)).collect();
        self.parts.extend(convex_stretches(profile).into_iter().map(|stretch| rings[stretch].concat()));
        self.joined(&rings)
    }

    /// Rings of points, in the order of a lathe's: each from +x towards +z, from below upwards. All have the same
    /// number of points, but one that is a single point. The first and the last are convex. It is one solid.
    pub(crate) fn stack(&mut self, rings: &[Vec<[f32; 3]>]) -> &mut Self {
        let first = self.positions.len();
        let mut numbered = Vec::with_capacity(rings.len());
        for ring in rings {
            numbered.push(ring.iter().map(|&point| self.vertex(Vec3::from(point))).collect::<Vec<_>>());
        }
        self.part(first..self.positions.len());
        self.joined(&numbered)
    }

    /// A ball of unequal half axes about the origin of the present transform.
    pub(crate) fn ellipsoid(&mut self, segments: u16, bands: u16, half_axes: [f32; 3]) -> &mut Self {
        let outer = self.transform;
        self.transform = outer * Affine3A::from_scale(Vec3::from(half_axes));
        let profile: Vec<(f32, f32)> = (0..=bands)
            .map(|band| {
                let angle = std::f32::consts::PI * f32::from(band) / f32::from(bands);
                let direction = Vec2::from_angle(angle);
                let pole = band == 0 || band == bands;
                (if pole { 0.0 } else { direction.y }, -direction.x)
            })
            .collect();
        self.lathe(segments, &profile);
        self.transform = outer;
        self
    }

    /// A ring lying flat about the y axis. Its solids are pieces of two segments.
    pub(crate) fn torus(&mut self, segments: u16, sides: u16, major: f32, minor: f32) -> &mut Self {
        let rings: Vec<Vec<u16>> = (0..sides)
            .map(|side| {
                let direction = Vec2::from_angle(std::f32::consts::TAU * f32::from(side) / f32::from(sides));
                self.ring(segments, major + minor * direction.x, minor * direction.y)
            })
            .collect();
        for side in 0..rings.len() {
            self.band(&rings[side], &rings[(side + 1) % rings.len()]);
        }
        for first in (0..usize::from(segments)).step_by(2) {
            let around = |ring: &Vec<u16>| (first..=first + 2).map(|k| ring[k % ring.len()]).collect::<Vec<_>>();
            self.parts.push(rings.iter().flat_map(around).collect());
        }
        self
    }

    /// A box with these two opposite corners.
    pub(crate) fn cuboid(&mut self, min: [f32; 3], max: [f32; 3]) -> &mut Self {
        let outline = [[min[0], min[1]], [max[0], min[1]], [max[0], max[1]], [min[0], max[1]]];
        self.prism(&outline, min[2], max[2])
    }

    /// A convex outline in x and y, counter-clockwise seen from +z, drawn out from `z0` to `z1 > z0`.
    pub(crate) fn prism(&mut self, outline: &[[f32; 2]], z0: f32, z1: f32) -> &mut Self {
        let (back, front) = self.walls(outline, z0, z1);
        for k in 1..outline.len() - 1 {
            self.triangle([front[0], front[k], front[k + 1]]);
            self.triangle([back[0], back[k + 1], back[k]]);
        }
        self
    }

    /// As `prism`, for an outline that need only be visible as a whole from `(0, 0)`, such as a star.
    pub(crate) fn star_prism(&mut self, outline: &[[f32; 2]], z0: f32, z1: f32) -> &mut Self {
        let (back, front) = self.walls(outline, z0, z1);
        let (back_hub, front_hub) = (self.vertex(Vec3::new(0.0, 0.0, z0)), self.vertex(Vec3::new(0.0, 0.0, z1)));
        for k in 0..outline.len() {
            let next = (k + 1) % outline.len();
            self.triangle([front_hub, front[k], front[next]]);
            self.triangle([back_hub, back[next], back[k]]);
        }
        self
    }

    fn walls(&mut self, outline: &[[f32; 2]], z0: f32, z1: f32) -> (Vec<u16>, Vec<u16>) {
        let back: Vec<u16> = outline.iter().map(|p| self.vertex(Vec3::new(p[0], p[1], z0))).collect();
        let front: Vec<u16> = outline.iter().map(|p| self.vertex(Vec3::new(p[0], p[1], z1))).collect();
        for k in 0..outline.len() {
            let next = (k + 1) % outline.len();
            self.triangle([back[k], back[next], front[next]]);
            self.triangle([back[k], front[next], front[k]]);
        }
        self.parts.push([back.as_slice(), &front].concat());
        (back, front)
    }

    /// Two cross-sections in x and y, `z0` and `z1 > z0` apart, joined: a box that narrows.
    pub(crate) fn loft(&mut self, back: [[f32; 2]; 4], z0: f32, front: [[f32; 2]; 4], z1: f32) -> &mut Self {
        let start = self.positions.len();
        self.prism(&back, z0, z1);
        let world_from_local = self.transform;
        for (position, corner) in self.positions[start + 4..].iter_mut().zip(front) {
            *position = world_from_local.transform_point3(Vec3::new(corner[0], corner[1], z1));
        }
        self
    }

    /// A round bar through these points, capped at both ends.
    pub(crate) fn tube(&mut self, sides: u16, radius: f32, path: &[[f32; 3]]) -> &mut Self {
        let outer = self.transform;
        for pair in path.windows(2) {
            let (from, to) = (Vec3::from(pair[0]), Vec3::from(pair[1]));
            let along = to - from;
            let turn = glam::Quat::from_rotation_arc(Vec3::Y, along.normalize());
            self.transform = outer * Affine3A::from_rotation_translation(turn, from);
            self.lathe(sides, &[(radius, 0.0), (radius, along.length())]);
        }
        self.transform = outer;
        self
    }

    /// The mesh, with the centre of its footprint at the origin, its lowest point on the ground and its height 1; and
    /// the solids it is made of.
    pub(crate) fn finish(self) -> (Mesh, Vec<Solid>) {
        let low = self.positions.iter().copied().reduce(Vec3::min).unwrap_or_default();
        let high = self.positions.iter().copied().reduce(Vec3::max).unwrap_or(Vec3::ONE);
        let origin = Vec3::new((low.x + high.x) / 2.0, low.y, (low.z + high.z) / 2.0);
        let scale = 1.0 / (high.y - low.y);
        let positions: Vec<Vec3> = self.positions.into_iter().map(|position| (position - origin) * scale).collect();
        let solids = solid::from_parts(&positions, &self.parts);
        (Mesh { positions, triangles: self.triangles }, solids)
    }
}

/// A ring for [`MeshBuilder::stack`]: `point` of the number and direction in x and z of each of `count` points.
pub(crate) fn around(count: u16, point: impl Fn(u16, Vec2) -> [f32; 3]) -> Vec<[f32; 3]> {
    (0..count).map(|k| point(k, Vec2::from_angle(std::f32::consts::TAU * f32::from(k) / f32::from(count)))).collect()
}

/// A level ring of four points: a rectangle with these ends along x and z.
pub(crate) fn rectangle(x: [f32; 2], y: f32, z: [f32; 2]) -> Vec<[f32; 3]> {
    vec![[x[1], y, z[0]], [x[1], y, z[1]], [x[0], y, z[1]], [x[0], y, z[0]]]
}

/// The ranges of a lathe's profile, outside upwards, between the rings at which it bends inwards. What follows its
/// highest ring is the inside of a hollow.
fn convex_stretches(profile: &[(f32, f32)]) -> Vec<Range<usize>> {
    let highest = profile.iter().map(|ring| ring.1).fold(f32::MIN, f32::max);
    let rim = profile.iter().position(|ring| ring.1 == highest).unwrap_or(0);
    let at = |k: usize| Vec2::from(profile[k]);
    let waists = (1..rim).filter(|&k| (at(k) - at(k - 1)).perp_dot(at(k + 1) - at(k)) < -1e-4);
    let ends: Vec<usize> = std::iter::once(0).chain(waists).chain([rim]).collect();
    ends.windows(2).map(|pair| pair[0]..pair[1] + 1).collect()
}
