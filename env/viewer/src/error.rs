//! Why a picture could not be drawn.

/// Why bevy could not draw.
#[derive(Debug, thiserror::Error)]
pub enum ViewerError {
    /// There is nothing to draw with.
    #[error(
        "no Vulkan adapter was found; install one that works without a GPU with `apt-get install mesa-vulkan-drivers`, \
         or draw with --renderer cpu"
    )]
    NoAdapter,
    /// The adapter was found and refused to work.
    #[error("the graphics adapter {adapter} could not be used: {reason}; try --renderer cpu")]
    AdapterFailed {
        /// Its name.
        adapter: String,
        /// What it said.
        reason: String,
    },
    /// A picture of a size that cannot be drawn.
    #[error("a picture of {width}x{height} pixels cannot be drawn; each side must lie between {least} and {most}")]
    Size {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// The least of a side.
        least: usize,
        /// The most of a side.
        most: usize,
    },
    /// The adapter drew something else, or nothing, however often it was asked.
    #[error(
        "the graphics adapter {adapter} did not draw step {step} completely in {attempts} attempts: {missing}; \
         try --renderer cpu"
    )]
    Incomplete {
        /// Its name.
        adapter: String,
        /// The step.
        step: u32,
        /// How often it was asked.
        attempts: usize,
        /// What was not as it should be.
        missing: String,
    },
    /// A picture did not come back from the adapter.
    #[error("a picture did not come back from the graphics adapter: {0}")]
    Readback(String),
    /// The CPU renderer, which pictures are checked against, refused.
    #[error(transparent)]
    Reference(#[from] groundling_render::RenderError),
}
