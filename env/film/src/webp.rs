//! A film as an animated WebP, which plays for ever and loses nothing. The pictures are coded by a crate that writes
//! single ones; what holds them together is written here, after the WebP container specification of Google.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use image_webp::{ColorType, EncodingError, WebPEncoder};

use crate::canvas::Canvas;
use crate::error::FilmError;
use crate::pending::PendingFile;
use crate::picture::Rect;

/// Bytes of a file before its first chunk: `RIFF`, the size of what follows, `WEBP`.
const FILE_HEADER: usize = 12;
/// Where the size of what follows stands.
const SIZE_AT: u64 = 4;
const ANIMATED: u8 = 1 << 1;
/// A picture replaces what is beneath it, and stays.
const DO_NOT_BLEND: u8 = 1 << 1;
/// What a file can hold, bytes.
const LONGEST: u64 = u32::MAX as u64 - 1;

pub(crate) struct WebpFilm {
    path: PathBuf,
    fps: f64,
    num_frames: u32,
    file: PendingFile,
    writer: BufWriter<File>,
    /// Bytes after the size.
    written: u64,
    /// The picture that is shown so far; of the next only what differs is kept.
    shown: Option<Canvas>,
}

impl WebpFilm {
    pub(crate) fn create(path: &Path, size: (u16, u16), fps: f64, overwrite: bool) -> Result<Self, FilmError> {
        let file = PendingFile::create(path, overwrite)?;
        let writer = BufWriter::new(file.file()?);
        let mut film = Self { path: path.to_path_buf(), fps, num_frames: 0, file, writer, written: 0, shown: None };
        film.put(b"RIFF\0\0\0\0WEBP")?;
        film.written = 4;
        let mut head = vec![ANIMATED, 0, 0, 0];
        head.extend(three_bytes(u32::from(size.0) - 1));
        head.extend(three_bytes(u32::from(size.1) - 1));
        film.chunk(b"VP8X", &head)?;
        // Background of no colour; as often as one likes.
        film.chunk(b"ANIM", &[0; 6])?;
        Ok(film)
    }

    /// Milliseconds from the film's beginning to picture `index`; rounded so that no error adds up.
    fn time_of(&self, index: u32) -> u32 {
        (f64::from(index) * 1000.0 / self.fps).round() as u32
    }

    pub(crate) fn push(&mut self, canvas: &Canvas) -> Result<(), FilmError> {
        let part = match &self.shown {
            Some(shown) => changed(shown, canvas),
            None => Rect { x: 0, y: 0, width: canvas.width() as i32, height: canvas.height() as i32 },
        };
        let (width, height) = (part.width as u32, part.height as u32);
        let mut coded = Vec::new();
        WebPEncoder::new(&mut coded).encode(&cut(canvas, part), width, height, ColorType::Rgb8).map_err(|error| {
            match error {
                EncodingError::IoError(source) => FilmError::Io { path: self.path.clone(), source },
                other => FilmError::encoder(&self.path, other),
            }
        })?;
        let duration = self.time_of(self.num_frames + 1).saturating_sub(self.time_of(self.num_frames));
        let mut frame = Vec::with_capacity(coded.len());
        for value in [part.x as u32 / 2, part.y as u32 / 2, width - 1, height - 1, duration] {
            frame.extend(three_bytes(value));
        }
        frame.push(DO_NOT_BLEND);
        frame.extend_from_slice(coded.get(FILE_HEADER..).unwrap_or_default());
        self.chunk(b"ANMF", &frame)?;
        self.shown = Some(canvas.clone());
        self.num_frames += 1;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), FilmError> {
        let size = (self.written as u32).to_le_bytes();
        let io = FilmError::io(&self.path);
        let mut complete = || {
            self.writer.seek(SeekFrom::Start(SIZE_AT))?;
            self.writer.write_all(&size)?;
            self.writer.flush()
        };
        complete().map_err(io)?;
        self.file.finish()
    }

    /// Chunks have even lengths.
    fn chunk(&mut self, name: &[u8; 4], content: &[u8]) -> Result<(), FilmError> {
        let padding = content.len() % 2;
        let length = (8 + content.len() + padding) as u64;
        if self.written + length > LONGEST {
            return Err(FilmError::encoder(&self.path, "a WebP holds at most 4 GB; give fewer or smaller pictures"));
        }
        self.put(name)?;
        self.put(&(content.len() as u32).to_le_bytes())?;
        self.put(content)?;
        self.put(&[0][..padding])?;
        self.written += length;
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), FilmError> {
        self.writer.write_all(bytes).map_err(FilmError::io(&self.path))
    }
}

/// The lower three bytes, the lowest first. No side and no duration of a film needs more.
fn three_bytes(value: u32) -> [u8; 3] {
    let [a, b, c, _] = value.to_le_bytes();
    [a, b, c]
}

/// The smallest part, beginning at even pixels, outside of which two pictures of one size are the same; one pixel where
/// they are the same everywhere.
fn changed(old: &Canvas, new: &Canvas) -> Rect {
    let row_length = 3 * new.width();
    let rows = old.rgb().chunks_exact(row_length).zip(new.rgb().chunks_exact(row_length));
    let (mut left, mut right, mut top, mut bottom) = (new.width(), 0, new.height(), 0);
    for (y, (old, new)) in rows.enumerate() {
        let differs = |&x: &usize| old.get(3 * x..3 * x + 3) != new.get(3 * x..3 * x + 3);
        let columns = 0..row_length / 3;
        if let (true, Some(first), Some(last)) =
            (old != new, columns.clone().find(differs), columns.rev().find(differs))
        {
            (left, right) = (left.min(first), right.max(last));
            (top, bottom) = (top.min(y), y);
        }
    }
    if left > right {
        return Rect { x: 0, y: 0, width: 1, height: 1 };
    }
    let (left, top) = (left / 2 * 2, top / 2 * 2);
    Rect { x: left as i32, y: top as i32, width: (right + 1 - left) as i32, height: (bottom + 1 - top) as i32 }
}

/// The pixels of a part that lies inside.
fn cut(canvas: &Canvas, part: Rect) -> Vec<u8> {
    let columns = part.columns(canvas.width());
    let row = |y: usize| {
        let start = y * canvas.width();
        canvas.rgb().get(3 * (start + columns.start)..3 * (start + columns.end)).unwrap_or_default()
    };
    part.rows(canvas.height()).flat_map(row).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_kept() {
        let old = Canvas::new(20, 10, [7; 3]).unwrap();
        let mut new = old.clone();
        assert_eq!(changed(&old, &new), Rect { x: 0, y: 0, width: 1, height: 1 });
        new.rectangle(Rect { x: 5, y: 3, width: 6, height: 4 }, [9; 3]);
        let part = changed(&old, &new);
        assert_eq!(part, Rect { x: 4, y: 2, width: 7, height: 5 });
        assert_eq!(cut(&new, part).len(), 3 * 7 * 5);
        new.rectangle(Rect { x: 19, y: 9, width: 1, height: 1 }, [9; 3]);
        assert_eq!(changed(&old, &new), Rect { x: 4, y: 2, width: 16, height: 8 });
    }
}
