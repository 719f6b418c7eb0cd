//! Text in an embedded monospaced font.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

use crate::Color;
use crate::canvas::Canvas;

/// Height of a line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextSize {
    /// 16 pixels.
    Small,
    /// 20 pixels.
    Medium,
    /// 24 pixels.
    Large,
    /// 32 pixels.
    Huge,
}

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextStyle {
    /// Height of a line.
    pub size: TextSize,
    /// Whether the strokes are heavy.
    pub bold: bool,
    /// Colour of the letters.
    pub color: Color,
}

impl TextStyle {
    fn weight(self) -> FontWeight {
        if self.bold { FontWeight::Bold } else { FontWeight::Regular }
    }

    fn raster(self) -> RasterHeight {
        match self.size {
            TextSize::Small => RasterHeight::Size16,
            TextSize::Medium => RasterHeight::Size20,
            TextSize::Large => RasterHeight::Size24,
            TextSize::Huge => RasterHeight::Size32,
        }
    }

    /// Pixels from one line to the next.
    pub fn line_height(self) -> i32 {
        self.raster().val() as i32
    }

    /// Pixels one letter takes.
    pub fn letter_width(self) -> i32 {
        get_raster_width(self.weight(), self.raster()) as i32
    }

    /// Pixels a text takes.
    pub fn width_of(self, text: &str) -> i32 {
        i32::try_from(text.chars().count()).unwrap_or(i32::MAX).saturating_mul(self.letter_width())
    }

    /// The text itself, or as much as fits into `width` pixels with `...` in place of the rest.
    pub fn shortened(self, text: &str, width: i32) -> String {
        let letters = (width / self.letter_width()).max(0) as usize;
        if text.chars().count() <= letters {
            return text.to_owned();
        }
        let kept: String = text.chars().take(letters.saturating_sub(3)).collect();
        format!("{kept}...")
    }
}

impl Canvas {
    /// Writes one line; `(x, y)` is the upper left corner of its first letter. Letters the font lacks become `?`.
    pub fn text(&mut self, x: i32, y: i32, text: &str, style: TextStyle) {
        let mut left = x;
        for letter in text.chars() {
            let raster = get_raster(letter, style.weight(), style.raster())
                .or_else(|| get_raster('?', style.weight(), style.raster()));
            for (row, values) in raster.iter().flat_map(|raster| raster.rows()).enumerate() {
                for (column, &value) in values.iter().enumerate().filter(|(_, value)| **value > 0) {
                    let at = |from: i32, offset: usize| usize::try_from(i64::from(from) + offset as i64);
                    if let (Ok(x), Ok(y)) = (at(left, column), at(y, row)) {
                        self.mix(x, y, f32::from(value) / 255.0, style.color);
                    }
                }
            }
            left = left.saturating_add(style.letter_width());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: TextStyle = TextStyle { size: TextSize::Small, bold: false, color: [255; 3] };

    #[test]
    fn letters_leave_ink_and_stay_on_the_canvas() {
        let mut canvas = Canvas::new(60, 20, [0; 3]).unwrap();
        canvas.text(-4, -3, "What \u{1F9F8} is it?", STYLE);
        assert!(canvas.rgb().iter().any(|&value| value > 200));
        canvas.text(i32::MAX, i32::MIN, "far", STYLE);
    }

    #[test]
    fn a_long_text_is_shortened() {
        let width = STYLE.letter_width() * 8;
        assert_eq!(STYLE.shortened("a rubber duck", width), "a rub...");
        assert_eq!(STYLE.shortened("a duck", width), "a duck");
        assert!(STYLE.width_of(&STYLE.shortened("a rubber duck", width)) <= width);
    }
}
