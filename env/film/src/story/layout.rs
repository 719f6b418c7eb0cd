//! Where the parts of a story's frame go, for any size.

use super::strip::{StripFrames, StripLayout};
use super::{BRIGHT, style};
use crate::error::FilmError;
use crate::picture::Rect;
use crate::text::TextSize;

/// The smallest story that lies, and the smallest that stands, pixels: below, its words do not fit.
const LEAST: [(usize, usize); 2] = [(640, 360), (360, 640)];
/// Height of the words at 1280x720, and where a strip takes some of it.
const LINES: [f32; 2] = [168.0, 144.0];
/// Share of the width that the first person has.
const EYE_SHARE: f32 = 672.0 / 1232.0;
/// Letters of figures and questions that stand in one line at least.
const LEAST_LETTERS: i32 = 32;

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
    /// What the agent imagined, and what came; none where nothing was imagined.
    pub strip: Option<StripLayout>,
    /// What is one pixel at 1280x720.
    pub(super) unit: f32,
}

impl Layout {
    /// The parts of a frame of this size; upright ones have them one below the other. The error names the least size.
    pub fn new(width: usize, height: usize) -> Result<Self, FilmError> {
        Self::arranged(width, height, None)
    }

    /// As [`new`](Self::new), with a strip of such frames below everything else.
    pub fn with_strip(width: usize, height: usize, frames: StripFrames) -> Result<Self, FilmError> {
        Self::arranged(width, height, Some(frames))
    }

    fn arranged(width: usize, height: usize, frames: Option<StripFrames>) -> Result<Self, FilmError> {
        let stands = height > width;
        let (least_width, least_height) = LEAST[usize::from(stands)];
        if width < least_width || height < least_height {
            return Err(FilmError::StorySize { width, height, least_width, least_height });
        }
        let (design_width, design_height) = if stands { (720.0, 1280.0) } else { (1280.0, 720.0) };
        let unit = (width as f32 / design_width).min(height as f32 / design_height);
        let margin = pixels(16.0 * unit);
        // Six lines of the smallest letters must fit, whatever the unit.
        let lines = pixels(LINES[usize::from(frames.is_some())] * unit).max(6 * 16);
        let (wide, whole_height) = (width as i32, height as i32);
        let mut strip = frames.map(|frames| StripLayout::new(frames, margin, wide - 2 * margin, unit));
        // What is left for everything but the strip and the margin above it.
        let high = whole_height - strip.map_or(0, |strip| strip.rect.height + margin);
        if let Some(strip) = &mut strip {
            strip.rect.y = high;
        }
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
            let above = high - lines;
            let left = match frames {
                None => pixels(wide as f32 * EYE_SHARE),
                // As wide as its picture, so that the map has the rest, but not narrower than the words below it.
                Some(StripFrames { width, height, .. }) => {
                    let least = LEAST_LETTERS * style(Self::text_size(20.0, unit), true, BRIGHT).letter_width();
                    let picture = pixels(above as f32 * width as f32 / height as f32);
                    picture.max(least).min(pixels(wide as f32 * EYE_SHARE))
                }
            };
            let (x, y) = (left + 2 * margin, above + 2 * margin);
            [
                rect(margin, margin, left, above),
                rect(x, margin, wide - left, above),
                rect(margin, y, left, lines),
                rect(x, y, wide - left, lines),
            ]
        };
        Ok(Self { width, height, eye, map, words, bars, strip, unit })
    }

    /// Pixels of what takes so many at 1280x720.
    pub(super) fn scaled(&self, pixels_at_720p: f32) -> i32 {
        pixels(pixels_at_720p * self.unit)
    }

    pub(super) fn text(&self, pixels_at_720p: f32) -> TextSize {
        Self::text_size(pixels_at_720p, self.unit)
    }

    pub(super) fn text_size(pixels_at_720p: f32, unit: f32) -> TextSize {
        TextSize::near(pixels_at_720p * unit)
    }
}

fn pixels(length: f32) -> i32 {
    length.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [(usize, usize); 9] = [
        (640, 360),
        (1280, 720),
        (1920, 1080),
        (3840, 2160),
        (1000, 1000),
        (2000, 400),
        (360, 640),
        (720, 1280),
        (2160, 3840),
    ];

    fn assert_inside_and_apart(layout: &Layout) {
        let (width, height) = (layout.width, layout.height);
        let parts = [layout.eye, layout.map, layout.words, layout.bars].into_iter();
        let parts: Vec<Rect> = parts.chain(layout.strip.map(|strip| strip.rect)).collect();
        for (index, a) in parts.iter().enumerate() {
            let is_strip = index == 4;
            assert!(a.x > 0 && a.y > 0 && a.width > 80, "{width}x{height}: {a:?}");
            assert!(is_strip || a.height > 80, "{width}x{height}: {a:?}");
            assert!(a.x + a.width < width as i32 && a.y + a.height < height as i32, "{width}x{height}: {a:?}");
            for b in &parts[..index] {
                let apart = a.x >= b.x + b.width || a.y >= b.y + b.height || b.x >= a.x + a.width;
                assert!(apart, "{width}x{height}: {a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn parts_lie_inside_and_apart_at_every_size() {
        for (width, height) in SIZES {
            assert_inside_and_apart(&Layout::new(width, height).unwrap());
        }
    }

    #[test]
    fn with_a_strip_they_do_too_and_its_frames_lie_in_it() {
        for (width, height) in SIZES {
            for (frames, num_frames) in
                [((32, 24), 9), ((96, 72), 25), ((48, 36), 2), ((16, 480), 7), ((640, 12), 1001), ((640, 480), 1)]
            {
                let frames = StripFrames { width: frames.0, height: frames.1, num_frames };
                let layout = Layout::with_strip(width, height, frames).unwrap();
                assert_inside_and_apart(&layout);
                let (strip, unit) = (layout.strip.unwrap(), layout.unit);
                let Rect { x, y, width: wide, height: high } = strip.rect;
                assert!(high <= pixels(172.0 * unit).max(96), "{width}x{height}, {frames:?}: {high} rows");
                let cells = strip.cells();
                assert!(cells.iter().all(|cell| cell.x > x && cell.y > y), "{width}x{height}, {frames:?}");
                assert!(cells.iter().all(|cell| cell.x + cell.width <= x + wide && cell.y + cell.height <= y + high));
                let (first, second) = (cells[0], cells.get(2).copied().unwrap_or(cells[1]));
                assert!(second.x >= first.x + first.width + 4 || second.y >= first.y + first.height + 4);
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
