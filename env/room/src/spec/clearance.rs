//! Gaps between footprints as they lie on the floor, exact for turned rectangles too: a long thing takes a long place,
//! not the whole disc around it.

use glam::Vec2;

use super::ObjectSpec;
use crate::floor_plan::{FloorPlan, Notch};
use crate::shapes::Footprint;

/// A footprint on the floor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    footprint: Footprint,
    center: Vec2,
    /// Its own x in the room; its own z is at a right angle.
    axis: Vec2,
}

impl Placed {
    pub(super) fn new(footprint: Footprint, [x, _, z]: [f32; 3], yaw: f32) -> Self {
        let axis = Vec2::from_angle(yaw);
        Self { footprint, center: Vec2::new(x, z), axis: Vec2::new(axis.x, -axis.y) }
    }

    fn of_notch(notch: &Notch) -> Self {
        let (low, high) = (Vec2::new(notch.x[0], notch.z[0]), Vec2::new(notch.x[1], notch.z[1]));
        let half = (high - low) * 0.5;
        Self { footprint: Footprint::Rectangle(half.into()), center: low + half, axis: Vec2::X }
    }

    fn axes(&self) -> [Vec2; 2] {
        [self.axis, Vec2::new(-self.axis.y, self.axis.x)]
    }

    /// Radius to round it off with, and half edges of what is rounded off.
    fn parts(&self) -> (f32, Vec2) {
        match self.footprint {
            Footprint::Disc(radius) => (radius, Vec2::ZERO),
            Footprint::Rectangle(half) => (0.0, half.into()),
        }
    }

    /// How far it reaches from its middle in a direction of length 1.
    fn reach(&self, direction: Vec2) -> f32 {
        let ([x, z], (radius, half)) = (self.axes(), self.parts());
        radius + half.x * x.dot(direction).abs() + half.y * z.dot(direction).abs()
    }

    /// Distance of a point from the rectangle; 0 inside.
    fn distance(&self, point: Vec2) -> f32 {
        let (offset, [x, z], (_, half)) = (point - self.center, self.axes(), self.parts());
        (Vec2::new(offset.dot(x).abs(), offset.dot(z).abs()) - half).max(Vec2::ZERO).length()
    }

    fn corners(&self) -> [Vec2; 4] {
        let ([x, z], (_, half)) = (self.axes(), self.parts());
        [[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]]
            .map(|[along_x, along_z]| self.center + x * (along_x * half.x) + z * (along_z * half.y))
    }

    /// Metres between two footprints; 0 or less where they overlap.
    pub(super) fn gap(&self, other: &Placed) -> f32 {
        let between = other.center - self.center;
        let rounding = self.parts().0 + other.parts().0;
        let directions = self.axes().into_iter().chain(other.axes());
        // Where no direction separates what is rounded off, the two overlap.
        let farthest = directions.map(|direction| {
            between.dot(direction).abs() - (self.reach(direction) + other.reach(direction) - rounding)
        });
        let apart = farthest.fold(f32::NEG_INFINITY, f32::max);
        if apart <= 0.0 {
            return apart - rounding;
        }
        let to_other = self.corners().map(|corner| other.distance(corner));
        let to_self = other.corners().map(|corner| self.distance(corner));
        to_other.into_iter().chain(to_self).fold(f32::INFINITY, f32::min) - rounding
    }

    /// Whether two footprints are at least `clearance` apart.
    pub(super) fn is_apart(&self, other: &Placed, clearance: f32) -> bool {
        // Where the discs around them are, nothing finer need be asked.
        let least = self.footprint.radius() + other.footprint.radius() + clearance;
        self.center.distance_squared(other.center) >= least * least || self.gap(other) >= clearance
    }

    /// Whether it lies on the floor, `clearance` away from every wall.
    pub(super) fn lies_on(&self, plan: &FloorPlan, clearance: f32) -> bool {
        let within = |at: f32, side: f32, axis: Vec2| at.abs() + self.reach(axis) + clearance <= side / 2.0;
        within(self.center.x, plan.width, Vec2::X)
            && within(self.center.y, plan.depth, Vec2::Y)
            && plan.notch.is_none_or(|notch| self.gap(&Self::of_notch(&notch)) >= clearance.max(f32::MIN_POSITIVE))
    }
}

impl ObjectSpec {
    pub(super) fn placed(&self) -> Placed {
        Placed::new(self.footprint, self.position, self.yaw)
    }

    /// Metres between the footprints of two objects; 0 or less where they overlap.
    pub fn gap(&self, other: &ObjectSpec) -> f32 {
        self.placed().gap(&other.placed())
    }

    /// Whether it stands on this floor, its footprint `clearance` away from every wall.
    pub fn stands_on(&self, plan: &FloorPlan, clearance: f32) -> bool {
        self.placed().lies_on(plan, clearance)
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_PI_4;

    use super::*;

    fn rectangle(half: [f32; 2], x: f32, z: f32, yaw: f32) -> Placed {
        Placed::new(Footprint::Rectangle(half), [x, 0.0, z], yaw)
    }

    #[test]
    fn gaps_of_hand() {
        let disc = |x: f32, z: f32| Placed::new(Footprint::Disc(0.5), [x, 0.0, z], 0.3);
        let long = rectangle([2.0, 0.5], 0.0, 0.0, 0.0);
        let gaps = [
            (disc(0.0, 0.0).gap(&disc(3.0, 4.0)), 4.0),
            (long.gap(&disc(5.0, 4.5)), 4.5),
            (long.gap(&disc(0.0, 1.2)), 0.2),
            // On its corner, the half diagonal of a square points at its neighbour.
            (long.gap(&rectangle([1.0, 1.0], 0.0, 3.0, FRAC_PI_4)), 2.5 - 2.0_f32.sqrt()),
            (long.gap(&rectangle([0.5, 2.0], 2.0, 3.0, 0.0)), 0.5),
            (rectangle([2.0, 0.5], 0.0, 0.0, 2.0 * FRAC_PI_4).gap(&disc(0.0, 3.0)), 0.5),
        ];
        for (found, expected) in gaps {
            assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
        }
        // A cross: no corner of one lies within the other.
        assert!(long.gap(&rectangle([0.1, 3.0], 0.3, 0.0, 0.0)) < 0.0);
        assert!(disc(0.0, 0.0).gap(&disc(0.4, 0.0)) < 0.0);
    }

    #[test]
    fn turning_follows_the_object() {
        // At yaw 45 degrees the object's own x points to +x and -z.
        let turned = rectangle([1.0, 0.0], 0.0, 0.0, FRAC_PI_4);
        assert!(turned.distance(Vec2::new(0.5, -0.5)) < 1e-6);
        assert!((turned.distance(Vec2::new(0.5, 0.5)) - 0.5_f32.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn a_footprint_keeps_away_from_walls_and_notch() {
        let notch = Notch { x: [1.0, 3.0], z: [-2.0, 0.0] };
        let plan = FloorPlan { width: 6.0, depth: 4.0, notch: Some(notch) };
        let lies = |x: f32, z: f32, yaw: f32| rectangle([1.0, 0.2], x, z, yaw).lies_on(&plan, 0.3);
        assert!(lies(-1.69, 0.0, 0.0) && !lies(-1.71, 0.0, 0.0));
        assert!(lies(-2.49, 0.0, 2.0 * FRAC_PI_4) && !lies(-2.51, 0.0, 2.0 * FRAC_PI_4));
        assert!(lies(1.0, 0.51, 0.0) && !lies(1.0, 0.49, 0.0) && !lies(2.0, -1.0, 0.0));
    }
}
