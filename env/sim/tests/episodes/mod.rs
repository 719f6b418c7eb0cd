//! Episodes to keep, and files that were forged from them.

use groundling_interface::{Environment, ScriptedPolicy};
use groundling_sim::{
    Annotation, Asked, CameraConfig, FORMAT_VERSION, Imagination, Recording, RoomEnvironment, ScriptedExplorer,
    TaskConfig, WorldConfig,
};
use sha2::{Digest, Sha256};

/// Small pictures.
pub(crate) fn config(episode_steps: u32) -> WorldConfig {
    WorldConfig {
        camera: CameraConfig { width: 24, height: 18, ..CameraConfig::default() },
        task: TaskConfig { episode_steps, ..TaskConfig::default() },
        ..WorldConfig::default()
    }
}

/// A whole episode of the scripted explorer.
pub(crate) fn record(config: WorldConfig, seed: u64) -> Recording {
    let (mut environment, privileged) = RoomEnvironment::new(config.clone()).expect("a world");
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    let mut step = environment.reset(seed).expect("a first step");
    explorer.begin(seed);
    let mut recording = Recording::begin(config, seed, "explorer", &step, &privileged);
    while !step.kind.is_last() {
        let action = explorer.action();
        step = environment.step(action).expect("a step");
        recording.push(action, &step, &privileged);
    }
    recording
}

/// Frames of `config`'s size, smooth, and unlike each other.
pub(crate) fn imagined_frames(num_frames: usize) -> Vec<Vec<u8>> {
    let byte = |frame: usize, index: usize| (20 * frame + index / 9 % 24) as u8;
    (0..num_frames).map(|frame| (0..24 * 18 * 3).map(|index| byte(frame, index)).collect()).collect()
}

/// A short episode with one question, and with what was imagined at three steps.
pub(crate) fn annotated() -> Recording {
    let mut recording = record(config(12), 21);
    let mut annotation = Annotation::new(Asked {
        question: "what is the color of the ball ?".into(),
        answer: "red".into(),
        candidates: vec!["red".into(), "green".into()],
    });
    for step in 0..13 {
        annotation.push_row(&[0.1 + 0.05 * step as f32, 0.9 - 0.05 * step as f32]);
    }
    recording.annotations.push(annotation);
    for (step, num_frames) in [(0, 4), (5, 4), (10, 3)] {
        recording.imagined.push(Imagination::new(step, &imagined_frames(num_frames)));
    }
    recording
}

/// The file of `recording` with other sections, under a checksum that is right.
pub(crate) fn sealed(recording: &Recording, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let bytes = recording.to_bytes().expect("a recording that makes sense");
    let mut rest = &bytes[20..bytes.len() - 32];
    let mut sections = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let (section, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        sections.push(section.to_vec());
        rest = after;
    }
    change(&mut sections);
    let content = sections.iter().flat_map(|section| [&(section.len() as u32).to_le_bytes()[..], section].concat());
    sealed_content(&content.collect::<Vec<u8>>())
}

/// A file with this content, under a checksum that is right.
pub(crate) fn sealed_content(content: &[u8]) -> Vec<u8> {
    let version = FORMAT_VERSION.to_le_bytes();
    let mut bytes = [b"\x89GREP\r\n\x1a", &version[..], &(content.len() as u64).to_le_bytes(), content].concat();
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum);
    bytes
}
