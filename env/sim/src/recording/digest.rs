//! Short names of what the room was and what was drawn of it at one step. The two are kept apart, so that a replay can
//! tell a room that moved otherwise from a picture that was drawn otherwise.
//!
//! They are fast hashes (XXH3), so that recording costs training nothing: they tell one step from another, and protect
//! against nobody who wants to deceive. The file as a whole has a SHA-256.

use std::fmt;

use groundling_interface::{StepKind, TimeStep};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::privileged::Privileged;

/// What the room was at a step: the body, the pose of every object, which is held, which are visited, the reward and the
/// kind of the step. What decides it is computed in deterministic mathematics, with the same bits on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateDigest(pub u64);

/// What was drawn for the agent at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureDigest(pub u32);

/// Both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StepDigest {
    /// What the room was.
    pub state: StateDigest,
    /// What was drawn.
    pub picture: PictureDigest,
}

impl StateDigest {
    /// The digest of `step`, while the room of `privileged` is still at it.
    pub fn of(step: &TimeStep, privileged: &Privileged) -> Self {
        let kind = match step.kind {
            StepKind::First => 0_u8,
            StepKind::Mid => 1,
            StepKind::Terminated => 2,
            StepKind::Truncated => 3,
        };
        let mut hash = Xxh3::new();
        hash.update(&[kind]);
        floats(&mut hash, &[step.observation.last_reward]);
        let shared = privileged.lock();
        let world = &shared.world;
        let body = world.body();
        floats(&mut hash, &body.position.to_array());
        floats(&mut hash, &[body.yaw, body.pitch]);
        let num_objects = world.spec().objects.len();
        // 0 for none, so that no object's index means it.
        hash.update(&(world.held().map_or(0, |held| held as u64 + 1)).to_le_bytes());
        hash.update(&(num_objects as u64).to_le_bytes());
        for object in 0..num_objects {
            let pose = world.object_pose(object);
            floats(&mut hash, &pose.position.to_array());
            floats(&mut hash, &pose.rotation.to_array());
            hash.update(&[u8::from(world.visits().is_visited(object))]);
        }
        Self(hash.digest())
    }
}

/// A room that diverged may hold a NaN, of which there are many; which one depends on the machine.
fn floats(hash: &mut Xxh3, values: &[f32]) {
    for &value in values {
        let value = if value.is_nan() { f32::NAN } else { value };
        hash.update(&value.to_le_bytes());
    }
}

impl PictureDigest {
    /// The digest of a picture, `[height, width, 3]`: the low half of its XXH3.
    pub fn of(rgb: &[u8]) -> Self {
        Self(xxh3_64(rgb) as u32)
    }
}

impl StepDigest {
    /// The digest of `step`, while the room of `privileged` is still at it.
    pub fn of(step: &TimeStep, privileged: &Privileged) -> Self {
        Self { state: StateDigest::of(step, privileged), picture: PictureDigest::of(&step.observation.rgb) }
    }
}

impl fmt::Display for StateDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Display for PictureDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}
