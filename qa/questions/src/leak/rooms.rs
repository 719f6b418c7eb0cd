//! What the check keeps of a room.

use std::collections::BTreeSet;

use groundling_room::{Color, RoomSpec, Shape};
use sha2::{Digest, Sha256};

/// A room, as far as leaks go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomRecord {
    /// The seed it was drawn with.
    pub seed: u64,
    /// SHA-256 of everything in it but its seed.
    pub content: [u8; 32],
    /// The pairs of its objects.
    pub pairs: BTreeSet<(Shape, Color)>,
}

impl RoomRecord {
    /// Of a room.
    pub fn of(spec: &RoomSpec) -> Self {
        // As text that tells every number apart.
        let content = format!("{:?}", RoomSpec { seed: 0, ..spec.clone() });
        Self {
            seed: spec.seed,
            content: Sha256::digest(content.as_bytes()).into(),
            pairs: spec.objects.iter().map(|object| (object.shape, object.color)).collect(),
        }
    }
}
