//! Where the agent is by its own account: its actions, added up.

use groundling_interface::{InvalidSetting, Motion, Pose};
use groundling_nn::to_host;
use tch::Tensor;

/// Wavelengths of the waves that tell of a place, metres: from a room's size down to that of a thing in it.
const WAVELENGTHS: [f64; 3] = [8.0, 4.0, 2.0];
/// Metres that are one unit of the plain coordinates.
const UNIT: f64 = 4.0;

/// Numbers that describe a pose.
pub(super) const NUM_POSE_FEATURES: usize = 2 + 4 * WAVELENGTHS.len() + 6;

/// What each action is meant to do. A move that something stopped is counted as if it had succeeded, and a tilt past the
/// eye's limit too: the agent is told nothing of it, and has to see it.
#[derive(Debug)]
pub(super) struct Odometry(Vec<Motion>);

impl Odometry {
    /// With the motion of each action, in index order.
    pub(super) fn new(motions: &[Motion]) -> Self {
        Self(motions.to_vec())
    }

    /// Whether these motions are those of `num_actions` actions. `key` and `value` choose what needs them.
    pub(super) fn check(
        motions: &[Motion],
        num_actions: usize,
        key: &str,
        value: &'static str,
    ) -> Result<(), InvalidSetting> {
        let expected = "must be another one: this environment does not say how its actions move the body";
        InvalidSetting::unless(motions.len() == num_actions, key, value, expected)
    }

    /// The pose in each row of each room, `[T+1][B]`, after actions i64 `[T, B]`, as seen from the first row of its
    /// episode, or from row 0 where that is not shown. `begins(t, room)` tells where an episode begins. On the host and in
    /// f64: a row's pose depends to the last bit on its own episode alone.
    pub(super) fn poses(&self, actions: &Tensor, begins: impl Fn(usize, usize) -> bool) -> Vec<Vec<Pose>> {
        let num_rooms = actions.size()[1] as usize;
        let mut poses = vec![vec![Pose::default(); num_rooms]];
        for (t, actions) in to_host(actions).chunks(num_rooms.max(1)).enumerate() {
            let pose_after = |(room, &action): (usize, &f32)| match self.0.get(action as usize) {
                Some(motion) if !begins(t + 1, room) => poses[t][room].after(motion),
                _ => Pose::default(),
            };
            poses.push(actions.iter().enumerate().map(pose_after).collect());
        }
        poses
    }
}

/// A pose as a network reads it: place, plainly and in waves, and the sines and cosines of its angles.
pub(super) fn pose_features(pose: Pose) -> [f32; NUM_POSE_FEATURES] {
    let mut features = [0.0; NUM_POSE_FEATURES];
    let place = [pose.forward, pose.left];
    let waves = WAVELENGTHS.iter().flat_map(|length| place.map(|metres| metres * std::f64::consts::TAU / length));
    let angles = waves.chain([pose.heading, 2.0 * pose.heading, pose.tilt]);
    let numbers =
        place.into_iter().map(|metres| metres / UNIT).chain(angles.flat_map(|angle| [angle.sin(), angle.cos()]));
    for (feature, number) in features.iter_mut().zip(numbers) {
        *feature = number as f32;
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poses_begin_anew_with_each_episode() {
        let motions = [Motion::default(), Motion { forward: 1.0, ..Motion::default() }];
        let odometry = Odometry::new(&motions);
        let poses = |actions: &[i64]| {
            let actions = Tensor::from_slice(actions).view([-1, 2]);
            odometry.poses(&actions, |t, room| (t, room) == (3, 0))
        };
        let places: Vec<[f64; 2]> =
            poses(&[1, 0, 1, 1, 1, 1, 1, 0]).iter().map(|row| [row[0].forward, row[1].forward]).collect();
        assert_eq!(places, [[0.0, 0.0], [1.0, 0.0], [2.0, 1.0], [0.0, 2.0], [1.0, 2.0]]);
        assert_eq!(poses(&[0, 0, 1, 1, 0, 1, 1, 0])[4], poses(&[1, 0, 1, 1, 1, 1, 1, 0])[4]);
        assert_eq!(poses(&[]), [vec![Pose::default(); 2]]);
    }

    #[test]
    fn features_tell_poses_apart_and_full_turns_not() {
        let pose = Pose { forward: 1.0, left: -0.5, heading: 0.7, tilt: 0.2 };
        let distance = |other: Pose| -> f32 {
            pose_features(pose).iter().zip(pose_features(other)).map(|(one, other)| (one - other).abs()).sum()
        };
        assert!(distance(Pose { heading: pose.heading + std::f64::consts::TAU, ..pose }) < 1e-5);
        let others = [
            Pose { forward: 1.1, ..pose },
            Pose { left: -0.4, ..pose },
            Pose { heading: 0.8, ..pose },
            Pose { tilt: 0.1, ..pose },
        ];
        assert!(others.into_iter().all(|other| distance(other) > 0.05));
        assert!(pose_features(pose).iter().all(|feature| feature.is_finite() && feature.abs() > 0.0));
    }
}
