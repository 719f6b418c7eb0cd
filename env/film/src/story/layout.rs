//! Where the parts of a story's frame go, for any size.

use crate::error::FilmError;
use crate::picture::Rect;
use crate::text::TextSize;

/// The smallest story that lies, and the smallest that stands, pixels: below, its words do not fit.
const LEAST: [(usize, usize); 2] = [(640, 360), (360, 640)];

/// Where the parts of a story's frame go. At 1280x720 the pictures of 96x72 and 32x24 fill `eye` with whole pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// Columns of the frame.
    pub width: usize,
    /// Rows of the frame.
    pub height: usize,
    /// The first-person picture.
    pub eye: Rect,
    /// The room from above.
    pub map: Rect,
    pub(super) words: Rect,
    pub(super) bars: Rect,
    /// What is one pixel at 1280x720.
    pub(super) unit: f32,
}

impl Layout {
    /// The parts of a frame of this size; upright ones have them one below the other. The error names the least size.
    pub fn new(width: usize, height: usize) -> Result<Self, FilmError> {
        let stands = height > width;
        let (least_width, least_height) = LEAST[usize::from(stands)];
        if width < least_width || height < least_height {
            return Err(FilmError::StorySize { width, height, least_width, least_height });
        }
        let (design_width, design_height) = if stands { (720.0, 1280.0) } else { (1280.0, 720.0) };
        let unit = (width as f32 / design_width).min(height as f32 / design_height);
        let margin = pixels(16.0 * unit);
        // Six lines of the smallest letters must fit, whatever the unit.
        let lines = pixels(168.0 * unit).max(6 * 16);
        let (wide, high) = (width as i32, height as i32);
        let rect = |x, y, width, height| Rect { x, y, width, height };
        let [eye, map, words, bars] = if stands {
            let wide = wide - 2 * margin;
            let pictures = high - 5 * margin - 2 * lines;
            // As wide as the frame, a picture of usual proportions is three quarters as high; the map gets the rest.
            let eye = (pixels(0.75 * wide as f32)).min(pictures / 2);
            let below = |y, taken| y + taken + margin;
            let (map_y, map) = (below(margin, eye), pictures - eye);
            let words_y = below(map_y, map);
            let bars_y = below(words_y, lines);
            [
                rect(margin, margin, wide, eye),
                rect(margin, map_y, wide, map),
                rect(margin, words_y, wide, lines),
                rect(margin, bars_y, wide, lines),
            ]
        } else {
            let (wide, high) = (wide - 3 * margin, high - 3 * margin);
            let (left, above) = (pixels(wide as f32 * (672.0 / 1232.0)), high - lines);
            let (x, y) = (left + 2 * margin, above + 2 * margin);
            [
                rect(margin, margin, left, above),
                rect(x, margin, wide - left, above),
                rect(margin, y, left, lines),
                rect(x, y, wide - left, lines),
            ]
        };
        Ok(Self { width, height, eye, map, words, bars, unit })
    }

    /// Pixels of what takes so many at 1280x720.
    pub(super) fn scaled(&self, pixels_at_720p: f32) -> i32 {
        pixels(pixels_at_720p * self.unit)
    }

    pub(super) fn text(&self, pixels_at_720p: f32) -> TextSize {
        TextSize::near(pixels_at_720p * self.unit)
    }
}

fn pixels(length: f32) -> i32 {
    length.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_inside_and_apart_at_every_size() {
        for (width, height) in
            [(640, 360), (1280, 720), (1920, 1080), (3840, 2160), (1000, 1000), (2000, 400), (360, 640), (720, 1280)]
        {
            let layout = Layout::new(width, height).unwrap();
            let parts = [layout.eye, layout.map, layout.words, layout.bars];
            for (index, a) in parts.iter().enumerate() {
                assert!(a.x > 0 && a.y > 0 && a.width > 80 && a.height > 80, "{width}x{height}: {a:?}");
                assert!(a.x + a.width < width as i32 && a.y + a.height < height as i32, "{width}x{height}: {a:?}");
                for b in &parts[..index] {
                    let apart = a.x >= b.x + b.width || a.y >= b.y + b.height || b.x >= a.x + a.width;
                    assert!(apart, "{width}x{height}: {a:?} and {b:?}");
                }
            }
        }
    }

    #[test]
    fn small_pictures_fill_their_place_with_whole_pixels_at_720p() {
        let layout = Layout::new(1280, 720).unwrap();
        assert_eq!(layout.eye, Rect { x: 16, y: 16, width: 7 * 96, height: 7 * 72 });
        assert_eq!(layout.map, Rect { x: 704, y: 16, width: 560, height: 504 });
    }

    #[test]
    fn what_is_too_small_is_told_the_least_size() {
        for (size, least) in [((639, 500), (640, 360)), ((1280, 359), (640, 360)), ((359, 2000), (360, 640))] {
            match Layout::new(size.0, size.1) {
                Err(FilmError::StorySize { least_width, least_height, .. }) => {
                    assert_eq!((least_width, least_height), least, "{size:?}");
                }
                other => panic!("{size:?}: {other:?}"),
            }
        }
    }
}
