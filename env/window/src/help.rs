//! What the keys do, as a table: for the window and for whoever prints it.

use groundling_film::{Canvas, Color, Rect, TextSize, TextStyle};

use crate::places::Places;

const GROUND: Color = [18, 20, 26];
const EDGE: Color = [150, 157, 172];
const KEYS: Color = [255, 214, 90];
const WORDS: Color = [240, 242, 246];
const OPACITY: f32 = 0.94;

/// Keys, and what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The keys.
    pub keys: String,
    /// What they do.
    pub does: String,
}

/// All keys, where these are the views.
pub fn bindings(views: &[String]) -> Vec<Binding> {
    let digits = format!("1 to {}, tab", views.len());
    let rows: [(&str, String); 14] = [
        ("space", "play, pause".into()),
        ("left right  , .", "one step back, forward".into()),
        ("shift+left right", "ten steps".into()),
        ("home end", "first step, last step".into()),
        ("+ -", "faster, slower".into()),
        ("l", "begin anew at the end".into()),
        (&digits, format!("{}; the next", views.join(", "))),
        ("n p, down up", "next question, previous".into()),
        ("f", "free camera; back to the agent".into()),
        ("  w a s d, q e", "move it; down, up".into()),
        ("  drag", "look around".into()),
        ("timeline", "click or drag: go there".into()),
        ("h ?", "these keys".into()),
        ("esc q", "close".into()),
    ];
    rows.into_iter().map(|(keys, does)| Binding { keys: keys.to_owned(), does }).collect()
}

/// Lays the table over the picture.
pub(crate) fn draw_help(canvas: &mut Canvas, places: &Places, views: &[String]) {
    let rows = bindings(views);
    let style = |color, bold| TextStyle { size: TextSize::near(16.0 * places.unit), bold, color };
    let (letter, line) = (style(KEYS, true).letter_width(), style(KEYS, true).line_height());
    let pitch = line + ((6.0 * places.unit) as i32).min(places.picture.height / 40);
    let longest =
        |text: fn(&Binding) -> &str| rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0) as i32;
    let keys = (longest(|row| &row.keys) + 2) * letter;
    let margin = 2 * letter;
    let width = (keys + longest(|row| &row.does) * letter + 2 * margin).min(places.picture.width);
    let height = rows.len() as i32 * pitch + 2 * margin;
    let Rect { width: whole_width, height: whole_height, .. } = places.picture;
    let (left, top) = ((whole_width - width) / 2, ((whole_height - height) / 2).max(0));
    let corner = |x: i32, y: i32| [x as f32, y as f32];
    let corners =
        [corner(left, top), corner(left + width, top), corner(left + width, top + height), corner(left, top + height)];
    canvas.polygon(&corners, OPACITY, GROUND);
    canvas.outline(Rect { x: left, y: top, width, height }, (places.unit as i32).max(1), EDGE);
    for (row, Binding { keys: named, does }) in rows.iter().enumerate() {
        let y = top + margin + row as i32 * pitch + (pitch - line) / 2;
        canvas.text(left + margin, y, named, style(KEYS, true));
        let (x, words) = (left + margin + keys, style(WORDS, false));
        canvas.text(x, y, &words.shortened(does, left + width - margin - x), words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_fits_into_the_smallest_picture_and_stays_off_the_strip() {
        let views = ["story", "first-person", "top-down", "orbit"].map(String::from);
        for (width, height, scale) in [(640, 422, 1.0), (1280, 782, 1.0), (2560, 1564, 2.0)] {
            let places = Places::new(width, height, scale);
            let mut canvas = Canvas::new(width, height, [9; 3]).unwrap();
            draw_help(&mut canvas, &places, &views);
            let row = |y: usize| &canvas.rgb()[3 * width * y..3 * width * (y + 1)];
            let is_plain = |y: usize| row(y).iter().all(|&value| value == 9);
            assert!(is_plain(0), "{width}x{height}: it reaches the upper edge");
            assert!((places.strip.y as usize..height).all(is_plain), "{width}x{height}: it covers the strip");
            let inked = |y: usize| row(y).chunks_exact(3).any(|pixel| pixel[0] > 220 && pixel[2] < 150);
            assert!((0..height).filter(|&y| inked(y)).count() > 14 * 6, "{width}x{height}: keys are missing");
        }
    }
}
