//! Promised of `groundling probe` and `groundling record`: they read a run. No byte of it changes outside `probe/`, where
//! they keep their own, and it goes on as if nobody had looked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::scene::{Scene, latest};

/// Settings of a measurement that takes a moment.
pub(crate) const MEASURED: [&str; 16] = [
    "--set",
    "evaluation.train_episodes=12",
    "--set",
    "evaluation.validation_episodes=4",
    "--set",
    "evaluation.test_episodes=8",
    "--set",
    "evaluation.rooms_per_thread=2",
    "--set",
    "probe.decoders.lstm.hidden_size=8",
    "--set",
    "probe.offline.updates=20",
    "--set",
    "probe.offline.validate_every=10",
    "--set",
    "optimizer.decay_share=0",
];

/// Every file of a run but those of its probes.
fn bytes(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![run.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.extend((path != run.join("probe")).then_some(path));
            } else {
                let content = fs::read(&path).unwrap();
                files.insert(path, content);
            }
        }
    }
    files
}

#[test]
fn a_run_that_was_probed_and_recorded_is_as_it_was() {
    let scene = Scene::new(6);
    let longer = [&MEASURED[..], &["--set", "training.num_frames=240"]].concat();
    for run in ["read", "unread"] {
        scene.works(&[&["--run", run], &MEASURED[..]].concat());
    }
    let (run, before) = (scene.path("read"), bytes(&scene.path("read")));
    assert!(before.len() > 10, "checkpoints, settings and metrics: {:?}", before.keys());

    scene.works_with(&["probe", "read"]);
    let told = scene.works_with(&["record", "read", "--episodes", "3", "--out", "episodes"]);
    assert!(told.contains("questions right at the end"), "the probe has answered: {told}");
    let after = bytes(&run);
    let differing: Vec<_> = after.iter().filter(|(path, content)| before.get(*path) != Some(content)).collect();
    assert!(differing.is_empty() && before.len() == after.len(), "{:?}", differing.iter().map(|entry| entry.0));

    for run in ["read", "unread"] {
        scene.works(&[&["--run", run], &longer[..]].concat());
    }
    let (read, unread) = (latest(&scene.path("read")), latest(&scene.path("unread")));
    assert!(read == unread && read.update == 12);
    // So that equality is no wonder.
    scene.works(&[&["--run", "other", "--set", "seed=4"], &longer[..]].concat());
    assert!(latest(&scene.path("other")).agent != read.agent);
}
