//! Where the rooms of one actor stand between two unrolls.

use std::ops::Range;

use groundling_belief::FrozenBelief;
use groundling_model::Agent;

use crate::{Checkpoint, RoomCursor};

/// Everything that acting goes on from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    /// Where each room stands, `[E]`.
    pub(crate) cursors: Vec<RoomCursor>,
    /// The core state of each room before its present step is seen, `[E]`.
    pub(crate) beliefs: Vec<FrozenBelief>,
}

impl Place {
    /// In rooms in which nothing has happened yet.
    pub(crate) fn fresh(num_rooms: usize, agent: &Agent) -> Self {
        Self { cursors: vec![RoomCursor::default(); num_rooms], beliefs: agent.zero_state(num_rooms).freeze_all() }
    }

    /// That of the rooms `rooms` in a checkpoint, if it knows all of them.
    pub(crate) fn resumed(checkpoint: &Checkpoint, rooms: Range<usize>) -> Option<Self> {
        let (cursors, beliefs) = (checkpoint.cursors.get(rooms.clone())?, checkpoint.beliefs.get(rooms)?);
        Some(Self { cursors: cursors.to_vec(), beliefs: beliefs.to_vec() })
    }
}
