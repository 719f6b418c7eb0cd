//! The answers that are held most likely, as bars.

use super::layout::Layout;
use super::{Asked, BRIGHT, PANEL, TRUE, style};
use crate::Color;
use crate::canvas::Canvas;
use crate::picture::Rect;

/// The most answers that are shown.
pub const MOST_ANSWERS: usize = 5;

const OTHER: Color = [92, 122, 190];
const WRONG: Color = [222, 104, 92];
/// Letters that the longest usual answer has.
const NAME_LETTERS: i32 = 14;

/// What the agent makes of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer<'a> {
    /// The word.
    pub text: &'a str,
    /// How likely it is held to be, 0 to 1.
    pub probability: f32,
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

pub(super) fn draw_answers(canvas: &mut Canvas, layout: &Layout, asked: &Asked<'_>) {
    let (bars, size) = (layout.bars, layout.text(20.0));
    let percent = style(size, false, BRIGHT);
    let dot = layout.scaled(5.0).max(3);
    let left = 3 * dot + layout.scaled(3.0);
    let name_width = layout.scaled(170.0).max(left + (NAME_LETTERS + 1) * percent.letter_width());
    let percent_width = layout.scaled(70.0).max(7 * percent.letter_width());
    let row_height = bars.height / MOST_ANSWERS as i32;
    let gap = layout.scaled(7.0).min(row_height / 4);
    for (row, answer) in shown(asked).into_iter().enumerate() {
        let y = bars.y + row as i32 * row_height;
        let is_true = answer.text == asked.truth;
        let color = match (is_true, row) {
            (true, _) => TRUE,
            (false, 0) => WRONG,
            (false, _) => OTHER,
        };
        let name = style(size, is_true, if is_true { TRUE } else { BRIGHT });
        let text_y = y + (row_height - name.line_height()) / 2;
        if is_true {
            canvas.disc([(bars.x + dot) as f32, (y + row_height / 2) as f32], dot as f32, TRUE);
        }
        canvas.text(bars.x + left, text_y, &name.shortened(answer.text, name_width - left - dot), name);
        let bar = Rect {
            x: bars.x + name_width,
            y: y + gap,
            width: bars.width - name_width - percent_width,
            height: row_height - 2 * gap,
        };
        canvas.bar(bar, answer.probability, color, PANEL);
        let value = format!("{:>4.0} %", 100.0 * answer.probability);
        canvas.text(bars.x + bars.width - percent.width_of(&value), text_y, &value, percent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_true_answer_is_always_shown() {
        let names = ["red", "green", "blue", "yellow", "cyan", "purple", "orange"];
        let answer = |(i, text): (usize, &&'static str)| Answer { text, probability: 0.3 / (1.0 + i as f32) };
        let answers: Vec<_> = names.iter().enumerate().map(answer).collect();
        for truth in ["red", "orange"] {
            let shown = shown(&Asked { question: "?", truth, answers: &answers });
            assert_eq!(shown.len(), MOST_ANSWERS);
            assert!(shown.iter().any(|answer| answer.text == truth));
            assert_eq!(shown[0].text, "red");
        }
    }
}
