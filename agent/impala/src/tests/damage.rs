//! Promised: a checkpoint that is not whole is refused, by the name of the file that is not; nothing that was there is
//! lost by trying; and what a run that was killed leaves behind is no obstacle.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::trial::{Events, Trial, latest};
use crate::{
    Checkpoint, CheckpointError, Exploring, Resumed, Retention, RunDirectory, RunError, TrainError, TrainOutcome,
};

fn trial() -> Trial {
    Trial { num_updates: 6, ..Trial::lockstep(Exploring::Learned, 1) }
}

/// Trains until `stop_after`; the folder of the checkpoint.
fn trained(folder: &Path, stop_after: u64) -> PathBuf {
    match trial().go(folder, Events { stop_after: Some(stop_after), ..Events::default() }).unwrap() {
        TrainOutcome::Finished { checkpoint } | TrainOutcome::Interrupted { checkpoint } => checkpoint,
    }
}

fn load(folder: &Path) -> Result<Option<Checkpoint>, CheckpointError> {
    Checkpoint::load_latest(&RunDirectory::open(folder).unwrap())
}

/// The updates that a file of metrics has lines for.
fn updates(metrics: &str) -> Vec<u64> {
    let update = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["update"].as_u64().unwrap();
    metrics.lines().map(update).collect()
}

fn assert_names(result: Result<Option<Checkpoint>, CheckpointError>, file: &Path, what: &str) {
    match result {
        Err(error @ CheckpointError::Damaged { .. }) => {
            let message = error.to_string();
            assert!(
                message.contains(&file.display().to_string()) && message.contains("goes on from the checkpoint before"),
                "{message}"
            );
        }
        other => panic!("{} {what}: {:?}", file.display(), other.map(|_| "loaded")),
    }
}

#[test]
fn every_file_cut_short_altered_or_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = trained(folder.path(), 4);
    let whole = latest(folder.path());
    let mut files: Vec<PathBuf> = std::fs::read_dir(&checkpoint).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    let parts = ["agent", "averages", "behavior", "beliefs", "manifest", "manifest", "optimizer", "probe", "rooms"];
    assert_eq!(names.iter().map(|name| name.split('.').next().unwrap()).collect::<Vec<_>>(), parts);
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        // The manifest's sum and the manifest testify against each other; the sum is believed.
        let is_sum = file.ends_with("manifest.sha256");
        let blamed = if is_sum { checkpoint.join("manifest.json") } else { file.clone() };
        for length in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(file, &bytes[..length]).unwrap();
            assert_names(load(folder.path()), &blamed, "cut short");
        }
        for position in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
            let mut altered = bytes.clone();
            altered[position] ^= 1;
            std::fs::write(file, &altered).unwrap();
            assert_names(load(folder.path()), &blamed, "altered");
        }
        std::fs::remove_file(file).unwrap();
        assert_names(load(folder.path()), file, "missing");
        std::fs::write(file, &bytes).unwrap();
        assert!(latest(folder.path()) == whole);
    }
}

/// Everything in the folder of checkpoints, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("checkpoints")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn resume(folder: &Path) -> Result<Resumed, CheckpointError> {
    Checkpoint::resume(&RunDirectory::open_for_training(folder, "", 1).unwrap())
}

/// A folder of its own with a run that has checkpoints after updates 3 and 4, the latter the latest.
fn two_checkpoints() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    trained(folder.path(), 4);
    assert_eq!(names(folder.path()), ["latest", "step-0000000000000024", "step-0000000000000032"]);
    folder
}

/// Goes on and ends as if nothing had been.
fn assert_recovers(folder: &Path) {
    trial().go(folder, Events::default()).unwrap();
    let metrics = std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap();
    assert_eq!(updates(&metrics), [2, 4, 6], "a line that is made again stands there once");
    let other = tempfile::tempdir().unwrap();
    trial().go(other.path(), Events::default()).unwrap();
    assert!(latest(folder) == latest(other.path()), "lost updates are made again, bit for bit");
}

#[test]
fn the_checkpoint_before_a_damaged_one_is_resumed_and_told() {
    let folder = two_checkpoints();
    let damaged = folder.path().join("checkpoints/step-0000000000000032");
    std::fs::write(damaged.join("agent.safetensors"), "").unwrap();
    let resumed = resume(folder.path()).unwrap();
    assert_eq!(resumed.checkpoint.unwrap().update, 3);
    let told = resumed.warnings.join("; ");
    for word in ["step-0000000000000032/agent.safetensors", "damaged-step-0000000000000032", "from "] {
        assert!(told.contains(word), "{told}");
    }
    assert!(resume(folder.path()).unwrap().warnings.is_empty(), "it is told once");
    assert_recovers(folder.path());
    let left = ["damaged-step-0000000000000032", "latest", "step-0000000000000024", "step-0000000000000048"];
    assert_eq!(names(folder.path()), left);
}

#[test]
fn where_none_is_whole_nothing_is_touched() {
    let folder = two_checkpoints();
    for step in ["step-0000000000000024", "step-0000000000000032"] {
        std::fs::remove_file(folder.path().join("checkpoints").join(step).join("rooms.json")).unwrap();
    }
    let before = names(folder.path());
    let error = resume(folder.path()).unwrap_err();
    assert!(matches!(error, CheckpointError::NoneWhole { .. }), "{error:?}");
    assert!(error.to_string().contains("0032/rooms.json: missing"), "{error}");
    assert_eq!(names(folder.path()), before);
}

#[test]
fn a_latest_that_names_nothing_is_told_and_set_right() {
    for content in [None, Some("step-0000000000000099\n"), Some(""), Some("../checkpoints"), Some("step-")] {
        let folder = two_checkpoints();
        let path = folder.path().join("checkpoints/latest");
        match content {
            None => std::fs::remove_file(&path).unwrap(),
            Some(text) => std::fs::write(&path, text).unwrap(),
        }
        // Who only reads is not to guess.
        let error = load(folder.path()).unwrap_err();
        assert!(matches!(error, CheckpointError::Latest { .. }), "{content:?}: {error:?}");
        let resumed = resume(folder.path()).unwrap();
        assert_eq!(resumed.checkpoint.unwrap().update, 4, "{content:?}");
        assert_eq!(resumed.warnings.len(), 2, "{content:?}: {:?}", resumed.warnings);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "step-0000000000000032\n");
    }
}

#[test]
fn a_checkpoint_that_was_not_named_yet_is_made_again() {
    let folder = two_checkpoints();
    // Killed between the renaming of the folder and that of `latest`; another run would have other bits there.
    std::fs::write(folder.path().join("checkpoints/latest"), "step-0000000000000024\n").unwrap();
    std::fs::write(folder.path().join("checkpoints/step-0000000000000032/stray"), "").unwrap();
    assert_eq!(latest(folder.path()).update, 3);
    assert!(resume(folder.path()).unwrap().warnings.is_empty());
    let stopped = trial().go(folder.path(), Events { stop_after: Some(4), ..Events::default() });
    assert!(matches!(stopped, Ok(TrainOutcome::Interrupted { .. })), "{stopped:?}");
    assert_eq!(latest(folder.path()).update, 4);
    assert!(!folder.path().join("checkpoints/step-0000000000000032/stray").exists());
    assert_recovers(folder.path());
}

#[test]
fn another_format_is_refused_by_name() {
    let folder = two_checkpoints();
    let checkpoint = folder.path().join("checkpoints/step-0000000000000032");
    let text = std::fs::read_to_string(checkpoint.join("manifest.json")).unwrap();
    for (format, named) in [("1", "format 1,"), ("99", "format 99,"), ("\"two\"", "format 0,")] {
        let other = text.replace("\"format\": 2", &format!("\"format\": {format}"));
        assert_ne!(other, text);
        std::fs::write(checkpoint.join("manifest.json"), &other).unwrap();
        let sum: String = Sha256::digest(&other).iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(checkpoint.join("manifest.sha256"), sum).unwrap();
        for error in [load(folder.path()).unwrap_err(), resume(folder.path()).unwrap_err()] {
            let message = error.to_string();
            assert!(
                message.contains(named) && message.contains("reads format 2") && message.contains("--run"),
                "{error}"
            );
        }
    }
}

#[test]
fn so_many_checkpoints_are_kept_as_asked_for() {
    for (last, every_frames, kept) in [
        (1, 0, &[48][..]),
        (2, 0, &[40, 48]),
        (3, 0, &[32, 40, 48]),
        (2, 16, &[16, 32, 40, 48]),
        (9, 0, &[8, 16, 24, 32, 40, 48]),
    ] {
        let folder = two_checkpoints();
        let run = RunDirectory::open(folder.path()).unwrap();
        let checkpoint = latest(folder.path());
        std::fs::remove_dir_all(run.checkpoints_path()).unwrap();
        for frames in [8, 16, 24, 32, 40, 48] {
            let saved =
                Checkpoint { frames, ..checkpoint.clone() }.save(&run, Retention { last, every_frames }).unwrap();
            assert_eq!(Checkpoint::latest_folder(&run).unwrap(), Some(saved));
        }
        let mut expected: Vec<String> = kept.iter().map(|frames| format!("step-{frames:016}")).collect();
        expected.insert(0, "latest".into());
        assert_eq!(names(folder.path()), expected);
        // A process that was killed right behind the last checkpoint leaves one too many; there is nothing to save again.
        Checkpoint { frames: 48, ..checkpoint }.save(&run, Retention { last: 1, every_frames: 0 }).unwrap();
        assert_eq!(names(folder.path()), ["latest", "step-0000000000000048"]);
    }
}

#[test]
fn an_unfinished_checkpoint_is_no_checkpoint() {
    let folder = two_checkpoints();
    // A process killed while it wrote the checkpoint of 48 frames, which the resumed run will write again.
    let unfinished = folder.path().join("checkpoints/.unfinished-step-0000000000000048");
    std::fs::create_dir(&unfinished).unwrap();
    std::fs::write(unfinished.join("agent.safetensors"), "half").unwrap();
    std::fs::write(unfinished.join("stray.bin"), "").unwrap();
    assert_eq!(latest(folder.path()).update, 4);
    assert_recovers(folder.path());
    assert!(!unfinished.exists() && !folder.path().join("checkpoints/step-0000000000000048/stray.bin").exists());

    let begun = tempfile::tempdir().unwrap();
    drop(RunDirectory::open_for_training(begun.path(), "", 1).unwrap());
    std::fs::create_dir_all(begun.path().join("checkpoints/.unfinished-step-0000000000000024")).unwrap();
    let resumed = resume(begun.path()).unwrap();
    assert!(
        resumed.checkpoint.is_none() && resumed.warnings.is_empty(),
        "killed in the first checkpoint: it begins anew"
    );
}

#[test]
fn a_checkpoint_of_another_network_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    trained(folder.path(), 4);
    let before = latest(folder.path());
    let larger = Trial { core_size: 12, ..trial() };
    let error = larger.go(folder.path(), Events::default()).unwrap_err();
    assert!(matches!(error, TrainError::Misfit(_)), "{error:?}");
    assert!(error.to_string().contains("shape [32, 12], this network needs [48, 12]"), "{error}");
    assert!(latest(folder.path()) == before);
}

#[test]
fn a_metrics_file_cut_in_its_last_line_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    trained(folder.path(), 4);
    let path = folder.path().join("metrics.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    assert_eq!(whole.lines().count(), 2);
    std::fs::write(&path, &whole[..whole.len() - 10]).unwrap();
    trial().go(folder.path(), Events::default()).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    // The line of update 4 is lost, since only training could make it again.
    assert_eq!(updates(&text), [2, 6]);
    assert!(whole.starts_with(text.lines().next().unwrap()), "lines that are whole are left alone");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    trained(folder.path(), 4);
    let before = latest(folder.path());
    let checkpoints = folder.path().join("checkpoints");
    let moved = folder.path().join("moved");

    // A file where the folder should be stops even a user who may write everywhere.
    std::fs::rename(&checkpoints, &moved).unwrap();
    std::fs::write(&checkpoints, "").unwrap();
    let error = before.save(&RunDirectory::open(folder.path()).unwrap(), Retention::default()).unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot create {}: ", checkpoints.display())), "{error}");
    std::fs::remove_file(&checkpoints).unwrap();
    std::fs::rename(&moved, &checkpoints).unwrap();

    let set_mode = |mode| std::fs::set_permissions(&checkpoints, std::fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o555);
    let may_write_all_the_same = std::fs::create_dir(checkpoints.join("probe")).is_ok();
    let later = Checkpoint { frames: before.frames + 1, ..before.clone() };
    let result = later.save(&RunDirectory::open(folder.path()).unwrap(), Retention::default());
    set_mode(0o755);
    if !may_write_all_the_same {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("cannot create") && error.contains("choose a folder that you may write to"), "{error}");
        assert!(latest(folder.path()) == before);
    }
}

#[test]
fn a_run_in_a_place_that_takes_no_files_is_refused() {
    let error = RunDirectory::open_for_training(Path::new("/proc/groundling-run"), "", 1).unwrap_err();
    assert!(matches!(error, RunError::File(_)), "{error:?}");
    assert!(error.to_string().starts_with("cannot create /proc/groundling-run: "), "{error}");
}
