//! Promised: a recording is kilobytes and comes back as it was written; whatever is wrong with a file is an error of its
//! own; nothing that was there is lost; a replay names the first step that differs, and how. `hostile_recordings.rs`
//! promises that no bytes do harm.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod episodes;

use std::path::{Path, PathBuf};

use episodes::{annotated, config, imagined_frames, record, sealed, sealed_content};
use groundling_interface::Action;
use groundling_sim::{
    Existing, FORMAT_VERSION, FormatError, Imagination, PROGRAM, ReadError, Recording, Replay, ReplayError,
    WorldConfig, WriteError,
};

fn write(folder: &Path, recording: &Recording) -> PathBuf {
    let path = folder.join("a.episode");
    recording.write(&path, Existing::Keep).unwrap();
    path
}

#[test]
fn it_comes_back_as_it_was_written_and_replays() {
    let folder = tempfile::tempdir().unwrap();
    for recording in [annotated(), record(config(12), u64::MAX)] {
        let path = folder.path().join(format!("{}.episode", recording.episode_seed));
        recording.write(&path, Existing::Keep).unwrap();
        let read = Recording::read(&path).unwrap();
        assert_eq!(read, recording);
        assert_eq!((read.program.as_str(), read.actions.len()), (PROGRAM, 12));
        assert_eq!(Replay::verify(read).unwrap(), 13);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left behind");
}

#[test]
fn nine_hundred_steps_are_at_most_20_kilobytes() {
    let shapes = groundling_room::Shape::all().map(|shape| shape.name().to_owned()).collect();
    let room = groundling_room::RoomConfig { shapes, ..WorldConfig::default().room };
    // Every name of a shape in the header, and a step as full as any.
    let recording = record(WorldConfig { room, ..config(900) }, 3);
    assert_eq!(recording.actions.len(), 900);
    let num_bytes = recording.to_bytes().unwrap().len();
    assert!(num_bytes <= 20_000, "{num_bytes} bytes");
}

#[test]
fn answers_take_two_bytes_each_and_come_back_rounded() {
    let recording = annotated();
    let annotation = &recording.annotations[0];
    let expected = 0.1 + 0.05 * 7.0;
    assert!((annotation.row(7)[0] - expected).abs() < 1e-5, "{:?}", annotation.row(7));
    let without = Recording { annotations: Vec::new(), ..recording.clone() };
    let words = serde_json::to_vec(&[&annotation.asked]).unwrap().len() - "[]".len();
    let num_bytes = |recording: &Recording| recording.to_bytes().unwrap().len();
    assert_eq!(num_bytes(&recording) - num_bytes(&without), words + 2 * 2 * 13);
}

#[test]
fn what_was_imagined_comes_back_to_the_bit() {
    let recording = annotated();
    let read = Recording::from_bytes(&recording.to_bytes().unwrap()).unwrap();
    let steps: Vec<(usize, usize)> = read.imagined.iter().map(|i| (i.step(), i.num_frames())).collect();
    assert_eq!(steps, [(0, 4), (5, 4), (10, 3)]);
    assert!(read.imagined[1].frames().eq(imagined_frames(4)));
    let without = Recording { imagined: Vec::new(), ..recording.clone() };
    let num_bytes = recording.to_bytes().unwrap().len() - without.to_bytes().unwrap().len();
    assert!(num_bytes < 11 * 24 * 18 * 3 / 4, "{num_bytes} bytes for eleven smooth frames");
}

#[test]
fn a_file_of_the_format_before_is_read() {
    let bytes = include_bytes!("golden/format_2.episode");
    assert_eq!(bytes[8], 2);
    let read = Recording::from_bytes(bytes).unwrap();
    assert_eq!((read.agent.as_str(), read.actions.len(), read.digests.len()), ("run after 40 frames", 6, 7));
    assert_eq!((read.annotations.len(), read.annotations[0].num_rows()), (12, 7));
    assert_eq!(read.imagined, []);
    // Kept again, it is of the present format.
    let again = read.to_bytes().unwrap();
    assert_eq!(again[8..12], FORMAT_VERSION.to_le_bytes());
    assert_eq!(Recording::from_bytes(&again).unwrap(), read);
    // The sections of one format under the number of the other.
    let mut content = again[20..again.len() - 32].to_vec();
    content.truncate(content.len() - 4);
    let error = Recording::from_bytes(&sealed_content(&content)).unwrap_err().to_string();
    assert!(error.contains("what was imagined: longer than all that follows"), "{error}");
}

#[test]
fn forged_imaginations_are_refused() {
    let good = annotated();
    let number = |number: u32| number.to_le_bytes().to_vec();
    let entry = |step: u32, num_frames: u32, packed: &[u8]| {
        [number(step), number(num_frames), number(packed.len() as u32), packed.to_vec()].concat()
    };
    let whole = sealed(&good, |_| {});
    assert!(Recording::from_bytes(&whole).is_ok());
    let refused = |section: Vec<u8>, words: &str| {
        let forged = sealed(&good, |sections| sections[5] = section);
        let error = Recording::from_bytes(&forged).unwrap_err().to_string();
        assert!(error.contains(words), "{words:?}: {error}");
    };
    // One stored block of so many zeros, as deflate has it.
    let stored = |length: u16| {
        [&[1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), &vec![0; usize::from(length)]].concat()
    };
    let frame_bytes = 24 * 18 * 3;
    refused(entry(13, 1, &stored(frame_bytes)), "at step 13: the episode has steps 0 to 12");
    refused(entry(u32::MAX, 1, &stored(frame_bytes)), "the episode has steps 0 to 12");
    refused(entry(11, 3, &stored(3 * frame_bytes)), "at step 11: 3 frames, where there must be 1 to 2");
    refused(entry(3, 0, &stored(0)), "at step 3: 0 frames");
    refused(entry(3, 2, &stored(frame_bytes)), "less than 2 frames of 1296 bytes");
    refused(entry(3, 1, &stored(frame_bytes + 1)), "more than 1 frames of 1296 bytes");
    refused(entry(3, u32::MAX, &stored(9)), "more than 1073741824 bytes");
    refused(entry(3, 1, b"nonsense"), "at step 3: its packed frames are damaged");
    refused([entry(3, 1, &stored(frame_bytes)), entry(3, 1, &stored(frame_bytes))].concat(), "steps must ascend");
    refused([entry(4, 1, &stored(frame_bytes)), entry(3, 1, &stored(frame_bytes))].concat(), "after that of step 4");
    refused(entry(3, 1, &stored(frame_bytes)).repeat(14), "more was imagined than at 13 steps");
    refused(number(3)[..3].to_vec(), "half a number");
    refused([number(3), number(1), number(100)].concat(), "longer than all that follows");
}

#[test]
fn what_was_there_is_kept_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut recording = annotated();
    let path = write(folder.path(), &recording);
    recording.agent = "another".into();
    let error = recording.write(&path, Existing::Keep).unwrap_err();
    assert!(matches!(error, WriteError::AlreadyThere { .. }), "{error}");
    assert_eq!(Recording::read(&path).unwrap().agent, "explorer");
    recording.write(&path, Existing::Replace).unwrap();
    assert_eq!(Recording::read(&path).unwrap().agent, "another");

    recording.actions.clear();
    let error = recording.write(&path, Existing::Replace).unwrap_err();
    assert!(matches!(error, WriteError::Contradiction(_)), "{error}");
    assert!(Recording::read(&path).is_ok(), "the good file is still there");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn places_that_cannot_be_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("missing").join("a.episode");
    let error = annotated().write(&nowhere, Existing::Keep).unwrap_err();
    assert!(matches!(error, WriteError::NoFolder { .. }), "{error}");
    assert!(error.to_string().contains("there is no folder") && error.to_string().contains("missing"), "{error}");
    std::fs::create_dir(folder.path().join("folder.episode")).unwrap();
    let taken = folder.path().join("folder.episode");
    for existing in [Existing::Keep, Existing::Replace] {
        assert!(annotated().write(&taken, existing).is_err());
        assert!(taken.is_dir());
    }
    for (path, words) in [(&nowhere, "could not be read"), (&taken, "it is no file")] {
        let error = Recording::read(path).unwrap_err();
        assert!(matches!(error, ReadError::Io { .. }), "{error}");
        assert!(error.to_string().contains(words) && error.to_string().contains(".episode"), "{error}");
    }
}

#[test]
fn a_recording_that_makes_no_sense_is_not_written() {
    let good = annotated();
    let mut cases = Vec::new();
    let mut case = |words, change: &dyn Fn(&mut Recording)| {
        let mut recording = good.clone();
        change(&mut recording);
        cases.push((words, recording));
    };
    case("no action was taken", &|recording| {
        recording.actions.clear();
        recording.digests.truncate(1);
        recording.annotations.clear();
        recording.imagined.clear();
    });
    case("12 actions in an episode of 11 steps (task.episode_steps)", &|r| r.config.task.episode_steps = 11);
    case("what leads to step 5: action 9 is not one of the 9 actions", &|r| r.actions[4] = Action(9));
    case("12 step digests for 12 actions", &|r| r.digests.truncate(12));
    case("task.episode_steps = 0", &|r| r.config.task.episode_steps = 0);
    case("12 rows of probabilities for 13 steps", &|recording| {
        let asked = recording.annotations[0].asked.clone();
        recording.annotations[0] = groundling_sim::Annotation::new(asked);
        (0..12).for_each(|_| recording.annotations[0].push_row(&[0.5]));
    });
    case("no candidate answers", &|r| r.annotations[0].asked.candidates.clear());
    case("1944 bytes in 2 frames, where each picture has 1296", &|r| {
        r.imagined[1] = Imagination::new(5, &[vec![0; 1296], vec![0; 648]]);
    });
    case("at step 12: 2 frames, where there must be 1 to 1", &|r| {
        r.imagined[2] = Imagination::new(12, &imagined_frames(2));
    });
    case("at step 13: the episode has steps 0 to 12", &|r| r.imagined[2] = Imagination::new(13, &imagined_frames(1)));
    case("at step 0: 0 frames", &|r| r.imagined[0] = Imagination::new(0, &[]));
    case("at step 0: it comes after that of step 5; steps must ascend", &|r| r.imagined.swap(0, 1));
    case("its header: ", &|r| r.agent = "a".repeat(1 << 16));
    case("the questions: ", &|r| r.annotations[0].asked.question = "a".repeat(1 << 18));
    for (words, recording) in cases {
        let error = recording.to_bytes().unwrap_err();
        assert!(error.contains(words), "{words:?}: {error}");
    }
}

#[test]
fn cut_short_anywhere_it_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = annotated().to_bytes().unwrap();
    let path = folder.path().join("cut.episode");
    for length in 0..bytes.len() {
        let error = Recording::from_bytes(&bytes[..length]).unwrap_err();
        match length {
            0 => assert_eq!(error, FormatError::NotAnEpisode),
            _ => assert!(matches!(error, FormatError::CutShort { .. }), "{length} bytes: {error}"),
        }
        if length % 97 == 0 {
            std::fs::write(&path, &bytes[..length]).unwrap();
            let Err(ReadError::Format { source, .. }) = Recording::read(&path) else { panic!("{length} bytes") };
            assert_eq!(source, error, "from a file as from bytes");
        }
    }
}

#[test]
fn any_flipped_bit_is_an_error() {
    let mut bytes = annotated().to_bytes().unwrap();
    for index in 0..bytes.len() {
        let bit = 1 << (index % 8);
        bytes[index] ^= bit;
        let error = Recording::from_bytes(&bytes).unwrap_err();
        match index {
            0..8 => assert_eq!(error, FormatError::NotAnEpisode, "byte {index}"),
            20.. => assert_eq!(error, FormatError::Altered, "byte {index}"),
            // Version and length: too old, too new, cut short or altered.
            _ => {}
        }
        bytes[index] ^= bit;
    }
    bytes.push(0);
    assert_eq!(Recording::from_bytes(&bytes), Err(FormatError::Altered), "a byte too many");
}

#[test]
fn other_formats_and_other_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), &annotated());
    let mut bytes = std::fs::read(&path).unwrap();
    let mut words_of_version = |version: u32| {
        bytes[8..12].copy_from_slice(&version.to_le_bytes());
        std::fs::write(&path, &bytes).unwrap();
        Recording::read(&path).unwrap_err().to_string()
    };
    let old = words_of_version(1);
    assert!(old.contains("a.episode: it has episode format 1, which is too old"), "{old}");
    assert!(old.contains("record the episode again"), "{old}");
    let new = words_of_version(FORMAT_VERSION + 1);
    assert!(new.contains("it has episode format 4, which is too new") && new.contains("use a newer one"), "{new}");
    assert!(words_of_version(0).contains("altered"));
    for text in ["an ordinary text file", "", "\u{89}"] {
        std::fs::write(&path, text).unwrap();
        let error = Recording::read(&path).unwrap_err();
        assert!(matches!(error, ReadError::Format { source: FormatError::NotAnEpisode, .. }), "{text:?}: {error}");
    }
}

#[test]
fn a_setting_that_only_another_program_knows_is_named_with_the_program() {
    let unknown = sealed(&annotated(), |sections| {
        let header = String::from_utf8(sections[0].clone()).unwrap();
        let header = header.replace(PROGRAM, "groundling 9.1.0").replace("\"camera\":{", "\"camera\":{\"zoom\":2,");
        sections[0] = header.into_bytes();
    });
    let error = Recording::from_bytes(&unknown).unwrap_err().to_string();
    assert!(error.contains("written by \"groundling 9.1.0\"") && error.contains("unknown field `zoom`"), "{error}");
}

#[test]
fn a_replay_names_the_first_step_that_differs_and_how() {
    let good = annotated();
    let mut changed = good.clone();
    changed.digests[9].picture.0 ^= 1;
    let error = Replay::verify(changed.clone()).unwrap_err();
    assert!(matches!(error, ReplayError::Drawn { step: 9, .. }), "{error}");
    assert!(
        error.to_string().starts_with("step 9 differs from the recording: the room moved as it did, but"),
        "{error}"
    );
    // In the same step, movement is told rather than its picture; in an earlier one, anyway.
    for step in [9, 7] {
        changed.digests[step].state.0 ^= 1 << 63;
        let error = Replay::verify(changed.clone()).unwrap_err();
        assert!(matches!(&error, ReplayError::Moved { step: found, .. } if *found == step), "{error}");
    }
    let mut other = good.clone();
    other.actions[3] = if other.actions[3] == Action(7) { Action(8) } else { Action(7) };
    let error = Replay::verify(other).unwrap_err();
    assert!(matches!(error, ReplayError::Moved { step: 4, .. }), "{error}");
    let mut other = good.clone();
    other.episode_seed += 1;
    assert!(matches!(Replay::verify(other), Err(ReplayError::Moved { step: 0, .. })));
    let mut other = good;
    other.config.camera.fov_x_degrees -= 20.0;
    assert!(matches!(Replay::verify(other), Err(ReplayError::Drawn { step: 0, .. })));
}

#[test]
fn what_cannot_be_replayed_is_named() {
    let mut unknown = annotated();
    unknown.actions[4] = Action(77);
    let error = Replay::verify(unknown).unwrap_err();
    assert!(matches!(error, ReplayError::Step { step: 5, .. }), "{error}");

    let mut impossible = annotated();
    impossible.config.room.side = [1.0, 1.0];
    assert!(matches!(Replay::verify(impossible), Err(ReplayError::World(_))));

    // More actions than the episode has steps: the room has no answer to the last.
    let mut long = annotated();
    long.actions.push(Action(0));
    long.digests.push(long.digests[12]);
    let error = Replay::verify(long).unwrap_err();
    assert!(matches!(error, ReplayError::Step { step: 13, .. }), "{error}");
}
