//! Promised of training an oracle: it says that it is one, tells how it is taught, resumes with the same bits, and is read
//! as any other run; and no run becomes an oracle, or ceases to be one, on its way.

use std::fs;

use serde_json::Value;

use crate::reading::MEASURED;
use crate::scene::{Scene, latest};

const ORACLE: [&str; 4] = ["--set", "oracle.scale=1", "--set", "oracle.lstm.hidden_size=8"];

fn train(scene: &Scene, run: &str, further: &[&str]) -> String {
    scene.works(&[&["--run", run], &ORACLE[..], &MEASURED[..], further].concat())
}

/// Every line of metrics of a run.
fn metrics(scene: &Scene, run: &str) -> Vec<Value> {
    let text = fs::read_to_string(scene.path(run).join("metrics.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn it_says_what_it_is_and_how_it_is_taught() {
    let scene = Scene::new(6);
    let told = train(&scene, "run", &[]);
    assert!(told.starts_with("an oracle: questions teach this agent"), "{told}");
    let lines = metrics(&scene, "run");
    for name in ["loss/oracle", "oracle/accuracy/all", "oracle/accuracy/color", "gradient_norm/core/oracle"] {
        assert!(lines.iter().any(|line| line[name].as_f64().is_some_and(|value| value >= 0.0)), "{name}: {lines:?}");
    }
    scene.works_with(&["probe", "run"]);
    let measured = fs::read_to_string(scene.path("run/probe/probe.json")).unwrap();
    let measured: Value = serde_json::from_str(&measured).unwrap();
    let row = measured["agents"].as_array().unwrap().iter().find(|row| row["name"] == "run").unwrap();
    assert_eq!(row["kind"], "oracle", "never an agent under test");
    let told = scene.works_with(&["record", "run", "--episodes", "1", "--out", "out"]);
    assert!(told.contains("questions right at the end"), "it is read as any other run: {told}");

    let told = scene.works(&[&["--run", "plain"], &MEASURED[..]].concat());
    assert!(!told.contains("oracle"), "{told}");
    assert!(metrics(&scene, "plain").iter().all(|line| line["loss/oracle"].is_null()));
}

#[test]
fn it_resumes_with_the_same_bits() {
    let scene = Scene::new(6);
    for threads in ["1", "2"] {
        let threads = format!("training.learner_threads={threads}");
        let [whole, resumed] = ["whole", "resumed"].map(|name| format!("{name}-{threads}"));
        train(&scene, &whole, &["--set", &threads]);
        for frames in ["40", "80", "120"] {
            // Unrolls are shorter than episodes: every one of these ends in mid-episode.
            train(&scene, &resumed, &["--set", &threads, "--set", &format!("training.num_frames={frames}")]);
        }
        assert!(latest(&scene.path(&whole)) == latest(&scene.path(&resumed)), "{threads}");
    }
    let [one, two] = ["1", "2"].map(|n| latest(&scene.path(format!("whole-training.learner_threads={n}"))).agent);
    assert!(one != two, "the bits depend on the number of shares");
}

#[test]
fn it_trains_in_async_too() {
    let scene = Scene::new(12);
    train(&scene, "run", &["--set", "training.schedule=async", "--set", "training.learner_threads=2"]);
    let losses: Vec<f64> = metrics(&scene, "run").iter().filter_map(|line| line["loss/oracle"].as_f64()).collect();
    assert!(losses.len() >= 3, "{losses:?}");
}

#[test]
fn no_run_becomes_an_oracle_on_its_way() {
    let scene = Scene::new(4);
    train(&scene, "oracle", &[]);
    scene.works(&["--run", "plain"]);
    let before = ["oracle", "plain"].map(|run| latest(&scene.path(run)));
    let accepted = "--accept-changes";
    let oracle = [&["--run", "oracle"], &ORACLE[..], &MEASURED[..]].concat();
    let refused = |args: &[&str], words: &[&str]| scene.fails(args, 2, words);
    refused(&["--run", "plain", "--set", "oracle.scale=1"], &["oracle.scale was 0", "now 1", "--accept-changes"]);
    refused(&["--run", "plain", "--set", "oracle.scale=1", accepted], &["oracle.scale", "does not fit"]);
    let ended = [&oracle[..], &["--set", "oracle.scale=0", accepted]].concat();
    refused(&ended, &["oracle.scale was 1", "does not fit"]);
    refused(&[&oracle[..], &["--set", "oracle.scale=2"]].concat(), &["oracle.scale was 1", "now 2", accepted]);
    assert!(["oracle", "plain"].map(|run| latest(&scene.path(run))) == before);
    scene.works(&[&oracle[..], &["--set", "oracle.scale=2", accepted]].concat());
    // What only oracles read may change where there is none.
    let told = scene.works(&["--run", "plain", "--set", "oracle.lstm.hidden_size=9"]);
    assert!(told.contains("changed: oracle.lstm.hidden_size was 256, now 9"), "{told}");
}

#[test]
fn an_update_that_diverged_is_made_again_with_its_questions() {
    let scene = Scene::new(6);
    train(&scene, "run", &["--set", "training.num_frames=60"]);
    let limited =
        [&["--run", "run"], &ORACLE[..], &MEASURED[..], &["--set", "training.divergence_limit=1e-6"]].concat();
    scene.fails(&limited, 1, &["update 4 diverged", "run/diverged-4"]);
    let json: Value = serde_json::from_str(&scene.works_with(&["diverged", "run/diverged-4", "--json"])).unwrap();
    let figures = json["figures"].as_array().unwrap();
    let oracle = figures.iter().find(|figure| figure["name"] == "loss/oracle").unwrap();
    assert_eq!(oracle["recorded"], oracle["now"]);
    // Questions in other words, which its questions are not made of.
    let other = ["diverged", "run/diverged-4", "--set", "questions.templates=[\"count_color\"]"];
    scene.fails_with(&other, 2, &["run/diverged-4"]);
}
