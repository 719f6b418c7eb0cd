//! How the body walks: a disc that slides along what is in its way, in the plane.
//!
//! The way is walked in short pieces. After each, the body is pushed out of whatever it came too near to; where that
//! finds no place in a few tries, the piece is not walked. So the body is never nearer to anything than its radius, or
//! than it was before, whatever stands around it: it cannot be wedged in or squeezed through.

use glam::{Vec2, Vec3};
use groundling_room::{Notch, RoomSpec};

use super::obstacle::{Gap, Obstacle, Piece};
use crate::outline::{crossing, from_above};

/// Longest piece of the way, in radii of the body.
const LONGEST_PIECE: f32 = 0.25;
/// How much farther out than needed the body is pushed, metres: rounding never adds up to a step inwards.
const MARGIN: f32 = 1e-5;
/// Tries to find a place for the body after each piece.
const TRIES: u32 = 8;

/// The walls, as the body sees them.
#[derive(Debug, Clone)]
pub(super) struct Walls {
    half: Vec2,
    notch: Option<Notch>,
    block: Option<Piece>,
}

impl Walls {
    pub(super) fn new(spec: &RoomSpec) -> Self {
        let plan = &spec.floor_plan;
        let block = plan.notch.map(|notch| Piece::rectangle(notch.x, notch.z));
        Self { half: Vec2::new(plan.width / 2.0, plan.depth / 2.0), notch: plan.notch, block }
    }

    /// How far a point of the floor is from each of them.
    fn gaps(&self, point: Vec2) -> impl Iterator<Item = Gap> + '_ {
        let wall = |distance, outwards| Gap { distance, outwards };
        [
            wall(self.half.x - point.x, Vec2::NEG_X),
            wall(self.half.x + point.x, Vec2::X),
            wall(self.half.y - point.y, Vec2::NEG_Y),
            wall(self.half.y + point.y, Vec2::Y),
        ]
        .into_iter()
        .chain(self.block.iter().map(move |block| block.gap(point)))
    }

    /// Whether no wall stands between two points of the room.
    pub(super) fn is_open(&self, from: Vec3, to: Vec3) -> bool {
        self.notch.is_none_or(|notch| crossing(from_above(from), from_above(to - from), [notch.x, notch.z]).is_none())
    }

    /// How deep a point lies within a wall, metres; negative on the floor.
    pub(super) fn depth(&self, point: Vec2) -> f32 {
        self.gaps(point).map(|gap| -gap.distance).fold(f32::NEG_INFINITY, f32::max)
    }
}

/// Something that was in the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Touch {
    /// Which object.
    pub(super) object: usize,
    /// From the object to the body, a unit vector.
    pub(super) outwards: Vec2,
    /// Where the body touches it.
    pub(super) point: Vec2,
}

/// The body's way among walls and objects.
pub(super) struct Walker<'a> {
    pub(super) walls: &'a Walls,
    pub(super) obstacles: &'a [Obstacle],
    pub(super) radius: f32,
}

/// Something too near, with how near it may come.
struct Violation {
    gap: Gap,
    depth: f32,
    object: Option<usize>,
}

impl Walker<'_> {
    /// Where the body comes to when it tries to go from `from` by `step`. What it touches is added to `touches`.
    pub(super) fn walk(&self, from: Vec2, step: Vec2, touches: &mut Vec<Touch>) -> Vec2 {
        let length = step.length();
        let pieces = (length / (LONGEST_PIECE * self.radius)).ceil().max(1.0);
        let reach = self.radius + length + MARGIN;
        // Only what is near enough to be met on this way.
        let near: Vec<usize> =
            (0..self.obstacles.len()).filter(|&object| self.obstacles[object].least_distance(from) <= reach).collect();
        let mut place = from;
        for _ in 0..pieces as u32 {
            let next = self.settle(place, place + step / pieces, &near, touches);
            if next == place {
                break;
            }
            place = next;
        }
        place
    }

    /// The place nearest to `wanted` that a few pushes find, or `place`.
    fn settle(&self, place: Vec2, wanted: Vec2, near: &[usize], touches: &mut Vec<Touch>) -> Vec2 {
        let mut next = wanted;
        for _ in 0..TRIES {
            let Some(violation) = self.worst(place, next, near) else { return next };
            let outwards = violation.gap.outwards;
            if let Some(object) = violation.object {
                let known = touches.iter().any(|touch| touch.object == object);
                if !known {
                    let point = next - outwards * violation.gap.distance;
                    touches.push(Touch { object, outwards, point });
                }
            }
            next += outwards * (violation.depth + MARGIN);
        }
        if self.worst(place, next, near).is_none() { next } else { place }
    }

    /// What is nearest to a body at `next` beyond what is allowed, if anything is.
    fn worst(&self, place: Vec2, next: Vec2, near: &[usize]) -> Option<Violation> {
        let mut worst: Option<Violation> = None;
        let mut consider = |before: &dyn Fn() -> f32, gap: Gap, object| {
            if gap.distance >= self.radius {
                return;
            }
            let depth = self.radius.min(before()) - gap.distance;
            if depth > 0.0 && worst.as_ref().is_none_or(|worst| depth > worst.depth) {
                worst = Some(Violation { gap, depth, object });
            }
        };
        for (index, gap) in self.walls.gaps(next).enumerate() {
            let before = || self.walls.gaps(place).nth(index).map_or(self.radius, |gap| gap.distance);
            consider(&before, gap, None);
        }
        for &object in near {
            for piece in &self.obstacles[object].pieces {
                consider(&|| piece.gap(place).distance, piece.gap(next), Some(object));
            }
        }
        worst
    }
}
