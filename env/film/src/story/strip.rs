//! A strip of small frames: above, what the agent imagined at a step for that step and those after it; below, in the same
//! columns, what came.

use super::layout::Layout;
use super::{BRIGHT, DIM, EDGE, PANEL, style};
use crate::Color;
use crate::canvas::Canvas;
use crate::picture::{Picture, Rect};

const PRESENT: Color = [255, 214, 90];
const IMAGINED: &str = "imagined";
const CAME: &str = "came";
/// The fewest columns that frames are made small enough for.
const FEWEST_COLUMNS: i32 = 3;
/// Height of the strip at 1280x720: a line of labels and two rows of 72 pixels.
const HEIGHT: f32 = 172.0;
/// Two rows of 36 pixels and the smallest letters; less would blur small frames.
const LEAST_HEIGHT: i32 = 96;

/// The frames that a strip has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripFrames {
    /// Columns of a frame.
    pub width: usize,
    /// Rows of a frame.
    pub height: usize,
    /// The most that are imagined at a step; at least one.
    pub num_frames: usize,
}

/// Where the frames of a strip go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StripLayout {
    /// All of the strip.
    pub rect: Rect,
    num_frames: usize,
    /// Steps from one column to the next.
    stride: usize,
    num_columns: usize,
    cell: [i32; 2],
    /// Pixels from one column to the next.
    pitch: i32,
    /// Pixels from the left edge to the first column.
    left: i32,
    gap: i32,
}

/// One column: frames of the same step.
#[derive(Debug, Clone, Copy)]
pub struct StripColumn<'a> {
    /// What was imagined; none where nothing was imagined so far ahead.
    pub imagined: Option<Picture<'a>>,
    /// What came; none before it comes.
    pub came: Option<Picture<'a>>,
}

/// What a strip shows.
#[derive(Debug, Clone)]
pub struct Strip<'a> {
    /// The step at which it was imagined; none before anything was.
    pub start: Option<u32>,
    /// Steps since then.
    pub since: usize,
    /// One for each of [`StripLayout::offsets`].
    pub columns: Vec<StripColumn<'a>>,
}

impl StripLayout {
    /// A strip that is `width` pixels wide and begins at `x`; its `y` is 0 until somebody places it. Its frames are
    /// enlarged by a whole number as far as `unit`, one pixel at 1280x720, leaves room; larger ones are reduced.
    pub(super) fn new(frames: StripFrames, x: i32, width: i32, unit: f32) -> Self {
        let scaled = |pixels: f32| (pixels * unit).round() as i32;
        let labels = style(Layout::text_size(16.0, unit), false, DIM);
        let gap = scaled(6.0).max(4);
        let left = labels.width_of(IMAGINED) + 2 * gap;
        let most_height = (scaled(HEIGHT).max(LEAST_HEIGHT) - labels.line_height() - 2 * gap) / 2;
        let room = width - left;
        let most_width = (room - (FEWEST_COLUMNS - 1) * gap) / FEWEST_COLUMNS;
        let most = (most_width as f32 / frames.width as f32).min(most_height as f32 / frames.height as f32);
        let scale = if most >= 1.0 { most.floor() } else { most };
        let side = |pixels: usize| ((pixels as f32 * scale).round() as i32).max(1);
        let cell = [side(frames.width), side(frames.height)];

        let num_frames = frames.num_frames.max(1);
        let fitting = usize::try_from((room + gap) / (cell[0] + gap)).unwrap_or(1).max(2);
        let stride = (num_frames - 1).div_ceil(fitting - 1).max(1);
        let num_columns = offsets(num_frames, stride).count();
        // Frames of one step stand closer together than those of different ones.
        let spread = (room - cell[0]) / (num_columns as i32 - 1).max(1);
        let pitch = spread.clamp(cell[0] + gap, cell[0] + (cell[0] / 2).max(gap));
        let height = labels.line_height() + 2 * gap + 2 * cell[1];
        let rect = Rect { x, y: 0, width, height };
        Self { rect, num_frames, stride, num_columns, cell, pitch, left, gap }
    }

    /// How many steps ahead each column is: 0, then every so many, and the last.
    pub fn offsets(&self) -> impl Iterator<Item = usize> + use<> {
        offsets(self.num_frames, self.stride)
    }

    #[cfg(test)]
    pub(super) fn cells(&self) -> Vec<Rect> {
        (0..self.num_columns).flat_map(|column| [self.cell(column, 0), self.cell(column, 1)]).collect()
    }

    /// Where the frame of a column goes, in the row of what was imagined (0) or came (1).
    fn cell(&self, column: usize, row: i32) -> Rect {
        let [width, height] = self.cell;
        let x = self.rect.x + self.left + column as i32 * self.pitch;
        let bottom = self.rect.y + self.rect.height;
        Rect { x, y: bottom - (2 - row) * height - (1 - row) * self.gap, width, height }
    }
}

/// 0 to `num_frames - 1`, both among them, `stride` apart but for the last.
fn offsets(num_frames: usize, stride: usize) -> impl Iterator<Item = usize> {
    let last = num_frames.saturating_sub(1);
    (0..last).step_by(stride).chain([last])
}

impl Strip<'_> {
    pub(super) fn draw(&self, canvas: &mut Canvas, layout: &Layout, place: &StripLayout) {
        let dim = style(layout.text(16.0), false, DIM);
        let line = layout.scaled(1.0).max(1);
        let left = place.rect.x;
        if let Some(start) = self.start {
            canvas.text(left, place.rect.y, &dim.shortened(&format!("step {start}"), place.left), dim);
        }
        for (row, label) in [(0, IMAGINED), (1, CAME)] {
            let Rect { y, height, .. } = place.cell(0, row);
            canvas.text(left, y + (height - dim.line_height()) / 2, label, style(dim.size, false, BRIGHT));
        }
        for ((index, offset), column) in place.offsets().enumerate().zip(&self.columns) {
            let is_present = self.start.is_some() && offset == self.since;
            for (row, picture) in [(0, column.imagined), (1, column.came)] {
                let cell = place.cell(index, row);
                match picture {
                    Some(picture) => drop(canvas.draw_picture(picture, cell)),
                    None => {
                        canvas.rectangle(cell, PANEL);
                        canvas.outline(cell, line, EDGE);
                    }
                }
            }
            let label = if offset == 0 { "now".to_owned() } else { format!("+{offset}") };
            let label_style = if is_present { style(dim.size, true, PRESENT) } else { dim };
            let middle = place.cell(index, 0).x + place.cell[0] / 2;
            canvas.text(middle - label_style.width_of(&label) / 2, place.rect.y, &label, label_style);
        }
        self.mark_present(canvas, place);
    }

    /// A frame around the column of the present step, or a line where it lies between two.
    fn mark_present(&self, canvas: &mut Canvas, place: &StripLayout) {
        let Some(at) = place.offsets().take_while(|&offset| offset <= self.since).count().checked_sub(1) else {
            return;
        };
        let is_past_the_end = at + 1 == place.num_columns && self.since >= place.num_frames;
        if self.start.is_none() || is_past_the_end {
            return;
        }
        let thickness = (place.gap / 2).max(2);
        let (upper, lower) = (place.cell(at, 0), place.cell(at, 1));
        let height = lower.y + lower.height - upper.y + 2 * thickness;
        let (x, y) = (upper.x - thickness, upper.y - thickness);
        if place.offsets().nth(at) == Some(self.since) {
            canvas.outline(Rect { x, y, width: upper.width + 2 * thickness, height }, thickness, PRESENT);
        } else {
            let x = upper.x + upper.width + (place.pitch - upper.width - thickness) / 2;
            canvas.rectangle(Rect { x, y, width: thickness, height }, PRESENT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(frames: (usize, usize), num_frames: usize, width: i32, unit: f32) -> StripLayout {
        StripLayout::new(StripFrames { width: frames.0, height: frames.1, num_frames }, 16, width, unit)
    }

    #[test]
    fn columns_are_all_that_fit_and_the_last_is_among_them() {
        for (frames, num_frames, width, expected) in [
            ((32, 24), 9, 1248, vec![0, 1, 2, 3, 4, 5, 6, 7, 8]),
            ((96, 72), 25, 1248, vec![0, 3, 6, 9, 12, 15, 18, 21, 24]),
            ((96, 72), 24, 1248, vec![0, 3, 6, 9, 12, 15, 18, 21, 23]),
            ((96, 72), 1001, 1248, vec![0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]),
            ((96, 72), 1, 1248, vec![0]),
            ((96, 72), 2, 300, vec![0, 1]),
            ((640, 12), 9, 300, vec![0, 4, 8]),
        ] {
            let place = place(frames, num_frames, width, 1.0);
            assert_eq!(place.offsets().collect::<Vec<_>>(), expected, "{frames:?} {num_frames} in {width}");
            let last = place.cell(expected.len() - 1, 1);
            assert!(last.x + last.width <= 16 + width, "{frames:?} {num_frames} in {width}");
        }
    }

    #[test]
    fn frames_are_enlarged_by_whole_numbers() {
        for (frames, width, unit, cell) in [
            ((96, 72), 1248, 1.0, [96, 72]),
            ((32, 24), 1248, 1.0, [96, 72]),
            ((48, 36), 1248, 1.0, [96, 72]),
            ((48, 36), 624, 0.5, [48, 36]),
            ((96, 72), 3744, 3.0, [288, 216]),
            ((96, 72), 624, 0.5, [48, 36]),
        ] {
            assert_eq!(place(frames, 9, width, unit).cell, cell, "{frames:?} at {unit}");
        }
    }

    #[test]
    fn what_came_fills_up_below_what_was_imagined() {
        let (red, blue) = ([200, 0, 0].repeat(32 * 24), [0, 0, 200].repeat(32 * 24));
        let [red, blue] = [&red, &blue].map(|rgb| Picture::new(32, 24, rgb).unwrap());
        let layout = Layout::with_strip(1280, 720, StripFrames { width: 32, height: 24, num_frames: 5 }).unwrap();
        let place = layout.strip.unwrap();
        let column = |offset| StripColumn { imagined: Some(red), came: (offset <= 2).then_some(blue) };
        let columns = place.offsets().map(column).collect();
        let mut canvas = Canvas::new(1280, 720, [0; 3]).unwrap();
        Strip { start: Some(8), since: 2, columns }.draw(&mut canvas, &layout, &place);
        let middle = |column: usize, row: i32| {
            let Rect { x, y, width, height } = place.cell(column, row);
            let at = 3 * ((y + height / 2) * 1280 + x + width / 2) as usize;
            canvas.rgb()[at..at + 3].to_vec()
        };
        assert!((0..5).all(|column| middle(column, 0) == [200, 0, 0]));
        let came: Vec<_> = (0..5).map(|column| middle(column, 1)).collect();
        assert_eq!(came, [[0, 0, 200], [0, 0, 200], [0, 0, 200], PANEL, PANEL]);
        // Marked: the third column, and no other.
        let marked = |column: usize| {
            let Rect { x, y, .. } = place.cell(column, 0);
            canvas.rgb()[3 * (y * 1280 + x - 1) as usize..][..3] == PRESENT
        };
        assert_eq!([0, 1, 2, 3, 4].map(marked), [false, false, true, false, false]);
    }
}
