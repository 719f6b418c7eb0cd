//! Where the parts of a window lie, for any size.

use groundling_film::Rect;

/// The most pixels of a side that renderers draw.
const MOST: usize = 4096;
/// Rows of the strip below the picture, at the finest unit.
const STRIP: f32 = 62.0;

/// Where the parts lie, pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Places {
    /// What is one pixel in a window of ordinary size.
    pub(crate) unit: f32,
    pub(crate) picture: Rect,
    pub(crate) strip: Rect,
    /// The bar along which steps lie.
    pub(crate) timeline: Rect,
    /// The sign that says whether it plays.
    pub(crate) button: Rect,
}

impl Places {
    /// The least picture that lies: words do not fit into a smaller one.
    pub(crate) const LEAST: (usize, usize) = (640, 360);

    /// For a window of this size on a display that shows so many pixels as one.
    pub(crate) fn new(width: usize, height: usize, scale: f32) -> Self {
        let unit = (width as f32 / 1280.0).min(height as f32 / 782.0).max(scale).clamp(1.0, 8.0);
        let pixels = |length: f32| (length * unit).round() as i32;
        let (wide, high) = (width as i32, height as i32);
        // Something of the picture is left in the smallest window.
        let strip_height = pixels(STRIP).min(high / 2);
        let rect = |x, y, width, height| Rect { x, y, width, height };
        let top = high - strip_height;
        let margin = pixels(16.0);
        Self {
            unit,
            picture: rect(0, 0, wide, top),
            strip: rect(0, top, wide, strip_height),
            timeline: rect(margin, top + pixels(14.0), (wide - 2 * margin).max(1), pixels(6.0)),
            button: rect(margin, top + pixels(34.0), pixels(14.0), pixels(16.0)),
        }
    }

    /// Rows that the strip adds to a picture of this size.
    pub(crate) fn strip_below(width: usize, height: usize, scale: f32) -> usize {
        // The strip is part of what its own unit is worked out from; one more round is exact enough.
        let guess = Self::new(width, height + STRIP as usize, scale).strip.height;
        Self::new(width, height + guess as usize, scale).strip.height as usize
    }

    /// Columns and rows of the picture that is drawn for this place: never too small for its words, and never too large
    /// for the renderers. What is larger or smaller than its place is scaled.
    pub(crate) fn picture_size(&self) -> (usize, usize) {
        let (width, height) = (self.picture.width.max(1) as usize, self.picture.height.max(1) as usize);
        let (long, short) = Self::LEAST;
        let least = if height > width { (short, long) } else { (long, short) };
        (width.clamp(least.0, MOST), height.clamp(least.1, MOST))
    }

    /// Whether a pointer there is meant for the timeline; it need not be hit to the pixel.
    pub(crate) fn is_on_timeline(&self, [_, y]: [f32; 2]) -> bool {
        y >= self.strip.y as f32 && y < self.button.y as f32
    }

    pub(crate) fn is_on_button(&self, [x, y]: [f32; 2]) -> bool {
        let Rect { x: left, width, y: top, .. } = self.button;
        let slack = 6.0 * self.unit;
        (left as f32 - slack..(left + width) as f32 + slack).contains(&x) && y >= top as f32 - 0.5 * slack
    }

    pub(crate) fn is_on_picture(&self, [_, y]: [f32; 2]) -> bool {
        y < self.strip.y as f32
    }

    /// Where a step lies on the timeline.
    pub(crate) fn column_of(&self, step: u32, last: u32) -> f32 {
        let share = step as f32 / last.max(1) as f32;
        self.timeline.x as f32 + share * self.timeline.width as f32
    }

    /// The step that lies nearest to a column.
    pub(crate) fn step_at(&self, column: f32, last: u32) -> u32 {
        let share = (column - self.timeline.x as f32) / self.timeline.width as f32;
        // What is no number becomes 0.
        (share.clamp(0.0, 1.0) * last as f32).round() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_found_where_it_lies() {
        for (width, height, scale) in [(1280, 782, 1.0), (640, 422, 1.0), (3000, 900, 2.0)] {
            let places = Places::new(width, height, scale);
            for step in 0..=225 {
                assert_eq!(places.step_at(places.column_of(step, 225), 225), step);
            }
            assert_eq!(
                [places.step_at(-50.0, 225), places.step_at(1e9, 225), places.step_at(f32::NAN, 0)],
                [0, 225, 0]
            );
        }
    }

    #[test]
    fn parts_lie_inside_and_pictures_are_large_enough_at_every_size() {
        for (width, height) in [(1, 1), (40, 30), (320, 200), (640, 422), (1280, 782), (422, 900), (9000, 300)] {
            for scale in [1.0, 2.0] {
                let places = Places::new(width, height, scale);
                assert_eq!(places.picture.height + places.strip.height, height as i32);
                let (columns, rows) = places.picture_size();
                let enough = groundling_film::story::Layout::new(columns, rows);
                assert!(enough.is_ok(), "{width}x{height}: {columns}x{rows}");
            }
        }
    }

    #[test]
    fn a_window_has_room_for_the_picture_that_was_asked_for() {
        for (width, height) in [(1280, 720), (640, 360), (1920, 1080), (720, 1280)] {
            for scale in [1.0, 1.5, 2.0] {
                let strip = Places::strip_below(width, height, scale);
                let places = Places::new(width, height + strip, scale);
                let (found, asked) = (places.picture_size(), (width, height));
                let off = found.1.abs_diff(asked.1);
                assert!(found.0 == asked.0 && off <= 1, "{asked:?} at {scale}: {found:?}");
            }
        }
    }
}
