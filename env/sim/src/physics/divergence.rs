//! What may go wrong in a simulation of contacts, and is never drawn, told or carried on with.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What went wrong with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivergenceKind {
    /// Its place or its velocity is not a finite number.
    NotFinite,
    /// It is beyond the walls, the floor or the ceiling.
    OutOfRoom,
}

/// An object that went astray. The episode ends where the room was last sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divergence {
    /// Its index in the room's spec.
    pub object: u16,
    /// What went wrong with it.
    pub what: DivergenceKind,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            DivergenceKind::NotFinite => "has no finite place or velocity any more",
            DivergenceKind::OutOfRoom => "has left the room",
        };
        write!(f, "object {} {what}", self.object)
    }
}
