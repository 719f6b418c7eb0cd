//! Promised of `training.record_interval`: what is recorded is what happened, every so many episodes of all rooms together,
//! also when a run goes on; and nothing that is learnt changes by it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use groundling_sim::{Recording, Replay};

use crate::scene::{Scene, latest};

/// The bytes of each file of a run's recorded episodes, by the episode's number.
fn episodes(run: &Path) -> BTreeMap<usize, Vec<u8>> {
    let number = |path: &Path| path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
    let paths = fs::read_dir(run.join("episodes")).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (number(&path), fs::read(&path).unwrap())).collect()
}

#[test]
fn a_run_that_records_learns_the_same_and_its_episodes_hold() {
    let scene = Scene::new(8);
    scene.works(&["--run", "plain"]);
    assert!(!scene.path("plain/episodes").exists());

    scene.works(&["--run", "run", "--set", "training.record_interval=1"]);
    assert!(latest(&scene.path("run")) == latest(&scene.path("plain")));
    let all = episodes(&scene.path("run"));
    // Four rooms, 8 updates of 5 steps, 13 pictures an episode: three of each room are over.
    assert_eq!(all.keys().copied().collect::<Vec<_>>(), (0..12).collect::<Vec<_>>());
    for bytes in all.values() {
        let recording = Recording::from_bytes(bytes).unwrap();
        assert_eq!(recording.agent, "run in training");
        assert_eq!(Replay::verify(recording).unwrap(), 13);
    }

    // Interrupted after an episode of each room, in the middle of the second.
    let third = ["--set", "training.record_interval=3"];
    scene.works(&[&["--run", "run3/run", "--set", "training.num_frames=60"], &third[..]].concat());
    scene.works(&[&["--run", "run3/run"], &third[..]].concat());
    let some = episodes(&scene.path("run3/run"));
    assert_eq!(some.keys().copied().collect::<Vec<_>>(), [0, 3, 9], "6 is of the second round");
    assert!(some.iter().all(|(number, bytes)| all[number] == *bytes));
}
