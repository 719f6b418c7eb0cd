//! Promised of `groundling questions`: it writes the questions that an evaluation asks, the same bytes each time; checks a
//! file against its rooms; and finds what leaks between parts, or from an agent's training.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use groundling::config::Config;
use groundling::split::SplitPart;
use groundling_interface::Environment;
use groundling_questions::QuestionSet;
use groundling_sim::RoomEnvironment;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

/// Small enough to train for two updates in a moment.
const TINY: &str = r#"
seed = 3
[room]
layout = "square"
side = [4.0, 4.0]
shapes = ["ball", "cone", "table", "crate"]
colors = ["red", "green", "blue", "yellow"]
num_objects = [3, 4]
object_radius = 0.2
held_out_share = 0.25
[camera]
width = 16
height = 12
[task]
episode_steps = 6
[agent]
conv = [{ channels = 4, kernel = 4, stride = 4 }]
features = 8
core_size = 8
[optimizer]
warmup_updates = 2
[training]
num_frames = 40
schedule = "lockstep"
exploring = "scripted"
rooms_per_actor = 4
unroll_length = 5
[predictive.simcore]
overshoot = 3
earliest_start = 2
[questions]
census_rooms = 1000
[evaluation]
split = "compositional"
train_episodes = 60
validation_episodes = 20
test_episodes = 30
"#;

fn groundling(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groundling")).args(args).current_dir(folder).output().unwrap()
}

/// Runs `groundling questions`, which must succeed; returns what it printed.
fn works(folder: &Path, args: &[&str]) -> String {
    let output = groundling(folder, &[&["questions"], args].concat());
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `groundling questions`, which must end with exit code 2; returns the one line that it ends with.
fn refused(folder: &Path, args: &[&str]) -> String {
    let output = groundling(folder, &[&["questions"], args].concat());
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {complaint}");
    assert!(output.stdout.is_empty());
    let last = complaint.lines().last().unwrap();
    assert!(last.starts_with("error: "), "{complaint}");
    last["error: ".len()..].into()
}

fn folder() -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("tiny.toml"), TINY).unwrap();
    folder
}

fn config(folder: &Path) -> Config {
    Config::load(&folder.join("tiny.toml"), &[]).unwrap()
}

/// Writes a part under its name.
fn write(folder: &Path, part: &str) -> String {
    let name = format!("{part}.jsonl");
    works(folder, &["--config", "tiny.toml", "--split", part, "--out", &name]);
    name
}

#[test]
fn a_part_is_written_the_same_each_time_and_checked() {
    let folder = folder();
    let folder = folder.path();
    let args = ["--config", "tiny.toml", "--split", "test", "--rooms", "20", "--out"];
    let told = works(folder, &[&args[..], &["one.jsonl"]].concat());
    assert!(told.contains("questions of 20 test rooms: one.jsonl") && told.contains("majority"), "{told}");
    works(folder, &[&args[..], &["two.jsonl"]].concat());
    let text = fs::read_to_string(folder.join("one.jsonl")).unwrap();
    assert_eq!(text, fs::read_to_string(folder.join("two.jsonl")).unwrap());

    let checked = works(folder, &["--check", "one.jsonl", "--config", "tiny.toml"]);
    assert!(checked.contains("every question is true of its room"), "{checked}");
    // The header has all that is needed.
    assert_eq!(works(folder, &["--check", "one.jsonl"]), checked);
    let json: Value = serde_json::from_str(&works(folder, &["--check", "one.jsonl", "--json"])).unwrap();
    assert_eq!((&json["part"], &json["checked"]), (&"test".into(), &true.into()));
    assert_eq!(json["num_questions"].as_u64().unwrap() as usize + 1, text.lines().count());
    let templates = json["templates"].as_array().unwrap();
    let total: u64 = templates.iter().map(|template| template["num_questions"].as_u64().unwrap()).sum();
    assert_eq!(Some(total), json["num_questions"].as_u64());

    let refusal = refused(folder, &[&args[..], &["one.jsonl"]].concat());
    assert!(refusal.contains("one.jsonl exists already"), "{refusal}");
    works(folder, &[&args[..], &["one.jsonl", "--force"]].concat());
}

#[test]
fn a_file_in_a_folder_is_named_by_its_hash() {
    let folder = folder();
    let folder = folder.path();
    fs::create_dir(folder.join("sets")).unwrap();
    let args = ["--config", "tiny.toml", "--split", "validation", "--out", "sets", "--json"];
    let json: Value = serde_json::from_str(&works(folder, &args)).unwrap();
    let path = json["file"].as_str().unwrap();
    let text = fs::read_to_string(folder.join(path)).unwrap();
    let set = QuestionSet::read(&text).unwrap();
    // As many rooms as the evaluation plays.
    assert_eq!((set.source().num_rooms, set.source().part), (20, SplitPart::Validation));
    assert_eq!(path, format!("sets/{}", set.to_file().unwrap().name));
    assert_eq!(set.to_file().unwrap().text, text);
    assert!(refused(folder, &args).contains("exists already"));
}

#[test]
fn a_set_asks_what_is_asked_of_the_rooms_when_they_begin() {
    let folder = folder();
    let config = config(folder.path());
    for part in SplitPart::ALL {
        let source = config.question_set_source(part, 25);
        let maker = source.maker().unwrap();
        let set = QuestionSet::make(source.clone(), &maker, &mut |_| {}).unwrap();
        let (mut environment, privileged) = RoomEnvironment::new(config.world_of(part)).unwrap();
        let mut asked = Vec::new();
        for index in 0..source.num_rooms {
            environment.reset(source.seed_of(index)).unwrap();
            let questions = maker.ask(&privileged.facts(), config.questions.last_step_draws);
            asked.extend(questions.into_iter().map(|question| (index, question.text, question.evidence.objects)));
        }
        let listed = set.questions().iter().map(|question| {
            let objects = question.evidence.iter().map(|object| object.object).collect();
            (question.room, question.question.clone(), objects)
        });
        assert_eq!(listed.collect::<Vec<_>>(), asked);
        assert!(asked.len() > 50);
    }
}

#[test]
fn damaged_altered_and_foreign_files_are_told_in_one_line() {
    let folder = folder();
    let folder = folder.path();
    let name = write(folder, "test");
    let text = fs::read_to_string(folder.join(&name)).unwrap();
    let bad = |text: &str| {
        fs::write(folder.join("bad.jsonl"), text).unwrap();
        refused(folder, &["--check", "bad.jsonl", "--config", "tiny.toml"])
    };
    let truncated = bad(&text[..text.len() / 2]);
    assert!(truncated.starts_with("bad.jsonl: the file is truncated: it ends after "), "{truncated}");
    assert!(bad("").starts_with("bad.jsonl: the file is empty"));
    assert!(bad("episode,answer\n1,red\n").starts_with("bad.jsonl:1: this is no header of a question set"));

    let (line, answer) =
        text.lines().enumerate().skip(1).find(|(_, line)| line.contains("\"template\":\"color\"")).unwrap();
    let question: Value = serde_json::from_str(answer).unwrap();
    let right = question["answer"].as_str().unwrap();
    let wrong = if right == "red" { "green" } else { "red" };
    let lie = answer.replace(&format!("\"answer\":\"{right}\""), &format!("\"answer\":\"{wrong}\""));
    let altered = bad(&text.replacen(answer, &lie, 1));
    assert!(altered.starts_with(&format!("bad.jsonl:{}: ", line + 1)), "{altered}");
    assert!(altered.contains(&format!("has not the one right answer \"{wrong}\"")), "{altered}");
    // Nothing but its form.
    let spaced = bad(&text.replacen("\",\"number\"", "\", \"number\"", 1).replacen("\"room\":0,", "\"room\": 0,", 1));
    assert!(spaced.starts_with("bad.jsonl: the file was altered: "), "{spaced}");

    fs::write(folder.join("bad.jsonl"), [0xff, 0xfe, 0x00]).unwrap();
    assert!(
        refused(folder, &["--check", "bad.jsonl"]).contains("bad.jsonl is no question set: it is not text in UTF-8")
    );
    assert!(refused(folder, &["--check", "none.jsonl"]).contains("cannot read none.jsonl"));

    let other = refused(folder, &["--check", &name, "--config", "tiny.toml", "--set", "room.near_distance=0.5"]);
    let place = format!("{name}:1: made from other settings than the configuration's: ");
    assert_eq!(other, format!("{place}room.near_distance is 1.0, not 0.5"));
    let other = refused(folder, &["--check", &name, "--config", "tiny.toml", "--set", "evaluation.seed=8"]);
    assert!(other.starts_with(&format!("{place}question_seed is ")), "{other}");
}

#[test]
fn parts_of_one_evaluation_leak_nothing() {
    let folder = folder();
    let folder = folder.path();
    let [train, validation, test] = ["train", "validation", "test"].map(|part| write(folder, part));
    let args = ["--check", &test, "--config", "tiny.toml", "--against", &train, "--against", &validation];
    let told = works(folder, &args);
    assert!(told.contains("no leak between 110 rooms, ") && told.contains(" 4 held-out pairs"), "{told}");

    // The same rooms under another name.
    let copy = "copy.jsonl";
    fs::copy(folder.join(&train), folder.join(copy)).unwrap();
    let found = refused(folder, &["--check", &train, "--against", copy]);
    assert!(found.starts_with("a leak: room 0 of copy.jsonl and room 0 of train.jsonl have the same seed "), "{found}");
    // A training in rooms of which nothing was held out.
    let plain = ["--set", "room.held_out_share=0", "--set", "evaluation.split=random"];
    works(folder, &[&["--config", "tiny.toml", "--split", "train", "--out", "plain.jsonl"][..], &plain].concat());
    let found = refused(folder, &["--check", &test, "--against", "plain.jsonl"]);
    assert!(found.contains("test.jsonl and plain.jsonl hold out different pairs"), "{found}");
    // An altered file is no witness.
    let text = fs::read_to_string(folder.join(&train)).unwrap();
    fs::write(folder.join(copy), text.replacen("\"number\":1", "\"number\":2", 1)).unwrap();
    let found = refused(folder, &["--check", &test, "--against", copy]);
    assert!(found.starts_with("copy.jsonl: the file was altered"), "{found}");
}

#[test]
fn an_agent_was_trained_in_none_of_the_rooms() {
    let folder = folder();
    let folder = folder.path();
    let train = |run: &str, settings: &[&str]| {
        let output = groundling(folder, &[&["train", "--config", "tiny.toml", "--run", run], settings].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let test = write(folder, "test");
    train("run", &[]);
    let told = works(folder, &["--check", &test, "--run", "run", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    // Four rooms; 40 frames are ten steps of each, and an episode has seven.
    assert_eq!(told["leaks"]["looked_at"]["num_trained_episodes"], 8);
    assert_eq!(told["leaks"]["looked_at"]["num_rooms"], 30);

    train("plain", &["--set", "room.held_out_share=0", "--set", "evaluation.split=random"]);
    let found = refused(folder, &["--check", &test, "--run", "plain"]);
    assert!(found.starts_with("a leak: the agent of plain was trained in rooms that may hold a "), "{found}");
    assert!(refused(folder, &["--check", &test, "--run", "none"]).contains("none"));
}

#[test]
fn wrong_options_are_refused() {
    let folder = folder();
    let folder = folder.path();
    let code = |args: &[&str]| groundling(folder, &[&["questions"], args].concat()).status.code();
    assert_eq!(code(&[]), Some(2));
    assert_eq!(code(&["--split", "test"]), Some(2));
    assert_eq!(code(&["--split", "exam", "--out", "x"]), Some(2));
    assert_eq!(code(&["--split", "test", "--rooms", "0", "--out", "x"]), Some(2));
    assert_eq!(code(&["--split", "test", "--out", "x", "--check", "y"]), Some(2));
    assert_eq!(code(&["--split", "test", "--out", "x", "--against", "y"]), Some(2));
    let settings = ["--config", "tiny.toml", "--set", "room.held_out_share=0"];
    let refusal = refused(folder, &[&settings[..], &["--split", "test", "--out", "x"]].concat());
    assert!(
        refusal.contains("evaluation.split = compositional: must be random where room.held_out_share = 0"),
        "{refusal}"
    );
    assert!(!folder.join("x").exists());
}
