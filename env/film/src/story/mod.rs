//! One frame of an episode's film: what the agent sees, where it is, what it is asked, and what it answers.
//!
//! ```text
//! +-------------------------+----------------------+
//! | first person            | map, path, agent     |
//! +-------------------------+----------------------+
//! | question                | answers as bars,     |
//! | truth, step, reward     | the true one marked  |
//! +-------------------------+----------------------+
//! ```
//!
//! An upright frame has the four one below the other. Where the agent imagined, a strip below them shows what.

mod answers;
mod layout;
mod map;
mod strip;

use crate::Color;
use crate::canvas::Canvas;
use crate::picture::{Picture, Rect};
use crate::text::{TextSize, TextStyle};

pub use answers::{Answer, MOST_ANSWERS};
pub use layout::Layout;
pub use map::{Agent, Map, Mark, draw_path};
pub use strip::{Strip, StripColumn, StripFrames, StripLayout};

const GROUND: Color = [18, 20, 26];
const PANEL: Color = [30, 33, 42];
const EDGE: Color = [58, 63, 78];
const BRIGHT: Color = [240, 242, 246];
const DIM: Color = [150, 157, 172];
const TRUE: Color = [84, 190, 120];

/// A question and what is answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked<'a> {
    /// The whole question.
    pub question: &'a str,
    /// The right answer.
    pub truth: &'a str,
    /// Any number of answers in any order; the most probable [`MOST_ANSWERS`] are shown, and the true one in any case.
    pub answers: &'a [Answer<'a>],
}

/// Everything on one frame.
#[derive(Debug, Clone)]
pub struct Story<'a> {
    /// Headline over the question, such as the agent's name.
    pub title: &'a str,
    /// What the agent sees.
    pub eye: Picture<'a>,
    /// The room from above.
    pub map: Map<'a>,
    /// The question, when one is asked.
    pub asked: Option<Asked<'a>>,
    /// What the agent imagined, and what came; drawn where the layout has a place for it.
    pub strip: Option<Strip<'a>>,
    /// Steps so far.
    pub step: u32,
    /// Steps of the whole episode.
    pub num_steps: u32,
    /// Sum of the rewards so far.
    pub total_reward: f32,
}

fn style(size: TextSize, bold: bool, color: Color) -> TextStyle {
    TextStyle { size, bold, color }
}

impl Story<'_> {
    /// Draws the frame; a canvas of another size than the layout's gets the part that fits.
    pub fn draw(&self, canvas: &mut Canvas, layout: &Layout) {
        canvas.fill(GROUND);
        for panel in [layout.eye, layout.map] {
            canvas.rectangle(panel, PANEL);
        }
        canvas.draw_picture(self.eye, layout.eye);
        self.map.draw(canvas, layout.map, layout.unit);
        for panel in [layout.eye, layout.map] {
            canvas.outline(panel, layout.scaled(1.0).max(1), EDGE);
        }
        self.draw_words(canvas, layout);
        if let Some(asked) = &self.asked {
            answers::draw_answers(canvas, layout, asked);
        }
        if let (Some(strip), Some(place)) = (&self.strip, &layout.strip) {
            strip.draw(canvas, layout, place);
        }
    }

    fn draw_words(&self, canvas: &mut Canvas, layout: &Layout) {
        let words = layout.words;
        // Lines keep their distances within what there is for them.
        let down = |share_of_168: i32| words.y + share_of_168 * words.height / 168;
        let small = style(layout.text(16.0), false, DIM);
        canvas.text(words.x, words.y, &small.shortened(self.title, words.width), small);
        let (question, truth) = match self.asked {
            Some(asked) => (asked.question, asked.truth),
            None => ("", ""),
        };
        let (large, medium) = (layout.text(24.0), layout.text(20.0));
        let fits = style(large, true, BRIGHT).width_of(question) <= words.width;
        let bold = style(if fits { large } else { medium }, true, BRIGHT);
        for (row, line) in bold.wrapped(question, words.width).into_iter().take(2).enumerate() {
            canvas.text(words.x, down(26) + row as i32 * bold.line_height(), &line, bold);
        }
        if !truth.is_empty() {
            let (label, value) = (style(medium, false, DIM), style(medium, true, TRUE));
            canvas.text(words.x, down(90), "truth  ", label);
            let left = label.width_of("truth  ");
            canvas.text(words.x + left, down(90), &value.shortened(truth, words.width - left), value);
        }
        let figures = format!("step {} / {}    reward {}", self.step, self.num_steps, figure(self.total_reward));
        canvas.text(words.x, down(124), &figures, style(medium, false, BRIGHT));
        let height = (6 * words.height / 168).max(3);
        let progress = Rect { x: words.x, y: down(156), width: words.width, height };
        let share = self.step as f32 / self.num_steps.max(1) as f32;
        canvas.bar(progress, share, DIM, PANEL);
    }
}

/// A reward without a useless fraction.
fn figure(value: f32) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_input_draws_without_harm() {
        let rgb = [200; 3];
        let pixel = Picture::new(1, 1, &rgb).unwrap();
        let long = "what ".repeat(300);
        let nan = Answer { text: "nan", probability: f32::NAN };
        let map = Map {
            picture: pixel,
            path: &[[f32::NAN, 0.0], [1e20, -1e20]],
            agent: Some(Agent { at: [0.5, 0.5], looks: [0.0, 0.0] }),
            marks: &[Mark { at: [0.0, 0.0], radius: f32::INFINITY, color: [1; 3] }],
        };
        let columns = vec![StripColumn { imagined: Some(pixel), came: None }; 3];
        let story = Story {
            strip: Some(Strip { start: Some(u32::MAX), since: usize::MAX, columns }),
            title: &long,
            eye: pixel,
            map,
            asked: Some(Asked { question: &long, truth: &long, answers: &[nan] }),
            step: 7,
            num_steps: 0,
            total_reward: f32::NAN,
        };
        for (width, height) in [(1280, 720), (640, 360), (360, 640)] {
            let layout = Layout::new(width, height).unwrap();
            let frames = StripFrames { width: 1, height: 1, num_frames: 1000 };
            for layout in [layout, Layout::with_strip(width, height, frames).unwrap()] {
                story.draw(&mut Canvas::new(width, height, [0; 3]).unwrap(), &layout);
                story.draw(&mut Canvas::new(3, 3, [0; 3]).unwrap(), &layout);
            }
        }
    }
}
