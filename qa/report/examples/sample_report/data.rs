//! Made-up outcomes, logs and pictures that look like those of real runs, the same at every call.

use std::collections::BTreeMap;
use std::io::Cursor;

use groundling_interface::derive;
use groundling_report::{
    CurvePoint, Figure, Metrics, MetricsRecord, Outcome, ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind, Report,
    RunSummary, TemplateEntry,
};
use image::{ImageError, ImageFormat, Rgb, RgbImage};
use rand::Rng;

/// Name, wording, chance.
const TEMPLATES: [(&str, &str, f64); 4] = [
    ("color", "What is the color of the <shape>?", 0.1),
    ("shape", "What shape is the <color> object?", 1.0 / 16.0),
    ("exist", "Is there a <shape>?", 0.5),
    ("count_color", "How many <color> objects are there?", 0.25),
];

/// Name, kind, frames, what is added to chance at best for each template, steps until half of that is forgotten.
const AGENTS: [(&str, ProbedKind, u64, [f64; 4], f64); 5] = [
    ("majority", ProbedKind::Majority, 0, [0.0; 4], 1e9),
    ("question-only", ProbedKind::QuestionOnly, 0, [0.01, 0.01, 0.01, 0.05], 1e9),
    ("untrained", ProbedKind::Untrained, 0, [0.35, 0.15, 0.12, 0.25], 6.0),
    ("lstm", ProbedKind::Trained, 2_400_000, [0.07, 0.09, 0.13, 0.12], 12.0),
    ("simcore", ProbedKind::Trained, 2_400_000, [0.55, 0.40, 0.28, 0.45], 60.0),
];

/// A report on `num_episodes` test episodes of sixteen questions each.
pub(crate) fn report(num_episodes: u64) -> Result<Report, ImageError> {
    Ok(Report {
        title: "Demo: does predicting the future teach what is in the room?".into(),
        runs: vec![run("lstm", 1_600), run("simcore", 1_600)],
        probed: probed(num_episodes),
        frames: vec![
            picture("True frames after the belief was frozen (above), and what SimCore imagined from it (below)", 0.0)?,
            picture("The same for an episode that turns away from everything it saw", 1.7)?,
        ],
        film: Some("film.mp4".into()),
    })
}

/// The answers of every made-up agent.
pub(crate) fn probed(num_episodes: u64) -> ProbeFile {
    let templates = TEMPLATES.map(|(name, wording, chance)| TemplateEntry {
        name: name.into(),
        wording: wording.into(),
        chance,
        answers: vec![0, 1],
    });
    let agents = AGENTS.iter().map(|&(name, kind, frames_trained, gain, half_life)| ProbedAgent {
        frames_trained,
        outcomes: outcomes(num_episodes, gain, half_life),
        curve: if kind == ProbedKind::Majority { vec![] } else { validation(gain) },
        ..ProbedAgent::new(name, kind)
    });
    ProbeFile::new(templates.into(), vec!["red".into(), "blue".into()], protocol(num_episodes), agents.collect())
}

fn protocol(num_episodes: u64) -> ProbeProtocol {
    ProbeProtocol {
        split: "random rooms".into(),
        num_train_episodes: 6_000,
        num_validation_episodes: 256,
        num_test_episodes: num_episodes,
        train_seed: 11,
        validation_seed: 12,
        test_seed: 13,
        probe_seed: 14,
        asked_step: 48,
        episode_steps: 48,
        probe_updates: 6_000,
        probe_batch: 256,
        decoder: "LSTM 256 over the question, 8 steps".into(),
        config_hash: "5e1f0c9ab3d2".into(),
        seconds: 211.4,
    }
}

/// The luck of a question is the same for every agent, so that the better one knows what the worse one knows.
fn outcomes(num_episodes: u64, gain: [f64; 4], half_life: f64) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for episode in 0..num_episodes {
        let mut generator = derive(3, "sample/outcomes", &[episode]);
        let mut uniform = || f64::from(generator.next_u32()) / (f64::from(u32::MAX) + 1.0);
        let ease = uniform() - 0.5;
        for question in 0..16 {
            let template = question % 4;
            let age = (-14.0 * (1.0 - uniform()).ln() - 3.0).max(0.0) as u32;
            let seen = uniform() < 0.93;
            let chance = TEMPLATES[template as usize].2;
            let kept = if seen { 0.5f64.powf(f64::from(age) / half_life) } else { 0.0 };
            let known = gain[template as usize] * kept * (1.0 + 0.8 * ease);
            outcomes.push(Outcome {
                template: template as u16,
                episode,
                question,
                predicted: u16::from(uniform() >= chance + known),
                seen,
                steps_since_seen: seen.then_some(age),
                ..Outcome::default()
            });
        }
    }
    outcomes
}

fn validation(gain: [f64; 4]) -> Vec<CurvePoint> {
    let level = gain.iter().sum::<f64>() / 4.0;
    let points = (1..=30u32).map(|index| CurvePoint {
        updates: u64::from(index) * 200,
        accuracy: 0.23 + level * (1.0 - (-f64::from(index) / 8.0).exp()) * 0.7,
    });
    points.collect()
}

/// A run's log: losses that fall with noise, and an accuracy that rises late.
pub(crate) fn run(name: &str, num_records: u64) -> RunSummary {
    let mut generator = derive(4, name, &[]);
    let mut noise = || f64::from(generator.next_u32()) / f64::from(u32::MAX) - 0.5;
    let is_simcore = name == "simcore";
    let records = (1..=num_records).map(|index| {
        let done = index as f64 / num_records as f64;
        let mut values = BTreeMap::from([
            ("loss/policy".to_owned(), 1.9 * (-3.0 * done).exp() + 0.5 + 0.2 * noise()),
            ("loss/baseline".to_owned(), 0.4 * (-5.0 * done).exp() + 0.04 + 0.03 * noise()),
            ("loss/entropy".to_owned(), -1.9 + 0.7 * done + 0.1 * noise()),
            ("gradient_norm/core/predictive".to_owned(), 0.3 + 0.2 * noise()),
            ("episode/return".to_owned(), 3.0 * done + 1.5 * noise()),
            (
                "probe/accuracy/mean".to_owned(),
                0.29 + if is_simcore { 0.27 / (1.0 + (-12.0 * (done - 0.45)).exp()) } else { 0.03 * done }
                    + 0.04 * noise(),
            ),
        ]);
        if is_simcore {
            values.insert("loss/simcore".to_owned(), 80.0 * (-9.0 * done).exp() + 0.9 + 0.3 * noise());
        }
        MetricsRecord { update: index * 2, frames: index * 1_500, seconds: index as f64 * 0.21, values }
    });
    RunSummary {
        name: name.into(),
        config_toml: format!(
            "seed = 1\n\n[room]\nnum_objects = 3\n\n[agent]\npredictive = \"{}\"\nlearning_rate = 0.001\n",
            if is_simcore { "simcore" } else { "none" }
        ),
        manifest: serde_json::json!({
            "version": "0.1.0", "seed": 1, "host": { "cores": 2, "libtorch": "2.11.0" }, "config_hash": "5e1f0c9ab3d2"
        }),
        metrics: Metrics { records: records.collect(), bad_lines: vec![], last_line_cut: false },
    }
}

/// Two rows of eight small frames, the lower blurred, like true frames above imagined ones.
fn picture(caption: &str, turn: f64) -> Result<Figure, ImageError> {
    let (width, height, num) = (32, 24, 8);
    let picture = RgbImage::from_fn(num * (width + 1) - 1, 2 * height + 1, |x, y| {
        let (frame, column, row) = (x / (width + 1), x % (width + 1), y % (height + 1));
        if column == width || row == height {
            return Rgb([252, 252, 251]);
        }
        let angle = f64::from(column) / 20.0 + f64::from(frame) * 0.5 + turn;
        let wall = if angle.sin() > 0.0 { [120.0, 140.0, 120.0] } else { [150.0, 125.0, 110.0] };
        let distance = ((angle.rem_euclid(3.0) - 1.5) * 20.0).hypot(f64::from(row) - 15.0);
        let share =
            if y < height { f64::from(u8::from(distance < 5.0)) } else { (1.0 - distance / 11.0).clamp(0.0, 0.7) };
        let base = if row > 14 { [95.0, 90.0, 85.0] } else { wall };
        let mix = |base: f64, object: f64| (base + share * (object - base)) as u8;
        Rgb([mix(base[0], 214.0), mix(base[1], 62.0), mix(base[2], 48.0)])
    });
    let mut png = Vec::new();
    picture.write_to(&mut Cursor::new(&mut png), ImageFormat::Png)?;
    Ok(Figure { png, caption: caption.into(), run: "simcore".into() })
}
