//! Writes the episodes that fuzzing begins with into `fuzz/corpus`: whole files for `recording_bytes`, their contents for
//! `recording_content`.

use std::error::Error;
use std::fs;
use std::path::Path;

use groundling_interface::{Action, Environment};
use groundling_sim::{
    ActionSet, Annotation, Asked, CameraConfig, ControlConfig, Imagination, Recording, RoomEnvironment, TaskConfig,
    WorldConfig,
};

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, actions, num_steps, num_questions) in [
        ("short", ActionSet::Explore, 1, 0),
        ("explore", ActionSet::Explore, 6, 1),
        ("manipulate", ActionSet::Manipulate, 12, 3),
    ] {
        let bytes = record(actions, num_steps, num_questions)?.to_bytes()?;
        let content = bytes.get(20..bytes.len().saturating_sub(32)).unwrap_or_default();
        for (target, seed) in [("recording_bytes", &bytes[..]), ("recording_content", content)] {
            let folder = corpus.join(target);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(name), seed)?;
        }
    }
    println!("episodes are in {}", corpus.display());
    Ok(())
}

fn record(actions: ActionSet, num_steps: u32, num_questions: usize) -> Result<Recording, Box<dyn Error>> {
    let config = WorldConfig {
        camera: CameraConfig { width: 16, height: 12, ..CameraConfig::default() },
        control: ControlConfig { actions, ..ControlConfig::default() },
        task: TaskConfig { episode_steps: num_steps, ..TaskConfig::default() },
        ..WorldConfig::default()
    };
    let (mut environment, privileged) = RoomEnvironment::new(config.clone())?;
    let first = environment.reset(1)?;
    let mut recording = Recording::begin(config, 1, "seed", &first, &privileged);
    for index in 0..num_steps {
        let action = Action((index % environment.spec().num_actions() as u32) as u16);
        recording.push(action, &environment.step(action)?, &privileged);
    }
    for question in 0..num_questions {
        let candidates = ["red", "green", "blue"].map(String::from).to_vec();
        let asked = Asked { question: format!("what is {question} ?"), answer: "red".into(), candidates };
        let mut annotation = Annotation::new(asked);
        (0..=num_steps).for_each(|step| annotation.push_row(&[0.5, 0.25, step as f32 / 100.0]));
        recording.annotations.push(annotation);
    }
    // A short episode has none.
    for step in (0..num_steps.saturating_sub(2)).step_by(4) {
        let frame = |ahead: u8| (0..16 * 12 * 3).map(|index| (index / 5) as u8 + ahead).collect();
        recording.imagined.push(Imagination::new(step as usize, &[frame(0), frame(9)]));
    }
    Ok(recording)
}
