//! What only the simulator knows: the truth that questions are asked about. Reaches no actor.

use serde::{Deserialize, Serialize};

use crate::vocabulary::{Color, Shape, Size};

/// One object, now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectFacts {
    /// What it is.
    pub shape: Shape,
    /// Colour of its characteristic part.
    pub color: Color,
    /// Small, medium or large.
    pub size: Size,
    /// Centre of its footprint, metres.
    pub position: [f32; 3],
    /// Radians about +y.
    pub yaw: f32,
    /// Visited since the last refresh.
    pub visited: bool,
    /// Pixels of the agent's present picture that show it.
    pub pixels_now: u32,
    /// The most pixels that showed it in any step so far.
    pub most_pixels: u32,
    /// Step at which it was first seen, by at least one pixel.
    pub first_seen: Option<u32>,
    /// Step at which it was last seen.
    pub last_seen: Option<u32>,
}

/// The whole truth of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorldFacts {
    /// Seed of the episode.
    pub episode_seed: u64,
    /// Steps since the reset.
    pub step: u32,
    /// Every object, in the order of the room's spec (object ids less one).
    pub objects: Vec<ObjectFacts>,
}
