//! The picture one draws on.

use std::io::Write;
use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::Color;
use crate::error::FilmError;
use crate::pending::PendingFile;
use crate::picture::{Picture, Rect};

/// Greatest side of a canvas, pixels.
pub const MAX_SIDE: usize = 8192;

/// An sRGB picture, `[height, width, 3]`. Whatever is drawn beyond its edges is cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

fn check_size(width: usize, height: usize) -> Result<(), FilmError> {
    let allowed = 1..=MAX_SIDE;
    if allowed.contains(&width) && allowed.contains(&height) {
        Ok(())
    } else {
        Err(FilmError::CanvasSize { width, height })
    }
}

impl Canvas {
    /// A canvas of one colour; each side from 1 to [`MAX_SIDE`].
    pub fn new(width: usize, height: usize, color: Color) -> Result<Self, FilmError> {
        check_size(width, height)?;
        Ok(Self { width, height, rgb: color.repeat(width * height) })
    }

    /// A canvas that begins as a copy of a picture.
    pub fn of(picture: Picture<'_>) -> Result<Self, FilmError> {
        check_size(picture.width(), picture.height())?;
        Ok(Self { width: picture.width(), height: picture.height(), rgb: picture.rgb().to_vec() })
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Its bytes, `[height, width, 3]`, sRGB.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Itself as a picture.
    pub fn picture(&self) -> Picture<'_> {
        Picture::of_canvas(self)
    }

    /// Paints all of it.
    pub fn fill(&mut self, color: Color) {
        for pixel in self.rgb.chunks_exact_mut(3) {
            pixel.copy_from_slice(&color);
        }
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, rect: Rect, color: Color) {
        for y in rect.rows(self.height) {
            for pixel in self.span(y, rect.columns(self.width)).chunks_exact_mut(3) {
                pixel.copy_from_slice(&color);
            }
        }
    }

    /// The outline of a rectangle, drawn inside it.
    pub fn outline(&mut self, rect: Rect, thickness: i32, color: Color) {
        let Rect { x, y, width, height } = rect;
        self.rectangle(Rect { x, y, width, height: thickness }, color);
        self.rectangle(Rect { x, y: y.saturating_add(height - thickness), width, height: thickness }, color);
        self.rectangle(Rect { x, y, width: thickness, height }, color);
        self.rectangle(Rect { x: x.saturating_add(width - thickness), y, width: thickness, height }, color);
    }

    /// A horizontal bar that fills `share` (0 to 1) of a rectangle, on a track of its own colour.
    pub fn bar(&mut self, rect: Rect, share: f32, color: Color, track: Color) {
        self.rectangle(rect, track);
        let share = if share > 0.0 { share.min(1.0) } else { 0.0 };
        self.rectangle(Rect { width: (rect.width as f32 * share).round() as i32, ..rect }, color);
    }

    /// Bytes of part of a row; empty beyond the edges.
    pub(crate) fn span(&mut self, y: usize, columns: std::ops::Range<usize>) -> &mut [u8] {
        let row = y * self.width;
        self.rgb.get_mut(3 * (row + columns.start)..3 * (row + columns.end)).unwrap_or(&mut [])
    }

    /// Mixes a colour over one pixel; `coverage` 0 leaves it, 1 replaces it.
    pub(crate) fn mix(&mut self, x: usize, y: usize, coverage: f32, color: Color) {
        if x < self.width && y < self.height {
            for (old, new) in self.span(y, x..x + 1).iter_mut().zip(color) {
                *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * coverage).round() as u8;
            }
        }
    }

    /// Writes it as one PNG file, whole or not at all; what is there is kept unless `overwrite`.
    pub fn save_png(&self, path: &Path, overwrite: bool) -> Result<(), FilmError> {
        let is_png = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
        if !is_png {
            return Err(FilmError::UnknownExtension { path: path.to_path_buf() });
        }
        let mut file = PendingFile::create(path, overwrite)?;
        file.writer().write_all(&self.to_png()?).map_err(FilmError::io(path))?;
        file.finish()
    }

    /// The bytes of a PNG file.
    pub fn to_png(&self) -> Result<Vec<u8>, FilmError> {
        let (Ok(width), Ok(height)) = (u32::try_from(self.width), u32::try_from(self.height)) else {
            return Err(FilmError::CanvasSize { width: self.width, height: self.height });
        };
        let mut bytes = Vec::new();
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
            .write_image(&self.rgb, width, height, ExtendedColorType::Rgb8)
            .map_err(|error| FilmError::encoder(Path::new("picture.png"), error))?;
        Ok(bytes)
    }
}
