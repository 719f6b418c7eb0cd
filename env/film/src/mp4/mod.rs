//! A film as MP4: H.264, yuv420p, index before the data so that it plays while it loads.

mod container;
mod encoder;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::canvas::Canvas;
use crate::error::FilmError;
use crate::pending::PendingFile;
use crate::yuv::Planes;

use container::{Track, write_film};
use encoder::H264;

/// Coded pictures are kept in memory (about a megabyte a second of film) until the index can be written before them.
pub(crate) struct Mp4Film {
    path: PathBuf,
    file: PendingFile,
    planes: Planes,
    encoder: H264,
    track: Track,
}

impl Mp4Film {
    /// Sides are even and allowed by the encoder, the rate is positive: checked by the caller.
    pub(crate) fn create(path: &Path, size: (u16, u16), fps: f64, overwrite: bool) -> Result<Self, FilmError> {
        let file = PendingFile::create(path, overwrite)?;
        let encoder = H264::new(fps).map_err(|error| FilmError::encoder(path, error))?;
        let planes = Planes::new(usize::from(size.0), usize::from(size.1));
        Ok(Self { path: path.to_path_buf(), file, planes, encoder, track: Track::new(size, fps) })
    }

    pub(crate) fn push(&mut self, canvas: &Canvas) -> Result<(), FilmError> {
        self.planes.read(canvas);
        self.encoder.encode(&self.planes, &mut self.track).map_err(|error| FilmError::encoder(&self.path, error))
    }

    pub(crate) fn finish(mut self) -> Result<(), FilmError> {
        let head = self.track.head().map_err(|error| FilmError::encoder(&self.path, error))?;
        let writer = self.file.writer();
        write_film(writer, &head, self.track.data()).map_err(FilmError::io(&self.path))?;
        writer.flush().map_err(FilmError::io(&self.path))?;
        self.file.finish()
    }
}
