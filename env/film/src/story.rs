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

#![expect(clippy::disallowed_methods, reason = "what is painted into a film decides nothing")]

use crate::Color;
use crate::canvas::Canvas;
use crate::error::FilmError;
use crate::picture::{Picture, Rect};
use crate::text::{TextSize, TextStyle};

/// Columns of a frame.
pub const WIDTH: usize = 1280;
/// Rows of a frame.
pub const HEIGHT: usize = 720;
/// Where the first-person picture goes; 96x72 and 32x24 fill it with whole pixels.
pub const EYE_PANEL: Rect = Rect { x: 16, y: 16, width: 672, height: 504 };
/// Where the map goes.
pub const MAP_PANEL: Rect = Rect { x: 704, y: 16, width: 560, height: 504 };
/// The most answers that are shown.
pub const MOST_ANSWERS: usize = 5;

const WORDS: Rect = Rect { x: 16, y: 536, width: 672, height: 168 };
const BARS: Rect = Rect { x: 704, y: 536, width: 560, height: 168 };

const GROUND: Color = [18, 20, 26];
const PANEL: Color = [30, 33, 42];
const EDGE: Color = [58, 63, 78];
const BRIGHT: Color = [240, 242, 246];
const DIM: Color = [150, 157, 172];
const TRUE: Color = [84, 190, 120];
const OTHER: Color = [92, 122, 190];
const WARNING: Color = [190, 40, 32];
const WRONG: Color = [222, 104, 92];
const PATH: Color = [255, 214, 90];
const AGENT: Color = [255, 84, 60];
const WEDGE_LENGTH: f32 = 15.0;

/// Where the agent is on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agent {
    /// Pixels of the map picture.
    pub at: [f32; 2],
    /// Direction it looks in, as a vector on the map picture; of any length but zero.
    pub looks: [f32; 2],
    /// Half of the angle that it sees, radians.
    pub half_angle: f32,
    /// How far the wedge of what it sees is drawn, pixels of the map picture; 0 for none.
    pub reach: f32,
}

/// Something to point out on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Pixels of the map picture.
    pub at: [f32; 2],
    /// Radius of the ring, pixels of the map picture.
    pub radius: f32,
    /// Colour of the ring.
    pub color: Color,
}

/// What the agent makes of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer<'a> {
    /// The word.
    pub text: &'a str,
    /// How likely it is held to be, 0 to 1.
    pub probability: f32,
}

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
#[derive(Debug, Clone, Copy)]
pub struct Story<'a> {
    /// Headline over the question, such as the agent's name.
    pub title: &'a str,
    /// What the agent sees.
    pub eye: Picture<'a>,
    /// The room from above.
    pub map: Picture<'a>,
    /// Where the agent has been, oldest first, pixels of the map picture.
    pub path: &'a [[f32; 2]],
    /// Where it is now.
    pub agent: Option<Agent>,
    /// What to point out.
    pub marks: &'a [Mark],
    /// The question, when one is asked.
    pub asked: Option<Asked<'a>>,
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

/// Marks a picture whose episode is not what was recorded.
pub fn draw_warning(canvas: &mut Canvas, warning: &str) {
    let bold = style(TextSize::Medium, true, BRIGHT);
    let height = bold.line_height() + 8;
    let width = canvas.width() as i32;
    canvas.rectangle(Rect { x: 0, y: 0, width, height }, WARNING);
    canvas.text(8, 4, &bold.shortened(warning, width - 16), bold);
}

impl Story<'_> {
    /// A canvas of the right size for [`Story::draw`].
    pub fn canvas() -> Result<Canvas, FilmError> {
        Canvas::new(WIDTH, HEIGHT, GROUND)
    }

    /// Draws the frame; a canvas of another size than [`WIDTH`] x [`HEIGHT`] gets the part that fits.
    pub fn draw(&self, canvas: &mut Canvas) {
        canvas.fill(GROUND);
        canvas.rectangle(EYE_PANEL, PANEL);
        canvas.draw_picture(self.eye, EYE_PANEL);
        canvas.rectangle(MAP_PANEL, PANEL);
        self.draw_map(canvas, MAP_PANEL);
        for panel in [EYE_PANEL, MAP_PANEL] {
            canvas.outline(panel, 1, EDGE);
        }
        self.draw_words(canvas);
        if let Some(asked) = &self.asked {
            draw_answers(canvas, asked);
        }
    }

    /// Draws the map alone, with path, marks and agent.
    pub fn draw_map(&self, canvas: &mut Canvas, panel: Rect) {
        let fit = canvas.draw_picture(self.map, panel);
        let path: Vec<[f32; 2]> = self.path.iter().map(|&at| fit.place(at)).collect();
        canvas.polyline(&path, 5.0, GROUND);
        canvas.polyline(&path, 3.0, PATH);
        if let Some(agent) = self.agent {
            draw_field_of_view(canvas, fit.place(agent.at), agent, agent.reach * fit.scale);
        }
        for mark in self.marks {
            let (at, radius) = (fit.place(mark.at), mark.radius * fit.scale);
            canvas.circle(at, radius, 5.0, GROUND);
            canvas.circle(at, radius, 3.0, mark.color);
        }
        if let Some(agent) = self.agent {
            draw_wedge(canvas, fit.place(agent.at), agent.looks);
        }
    }

    fn draw_words(&self, canvas: &mut Canvas) {
        let small = style(TextSize::Small, false, DIM);
        canvas.text(WORDS.x, WORDS.y, &small.shortened(self.title, WORDS.width), small);
        let (question, truth) = match self.asked {
            Some(asked) => (asked.question, asked.truth),
            None => ("", ""),
        };
        let size = if style(TextSize::Large, true, BRIGHT).width_of(question) <= WORDS.width {
            TextSize::Large
        } else {
            TextSize::Medium
        };
        let bold = style(size, true, BRIGHT);
        for (row, line) in wrapped(question, bold, WORDS.width).into_iter().take(2).enumerate() {
            canvas.text(WORDS.x, WORDS.y + 26 + row as i32 * bold.line_height(), &line, bold);
        }
        if !truth.is_empty() {
            let label = style(TextSize::Medium, false, DIM);
            let value = style(TextSize::Medium, true, TRUE);
            let y = WORDS.y + 90;
            canvas.text(WORDS.x, y, "truth  ", label);
            let left = label.width_of("truth  ");
            canvas.text(WORDS.x + left, y, &value.shortened(truth, WORDS.width - left), value);
        }
        let y = WORDS.y + 124;
        let figures = format!("step {} / {}    reward {}", self.step, self.num_steps, figure(self.total_reward));
        canvas.text(WORDS.x, y, &figures, style(TextSize::Medium, false, BRIGHT));
        let progress = Rect { x: WORDS.x, y: WORDS.y + 156, width: WORDS.width, height: 6 };
        let share = self.step as f32 / self.num_steps.max(1) as f32;
        canvas.bar(progress, share, DIM, PANEL);
    }
}

/// A reward without a useless fraction.
fn figure(value: f32) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// The outline of what the agent sees.
fn draw_field_of_view(canvas: &mut Canvas, at: [f32; 2], agent: Agent, reach: f32) {
    const ARC: usize = 12;
    let middle = agent.looks[1].atan2(agent.looks[0]);
    if !(reach > 0.0 && middle.is_finite() && agent.half_angle.is_finite()) {
        return;
    }
    let mut outline = vec![at];
    for index in 0..=ARC {
        let angle = middle + agent.half_angle * (2.0 * index as f32 / ARC as f32 - 1.0);
        outline.push([at[0] + reach * angle.cos(), at[1] + reach * angle.sin()]);
    }
    outline.push(at);
    canvas.polyline(&outline, 4.0, GROUND);
    canvas.polyline(&outline, 2.0, BRIGHT);
}

fn draw_wedge(canvas: &mut Canvas, at: [f32; 2], looks: [f32; 2]) {
    let length = looks[0].hypot(looks[1]);
    if !(length > 0.0 && length.is_finite()) {
        canvas.disc(at, 0.6 * WEDGE_LENGTH, GROUND);
        canvas.disc(at, 0.5 * WEDGE_LENGTH, AGENT);
        return;
    }
    let forward = [looks[0] / length, looks[1] / length];
    let corners = |size: f32| {
        let point = |ahead: f32, aside: f32| {
            [
                at[0] + size * (ahead * forward[0] - aside * forward[1]),
                at[1] + size * (ahead * forward[1] + aside * forward[0]),
            ]
        };
        [point(1.3, 0.0), point(-0.7, 0.5), point(-0.7, -0.5)]
    };
    canvas.triangle(corners(1.4 * WEDGE_LENGTH), GROUND);
    canvas.triangle(corners(WEDGE_LENGTH), AGENT);
}

/// Words in lines no wider than `width` pixels; a single word that is too long is shortened.
fn wrapped(text: &str, style: TextStyle, width: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if style.width_of(line) + style.width_of(word) + style.letter_width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(style.shortened(word, width)),
        }
    }
    lines
}

/// The answers to show: the most probable first, the true one among them.
fn shown<'a>(asked: &Asked<'a>) -> Vec<Answer<'a>> {
    let mut sorted = asked.answers.to_vec();
    sorted.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let truth = sorted.iter().position(|answer| answer.text == asked.truth);
    if let Some(at) = truth.filter(|&at| at >= MOST_ANSWERS) {
        sorted.swap(at, MOST_ANSWERS - 1);
    }
    sorted.truncate(MOST_ANSWERS);
    sorted
}

fn draw_answers(canvas: &mut Canvas, asked: &Asked<'_>) {
    const NAME: i32 = 170;
    const PERCENT: i32 = 70;
    let row_height = BARS.height / MOST_ANSWERS as i32;
    for (row, answer) in shown(asked).into_iter().enumerate() {
        let y = BARS.y + row as i32 * row_height;
        let is_true = answer.text == asked.truth;
        let color = match (is_true, row) {
            (true, _) => TRUE,
            (false, 0) => WRONG,
            (false, _) => OTHER,
        };
        let name = style(TextSize::Medium, is_true, if is_true { TRUE } else { BRIGHT });
        let text_y = y + (row_height - name.line_height()) / 2;
        if is_true {
            canvas.disc([BARS.x as f32 + 5.0, (y + row_height / 2) as f32], 5.0, TRUE);
        }
        canvas.text(BARS.x + 18, text_y, &name.shortened(answer.text, NAME - 24), name);
        let bar = Rect { x: BARS.x + NAME, y: y + 7, width: BARS.width - NAME - PERCENT, height: row_height - 14 };
        canvas.bar(bar, answer.probability, color, PANEL);
        let percent = style(TextSize::Medium, false, BRIGHT);
        let value = format!("{:>4.0} %", 100.0 * answer.probability);
        canvas.text(BARS.x + BARS.width - percent.width_of(&value), text_y, &value, percent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers() -> Vec<Answer<'static>> {
        let names = ["red", "green", "blue", "yellow", "cyan", "purple", "orange"];
        names.iter().enumerate().map(|(i, text)| Answer { text, probability: 0.3 / (1.0 + i as f32) }).collect()
    }

    #[test]
    fn the_true_answer_is_always_shown() {
        let answers = answers();
        for truth in ["red", "orange"] {
            let shown = shown(&Asked { question: "?", truth, answers: &answers });
            assert_eq!(shown.len(), MOST_ANSWERS);
            assert!(shown.iter().any(|answer| answer.text == truth));
            assert_eq!(shown[0].text, "red");
        }
    }

    #[test]
    fn odd_input_draws_without_harm() {
        let rgb = [200; 3];
        let pixel = Picture::new(1, 1, &rgb).unwrap();
        let long = "what ".repeat(300);
        let nan = Answer { text: "nan", probability: f32::NAN };
        let story = Story {
            title: &long,
            eye: pixel,
            map: pixel,
            path: &[[f32::NAN, 0.0], [1e20, -1e20]],
            agent: Some(Agent { at: [0.5, 0.5], looks: [0.0, 0.0], half_angle: 0.0, reach: 0.0 }),
            marks: &[Mark { at: [0.0, 0.0], radius: f32::INFINITY, color: [1; 3] }],
            asked: Some(Asked { question: &long, truth: &long, answers: &[nan] }),
            step: 7,
            num_steps: 0,
            total_reward: f32::NAN,
        };
        story.draw(&mut Story::canvas().unwrap());
        story.draw(&mut Canvas::new(3, 3, [0; 3]).unwrap());
    }

    #[test]
    fn questions_wrap_at_words() {
        let style = style(TextSize::Small, false, BRIGHT);
        let lines = wrapped("What is the color of the rubber duck?", style, style.letter_width() * 16);
        assert_eq!(lines, ["What is the", "color of the", "rubber duck?"]);
    }
}
