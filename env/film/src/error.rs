//! What can go wrong with pictures and films.

use std::io;
use std::path::{Path, PathBuf};

use crate::canvas::MAX_SIDE;

/// Why a picture or a film could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    /// The file's name does not say what to write.
    #[error("{}: a film's name must end in .mp4, .gif, .webp or .png", path.display())]
    UnknownExtension {
        /// The path given.
        path: PathBuf,
    },
    /// Something is there already.
    #[error("{}: exists already; give another name or allow overwriting", path.display())]
    AlreadyExists {
        /// What is there.
        path: PathBuf,
    },
    /// A folder that would have to be replaced holds more than a film's pictures.
    #[error("{}: holds {} which is no picture of a film, so it is left alone; give another name", path.display(), found.display())]
    FolderHoldsOtherThings {
        /// The folder.
        path: PathBuf,
        /// A name in it.
        found: PathBuf,
    },
    /// A picture is empty or too large.
    #[error("a picture of {width}x{height} is not possible: each side must lie between 1 and {MAX_SIDE} pixels")]
    CanvasSize {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// The bytes given are not a picture of the size given.
    #[error("{found} bytes are not a picture of {width}x{height} RGB pixels ({} bytes)", width.saturating_mul(*height).saturating_mul(3))]
    PictureBytes {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// How many bytes came.
        found: usize,
    },
    /// The format cannot hold pictures of this size.
    #[error("{width}x{height} cannot be written as {format}: {rule}")]
    FilmSize {
        /// `MP4`, `GIF`, `WebP` or `PNG`.
        format: &'static str,
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// What is allowed.
        rule: &'static str,
    },
    /// A story so small that its words do not fit.
    #[error(
        "a story of {width}x{height} has no room for its words: the smallest is {least_width}x{least_height} \
         (or {least_height}x{least_width})"
    )]
    StorySize {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// The fewest columns of a story that lies or stands as this one would.
        least_width: usize,
        /// The fewest rows.
        least_height: usize,
    },
    /// The format cannot show so many, or so few, pictures a second.
    #[error("{fps} pictures a second cannot be written as {format}: {rule}")]
    FrameRate {
        /// `MP4`, `GIF`, `WebP` or `PNG`.
        format: &'static str,
        /// Pictures a second.
        fps: f64,
        /// What is allowed.
        rule: &'static str,
    },
    /// A picture of another size than the film's.
    #[error("a film of {width}x{height} was given a picture of {found_width}x{found_height}")]
    FrameSize {
        /// The film's columns.
        width: usize,
        /// The film's rows.
        height: usize,
        /// The picture's columns.
        found_width: usize,
        /// The picture's rows.
        found_height: usize,
    },
    /// A film was finished that has no picture.
    #[error("{}: a film without a picture was not written", path.display())]
    NoFrames {
        /// The film.
        path: PathBuf,
    },
    /// The operating system refused: no such folder, no right to write, no space left.
    #[error("{}: {source}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An encoder refused.
    #[error("{}: the encoder failed: {message}", path.display())]
    Encoder {
        /// The film.
        path: PathBuf,
        /// What it said.
        message: String,
    },
}

impl FilmError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn encoder(path: &Path, message: impl ToString) -> Self {
        Self::Encoder { path: path.to_path_buf(), message: message.to_string() }
    }
}
