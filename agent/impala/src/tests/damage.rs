//! Promised: a checkpoint that is not whole is refused, by the name of the file that is not; nothing that was there is
//! lost by trying; and what a run that was killed leaves behind is no obstacle.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::trial::{Events, Trial, latest};
use crate::{Checkpoint, CheckpointError, Exploring, RunDirectory, RunError, TrainError, TrainOutcome};

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
                message.contains(&file.display().to_string()) && message.contains("remove the folder"),
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
    let parts = ["agent", "behavior", "beliefs", "manifest", "manifest", "optimizer", "probe", "rooms"];
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
        // Training on top of it is refused just so, and leaves it as it is.
        let refused = trial().go(folder.path(), Events::default());
        assert!(matches!(refused, Err(TrainError::Checkpoint(CheckpointError::Damaged { .. }))), "{refused:?}");
        std::fs::write(file, &bytes).unwrap();
        assert!(latest(folder.path()) == whole);
    }
}

#[test]
fn without_the_damaged_folder_the_one_before_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = trained(folder.path(), 4);
    std::fs::write(checkpoint.join("agent.safetensors"), "").unwrap();
    let Err(CheckpointError::Damaged { folder: damaged, .. }) = load(folder.path()) else { panic!() };
    assert_eq!(damaged, checkpoint);
    std::fs::remove_dir_all(damaged).unwrap();
    assert_eq!(latest(folder.path()).update, 3, "the regular checkpoint before");
    trial().go(folder.path(), Events::default()).unwrap();
    let metrics = std::fs::read_to_string(folder.path().join("metrics.jsonl")).unwrap();
    assert_eq!(updates(&metrics), [2, 4, 6], "the line of the update that was lost stands there once");

    let other = tempfile::tempdir().unwrap();
    trial().go(other.path(), Events::default()).unwrap();
    assert!(latest(folder.path()) == latest(other.path()), "the lost update is made again, bit for bit");
}

#[test]
fn an_unfinished_checkpoint_is_no_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    trained(folder.path(), 4);
    let before = latest(folder.path());
    // A process killed while it wrote the checkpoint of 48 frames, which the resumed run will write again.
    let unfinished = folder.path().join("checkpoints/.unfinished-0000000000000048");
    std::fs::create_dir(&unfinished).unwrap();
    std::fs::write(unfinished.join("agent.safetensors"), "half").unwrap();
    std::fs::write(unfinished.join("stray.bin"), "").unwrap();
    assert!(latest(folder.path()) == before);
    let aside = folder.path().join("aside");
    std::fs::create_dir(&aside).unwrap();
    let regular = ["step-0000000000000024", "step-0000000000000032"];
    let move_all = |from: &Path, to: &Path| {
        regular.iter().for_each(|name| std::fs::rename(from.join(name), to.join(name)).unwrap());
    };
    move_all(&folder.path().join("checkpoints"), &aside);
    assert!(load(folder.path()).unwrap().is_none(), "killed in the first checkpoint: it begins anew");
    move_all(&aside, &folder.path().join("checkpoints"));
    trial().go(folder.path(), Events::default()).unwrap();
    assert_eq!(latest(folder.path()).frames, 48);
    assert!(!unfinished.exists() && !folder.path().join("checkpoints/step-0000000000000048/stray.bin").exists());
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
    let error = before.save(&RunDirectory::open(folder.path()).unwrap()).unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot create {}: ", checkpoints.display())), "{error}");
    std::fs::remove_file(&checkpoints).unwrap();
    std::fs::rename(&moved, &checkpoints).unwrap();

    let set_mode = |mode| std::fs::set_permissions(&checkpoints, std::fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o555);
    let may_write_all_the_same = std::fs::create_dir(checkpoints.join("probe")).is_ok();
    let later = Checkpoint { frames: before.frames + 1, ..before.clone() };
    let result = later.save(&RunDirectory::open(folder.path()).unwrap());
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
