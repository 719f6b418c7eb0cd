//! What an object takes up as the body sees it: the outline on the floor of each of its solids. The body is as tall as
//! the room in this respect: nothing can be stepped over or crept under.

use glam::{Quat, Vec2, Vec3};
use groundling_room::{Footprint, ObjectSpec};

use super::model::Model;

/// One convex piece of an outline.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// A disc.
    Disc {
        /// Its centre.
        center: Vec2,
        /// Metres.
        radius: f32,
    },
    /// A convex polygon, corners counter-clockwise as drawn with x to the right and z upwards.
    Polygon(Vec<Vec2>),
}

/// How far a point is from the edge of something, negative inside, and the direction in which that grows fastest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gap {
    pub(super) distance: f32,
    pub(super) outwards: Vec2,
}

impl Piece {
    /// A rectangle with its edges along the axes.
    pub(super) fn rectangle(x: [f32; 2], z: [f32; 2]) -> Self {
        Piece::Polygon(vec![Vec2::new(x[0], z[0]), Vec2::new(x[1], z[0]), Vec2::new(x[1], z[1]), Vec2::new(x[0], z[1])])
    }

    pub(super) fn gap(&self, point: Vec2) -> Gap {
        match self {
            Piece::Disc { center, radius } => {
                let offset = point - *center;
                let length = offset.length();
                let outwards = if length > 0.0 { offset / length } else { Vec2::X };
                Gap { distance: length - radius, outwards }
            }
            Piece::Polygon(corners) => polygon_gap(corners, point),
        }
    }
}

fn polygon_gap(corners: &[Vec2], point: Vec2) -> Gap {
    let mut inside = Gap { distance: f32::NEG_INFINITY, outwards: Vec2::X };
    let mut nearest = Vec2::ZERO;
    let mut nearest_squared = f32::INFINITY;
    for (index, &from) in corners.iter().enumerate() {
        let to = corners[(index + 1) % corners.len()];
        let along = to - from;
        let length = along.length();
        if length <= 0.0 {
            continue;
        }
        let offset = point - from;
        let outwards = Vec2::new(along.y, -along.x) / length;
        let distance = outwards.dot(offset);
        if distance > inside.distance {
            inside = Gap { distance, outwards };
        }
        if distance > 0.0 {
            let part = (offset.dot(along) / (length * length)).clamp(0.0, 1.0);
            let away = offset - along * part;
            let squared = away.length_squared();
            if squared < nearest_squared {
                (nearest, nearest_squared) = (away, squared);
            }
        }
    }
    let distance = nearest_squared.sqrt();
    if nearest_squared.is_finite() && distance > 0.0 { Gap { distance, outwards: nearest / distance } } else { inside }
}

/// The convex hull of points of the plane, counter-clockwise as drawn with x to the right and y upwards.
pub(super) fn convex_hull(points: impl Iterator<Item = Vec2>) -> Vec<Vec2> {
    let mut points: Vec<Vec2> = points.collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut hull: Vec<Vec2> = Vec::with_capacity(points.len() + 1);
    let add = |hull: &mut Vec<Vec2>, least: usize, point: Vec2| {
        while hull.len() >= least {
            let (a, b) = (hull[hull.len() - 2], hull[hull.len() - 1]);
            if (b - a).perp_dot(point - a) > 0.0 {
                break;
            }
            hull.pop();
        }
        hull.push(point);
    };
    for &point in &points {
        add(&mut hull, 2, point);
    }
    let lower = hull.len();
    for &point in points.iter().rev().skip(1) {
        add(&mut hull, lower + 1, point);
    }
    hull.pop();
    hull
}

/// What an object takes up now.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Obstacle {
    pub(super) pieces: Vec<Piece>,
    /// A disc around all pieces, so that most queries end early.
    center: Vec2,
    radius: f32,
}

impl Obstacle {
    fn new(pieces: Vec<Piece>) -> Self {
        let mut obstacle = Self { pieces, center: Vec2::ZERO, radius: 0.0 };
        obstacle.find_disc();
        obstacle
    }

    fn find_disc(&mut self) {
        let (mut low, mut high) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
        for piece in &self.pieces {
            match piece {
                Piece::Disc { center, radius } => {
                    low = low.min(*center - *radius);
                    high = high.max(*center + *radius);
                }
                Piece::Polygon(corners) => {
                    low = corners.iter().copied().fold(low, Vec2::min);
                    high = corners.iter().copied().fold(high, Vec2::max);
                }
            }
        }
        let is_empty = self.pieces.is_empty();
        self.center = if is_empty { Vec2::ZERO } else { (low + high) / 2.0 };
        self.radius = if is_empty { 0.0 } else { (high - low).length() / 2.0 };
    }

    /// The footprint of an object that stands where it was placed, for one that never moves.
    pub(super) fn of_footprint(object: &ObjectSpec) -> Self {
        let center = Vec2::new(object.position[0], object.position[2]);
        let piece = match object.footprint {
            Footprint::Disc(radius) => Piece::Disc { center, radius },
            Footprint::Rectangle([x, z]) => {
                let place = Placement::new(object);
                let corners = [[-x, -z], [x, -z], [x, z], [-x, z]];
                Piece::Polygon(corners.into_iter().map(|corner| place.apply(corner.into())).collect())
            }
        };
        Self::new(vec![piece])
    }

    /// The outlines of the solids of an object that stands where it was placed.
    pub(super) fn of_standing(model: &Model, object: &ObjectSpec) -> Self {
        let place = Placement::new(object);
        let polygon = |corners: &Vec<Vec2>| Piece::Polygon(corners.iter().map(|&corner| place.apply(corner)).collect());
        Self::new(model.outlines.iter().map(polygon).collect())
    }

    /// Follows the object to a pose.
    pub(super) fn follow(&mut self, model: &Model, position: Vec3, rotation: Quat) {
        self.pieces.clear();
        self.pieces.extend(model.solids.iter().map(|points| {
            Piece::Polygon(convex_hull(points.iter().map(|&point| {
                let world = rotation * point + position;
                Vec2::new(world.x, world.z)
            })))
        }));
        self.find_disc();
    }

    /// A lower bound of the distance from `point` to its edge, which takes next to no time.
    pub(super) fn least_distance(&self, point: Vec2) -> f32 {
        (point - self.center).length() - self.radius
    }
}

/// How an object that stands is placed: turned about the vertical, then moved.
struct Placement {
    axis: Vec2,
    offset: Vec2,
}

impl Placement {
    fn new(object: &ObjectSpec) -> Self {
        Self { axis: Vec2::from_angle(object.yaw), offset: Vec2::new(object.position[0], object.position[2]) }
    }

    fn apply(&self, point: Vec2) -> Vec2 {
        let Vec2 { x: cos, y: sin } = self.axis;
        Vec2::new(point.x * cos + point.y * sin, point.y * cos - point.x * sin) + self.offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hull_of_a_grid_is_its_four_corners() {
        let grid = (0..5).flat_map(|x| (0..4).map(move |y| Vec2::new(x as f32, y as f32)));
        let hull = convex_hull(grid);
        let corners = [[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]].map(Vec2::from);
        assert_eq!(hull, corners);
        assert_eq!(convex_hull([Vec2::ONE, Vec2::ONE].into_iter()), [Vec2::ONE]);
    }

    #[test]
    fn gaps_are_distances_outside_and_depths_inside() {
        let square = Piece::rectangle([-1.0, 1.0], [-2.0, 2.0]);
        let cases = [
            ([3.0, 0.0], 2.0, [1.0, 0.0]),
            ([4.0, 6.0], 5.0, [0.6, 0.8]),
            ([0.0, -2.5], 0.5, [0.0, -1.0]),
            ([-0.75, 1.0], -0.25, [-1.0, 0.0]),
        ];
        for (point, distance, outwards) in cases {
            let gap = square.gap(point.into());
            assert!((gap.distance - distance).abs() < 1e-6, "{point:?}: {gap:?}");
            assert!((gap.outwards - Vec2::from(outwards)).length() < 1e-6, "{point:?}: {gap:?}");
        }
        let disc = Piece::Disc { center: Vec2::ONE, radius: 0.5 };
        assert_eq!(disc.gap(Vec2::new(1.0, 2.0)), Gap { distance: 0.5, outwards: Vec2::Y });
    }
}
