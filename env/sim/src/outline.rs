//! What an object takes up, as it is turned now: its outline seen from above, and how high it reaches.
//!
//! An object is taken for the prism of its footprint and its height. Of one that stands or lies on a side that is
//! exact; of one that leans it is the rectangle around the prism.

use glam::{Vec2, Vec3};
use groundling_room::{Footprint, ObjectSpec};

use crate::world::ObjectPose;

/// How level the axis of a disc may lie before its outline is a rectangle: the sine of about 3 degrees.
const UPRIGHT: f32 = 0.05;

/// The place that one object takes up, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Outline {
    /// Centre, `(x, z)`.
    pub(crate) center: Vec2,
    /// Unit vector along the first side of a rectangle.
    axis: Vec2,
    footprint: Footprint,
    /// Height of the lowest point above the floor.
    pub(crate) bottom: f32,
    /// Height of the highest point above the floor.
    pub(crate) top: f32,
}

pub(crate) fn from_above(vector: Vec3) -> Vec2 {
    Vec2::new(vector.x, vector.z)
}

impl Outline {
    /// The outline of `object` where `pose` says that it is.
    pub(crate) fn of(object: &ObjectSpec, pose: &ObjectPose) -> Self {
        let up = pose.rotation * Vec3::Y;
        let half_height = object.height / 2.0;
        let middle = pose.position + up * half_height;
        let (axis, footprint, reach) = match object.footprint {
            Footprint::Disc(radius) => {
                let level = from_above(up).length();
                let reach = half_height * up.y.abs() + radius * level;
                if level <= UPRIGHT {
                    (Vec2::X, Footprint::Disc(radius), reach)
                } else {
                    let along = half_height * level + radius * up.y.abs();
                    (from_above(up) / level, Footprint::Rectangle([along, radius]), reach)
                }
            }
            Footprint::Rectangle([x, z]) => {
                let edges = [pose.rotation * Vec3::X * x, up * half_height, pose.rotation * Vec3::Z * z];
                let longest =
                    edges.map(from_above).into_iter().max_by(|a, b| a.length_squared().total_cmp(&b.length_squared()));
                let axis = longest.unwrap_or(Vec2::X).normalize_or(Vec2::X);
                let extent = |axis: Vec2| edges.iter().map(|&edge| from_above(edge).dot(axis).abs()).sum::<f32>();
                let reach = edges.iter().map(|edge| edge.y.abs()).sum();
                (axis, Footprint::Rectangle([extent(axis), extent(axis.perp())]), reach)
            }
        };
        Self { center: from_above(middle), axis, footprint, bottom: middle.y - reach, top: middle.y + reach }
    }

    /// The middle of the object.
    pub(crate) fn middle(&self) -> Vec3 {
        Vec3::new(self.center.x, (self.bottom + self.top) / 2.0, self.center.y)
    }

    /// Whether some part of it is elsewhere by more than `distance` in `now`.
    pub(crate) fn has_moved(&self, now: &Outline, distance: f32) -> bool {
        let turned = (self.axis - now.axis).length().min((self.axis + now.axis).length()) * self.radius();
        let corner = |outline: &Outline| Vec2::new(outline.bottom, outline.top);
        self.center.distance(now.center) > distance
            || turned > distance
            || (self.radius() - now.radius()).abs() > distance
            || (corner(self) - corner(now)).abs().max_element() > distance
    }

    /// Radius of the disc around it.
    pub(crate) fn radius(&self) -> f32 {
        self.footprint.radius()
    }

    /// Distance of `(x, z)` from its edge, metres; 0 inside.
    pub(crate) fn distance(&self, point: Vec2) -> f32 {
        let offset = point - self.center;
        match self.footprint {
            Footprint::Disc(radius) => (offset.length() - radius).max(0.0),
            Footprint::Rectangle(half) => (self.local(offset).abs() - Vec2::from(half)).max(Vec2::ZERO).length(),
        }
    }

    /// Which part of the line from `from` to `to` lies within it, as fractions of the line.
    pub(crate) fn crossing(&self, from: Vec2, to: Vec2) -> Option<[f32; 2]> {
        let (offset, line) = (from - self.center, to - from);
        match self.footprint {
            Footprint::Disc(radius) => {
                // |offset + t line|² = radius²
                let (a, b) = (line.length_squared(), offset.dot(line));
                let root = b * b - a * (offset.length_squared() - radius * radius);
                (a > 0.0 && root > 0.0).then(|| [(-b - root.sqrt()) / a, (-b + root.sqrt()) / a]).and_then(within_line)
            }
            Footprint::Rectangle([x, z]) => crossing(self.local(offset), self.local(line), [[-x, x], [-z, z]]),
        }
    }

    /// In the rectangle's own frame.
    fn local(&self, vector: Vec2) -> Vec2 {
        Vec2::new(vector.dot(self.axis), vector.dot(self.axis.perp()))
    }
}

/// Which part of the line from `from` along `line` lies within the rectangle of these bounds.
pub(crate) fn crossing(from: Vec2, line: Vec2, bounds: [[f32; 2]; 2]) -> Option<[f32; 2]> {
    let mut part = [0.0_f32, 1.0];
    for (from, along, [low, high]) in [(from.x, line.x, bounds[0]), (from.y, line.y, bounds[1])] {
        if along == 0.0 {
            if from <= low || from >= high {
                return None;
            }
            continue;
        }
        let (a, b) = ((low - from) / along, (high - from) / along);
        part = [part[0].max(a.min(b)), part[1].min(a.max(b))];
    }
    within_line(part)
}

fn within_line([first, last]: [f32; 2]) -> Option<[f32; 2]> {
    let (first, last) = (first.max(0.0), last.min(1.0));
    (first < last).then_some([first, last])
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_PI_2;

    use glam::Quat;
    use groundling_room::{Color, Shape, Size};

    use super::*;

    fn object(footprint: Footprint, height: f32) -> ObjectSpec {
        ObjectSpec {
            shape: Shape(0),
            color: Color(0),
            size: Size::Medium,
            height,
            footprint,
            position: [0.0; 3],
            yaw: 0.0,
        }
    }

    fn close(a: f32, b: f32) -> bool {
        (a - b).abs() < 1e-5
    }

    #[test]
    fn a_standing_object_has_the_outline_of_its_footprint() {
        let pose = ObjectPose { position: Vec3::new(1.0, 0.5, 2.0), rotation: Quat::from_rotation_y(FRAC_PI_2) };
        let shelf = Outline::of(&object(Footprint::Rectangle([0.5, 0.1]), 2.0), &pose);
        // Turned by a quarter, its long side lies along z.
        assert!(close(shelf.distance(Vec2::new(1.0, 3.0)), 0.5));
        assert!(close(shelf.distance(Vec2::new(2.0, 2.0)), 0.9));
        assert!(close(shelf.distance(Vec2::new(1.0, 2.2)), 0.0));
        assert!(close(shelf.bottom, 0.5) && close(shelf.top, 2.5));
        let bin = Outline::of(&object(Footprint::Disc(0.3), 1.0), &pose);
        assert!(close(bin.distance(Vec2::new(2.0, 2.0)), 0.7) && close(bin.radius(), 0.3));
    }

    #[test]
    fn a_fallen_object_lies_along_the_way_it_fell() {
        // Its head to -z, its base's centre where the cylinder's side touches the floor.
        let pose = ObjectPose { position: Vec3::new(0.0, 0.2, 0.0), rotation: Quat::from_rotation_x(-FRAC_PI_2) };
        for footprint in [Footprint::Disc(0.2), Footprint::Rectangle([0.2, 0.2])] {
            let fallen = Outline::of(&object(footprint, 1.0), &pose);
            assert!(close(fallen.center.x, 0.0) && close(fallen.center.y, -0.5), "{fallen:?}");
            assert!(close(fallen.distance(Vec2::new(0.0, -1.5)), 0.5), "{fallen:?}");
            assert!(close(fallen.distance(Vec2::new(1.0, -0.5)), 0.8), "{fallen:?}");
            assert!(close(fallen.bottom, 0.0) && close(fallen.top, 0.4), "{fallen:?}");
        }
    }

    #[test]
    fn a_line_crosses_where_it_lies_within() {
        let pose = ObjectPose { position: Vec3::ZERO, rotation: Quat::IDENTITY };
        for footprint in [Footprint::Disc(0.5), Footprint::Rectangle([0.5, 0.5])] {
            let outline = Outline::of(&object(footprint, 1.0), &pose);
            let [first, last] = outline.crossing(Vec2::new(-1.0, 0.0), Vec2::new(1.0, 0.0)).unwrap();
            assert!(close(first, 0.25) && close(last, 0.75), "{footprint:?}");
            let [first, last] = outline.crossing(Vec2::ZERO, Vec2::new(0.0, 2.0)).unwrap();
            assert!(close(first, 0.0) && close(last, 0.25), "{footprint:?}");
            assert_eq!(outline.crossing(Vec2::new(-1.0, 0.6), Vec2::new(1.0, 0.6)), None);
            assert_eq!(outline.crossing(Vec2::new(-1.0, 0.0), Vec2::new(-0.6, 0.0)), None);
            assert_eq!(outline.crossing(Vec2::new(2.0, 0.0), Vec2::new(1.0, 0.0)), None);
        }
    }
}
