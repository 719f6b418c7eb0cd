//! What can be wrong with a renderer's settings.

use crate::renderer::{MAX_SIDE, MIN_SIDE};

/// Why a renderer could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A side is too small or too large.
    #[error(
        "a picture of {width}x{height} cannot be drawn: each side must lie between {MIN_SIDE} and {MAX_SIDE} pixels"
    )]
    PictureSize {
        /// Columns asked for.
        width: usize,
        /// Rows asked for.
        height: usize,
    },
}
