//! Promised: a recording comes back as it was written; whatever is wrong with a file is an error of its own and never
//! a panic; nothing that was there is lost; a replay names the first step that differs.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::path::{Path, PathBuf};

use groundling_interface::{Action, Environment, ScriptedPolicy};
use groundling_sim::{
    Annotation, CameraConfig, Existing, FORMAT_VERSION, ReadError, Recording, Replay, ReplayError, RoomEnvironment,
    ScriptedExplorer, StepDigest, TaskConfig, WorldConfig, WriteError,
};

/// A short episode of the scripted explorer, with one question.
fn recording() -> Recording {
    let config = WorldConfig {
        camera: CameraConfig { width: 24, height: 18, ..CameraConfig::default() },
        task: TaskConfig { episode_steps: 12, ..TaskConfig::default() },
        ..WorldConfig::default()
    };
    let (mut environment, privileged) = RoomEnvironment::new(config.clone()).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged);
    let mut step = environment.reset(21).unwrap();
    explorer.begin(21);
    let mut recording = Recording::begin(config, 21, "explorer", &step);
    while !step.kind.is_last() {
        let action = explorer.action();
        step = environment.step(action).unwrap();
        recording.push(action, &step);
    }
    recording.annotations.push(Annotation {
        question: "what is the color of the ball ?".into(),
        answer: "red".into(),
        candidates: vec!["red".into(), "green".into()],
        probabilities: (0..13).map(|step| vec![0.1 + 0.05 * step as f32, 0.9 - 0.05 * step as f32]).collect(),
    });
    recording
}

fn write(folder: &Path, recording: &Recording) -> PathBuf {
    let path = folder.join("a.episode");
    recording.write(&path, Existing::Keep).unwrap();
    path
}

#[test]
fn it_comes_back_as_it_was_written_and_replays() {
    let folder = tempfile::tempdir().unwrap();
    let recording = recording();
    let path = write(folder.path(), &recording);
    let read = Recording::read(&path).unwrap();
    assert_eq!(read, recording);
    assert_eq!(Replay::verify(read).unwrap(), 13);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn what_was_there_is_kept_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut recording = recording();
    let path = write(folder.path(), &recording);
    recording.agent = "another".into();
    let error = recording.write(&path, Existing::Keep).unwrap_err();
    assert!(matches!(error, WriteError::AlreadyThere { .. }), "{error}");
    assert_eq!(Recording::read(&path).unwrap().agent, "explorer");
    recording.write(&path, Existing::Replace).unwrap();
    assert_eq!(Recording::read(&path).unwrap().agent, "another");

    recording.annotations[0].probabilities[3][1] = f32::NAN;
    let error = recording.write(&path, Existing::Replace).unwrap_err();
    assert!(matches!(error, WriteError::Contradiction(_)), "{error}");
    assert!(Recording::read(&path).is_ok(), "the good file is still there");

    let nowhere = folder.path().join("missing").join("a.episode");
    let error = crate::recording().write(&nowhere, Existing::Keep).unwrap_err();
    assert!(matches!(error, WriteError::Io { .. }), "{error}");
}

#[test]
fn cut_short_anywhere_it_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(write(folder.path(), &recording())).unwrap();
    let path = folder.path().join("cut.episode");
    for length in 0..bytes.len() {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let error = Recording::read(&path).unwrap_err();
        match length {
            0 => assert!(matches!(error, ReadError::NotAnEpisode { .. }), "{length} bytes: {error}"),
            _ => assert!(matches!(error, ReadError::CutShort { .. }), "{length} bytes: {error}"),
        }
    }
}

#[test]
fn any_flipped_bit_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = std::fs::read(write(folder.path(), &recording())).unwrap();
    let path = folder.path().join("flipped.episode");
    for index in 0..bytes.len() {
        let bit = 1 << (index % 8);
        bytes[index] ^= bit;
        std::fs::write(&path, &bytes).unwrap();
        let error = Recording::read(&path).unwrap_err();
        match index {
            0..8 => assert!(matches!(error, ReadError::NotAnEpisode { .. }), "byte {index}: {error}"),
            20.. => assert!(matches!(error, ReadError::Altered { .. }), "byte {index}: {error}"),
            // Version and length: newer, cut short or altered.
            _ => {}
        }
        bytes[index] ^= bit;
    }
    bytes.push(0);
    std::fs::write(&path, &bytes).unwrap();
    assert!(matches!(Recording::read(&path), Err(ReadError::Altered { .. })), "a byte too many");
}

#[test]
fn a_newer_format_and_another_file_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), &recording());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8..12].copy_from_slice(&(FORMAT_VERSION + 1).to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let error = Recording::read(&path).unwrap_err();
    assert!(matches!(error, ReadError::NewerVersion { found: 2, newest: 1, .. }), "{error}");
    std::fs::write(&path, b"an ordinary text file").unwrap();
    assert!(matches!(Recording::read(&path), Err(ReadError::NotAnEpisode { .. })));
    assert!(matches!(Recording::read(folder.path()), Err(ReadError::Io { .. })));
    assert!(matches!(Recording::read(&folder.path().join("none")), Err(ReadError::Io { .. })));
}

#[test]
fn a_replay_names_the_first_step_that_differs() {
    let mut changed = recording();
    changed.digests[7] = StepDigest(1);
    let error = Replay::verify(changed).unwrap_err();
    assert!(matches!(error, ReplayError::Differs { step: 7, recorded: StepDigest(1), .. }), "{error}");

    let mut unknown = recording();
    unknown.actions[4] = Action(77);
    let error = Replay::verify(unknown).unwrap_err();
    assert!(matches!(error, ReplayError::Step { step: 5, .. }), "{error}");

    let mut impossible = recording();
    impossible.config.room.side = [1.0, 1.0];
    assert!(matches!(Replay::verify(impossible), Err(ReplayError::World(_))));
}
