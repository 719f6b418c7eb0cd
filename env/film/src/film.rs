//! The film writer: one picture after the other, and a file that appears only when it is complete.

use std::path::{Path, PathBuf};

use crate::canvas::Canvas;
use crate::error::FilmError;
use crate::gif::GifFilm;
use crate::mp4::Mp4Film;
use crate::sequence::{self, Sequence};
use crate::webp::WebpFilm;

/// What a film is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilmFormat {
    /// H.264, yuv420p, index first; sides even, 16x16 to 3840x2160 (or upright); a key picture each second.
    Mp4,
    /// Animated, 256 colours a picture, for ever; sides up to 4096, at most 50 pictures a second.
    Gif,
    /// Animated, lossless, for ever; sides up to 4096, at most 60 pictures a second.
    Webp,
    /// A folder of numbered pictures: `film.png` becomes `film/00000.png`, `film/00001.png`, ...
    Png,
}

impl FilmFormat {
    /// The format a file's name asks for.
    pub fn of(path: &Path) -> Result<Self, FilmError> {
        let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        match extension.as_deref() {
            Some("mp4") => Ok(Self::Mp4),
            Some("gif") => Ok(Self::Gif),
            Some("webp") => Ok(Self::Webp),
            Some("png") => Ok(Self::Png),
            _ => Err(FilmError::UnknownExtension { path: path.to_path_buf() }),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Mp4 => "MP4",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Png => "PNG",
        }
    }

    fn check(self, width: usize, height: usize, fps: f64) -> Result<(u16, u16), FilmError> {
        let (long, short) = (width.max(height), width.min(height));
        let (fits, size_rule) = match self {
            Self::Mp4 => (
                width.is_multiple_of(2) && height.is_multiple_of(2) && (16..=2160).contains(&short) && long <= 3840,
                "both sides must be even, at least 16 pixels, and at most 3840x2160",
            ),
            Self::Gif | Self::Webp | Self::Png => {
                (short >= 1 && long <= 4096, "each side must lie between 1 and 4096 pixels")
            }
        };
        let size = u16::try_from(width).ok().zip(u16::try_from(height).ok()).filter(|_| fits);
        let format = self.name();
        let size = size.ok_or(FilmError::FilmSize { format, width, height, rule: size_rule })?;
        let (most, rate_rule) = match self {
            Self::Gif => (50.0, "it must lie between 0.1 and 50"),
            // Browsers slow down what is shown for a hundredth of a second or less.
            Self::Webp => (60.0, "it must lie between 0.1 and 60"),
            Self::Mp4 | Self::Png => (240.0, "it must lie between 0.1 and 240"),
        };
        if !(0.1..=most).contains(&fps) {
            return Err(FilmError::FrameRate { format, fps, rule: rate_rule });
        }
        Ok(size)
    }
}

enum Sink {
    Mp4(Box<Mp4Film>),
    Gif(Box<GifFilm>),
    Webp(Box<WebpFilm>),
    Png(Sequence),
}

/// Writes a film. It is built under a temporary name beside its target and gets its own name in
/// [`finish`](FilmWriter::finish); dropped before, it leaves nothing.
pub struct FilmWriter {
    target: PathBuf,
    width: usize,
    height: usize,
    num_frames: usize,
    sink: Sink,
}

impl FilmWriter {
    /// Begins a film of `width` x `height` pixels at `fps` pictures a second; the path's extension chooses the
    /// [`FilmFormat`]. What is there already is an error unless `overwrite`, and is kept until the film is finished.
    pub fn create(path: &Path, width: usize, height: usize, fps: f64, overwrite: bool) -> Result<Self, FilmError> {
        let format = FilmFormat::of(path)?;
        let size = format.check(width, height, fps)?;
        let (target, sink) = match format {
            FilmFormat::Mp4 => (path.to_path_buf(), Sink::Mp4(Box::new(Mp4Film::create(path, size, fps, overwrite)?))),
            FilmFormat::Gif => (path.to_path_buf(), Sink::Gif(Box::new(GifFilm::create(path, size, fps, overwrite)?))),
            FilmFormat::Webp => {
                (path.to_path_buf(), Sink::Webp(Box::new(WebpFilm::create(path, size, fps, overwrite)?)))
            }
            FilmFormat::Png => (sequence::folder_of(path), Sink::Png(Sequence::create(path, overwrite)?)),
        };
        Ok(Self { target, width, height, num_frames: 0, sink })
    }

    /// The file, or for PNG the folder, that will be there in the end.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Pictures so far.
    pub fn num_frames(&self) -> usize {
        self.num_frames
    }

    /// Adds a picture, which must have the film's size.
    pub fn push(&mut self, canvas: &Canvas) -> Result<(), FilmError> {
        if (canvas.width(), canvas.height()) != (self.width, self.height) {
            return Err(FilmError::FrameSize {
                width: self.width,
                height: self.height,
                found_width: canvas.width(),
                found_height: canvas.height(),
            });
        }
        match &mut self.sink {
            Sink::Mp4(film) => film.push(canvas),
            Sink::Gif(film) => film.push(canvas),
            Sink::Webp(film) => film.push(canvas),
            Sink::Png(film) => film.push(canvas),
        }?;
        self.num_frames += 1;
        Ok(())
    }

    /// Completes the film and gives it its name. A film without a picture is an error and leaves nothing.
    pub fn finish(self) -> Result<(), FilmError> {
        if self.num_frames == 0 {
            return Err(FilmError::NoFrames { path: self.target });
        }
        match self.sink {
            Sink::Mp4(film) => film.finish(),
            Sink::Gif(film) => film.finish(),
            Sink::Webp(film) => film.finish(),
            Sink::Png(film) => film.finish(),
        }
    }
}
