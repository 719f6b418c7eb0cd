//! A warning across a picture.

use crate::Color;
use crate::canvas::Canvas;
use crate::picture::Rect;
use crate::text::{TextSize, TextStyle};

const GROUND: Color = [176, 24, 24];
const INK: Color = [255; 3];

impl Canvas {
    /// Lays a red band with these words across the top; its letters grow with the picture.
    pub fn band(&mut self, words: &str) {
        let (width, height) = (self.width() as i32, self.height() as i32);
        let style = TextStyle { size: TextSize::near(height as f32 / 28.0), bold: true, color: INK };
        let fits = style.width_of(words) <= width;
        let style = if fits { style } else { TextStyle { size: TextSize::SMALL, ..style } };
        let lines = style.wrapped(words, width);
        let gap = style.line_height() / 4;
        let thickness = lines.len() as i32 * style.line_height() + 2 * gap;
        self.rectangle(Rect { x: 0, y: 0, width, height: thickness }, GROUND);
        for (row, line) in lines.iter().enumerate() {
            let x = (width - style.width_of(line)) / 2;
            self.text(x, gap + row as i32 * style.line_height(), line, style);
        }
    }
}
