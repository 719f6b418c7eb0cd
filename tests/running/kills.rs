//! Promised: a run in lockstep that is killed (`kill -9`) at any moment, again and again, ends with the same bits as one
//! that nothing happens to, checkpoints and metrics alike; and at every moment `latest` names a complete checkpoint.
//!
//! `cargo xtask kills --times N` kills as often as asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use groundling_impala::{Checkpoint, RunDirectory};
use groundling_interface::derive;
use rand::RngExt;
use serde_json::Value;

use crate::scene::{Scene, latest};

const NUM_UPDATES: u64 = 12;

/// When the process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    /// So many milliseconds after its start: while it starts, brings its rooms to their places, learns or logs.
    After(u64),
    /// As soon as a checkpoint is being written.
    Writing,
    /// As soon as a checkpoint has its name, which `latest` may not name yet.
    Named,
}

impl Moment {
    fn name(self) -> &'static str {
        match self {
            Moment::After(_) => "at some time",
            Moment::Writing => "while a checkpoint was written",
            Moment::Named => "when a checkpoint had its name",
        }
    }
}

/// Names in the folder of checkpoints.
fn names(run: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(run.join("checkpoints")) else { return Vec::new() };
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Waits for the moment and kills. False when the process ended before, as it should.
fn kill(child: &mut Child, run: &Path, moment: Moment) -> bool {
    let since = Instant::now();
    let before = names(run);
    let is_new = |name: &String, prefix: &str| name.starts_with(prefix) && !before.contains(name);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let mut told = String::new();
            std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut told).unwrap();
            assert!(status.success(), "{status}: {told}");
            return false;
        }
        let has_come = match moment {
            Moment::After(milliseconds) => {
                std::thread::sleep(Duration::from_micros(200));
                since.elapsed() >= Duration::from_millis(milliseconds)
            }
            Moment::Writing => names(run).iter().any(|name| is_new(name, ".unfinished-")),
            Moment::Named => names(run).iter().any(|name| is_new(name, "step-")),
        };
        if has_come {
            child.kill().unwrap();
            child.wait().unwrap();
            return true;
        }
    }
}

/// Every line of metrics, without what the clock or an onlooker decides.
fn metrics(run: &Path) -> Vec<BTreeMap<String, Value>> {
    let text = fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    assert!(text.ends_with('\n'), "{text}");
    let is_learnt = |name: &str| {
        ["update", "frames", "learning_rate", "policy_lag", "episode/return", "episode/steps"].contains(&name)
            || ["loss/", "gradient_norm/", "predictive/"].iter().any(|prefix| name.starts_with(prefix))
    };
    let line = |line: &str| {
        let all: BTreeMap<String, Value> = serde_json::from_str(line).unwrap();
        all.into_iter().filter(|(name, _)| is_learnt(name)).collect()
    };
    text.lines().map(line).collect()
}

#[test]
fn killed_at_any_moment_a_run_ends_with_the_same_bits() {
    let wanted: u64 = std::env::var("GROUNDLING_KILLS").map_or(30, |times| times.parse().unwrap());
    let seed: u64 = std::env::var("GROUNDLING_KILLS_SEED").map_or(1, |seed| seed.parse().unwrap());
    let scene = Scene::new(NUM_UPDATES);
    let since = Instant::now();
    scene.works(&["--run", "whole"]);
    let milliseconds = since.elapsed().as_millis() as u64;
    let (whole, whole_metrics) = (latest(&scene.path("whole")), metrics(&scene.path("whole")));
    assert_eq!((whole.update, whole_metrics.len()), (NUM_UPDATES, NUM_UPDATES as usize / 2));

    let mut generator = derive(seed, "kills", &[]);
    let mut kills: BTreeMap<&str, u64> = BTreeMap::new();
    let mut num_runs = 0;
    while kills.values().sum::<u64>() < wanted {
        let run = scene.path("run");
        let mut history = Vec::new();
        loop {
            let mut child = scene.train(&["--run", "run"]).spawn().unwrap();
            let moment = match generator.random_range(0..4) {
                0 => Moment::Writing,
                1 => Moment::Named,
                _ => Moment::After(generator.random_range(0..=milliseconds)),
            };
            if !kill(&mut child, &run, moment) {
                break;
            }
            history.push(moment);
            *kills.entry(moment.name()).or_default() += 1;
            if run.join("checkpoints/latest").exists() {
                let directory = RunDirectory::open(&run).unwrap();
                let loaded = Checkpoint::load_latest(&directory).map(|checkpoint| checkpoint.map(drop));
                assert!(matches!(loaded, Ok(Some(()))), "{history:?}: {loaded:?}");
            }
        }
        assert!(latest(&run) == whole, "other bits after {history:?}");
        assert_eq!(metrics(&run), whole_metrics, "other metrics after {history:?}");
        let left = names(&run);
        assert!(left.len() == 3 && !left.iter().any(|name| name.starts_with('.')), "{left:?} after {history:?}");
        assert!(
            !fs::read_dir(&run).unwrap().any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with('.'))
        );
        fs::remove_dir_all(&run).unwrap();
        num_runs += 1;
    }
    println!("{num_runs} runs ended with the same bits; killed {kills:?}; undisturbed {milliseconds} ms");
    assert!(wanted < 30 || kills.len() == 3, "every kind of moment has come: {kills:?}");
}
