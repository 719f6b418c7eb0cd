//! Promised of `groundling study`: each run is an ordinary one that gives the figures `groundling probe` gives; it can be
//! stopped and started at any moment; what is done is not done again; what cannot be compared never meets.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use groundling_report::{ProbeFile, ProbedAgent, ProbedKind};
use serde_json::Value;

const TINY: &str = r#"
[room]
layout = "square"
side = [4.0, 4.0]
shapes = ["ball", "cone", "table"]
colors = ["red", "green", "blue"]
num_objects = [2, 3]
[camera]
width = 16
height = 12
[task]
episode_steps = 6
[agent]
conv = [{ channels = 4, kernel = 4, stride = 4 }]
features = 8
core_size = 8
[predictive.simcore]
overshoot = 3
earliest_start = 2
[optimizer]
warmup_updates = 2
[training]
num_frames = 40
schedule = "lockstep"
exploring = "scripted"
rooms_per_actor = 4
unroll_length = 5
tensorboard = false
[questions]
templates = ["color", "exist"]
census_rooms = 1000
[probe]
batch_size = 16
[probe.decoders.lstm]
hidden_size = 8
embedding_size = 4
decode_steps = 2
[probe.offline]
updates = 20
validate_every = 10
[evaluation]
train_episodes = 60
validation_episodes = 20
test_episodes = 20
timeline_points = 2
timeline_episodes = 5
rooms_per_thread = 4
"#;

const STUDY: &str = r#"
title = "Tiny"
config = "tiny.toml"
seeds = [4, 9]
[[variant]]
name = "lstm"
[[variant]]
name = "simcore"
set = ["predictive.loss=simcore"]
"#;

fn scene(study: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tiny.toml"), TINY).unwrap();
    fs::write(folder.path().join("study.toml"), study).unwrap();
    folder
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundling"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn output(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().unwrap()
}

fn study(folder: &Path, more: &[&str]) -> (i32, String, String) {
    let output = output(folder, &[&["study", "study.toml", "--out", "out"], more].concat());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn complete(folder: &Path) -> ProbeFile {
    let (code, _, complaint) = study(folder, &[]);
    assert_eq!(code, 0, "{complaint}");
    ProbeFile::read(&folder.join("out/probe.json")).unwrap()
}

fn summary(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("out/study.json")).unwrap()).unwrap()
}

fn row<'a>(file: &'a ProbeFile, name: &str) -> &'a ProbedAgent {
    file.agents.iter().find(|agent| agent.name == name).unwrap_or_else(|| panic!("no row {name}"))
}

/// The answers without what tells how long it took.
fn timeless(mut file: ProbeFile) -> ProbeFile {
    file.protocol.seconds = 0.0;
    file
}

#[test]
fn a_study_gives_the_figures_of_its_runs_one_by_one() {
    let folder = scene(STUDY);
    let probed = complete(folder.path());
    for (name, kind, variant, seed) in [
        ("majority", ProbedKind::Majority, "majority", 0),
        ("question-only", ProbedKind::QuestionOnly, "question-only", 0),
        ("facts", ProbedKind::Facts, "facts", 0),
        ("untrained-4", ProbedKind::Untrained, "untrained", 4),
        ("untrained-9", ProbedKind::Untrained, "untrained", 9),
        ("lstm-4", ProbedKind::Trained, "lstm", 4),
        ("simcore-9", ProbedKind::Trained, "simcore", 9),
        ("simcore-9 (other episode)", ProbedKind::OtherEpisode, "simcore (other episode)", 9),
    ] {
        let row = row(&probed, name);
        assert_eq!((row.kind, row.variant.as_str(), row.seed), (kind, variant, seed), "{name}");
        assert!(!row.outcomes.is_empty(), "{name}");
    }
    // One question set for all seeds.
    let asked = |name: &str| -> Vec<_> {
        row(&probed, name).outcomes.iter().map(|o| (o.episode, o.question, o.template, o.answer)).collect()
    };
    assert_eq!(asked("lstm-4"), asked("simcore-9"));
    assert_ne!(row(&probed, "untrained-4").outcomes, row(&probed, "untrained-9").outcomes);

    let summary = summary(folder.path());
    assert_eq!((&summary["complete"], &summary["title"]), (&Value::Bool(true), &Value::from("Tiny")));
    let runs = summary["runs"].as_array().unwrap();
    let names: Vec<&str> = runs.iter().map(|run| run["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["lstm-4", "simcore-4", "lstm-9", "simcore-9"]);
    assert!(runs.iter().all(|run| run["state"] == "probed" && run["frames"] == 40));

    assert!(fs::read_to_string(folder.path().join("out/report.html")).unwrap().contains("Tiny"));

    // Probing the run by itself gives the very same answers.
    let alone = output(folder.path(), &["probe", "out/runs/simcore-9", "--out", "alone.json", "--force"]);
    assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
    let alone = ProbeFile::read(&folder.path().join("alone.json")).unwrap();
    assert_eq!(alone.protocol.config_hash, probed.protocol.config_hash);
    for name in ["simcore-9", "facts", "question-only"] {
        assert_eq!(row(&alone, name).outcomes, row(&probed, name).outcomes, "{name}");
        assert_eq!(row(&alone, name).timeline, row(&probed, name).timeline, "{name}");
    }
    assert_eq!(row(&alone, "untrained").outcomes, row(&probed, "untrained-9").outcomes);
}

#[test]
fn what_is_done_is_not_done_again_and_two_at_a_time_give_the_same() {
    let folder = scene(STUDY);
    let (code, _, complaint) = study(folder.path(), &["--jobs", "2"]);
    assert_eq!(code, 0, "{complaint}");
    let first = ProbeFile::read(&folder.path().join("out/probe.json")).unwrap();
    let checkpoint = folder.path().join("out/runs/lstm-4/manifest.json");
    let before = fs::read(&checkpoint).unwrap();
    let (code, printed, complaint) = study(folder.path(), &[]);
    assert_eq!(code, 0, "{complaint}");
    assert!(!complaint.contains("training ") && !complaint.contains("probed "), "{complaint}");
    assert!(printed.contains("lstm-4"), "{printed}");
    assert_eq!(fs::read(&checkpoint).unwrap(), before);
    assert_eq!(timeless(ProbeFile::read(&folder.path().join("out/probe.json")).unwrap()), timeless(first.clone()));

    let one_by_one = scene(STUDY);
    assert_eq!(timeless(complete(one_by_one.path())), timeless(first.clone()));

    // A run whose folder was lost is made again, and nothing else.
    fs::remove_dir_all(folder.path().join("out/runs/lstm-9")).unwrap();
    let (_, printed, _) = study(folder.path(), &["--report-only"]);
    assert!(printed.contains("not begun"), "{printed}");
    assert_eq!(summary(folder.path())["complete"], Value::Bool(false));
    assert_eq!(timeless(complete(folder.path())), timeless(first));
}

const SWEEPS: &str = r#"
config = "tiny.toml"
set = ["predictive.loss=simcore"]
seeds = [4]
[[variant]]
name = "simcore"
[[sweep]]
name = "overshoot"
key = "predictive.simcore.overshoot"
values = [0, 3]
[[sweep]]
name = "picture"
values = [
    { label = "16x12", set = [] },
    { label = "20x12, core 9", set = ["camera.width=20", "agent.core_size=9"] },
]
"#;

#[test]
fn a_sweep_tries_values_and_asks_each_with_its_own_controls() {
    let folder = scene(SWEEPS);
    let probed = complete(folder.path());
    // The headline is of the variants, which values of sweeps change nothing of.
    let names: Vec<&str> = probed.agents.iter().map(|agent| agent.name.as_str()).collect();
    assert!(names.contains(&"simcore-4") && names.contains(&"untrained-4"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("overshoot") || name.contains("picture")), "{names:?}");
    // What a variant is already is not trained again.
    let mut runs: Vec<String> = fs::read_dir(folder.path().join("out/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    runs.sort();
    assert_eq!(runs, ["overshoot=0-4", "picture=20x12_core_9-4", "simcore-4"]);

    let told = summary(folder.path());
    let value = |sweep: usize, value: usize| told["sweeps"][sweep]["values"][value].clone();
    let labels: Vec<Value> = (0..2).map(|index| value(1, index)["label"].clone()).collect();
    assert_eq!(labels, ["16x12", "20x12, core 9"]);
    assert_eq!((&value(0, 1)["number"], &value(1, 0)["number"]), (&3.0.into(), &Value::Null));
    assert_eq!(value(0, 1)["measured"]["agents"][0], "simcore-4");
    assert_eq!(value(0, 0)["measured"]["protocol"], value(1, 0)["measured"]["protocol"]);
    assert_ne!(value(1, 1)["measured"]["protocol"], value(1, 0)["measured"]["protocol"]);
    // Of another protocol the answers and the controls are others; nets of another size began as another agent.
    let file = |value: &Value| {
        let protocol = value["measured"]["protocol"].as_str().unwrap();
        ProbeFile::read(&folder.path().join(format!("out/sweeps-{protocol}.json"))).unwrap()
    };
    let (here, there) = (file(&value(1, 0)), file(&value(1, 1)));
    assert_eq!(row(&here, "simcore-4").outcomes, row(&probed, "simcore-4").outcomes);
    assert_eq!(row(&here, "overshoot=0-4").kind, ProbedKind::Overshoot0);
    assert_eq!((there.protocol.image_width, row(&there, "question-only").kind), (20, ProbedKind::QuestionOnly));
    assert_eq!(row(&there, "picture=20x12_core_9-4").variant, "picture=20x12_core_9");
    let accuracy = |value: &Value, row: &str| value["measured"][row]["mean"]["value"].as_f64().unwrap();
    let right = row(&there, "untrained-4").outcomes.iter().filter(|outcome| outcome.correct()).count();
    assert!(right > 0 && accuracy(&value(1, 1), "untrained") > 0.0 && accuracy(&value(1, 1), "question_only") > 0.0);
    assert_eq!(value(0, 0)["measured"]["untrained"], value(0, 1)["measured"]["untrained"]);
    assert_ne!(value(1, 0)["measured"]["untrained"], value(1, 1)["measured"]["untrained"]);
    let page = fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    assert!(page.contains("<h2>Sweeps</h2>") && page.contains("20x12, core 9") && !page.contains("not measured yet"));

    // What is lost is made again, and only that; until then its place is empty.
    fs::remove_dir_all(folder.path().join("out/runs/picture=20x12_core_9-4")).unwrap();
    fs::remove_file(
        fs::read_dir(folder.path().join("out/probes"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| {
                path.to_string_lossy().contains("untrained-4")
                    && path.to_string_lossy().contains(there.protocol.config_hash.as_str())
            })
            .unwrap(),
    )
    .unwrap();
    let (code, printed, complaint) = study(folder.path(), &["--report-only", "--json"]);
    assert_eq!(code, 0, "{complaint}");
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(printed["complete"], Value::Bool(false));
    assert_eq!(printed["sweeps"][1]["values"][1]["measured"], Value::Null);
    assert!(fs::read_to_string(folder.path().join("out/report.html")).unwrap().contains("not measured yet"));
    let (code, printed, complaint) = study(folder.path(), &[]);
    assert_eq!(code, 0, "{complaint}");
    assert!(!complaint.contains("training simcore-4") && complaint.contains("training picture=20x12"), "{complaint}");
    assert!(
        printed.contains("picture: accuracy in %") && printed.contains("values were asked different questions"),
        "{printed}"
    );
    assert_eq!(summary(folder.path())["sweeps"], told["sweeps"]);
}

fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(240), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_study_that_is_stopped_again_and_again_ends_as_one_that_is_not() {
    // Longer runs, so that one can be met while it trains.
    let longer = STUDY.replace("seeds = [4, 9]", "seeds = [4]\nset = [\"training.num_frames=4000\"]");
    let whole = scene(&longer);
    let expected = timeless(complete(whole.path()));
    let folder = scene(&longer);
    let out = folder.path().join("out");
    // While the first trains, and while it is probed.
    for sign in ["runs/lstm-4/checkpoints", "runs/simcore-4"] {
        let mut child = command(folder.path(), &["study", "study.toml", "--out", "out"]).spawn().unwrap();
        wait_for(sign, || out.join(sign).exists() || child.try_wait().unwrap().is_some());
        interrupt(&child);
        let output = child.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        // None: the signal came before the program listened for it.
        assert!(matches!(output.status.code(), Some(130 | 0) | None), "{complaint}");
        // Killed as well: nothing is asked before.
        let mut child = command(folder.path(), &["study", "study.toml", "--out", "out"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(700));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(timeless(complete(folder.path())), expected);
}

#[test]
fn what_cannot_be_compared_never_meets() {
    let folder = scene(STUDY);
    complete(folder.path());
    let refused = |text: &str, words: &[&str]| {
        fs::write(folder.path().join("study.toml"), text).unwrap();
        let (code, _, complaint) = study(folder.path(), &[]);
        assert_eq!(code, 2, "{complaint}");
        let last = complaint.lines().last().unwrap_or_default();
        for word in words {
            assert!(last.contains(word), "{word}: {complaint}");
        }
    };
    // Other rooms for one of them.
    let other_rooms = STUDY.replace("predictive.loss=simcore\"", "predictive.loss=simcore\", \"camera.width=20\"");
    refused(&other_rooms, &["`lstm` and `simcore`", "camera.width"]);
    refused("seeds = [1]\n", &["study.toml:1", "config"]);

    // A variant that means something else now: its run is not taken for the new one.
    let changed = STUDY.replace("predictive.loss=simcore\"", "predictive.loss=simcore\", \"agent.core_size=9\"");
    fs::write(folder.path().join("study.toml"), &changed).unwrap();
    let (code, _, complaint) = study(folder.path(), &[]);
    assert_eq!(code, 1, "{complaint}");
    assert!(complaint.contains("simcore-4 failed") && complaint.contains("agent.core_size"), "{complaint}");
    let probed = ProbeFile::read(&folder.path().join("out/probe.json")).unwrap();
    assert!(probed.agents.iter().all(|agent| agent.variant != "simcore"), "stale answers were taken");

    // Another protocol: everything is asked again, and nothing of before is left in the answers.
    fs::write(folder.path().join("study.toml"), STUDY).unwrap();
    let (code, _, complaint) = study(folder.path(), &["--set", "evaluation.seed=5"]);
    assert_eq!(code, 0, "{complaint}");
    assert_eq!(ProbeFile::read(&folder.path().join("out/probe.json")).unwrap().protocol.evaluation_seed, 5);

    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/thesis.tex"), "").unwrap();
    let foreign = output(folder.path(), &["study", "study.toml", "--out", "mine"]);
    assert_eq!(foreign.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&foreign.stderr).contains("holds other things than a study"));
    assert_eq!(fs::read_dir(folder.path().join("mine")).unwrap().count(), 1);
}
