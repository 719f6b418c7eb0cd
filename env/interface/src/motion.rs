//! What an action does to the body, and where a body comes to by its own account of them.

use serde::{Deserialize, Serialize};

/// What one action does to the body if nothing hinders it, in the body's own frame: it moves, and then turns.
///
/// It is nominal. A wall that stops a move, or an eye that is tilted as far as it goes, is not in it: an agent that adds
/// motions up knows where it is no better than one that counts its steps with its eyes closed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Motion {
    /// Metres the way it faces.
    pub forward: f32,
    /// Metres to its left.
    pub left: f32,
    /// Radians it turns to the left.
    pub turn: f32,
    /// Radians the eye tilts up.
    pub tilt: f32,
}

/// Where a body is and which way it looks, seen from some other pose: the zero pose is that other one itself.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pose {
    /// Metres ahead.
    pub forward: f64,
    /// Metres to the left.
    pub left: f64,
    /// Radians that it faces to the left; it counts on past a full turn.
    pub heading: f64,
    /// Radians that it looks higher.
    pub tilt: f64,
}

impl Pose {
    /// The pose after one more motion that nothing hindered.
    pub fn after(self, motion: &Motion) -> Pose {
        let (sin, cos) = libm::sincos(self.heading);
        let (forward, left) = (f64::from(motion.forward), f64::from(motion.left));
        Pose {
            forward: self.forward + cos * forward - sin * left,
            left: self.left + sin * forward + cos * left,
            heading: self.heading + f64::from(motion.turn),
            tilt: self.tilt + f64::from(motion.tilt),
        }
    }

    /// This pose as seen from `origin`, where both are given in one frame.
    pub fn seen_from(self, origin: Pose) -> Pose {
        let (sin, cos) = libm::sincos(origin.heading);
        let (forward, left) = (self.forward - origin.forward, self.left - origin.left);
        Pose {
            forward: cos * forward + sin * left,
            left: cos * left - sin * forward,
            heading: self.heading - origin.heading,
            tilt: self.tilt - origin.tilt,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_PI_2;

    use super::*;

    const AHEAD: Motion = Motion { forward: 1.0, left: 0.0, turn: 0.0, tilt: 0.0 };
    const SIDEWAYS: Motion = Motion { forward: 0.0, left: 0.5, turn: 0.0, tilt: 0.0 };
    const TURN: Motion = Motion { forward: 0.0, left: 0.0, turn: FRAC_PI_2, tilt: 0.0 };
    const UP: Motion = Motion { forward: 0.0, left: 0.0, turn: 0.0, tilt: 0.25 };

    fn walk(motions: &[Motion]) -> Pose {
        motions.iter().fold(Pose::default(), Pose::after)
    }

    fn assert_near(pose: Pose, expected: [f64; 4]) {
        let found = [pose.forward, pose.left, pose.heading, pose.tilt];
        let near = found.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-6);
        assert!(near, "{found:?} is not {expected:?}");
    }

    #[test]
    fn a_walk_around_a_corner() {
        let quarter = f64::from(FRAC_PI_2);
        assert_near(walk(&[AHEAD, AHEAD, TURN, AHEAD, SIDEWAYS, UP]), [1.5, 1.0, quarter, 0.25]);
        // Four corners lead back, one full turn on.
        assert_near(walk(&[[AHEAD, TURN]; 4].concat()), [0.0, 0.0, 4.0 * quarter, 0.0]);
    }

    #[test]
    fn what_was_done_since_is_what_is_seen_from_there() {
        let (before, since) = ([AHEAD, TURN, UP, SIDEWAYS], [AHEAD, TURN, SIDEWAYS, TURN, AHEAD, UP]);
        let (start, end) = (walk(&before), walk(&[&before[..], &since[..]].concat()));
        let alone = walk(&since);
        assert_near(end.seen_from(start), [alone.forward, alone.left, alone.heading, alone.tilt]);
        // And the other way round: from two metres ahead, turned left, the start lies two metres to the left.
        assert_near(Pose::default().seen_from(walk(&[AHEAD, AHEAD, TURN])), [0.0, 2.0, -f64::from(FRAC_PI_2), 0.0]);
    }
}
