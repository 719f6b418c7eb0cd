//! The words of the room.

use serde::{Deserialize, Serialize};

/// Index into the table of shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shape(pub u8);

/// Index into the table of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Color(pub u8);

/// How large an object is, relative to its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Size {
    /// The smallest.
    Small,
    /// Between the two.
    Medium,
    /// The largest.
    Large,
}
