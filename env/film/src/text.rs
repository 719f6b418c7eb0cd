//! Text in an embedded monospaced font.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width};

use crate::Color;
use crate::canvas::Canvas;

/// Height of a line of text: that of a drawn letter, times a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextSize {
    letters: RasterHeight,
    times: u8,
}

impl TextSize {
    /// 16 pixels, the smallest.
    pub const SMALL: Self = Self { letters: RasterHeight::Size16, times: 1 };

    /// Every height that there is, smallest first.
    const ALL: [Self; 10] = [
        Self::SMALL,
        Self { letters: RasterHeight::Size20, times: 1 },
        Self { letters: RasterHeight::Size24, times: 1 },
        Self { letters: RasterHeight::Size32, times: 1 },
        Self { letters: RasterHeight::Size20, times: 2 },
        Self { letters: RasterHeight::Size24, times: 2 },
        Self { letters: RasterHeight::Size32, times: 2 },
        Self { letters: RasterHeight::Size24, times: 3 },
        Self { letters: RasterHeight::Size32, times: 3 },
        Self { letters: RasterHeight::Size32, times: 4 },
    ];

    /// The height that is nearest to so many pixels.
    pub fn near(pixels: f32) -> Self {
        let away = |size: &Self| (size.pixels() as f32 - pixels).abs();
        Self::ALL.into_iter().min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(Self::SMALL)
    }

    fn pixels(self) -> i32 {
        self.letters.val() as i32 * i32::from(self.times)
    }
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

    /// Pixels from one line to the next.
    pub fn line_height(self) -> i32 {
        self.size.pixels()
    }

    /// Pixels one letter takes.
    pub fn letter_width(self) -> i32 {
        get_raster_width(self.weight(), self.size.letters) as i32 * i32::from(self.size.times)
    }

    /// Pixels a text takes.
    pub fn width_of(self, text: &str) -> i32 {
        i32::try_from(text.chars().count()).unwrap_or(i32::MAX).saturating_mul(self.letter_width())
    }

    /// Words in lines no wider than `width` pixels; a single word that is too long is shortened.
    pub fn wrapped(self, text: &str, width: i32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width_of(line) + self.width_of(word) + self.letter_width() <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(self.shortened(word, width)),
            }
        }
        lines
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
        let times = usize::from(style.size.times);
        let mut left = x;
        for letter in text.chars() {
            let raster = get_raster(letter, style.weight(), style.size.letters)
                .or_else(|| get_raster('?', style.weight(), style.size.letters));
            if let Some(raster) = raster {
                for row in 0..raster.height() * times {
                    for column in 0..raster.width() * times {
                        let at = |from: i32, offset: usize| usize::try_from(i64::from(from) + offset as i64);
                        let ink = ink(&raster, times, row, column);
                        if let (true, Ok(x), Ok(y)) = (ink > 0.0, at(left, column), at(y, row)) {
                            self.mix(x, y, ink, style.color);
                        }
                    }
                }
            }
            left = left.saturating_add(style.letter_width());
        }
    }
}

/// How much of a pixel is covered by a letter that is drawn `times` as large. Between the letter's own pixels ink is
/// interpolated, and then its edge made as steep as it was, so that large letters have smooth outlines and no squares.
fn ink(raster: &RasterizedChar, times: usize, row: usize, column: usize) -> f32 {
    let own = |y: i64, x: i64| {
        let (Ok(y), Ok(x)) = (usize::try_from(y), usize::try_from(x)) else { return 0.0 };
        raster.pixel(x, y).map_or(0.0, |ink| f32::from(ink) / 255.0)
    };
    if times == 1 {
        return own(row as i64, column as i64);
    }
    let split = |at: usize| {
        let at = (at as f32 + 0.5) / times as f32 - 0.5;
        (at.floor() as i64, at - at.floor())
    };
    let ((y, down), (x, right)) = (split(row), split(column));
    let across = |y: i64| own(y, x) + (own(y, x + 1) - own(y, x)) * right;
    let smooth = across(y) + (across(y + 1) - across(y)) * down;
    ((smooth - 0.5) * times as f32 + 0.5).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: TextStyle = TextStyle { size: TextSize::SMALL, bold: false, color: [255; 3] };

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

    #[test]
    fn questions_wrap_at_words() {
        let lines = STYLE.wrapped("What is the color of the rubber duck?", STYLE.letter_width() * 16);
        assert_eq!(lines, ["What is the", "color of the", "rubber duck?"]);
    }

    #[test]
    fn large_letters_are_small_ones_enlarged() {
        let height = |pixels: f32| TextStyle { size: TextSize::near(pixels), ..STYLE }.line_height();
        assert_eq!([1.0, 16.0, 21.0, 30.0, 48.0, 60.0, 1e4].map(height), [16, 16, 20, 32, 48, 64, 128]);
        let total = |pixels: f32| {
            let style = TextStyle { size: TextSize::near(pixels), ..STYLE };
            let mut canvas = Canvas::new(style.letter_width() as usize, style.line_height() as usize, [0; 3]).unwrap();
            canvas.text(0, 0, "g", style);
            canvas.rgb().iter().map(|&value| f32::from(value)).sum::<f32>()
        };
        let growth = total(64.0) / total(32.0);
        assert!((3.5..4.5).contains(&growth), "{growth} times the ink at twice the size");
    }
}
