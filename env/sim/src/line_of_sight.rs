//! What hides what: straight lines from an eye, through walls and objects.

use glam::{Vec2, Vec3};
use groundling_room::FloorPlan;

use crate::outline::{Outline, crossing, from_above};

/// Whether the straight line from `eye` to `target` passes through a wall or through one of `obstacles`, each taken for
/// its outline from its lowest to its highest point.
pub(crate) fn is_hidden(
    eye: Vec3,
    target: Vec3,
    plan: &FloorPlan,
    mut obstacles: impl Iterator<Item = Outline>,
) -> bool {
    let (from, to) = (from_above(eye), from_above(target));
    // The outer walls stand around a rectangle, and no line between two points of it leaves it.
    if plan.notch.is_some_and(|notch| crossing(from, to - from, [notch.x, notch.z]).is_some()) {
        return true;
    }
    let rise = target.y - eye.y;
    obstacles.any(|obstacle| {
        let heights = |[first, last]: [f32; 2]| [eye.y + first * rise, eye.y + last * rise];
        let passes_through = |[a, b]: [f32; 2]| a.min(b) < obstacle.top && a.max(b) > obstacle.bottom;
        obstacle.crossing(from, to).map(heights).is_some_and(passes_through)
    })
}

/// A direction as seen by an eye that looks along `yaw`: how far ahead it leads, and how far to the left.
pub(crate) fn ahead_and_left(yaw: f32, direction: Vec2) -> Vec2 {
    let heading = Vec2::from_angle(yaw);
    Vec2::new(-heading.y * direction.x - heading.x * direction.y, -heading.x * direction.x + heading.y * direction.y)
}
