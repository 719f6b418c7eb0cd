//! Promised of `groundling train`: what is wrong with a run is told in one line with exit code 2, and nothing of it is
//! touched; signals save and end with 130; settings that change nothing that is learnt may differ when a run goes on, and
//! others only when it is said so.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use crate::scene::{Scene, latest, signal, wait_for};

#[test]
fn the_same_command_goes_on_and_changes_without_effect_are_noted() {
    let scene = Scene::new(6);
    scene.works(&["--run", "whole"]);
    let whole = latest(&scene.path("whole"));

    // Made longer while the learning rate has not begun to fall, with other intervals, and renamed in between.
    scene.works(&["--run", "first", "--set", "training.num_frames=60"]);
    assert_eq!(latest(&scene.path("first")).update, 3);
    fs::rename(scene.path("first"), scene.path("renamed")).unwrap();
    let told = scene.works(&["--run", "renamed", "--set", "training.log_interval=1"]);
    for words in
        ["changed: training.num_frames was 60, now 120", "changed: training.log_interval was 2, now 1", "resuming"]
    {
        assert!(told.contains(words), "{told}");
    }
    assert!(latest(&scene.path("renamed")) == whole, "as if it had been begun so");
    let manifest = fs::read_to_string(scene.path("renamed/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!((&manifest["history"][0]["frames"], manifest["history"].as_array().unwrap().len()), (&60.into(), 1));
    assert_eq!(manifest["history"][0]["changes"][1]["now"], "120");
    let config = fs::read_to_string(scene.path("renamed/config.toml")).unwrap();
    assert!(config.contains("num_frames = 120") && config.contains("log_interval = 1"), "{config}");
    // Finished: the same command has nothing to do, and changes nothing.
    scene.works(&["--run", "renamed", "--set", "training.log_interval=1"]);
    assert!(latest(&scene.path("renamed")) == whole);
}

#[test]
fn other_settings_are_refused_or_accepted_by_name() {
    let scene = Scene::new(4);
    scene.works(&["--run", "run"]);
    let before = latest(&scene.path("run"));
    let config = fs::read_to_string(scene.path("run/config.toml")).unwrap();
    let refused = |further: &[&str], words: &[&str]| {
        scene.fails(&[&["--run", "run"], further].concat(), 2, words);
        assert!(latest(&scene.path("run")) == before);
        assert_eq!(fs::read_to_string(scene.path("run/config.toml")).unwrap(), config);
    };
    refused(
        &["--set", "training.unroll_length=6"],
        &["training.unroll_length was 5, now 6", "run/config.toml", "--run"],
    );
    refused(&["--set", "seed=9", "--accept-changes"], &["seed was 3, now 9", "another run"]);
    refused(&["--set", "room.num_objects=[1, 2]"], &["room.num_objects was [2, 3], now [1, 2]"]);
    refused(&["--set", "losses.entropy=0.5"], &["losses.entropy", "--accept-changes"]);
    refused(&["--set", "training.learner_threads=2"], &["training.learner_threads was 1, now 2", "--accept-changes"]);
    refused(&["--set", "predictive.loss=none", "--accept-changes"], &["predictive.loss was", "does not fit"]);
    // Its learning rate has fallen already, unless it never falls.
    refused(&["--set", "training.num_frames=200"], &["training.num_frames was 80, now 200", "optimizer.decay_share"]);
    let told = scene.works(&[
        "--run",
        "run",
        "--set",
        "training.num_frames=200",
        "--set",
        "losses.entropy=0.5",
        "--accept-changes",
    ]);
    assert!(told.contains("changed: losses.entropy was "), "{told}");
    assert_eq!(latest(&scene.path("run")).update, 10);
}

#[test]
fn a_folder_that_is_no_run_or_a_damaged_one_is_told_in_one_line() {
    let scene = Scene::new(4);
    let refused = |run: &str, words: &[&str]| scene.fails(&["--run", run], 2, words);
    fs::write(scene.path("file"), "precious").unwrap();
    refused("file", &["file is not a folder", "--run"]);
    fs::create_dir(scene.path("foreign")).unwrap();
    fs::write(scene.path("foreign/thesis.tex"), "years").unwrap();
    refused("foreign", &["foreign is not empty and holds no run", "--run"]);
    scene.fails_with(&["train", "--config", "missing.toml", "--run", "run"], 2, &["missing.toml"]);
    assert!(!scene.path("run").exists());

    scene.works(&["--run", "run"]);
    let whole = latest(&scene.path("run"));
    let file = |name: &str| scene.path("run").join(name);
    let spoilt = |name: &str, content: Option<&[u8]>, words: &[&str]| {
        let kept = fs::read(file(name)).unwrap();
        match content {
            Some(bytes) => fs::write(file(name), bytes).unwrap(),
            None => fs::remove_file(file(name)).unwrap(),
        }
        refused("run", words);
        fs::write(file(name), kept).unwrap();
        assert!(latest(&scene.path("run")) == whole);
    };
    spoilt("manifest.json", Some(b"{\"format\": 99}"), &["manifest.json", "format is 99"]);
    spoilt("manifest.json", Some(b"dear diary"), &["manifest.json is not a manifest"]);
    spoilt("config.toml", None, &["config.toml", "missing"]);
    spoilt("config.toml", Some(b"seed = "), &["config.toml is not a configuration"]);

    // The newest checkpoint is damaged: told, kept, and made again from the one before.
    let newest = "checkpoints/step-0000000000000080";
    fs::write(file(newest).join("optimizer.safetensors"), "").unwrap();
    scene.fails_with(&["record", "run", "--episodes", "1", "--out", "out"], 2, &[newest, "groundling train"]);
    let output = scene.train(&["--run", "run"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    for words in ["warning: ", "optimizer.safetensors", "damaged-step-0000000000000080", "step-0000000000000060"] {
        assert!(told.contains(words), "{told}");
    }
    assert!(latest(&scene.path("run")) == whole);
    // All of them are.
    for entry in fs::read_dir(file("checkpoints")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            fs::remove_file(entry.join("manifest.json")).unwrap();
        }
    }
    refused("run", &["manifest.json: missing", "none there is whole", "begin the run anew"]);
}

#[test]
fn a_run_in_use_is_refused_and_goes_on_undisturbed() {
    let scene = Scene::new(1_000_000);
    let mut first = scene.train(&["--run", "run"]).spawn().unwrap();
    wait_for(&mut first, || scene.path("run/checkpoints/latest").exists());
    scene.fails(&["--run", "run"], 2, &["another process is using the run run"]);
    assert!(first.try_wait().unwrap().is_none());
    signal(&first, libc::SIGTERM);
    assert_eq!(first.wait().unwrap().code(), Some(130));
    assert!(latest(&scene.path("run")).update > 0);
}

#[test]
fn a_signal_saves_first() {
    for number in [libc::SIGINT, libc::SIGTERM] {
        let scene = Scene::new(1_000_000);
        let mut child =
            scene.train(&["--run", "run", "--set", "training.checkpoint_interval=1000000"]).spawn().unwrap();
        // The first line of metrics: it is training, and nothing is saved yet.
        wait_for(&mut child, || fs::metadata(scene.path("run/metrics.jsonl")).is_ok_and(|file| file.len() > 0));
        assert!(!scene.path("run/checkpoints/latest").exists());
        signal(&child, number);
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{told}");
        assert!(told.contains("interrupted; run/checkpoints/step-") && !told.contains("error"), "{told}");
        assert!(latest(&scene.path("run")).update > 0);
    }
}

#[test]
fn a_second_signal_ends_at_once() {
    // One update takes far longer than the test.
    let scene = Scene::new(1_000_000);
    let endless = ["training.unroll_length=5000", "training.rooms_per_actor=64"];
    let settings = endless.iter().flat_map(|setting| ["--set", setting]).collect::<Vec<_>>();
    let mut child = scene.train(&[&["--run", "run"], &settings[..]].concat()).spawn().unwrap();
    let manifest = || fs::read_to_string(scene.path("run/manifest.json")).unwrap_or_default();
    wait_for(&mut child, || manifest().contains("first_frame"));
    signal(&child, libc::SIGINT);
    // Signals that come close together are one.
    std::thread::sleep(Duration::from_millis(1500));
    assert!(child.try_wait().unwrap().is_none());
    signal(&child, libc::SIGINT);
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(told.contains("once more ends at once") && !told.contains("is saved"), "{told}");
}

/// Limits the size of files, as a full disk would; the signal that comes with the limit is ignored.
fn with_small_files(command: &Command, blocks: u32) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "sh"]);
    shell.arg(command.get_program()).args(command.get_args()).current_dir(command.get_current_dir().unwrap());
    shell
}

#[test]
fn a_checkpoint_that_cannot_be_written_loses_none_that_was() {
    let scene = Scene::new(6);
    scene.works(&["--run", "run", "--set", "training.num_frames=40"]);
    let before = latest(&scene.path("run"));
    let fails = |command: &mut Command, words: &[&str]| {
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        for word in words {
            assert!(told.contains(word), "{word:?}: {told}");
        }
        assert!(latest(&scene.path("run")) == before);
    };
    // Room for the metrics and for the settings, not for the parameters.
    let good = "the same command goes on from run/checkpoints/step-0000000000000040";
    let full = ["File too large", "ulimit -f", "step-0000000000000060", "safetensors", good];
    fails(&mut with_small_files(&scene.train(&["--run", "run"]), 16), &full);
    let left: Vec<_> =
        fs::read_dir(scene.path("run/checkpoints")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "what was begun is removed: {left:?}");

    let checkpoints = scene.path("run/checkpoints");
    let set_mode = |mode| fs::set_permissions(&checkpoints, fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o555);
    // Root may write everywhere.
    if fs::create_dir(checkpoints.join(".unfinished-probe")).is_err() {
        fails(&mut scene.train(&["--run", "run"]), &["cannot create", "choose a folder that you may write to", good]);
    }
    set_mode(0o755);
    scene.works(&["--run", "run"]);
    assert_eq!(latest(&scene.path("run")).update, 6);
}

#[test]
fn an_update_that_diverges_is_kept_and_can_be_studied() {
    let scene = Scene::new(6);
    scene.works(&["--run", "run", "--set", "training.num_frames=40"]);
    let before = latest(&scene.path("run"));
    let limited = ["--run", "run", "--set", "training.divergence_limit=1e-6"];
    let words =
        ["update 3 diverged: the loss", "beyond training.divergence_limit", "run/diverged-3", "step-0000000000000040"];
    for _ in 0..2 {
        scene.fails(&limited, 1, &words);
        assert!(latest(&scene.path("run")) == before);
    }
    let table = scene.works_with(&["diverged", "run/diverged-3"]);
    assert!(table.contains("update 3 diverged") && table.contains("batch/rewards"), "{table}");
    let json = scene.works_with(&["diverged", "run/diverged-3", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let figures = json["figures"].as_array().unwrap();
    let losses: Vec<_> =
        figures.iter().filter(|figure| figure["name"].as_str().unwrap().starts_with("loss/")).collect();
    assert!(losses.len() >= 2, "{json}");
    for loss in losses {
        assert_eq!(loss["recorded"], loss["now"], "{loss}");
    }
    scene.fails_with(&["diverged", "run"], 2, &["run holds no update that diverged", "divergence.json"]);
    scene.fails_with(&["diverged", "nowhere"], 2, &["nowhere holds no update that diverged"]);
    fs::write(scene.path("run/diverged-3/batch.safetensors"), "half").unwrap();
    scene.fails_with(&["diverged", "run/diverged-3"], 2, &["batch.safetensors", "not a whole"]);
    // With the limit as it was, it goes on.
    scene.works(&["--run", "run"]);
    assert_eq!(latest(&scene.path("run")).update, 6);
}
