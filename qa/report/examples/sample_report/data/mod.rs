//! Made-up outcomes, logs and pictures that look like those of real runs, the same at every call.

mod agents;
mod episodes;
mod pictures;
mod questions;
mod runs;
mod sweeps;
mod vocabulary;

use groundling_report::{ProbeFile, ProbeProtocol, Report};
use image::ImageError;

pub(crate) use runs::run;

/// Shapes that are asked about.
const NUM_SHAPES: usize = 24;

/// A report on `num_episodes` test episodes of eighteen questions each.
pub(crate) fn report(num_episodes: u64) -> Result<Report, ImageError> {
    let templates = vocabulary::templates(NUM_SHAPES);
    let asked = questions::questions(num_episodes, &templates);
    let agents = agents::agents(&asked, &templates);
    let probed = ProbeFile::new(templates, vocabulary::answers(), protocol(num_episodes), agents);
    Ok(Report {
        title: "Demo: does predicting the future teach what is in the room?".into(),
        runs: ["lstm", "simcore"].map(|variant| run(&format!("{variant}-1"), 1_600)).into(),
        sweeps: sweeps::sweeps(&probed, &asked),
        probed,
        frames: vec![
            pictures::imagined(
                "True frames after the belief was frozen (above), and what SimCore imagined from it (below)",
                0.0,
            )?,
            pictures::imagined("The same for an episode that turns away from everything it saw", 1.7)?,
        ],
        examples: vec![episodes::example(1, 0.0)?, episodes::example(2, 2.1)?],
        swatches: vocabulary::swatches(),
        film: Some("film.mp4".into()),
    })
}

fn protocol(num_episodes: u64) -> ProbeProtocol {
    ProbeProtocol {
        split: "random rooms".into(),
        evaluation_seed: 0,
        num_train_episodes: 6_000,
        num_validation_episodes: 256,
        num_test_episodes: num_episodes,
        train_seed: 11,
        validation_seed: 12,
        test_seed: 13,
        probe_seed: 14,
        asked_step: questions::EPISODE_STEPS,
        long_gap: 13,
        image_width: 32,
        image_height: 24,
        timeline_steps: (0..=questions::EPISODE_STEPS).step_by(agents::TIMELINE_EVERY as usize).collect(),
        num_timeline_episodes: num_episodes.div_ceil(5),
        episode_steps: questions::EPISODE_STEPS,
        probe_updates: 6_000,
        probe_batch: 256,
        decoder: "LSTM 256 over the question, 8 steps".into(),
        config_hash: "5e1f0c9ab3d2".into(),
        seconds: 211.4,
    }
}
