//! A film as an animated GIF, which plays for ever.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};

use crate::canvas::Canvas;
use crate::error::FilmError;
use crate::pending::PendingFile;

/// Speed of the palette search, 1 (best) to 30.
const QUANTIZER_SPEED: i32 = 10;

pub(crate) struct GifFilm {
    path: PathBuf,
    fps: f64,
    num_frames: u32,
    file: PendingFile,
    encoder: Encoder<BufWriter<File>>,
}

fn failed(path: &Path) -> impl Fn(EncodingError) -> FilmError + use<> {
    let path = path.to_path_buf();
    move |error| match error {
        EncodingError::Io(source) => FilmError::Io { path: path.clone(), source },
        other => FilmError::encoder(&path, other),
    }
}

impl GifFilm {
    pub(crate) fn create(path: &Path, size: (u16, u16), fps: f64, overwrite: bool) -> Result<Self, FilmError> {
        let file = PendingFile::create(path, overwrite)?;
        let mut encoder = Encoder::new(BufWriter::new(file.file()?), size.0, size.1, &[]).map_err(failed(path))?;
        encoder.set_repeat(Repeat::Infinite).map_err(failed(path))?;
        Ok(Self { path: path.to_path_buf(), fps, num_frames: 0, file, encoder })
    }

    /// Hundredths of a second from the film's beginning to picture `index`; rounded so that no error adds up.
    fn time_of(&self, index: u32) -> u32 {
        (f64::from(index) * 100.0 / self.fps).round() as u32
    }

    pub(crate) fn push(&mut self, canvas: &Canvas) -> Result<(), FilmError> {
        let (Ok(width), Ok(height)) = (u16::try_from(canvas.width()), u16::try_from(canvas.height())) else {
            return Err(FilmError::CanvasSize { width: canvas.width(), height: canvas.height() });
        };
        let mut frame = Frame::from_rgb_speed(width, height, canvas.rgb(), QUANTIZER_SPEED);
        let delay = self.time_of(self.num_frames + 1).saturating_sub(self.time_of(self.num_frames));
        frame.delay = u16::try_from(delay).unwrap_or(u16::MAX);
        frame.dispose = DisposalMethod::Keep;
        self.encoder.write_frame(&frame).map_err(failed(&self.path))?;
        self.num_frames += 1;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), FilmError> {
        let mut writer = self.encoder.into_inner().map_err(failed(&self.path))?;
        writer.flush().map_err(FilmError::io(&self.path))?;
        self.file.finish()
    }
}
