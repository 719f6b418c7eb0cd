//! The strip below the picture: a timeline, and a line that says what is shown.

use groundling_film::{Canvas, Color, Rect, TextSize, TextStyle};

use crate::places::Places;
use crate::player::Player;

const GROUND: Color = [18, 20, 26];
const EDGE: Color = [58, 63, 78];
const TRACK: Color = [66, 72, 88];
const WALKED: Color = [150, 157, 172];
const BRIGHT: Color = [240, 242, 246];
const DIM: Color = [150, 157, 172];
const REWARD: Color = [255, 214, 90];
const VERIFIED: Color = [84, 190, 120];
const WRONG: Color = [255, 107, 94];
const SLOW: Color = [240, 170, 80];

/// What is shown at the moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shown {
    /// The step of the picture, which may be behind the one that is wanted.
    pub(crate) step: u32,
    /// Pictures a second, while it plays.
    pub(crate) drawn: Option<f64>,
}

/// A part of the line.
struct Part {
    text: String,
    color: Color,
    /// Parts of a greater one go first when there is no room for all.
    spare: u8,
}

/// Draws the strip.
pub(crate) fn draw_controls(canvas: &mut Canvas, places: &Places, player: &Player, shown: Shown) {
    canvas.rectangle(places.strip, GROUND);
    canvas.rectangle(Rect { height: (places.unit.round() as i32).max(1), ..places.strip }, EDGE);
    draw_timeline(canvas, places, player);
    draw_button(canvas, places, player.is_playing());
    draw_line(canvas, places, player, shown);
}

fn draw_timeline(canvas: &mut Canvas, places: &Places, player: &Player) {
    let (bar, unit, last) = (places.timeline, places.unit, player.episode().last_step());
    let at = places.column_of(player.step(), last);
    canvas.rectangle(bar, TRACK);
    canvas.rectangle(Rect { width: (at - bar.x as f32).round() as i32, ..bar }, WALKED);
    for &step in &player.episode().rewarded {
        let x = places.column_of(step, last).round() as i32;
        let width = ((2.0 * unit).round() as i32).max(1);
        canvas.rectangle(Rect { x: x - width / 2, width, ..bar }, REWARD);
    }
    let middle = [at, bar.y as f32 + 0.5 * bar.height as f32];
    canvas.disc(middle, 8.0 * unit, GROUND);
    canvas.disc(middle, 6.5 * unit, BRIGHT);
}

/// Two bars while it plays, or a triangle.
fn draw_button(canvas: &mut Canvas, places: &Places, is_playing: bool) {
    let Rect { x, y, width, height } = places.button;
    if is_playing {
        let bar = Rect { x, y, width: width * 2 / 5, height };
        canvas.rectangle(bar, BRIGHT);
        canvas.rectangle(Rect { x: x + width - bar.width, ..bar }, BRIGHT);
        return;
    }
    let [left, right, top, low] = [x, x + width, y, y + height].map(|side| side as f32);
    canvas.triangle([[left, top], [right, 0.5 * (top + low)], [left, low]], BRIGHT);
}

fn draw_line(canvas: &mut Canvas, places: &Places, player: &Player, shown: Shown) {
    let style = |color| TextStyle { size: TextSize::near(16.0 * places.unit), bold: false, color };
    let letter = style(BRIGHT).letter_width();
    let (left, right) = (places.button.x + places.button.width + 2 * letter, places.timeline.x + places.timeline.width);
    let [mut parts, mut last_parts] = parts(player, shown);
    let width = |parts: &[Part]| -> i32 {
        parts.iter().map(|part| style(BRIGHT).width_of(&part.text) + 3 * letter).sum::<i32>()
    };
    while left + width(&parts) + width(&last_parts) - 3 * letter > right {
        let spare = parts.iter().chain(&last_parts).map(|part| part.spare).max().unwrap_or(0);
        if spare == 0 {
            break;
        }
        parts.retain(|part| part.spare != spare);
        last_parts.retain(|part| part.spare != spare);
    }
    let y = places.button.y + (places.button.height - style(BRIGHT).line_height()) / 2;
    let mut write = |mut x: i32, parts: &[Part]| {
        for Part { text, color, .. } in parts {
            canvas.text(x, y, text, style(*color));
            x += style(*color).width_of(text) + 3 * letter;
        }
    };
    write(left, &parts);
    write(right + 3 * letter - width(&last_parts), &last_parts);
}

/// What stands on the left, and on the right.
fn parts(player: &Player, shown: Shown) -> [Vec<Part>; 2] {
    let episode = player.episode();
    let part = |spare, color, text: String| Part { text, color, spare };
    let wanted = player.wanted((0, 0));
    let time = f64::from(episode.seconds_per_step) * f64::from(shown.step);
    let mut parts = vec![
        part(0, BRIGHT, format!("step {} / {}", shown.step, episode.last_step())),
        part(2, DIM, format!("{time:.1} s")),
        part(1, DIM, format!("speed {}", times(player.speed()))),
    ];
    if let Some(drawn) = shown.drawn.filter(|&drawn| drawn < 0.85 * player.rate()) {
        parts.push(part(4, SLOW, format!("{drawn:.0} of {:.0} steps a second drawn", player.rate())));
    }
    if player.is_looping() {
        parts.push(part(3, DIM, "loop".into()));
    }
    let view = match wanted.camera {
        Some(_) => "free camera",
        None => episode.views.get(wanted.view).map_or("", String::as_str),
    };
    parts.push(part(1, BRIGHT, view.to_owned()));
    if episode.num_questions > 1 {
        parts.push(part(3, DIM, format!("question {} / {}", wanted.question + 1, episode.num_questions)));
    }
    let trust = match episode.warning {
        Some(_) => part(0, WRONG, "NOT VERIFIED".into()),
        None => part(0, VERIFIED, "verified".into()),
    };
    [parts, vec![part(2, DIM, "h  keys".into()), trust]]
}

/// A speed as people write it: `1/4 x`, `2 x`.
fn times(speed: f64) -> String {
    if speed < 1.0 { format!("1/{:.0} x", 1.0 / speed) } else { format!("{speed:.0} x") }
}

#[cfg(test)]
mod tests {
    use groundling_room::{Camera, Projection};

    use super::*;
    use crate::episode::{Episode, Opening};
    use crate::keys::{Key, Press};

    fn player(warning: Option<&str>) -> Player {
        let eye = Camera {
            position: glam::Vec3::ZERO,
            yaw: 0.0,
            pitch: 0.0,
            projection: Projection::Perspective { fov_y: 1.0 },
        };
        let episode = Episode {
            title: String::new(),
            seconds_per_step: 0.1,
            eyes: vec![eye; 226],
            rewarded: vec![60],
            views: vec!["first-person".into()],
            num_questions: 12,
            warning: warning.map(str::to_owned),
        };
        Player::new(episode, Opening { size: None, from: 100, to: 225, rate: 8.0, view: 0, question: 0 })
    }

    fn told(player: &Player, drawn: Option<f64>) -> Vec<String> {
        parts(player, Shown { step: 100, drawn }).into_iter().flatten().map(|part| part.text).collect()
    }

    #[test]
    fn the_line_says_what_is_shown_and_whether_it_can_be_believed() {
        let mut player = player(None);
        let usual = ["step 100 / 225", "10.0 s", "speed 1 x", "first-person", "question 1 / 12", "h  keys", "verified"];
        assert_eq!(told(&player, Some(7.5)), usual);
        for key in ['-', '-', 'l', 'f'] {
            player.press(Press { key: Key::Sign(key), shift: false, repeated: false });
        }
        let told = told(&player, Some(1.0));
        for part in ["speed 1/4 x", "1 of 2 steps a second drawn", "loop", "free camera"] {
            assert!(told.contains(&part.to_owned()), "{part} is not in {told:?}");
        }
        assert!(self::told(&self::player(Some("why")), None).contains(&"NOT VERIFIED".into()));
    }

    /// Columns, in the line of text, whose ink is of a colour of the given kind.
    fn columns(width: usize, warning: Option<&str>, is_ink: fn(&[u8]) -> bool) -> Vec<usize> {
        let places = Places::new(width, 422, 1.0);
        let mut canvas = Canvas::new(width, 422, [0; 3]).unwrap();
        draw_controls(&mut canvas, &places, &player(warning), Shown { step: 100, drawn: Some(0.1) });
        let first = places.button.y as usize * width;
        let pixels = canvas.rgb().chunks_exact(3).enumerate().skip(first);
        pixels.filter(|(_, pixel)| is_ink(pixel)).map(|(index, _)| index % width).collect()
    }

    #[test]
    fn a_narrow_window_drops_what_matters_least_and_never_the_warning() {
        let is_red = |pixel: &[u8]| pixel[0] > 200 && pixel[1] < 130;
        let is_amber = |pixel: &[u8]| pixel[0] > 200 && (150..190).contains(&pixel[1]) && pixel[2] < 100;
        for width in [1280, 640, 360] {
            let red = columns(width, Some("why"), is_red);
            assert!(red.iter().max().unwrap() > &(width - 30), "{width}: the warning stands at the right");
            assert_eq!(columns(width, Some("why"), is_amber).is_empty(), width < 1280, "{width}");
        }
    }

    #[test]
    fn the_timeline_shows_step_and_rewards() {
        let places = Places::new(1280, 782, 1.0);
        let mut canvas = Canvas::new(1280, 782, [0; 3]).unwrap();
        draw_controls(&mut canvas, &places, &player(None), Shown { step: 100, drawn: None });
        let color = |step: u32| {
            let x = places.column_of(step, 225) as usize;
            let y = places.timeline.y as usize + 2;
            canvas.rgb()[3 * (y * 1280 + x)..][..3].to_vec()
        };
        assert_eq!([color(60), color(30), color(100), color(200)], [REWARD, WALKED, BRIGHT, TRACK]);
    }
}
