//! The picture, the controls and the help put together, and given to the window as it wants its pixels.

use groundling_film::{Canvas, Color, FilmError, Rect, TextSize, TextStyle};

use crate::controls::{Shown, draw_controls};
use crate::help::draw_help;
use crate::places::Places;
use crate::player::Player;

const GROUND: Color = [18, 20, 26];
const DIM: Color = [150, 157, 172];

/// All of the window: the picture that was drawn last, or a word that one is coming.
pub(crate) fn compose(
    size: (usize, usize),
    places: &Places,
    player: &Player,
    picture: Option<&Canvas>,
    shown: Shown,
) -> Result<Canvas, FilmError> {
    let mut canvas = Canvas::new(size.0, size.1, GROUND)?;
    match picture {
        Some(picture) => drop(canvas.draw_picture(picture.picture(), places.picture)),
        None => write_in_the_middle(&mut canvas, places, "drawing the first picture ..."),
    }
    if player.shows_help() {
        draw_help(&mut canvas, places, &player.episode().views);
    }
    draw_controls(&mut canvas, places, player, shown);
    Ok(canvas)
}

fn write_in_the_middle(canvas: &mut Canvas, places: &Places, words: &str) {
    let style = TextStyle { size: TextSize::near(16.0 * places.unit), bold: false, color: DIM };
    let Rect { width, height, .. } = places.picture;
    canvas.text((width - style.width_of(words)) / 2, (height - style.line_height()) / 2, words, style);
}

/// Fills a window's buffer, `0x00RRGGBB` a pixel, of rows of `width` pixels; what the canvas has no pixel for stays.
pub(crate) fn copy(canvas: &Canvas, buffer: &mut [u32], width: usize) {
    let rows = canvas.rgb().chunks_exact(3 * canvas.width());
    for (to, from) in buffer.chunks_exact_mut(width).zip(rows) {
        for (pixel, rgb) in to.iter_mut().zip(from.chunks_exact(3)) {
            *pixel = rgb.iter().fold(0, |all, &value| all << 8 | u32::from(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_red_green_blue() {
        let mut buffer = [0; 6];
        copy(&Canvas::new(2, 1, [1, 2, 255]).unwrap(), &mut buffer, 3);
        assert_eq!(buffer, [0x0001_02ff, 0x0001_02ff, 0, 0, 0, 0]);
    }
}
