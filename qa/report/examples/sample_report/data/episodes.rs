//! Made-up example episodes.

use std::io::Cursor;

use groundling_report::{EpisodeMap, ExampleAnswer, ExampleEpisode, ExampleQuestion, MapLabel, MapPath};
use image::{ImageError, ImageFormat, Rgb, RgbImage};

use super::questions::{EPISODE_STEPS, uniforms};

/// Name, whether it knows things, and what it answers when it does not.
const AGENTS: [(&str, f64); 4] = [("overshoot-0-1", 0.45), ("lstm-1", 0.2), ("simcore-1", 0.85), ("oracle-1", 0.95)];
/// Template, question, truth, a wrong answer.
const QUESTIONS: [[&str; 4]; 9] = [
    ["color", "What is the color of the rubber duck?", "yellow", "orange"],
    ["shape", "What shape is the cyan object?", "telephone", "clock"],
    ["count_shape", "How many balls are there?", "1", "2"],
    ["count_color", "How many green objects are there?", "2", "1"],
    ["exist", "Is there a wardrobe?", "no", "yes"],
    ["compare_n_color", "Are there the same number of red objects as pink objects?", "yes", "no"],
    ["compare_n_shape", "Are there the same number of crate as lamp?", "no", "yes"],
    ["near_color", "What is the color of the top hat near the book stack?", "black", "purple"],
    ["near_shape", "What is the white object near the sofa?", "mirror", "basin"],
];
const OBJECTS: [(&str, [f64; 2], [u8; 3]); 8] = [
    ("yellow rubber duck", [0.2, 0.22], [245, 214, 30]),
    ("cyan telephone", [0.44, 0.3], [30, 200, 210]),
    ("red ball", [0.24, 0.7], [221, 30, 30]),
    ("green sofa", [0.7, 0.72], [30, 160, 50]),
    ("white mirror", [0.78, 0.76], [245, 245, 245]),
    ("black top hat", [0.42, 0.85], [25, 25, 28]),
    ("green book stack", [0.5, 0.86], [30, 160, 50]),
    ("pink crate", [0.12, 0.45], [250, 140, 184]),
];

/// The episode in room `number`; `turn` sets the way through it.
pub(super) fn example(number: u32, turn: f64) -> Result<ExampleEpisode, ImageError> {
    let way = |bend: f64| -> Vec<[f64; 2]> {
        let point = |step: u32| {
            let angle = f64::from(step) / 16.0 + turn;
            [0.36 + 0.22 * angle.sin() + bend * (2.3 * angle).cos(), 0.55 + 0.27 * angle.cos()]
        };
        (0..=EPISODE_STEPS).map(point).collect()
    };
    let path = |agents: &[&str], bend: f64| {
        let points = way(bend);
        let end = points.last().copied().unwrap_or_default();
        let edge = |angle: f64| [end[0] + 0.22 * (turn + angle).sin(), end[1] - 0.22 * (turn + angle).cos()];
        MapPath { agents: agents.iter().map(|&name| name.to_owned()).collect(), view: [edge(-0.6), edge(0.6)], points }
    };
    let objects = OBJECTS.map(|(text, place, _)| MapLabel { text: text.into(), place });
    let questions = QUESTIONS.iter().enumerate().map(|(index, &[template, text, truth, wrong])| ExampleQuestion {
        template: template.into(),
        text: text.into(),
        truth: truth.into(),
        answers: AGENTS
            .map(|(agent, knows)| answer(agent, knows, [truth, wrong], [number.into(), index as u64]))
            .into(),
    });
    Ok(ExampleEpisode {
        title: format!("Test room {number}"),
        map: EpisodeMap {
            png: map()?,
            objects: objects.into(),
            paths: vec![path(&["overshoot-0-1", "lstm-1", "simcore-1"], 0.0), path(&["oracle-1"], 0.05)],
        },
        num_steps: EPISODE_STEPS,
        questions: questions.collect(),
    })
}

fn answer(agent: &str, knows: f64, [truth, wrong]: [&str; 2], indices: [u64; 2]) -> ExampleAnswer {
    let mut uniform = uniforms(agent, &indices);
    let is_right = uniform() < knows;
    let seen_at = (60.0 * uniform()) as u32;
    let end = if is_right { 0.5 + 0.48 * uniform() } else { 0.3 * uniform() };
    let course = (0..=EPISODE_STEPS / 4).map(|index| {
        let step = 4 * index;
        let risen = if step < seen_at { 0.0 } else { 1.0 - (-f64::from(step - seen_at) / 12.0).exp() };
        (step, (0.1 + (end - 0.1) * risen + 0.05 * (uniform() - 0.5)).clamp(0.0, 1.0) as f32)
    });
    ExampleAnswer {
        agent: agent.into(),
        answer: if is_right { truth } else { wrong }.into(),
        confidence: if is_right { end as f32 } else { (1.0 - end) as f32 },
        course: course.collect(),
    }
}

/// An L-shaped room from above.
fn map() -> Result<Vec<u8>, ImageError> {
    const SIDE: u32 = 360;
    let picture = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let [u, v] = [x, y].map(|pixel| f64::from(pixel) / f64::from(SIDE));
        let is_within = |margin: f64| {
            let outer = u > margin && u < 1.0 - margin && v > margin && v < 1.0 - margin;
            outer && !(u > 0.6 - margin && v < 0.5 + margin)
        };
        let near = |&(_, [ox, oy], _): &(&str, [f64; 2], [u8; 3])| (u - ox).hypot(v - oy) < 0.028;
        match OBJECTS.iter().find(|object| near(object)) {
            Some(&(_, _, color)) => Rgb(color),
            None if is_within(0.05) => {
                let light = if (x / 24 + y / 24).is_multiple_of(2) { 168 } else { 156 };
                Rgb([light, light - 14, light - 34])
            }
            None if is_within(0.03) => Rgb([96, 120, 140]),
            None => Rgb([34, 34, 38]),
        }
    });
    let mut png = Vec::new();
    picture.write_to(&mut Cursor::new(&mut png), ImageFormat::Png)?;
    Ok(png)
}
