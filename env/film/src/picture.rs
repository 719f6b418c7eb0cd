//! Pictures as borrowed pixels, and putting them on a canvas at another size.

use std::ops::Range;

use crate::canvas::Canvas;
use crate::error::FilmError;

/// A part of a canvas, in pixels; `x` and `y` are its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Columns; nothing when not positive.
    pub width: i32,
    /// Rows; nothing when not positive.
    pub height: i32,
}

fn within(from: i32, length: i32, limit: usize) -> Range<usize> {
    let clamp = |at: i64| usize::try_from(at).unwrap_or(0).min(limit);
    let start = clamp(i64::from(from));
    start..clamp(i64::from(from) + i64::from(length.max(0))).max(start)
}

impl Rect {
    pub(crate) fn columns(&self, limit: usize) -> Range<usize> {
        within(self.x, self.width, limit)
    }

    pub(crate) fn rows(&self, limit: usize) -> Range<usize> {
        within(self.y, self.height, limit)
    }
}

/// Borrowed sRGB pixels, `[height, width, 3]`.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    width: usize,
    height: usize,
    rgb: &'a [u8],
}

/// Where a picture came to lie on a canvas, and how much larger it became.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The part of the canvas it covers.
    pub rect: Rect,
    /// Canvas pixels a picture pixel.
    pub scale: f32,
}

impl Fit {
    /// Where a point of the picture (pixels, `(0, 0)` its upper left corner) lies on the canvas.
    pub fn place(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [self.rect.x as f32 + x * self.scale, self.rect.y as f32 + y * self.scale]
    }
}

impl<'a> Picture<'a> {
    /// Pixels as a picture of this size.
    pub fn new(width: usize, height: usize, rgb: &'a [u8]) -> Result<Self, FilmError> {
        let expected = width.checked_mul(height).and_then(|pixels| pixels.checked_mul(3));
        if width == 0 || height == 0 || expected != Some(rgb.len()) {
            return Err(FilmError::PictureBytes { width, height, found: rgb.len() });
        }
        Ok(Self { width, height, rgb })
    }

    pub(crate) fn of_canvas(canvas: &'a Canvas) -> Self {
        Self { width: canvas.width(), height: canvas.height(), rgb: canvas.rgb() }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Its bytes.
    pub fn rgb(&self) -> &'a [u8] {
        self.rgb
    }

    fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = 3 * (y * self.width + x);
        match self.rgb.get(at..at + 3) {
            Some(&[r, g, b]) => [r, g, b],
            _ => [0; 3],
        }
    }

    /// How it lies in a rectangle: centred, with its own proportions, as large as fits. A smaller picture is enlarged by
    /// a whole number, so that its pixels stay squares of one size.
    pub fn fit(&self, into: Rect) -> Fit {
        let (width, height) = (self.width as f32, self.height as f32);
        let most = (into.width.max(1) as f32 / width).min(into.height.max(1) as f32 / height);
        let scale = if most >= 1.0 { most.floor() } else { most };
        let scaled = |side: f32| ((side * scale).round() as i32).max(1);
        let (drawn_width, drawn_height) = (scaled(width), scaled(height));
        let rect = Rect {
            x: into.x.saturating_add((into.width - drawn_width) / 2),
            y: into.y.saturating_add((into.height - drawn_height) / 2),
            width: drawn_width,
            height: drawn_height,
        };
        Fit { rect, scale }
    }

    /// Average colour of a box of source pixels, in fractions of pixels.
    fn average(&self, columns: (f32, f32), rows: (f32, f32)) -> [u8; 3] {
        let (mut sum, mut total) = ([0.0f32; 3], 0.0f32);
        for (y, weight_y) in covered(rows, self.height) {
            for (x, weight_x) in covered(columns, self.width) {
                let weight = weight_x * weight_y;
                total += weight;
                for (sum, value) in sum.iter_mut().zip(self.pixel(x, y)) {
                    *sum += weight * f32::from(value);
                }
            }
        }
        sum.map(|sum| if total > 0.0 { (sum / total).round() as u8 } else { 0 })
    }
}

/// The pixels an interval touches, and how much of each it covers.
fn covered((from, to): (f32, f32), limit: usize) -> impl Iterator<Item = (usize, f32)> {
    let first = from.max(0.0) as usize;
    let last = (to.ceil().max(0.0) as usize).min(limit);
    (first..last).map(move |at| (at, (to.min(at as f32 + 1.0) - from.max(at as f32)).max(0.0)))
}

impl Canvas {
    /// Puts a picture into a rectangle as [`Picture::fit`] says: nearest pixels when enlarged, averaged when reduced.
    pub fn draw_picture(&mut self, picture: Picture<'_>, into: Rect) -> Fit {
        let fit = picture.fit(into);
        let (width, height) = (self.width(), self.height());
        let enlarged = fit.scale >= 1.0;
        for y in fit.rect.rows(height) {
            let row = (y as i32 - fit.rect.y) as f32 / fit.scale;
            for x in fit.rect.columns(width) {
                let column = (x as i32 - fit.rect.x) as f32 / fit.scale;
                let color = if enlarged {
                    picture.pixel(column as usize, row as usize)
                } else {
                    let reach = 1.0 / fit.scale;
                    picture.average((column, column + reach), (row, row + reach))
                };
                self.span(y, x..x + 1).copy_from_slice(&color);
            }
        }
        fit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYWHERE: Rect = Rect { x: 0, y: 0, width: 8, height: 8 };

    #[test]
    fn enlarging_repeats_pixels_by_a_whole_number() {
        let rgb = [255, 0, 0, 0, 255, 0];
        let mut canvas = Canvas::new(8, 8, [9; 3]).unwrap();
        let fit = canvas.draw_picture(Picture::new(2, 1, &rgb).unwrap(), EVERYWHERE);
        assert_eq!(fit, Fit { rect: Rect { x: 0, y: 2, width: 8, height: 4 }, scale: 4.0 });
        assert_eq!(&canvas.rgb()[..3], &[9; 3]);
        let row: Vec<_> = canvas.rgb()[2 * 24..3 * 24].chunks_exact(3).map(|p| p[0]).collect();
        assert_eq!(row, [255, 255, 255, 255, 0, 0, 0, 0]);
        assert_eq!(fit.place([2.0, 1.0]), [8.0, 6.0]);
    }

    #[test]
    fn reducing_averages() {
        let rgb: Vec<u8> = (0..16 * 16).flat_map(|i| [if i % 2 == 0 { 200 } else { 100 }; 3]).collect();
        let mut canvas = Canvas::new(8, 8, [0; 3]).unwrap();
        canvas.draw_picture(Picture::new(16, 16, &rgb).unwrap(), EVERYWHERE);
        assert!(canvas.rgb().iter().all(|&value| value == 150));
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let mut canvas = Canvas::new(8, 8, [1; 3]).unwrap();
        canvas.rectangle(Rect { x: -5, y: 6, width: 7, height: 100 }, [2; 3]);
        canvas.rectangle(Rect { x: i32::MAX, y: i32::MIN, width: i32::MAX, height: i32::MAX }, [3; 3]);
        assert_eq!(canvas.rgb().iter().filter(|&&value| value == 2).count(), 3 * 4);
        assert!(!canvas.rgb().contains(&3));
    }

    #[test]
    fn a_picture_must_have_its_bytes() {
        assert!(matches!(Picture::new(2, 2, &[0; 11]), Err(FilmError::PictureBytes { found: 11, .. })));
        assert!(Picture::new(0, 2, &[]).is_err());
        assert!(Picture::new(usize::MAX, 2, &[]).is_err());
    }
}
