//! Promised of the command line: what each command writes and prints, one clear line for input that is wrong, exit code
//! 2 where it is the user's and 1 where it is not, and nothing lost that was there.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use groundling::config::Config;
use groundling_interface::derive_seed;
use groundling_probe::{ProbeSpec, ProbeTrainer, Reading};
use groundling_questions::QuestionMaker;
use groundling_sim::{Existing, Recording};
use tch::Device;

/// Small enough to train for two updates in a moment.
const TINY: &str = r#"
seed = 3
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
[questions]
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
rooms_per_thread = 4
"#;

/// The decoder of the checkpoint at which the training of these tests ends.
const DECODER: &str = "decoder-0000000000000040.safetensors";

fn groundling(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groundling")).args(args).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs a command that must succeed; returns what it printed.
fn works(folder: &Path, args: &[&str]) -> String {
    let output = groundling(folder, args);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs a command that must fail with this exit code and words in its one line of complaint.
fn fails(folder: &Path, args: &[&str], code: i32, words: &[&str]) {
    let output = groundling(folder, args);
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {complaint}");
    for word in words {
        assert!(complaint.contains(word), "{args:?} does not say {word:?}: {complaint}");
    }
    // What clap itself complains about comes with the usage.
    assert!(complaint.lines().count() == 1 || complaint.contains("--help"), "{args:?}: {complaint}");
}

/// As [`fails`], for a command that has shown how far it was.
fn fails_after_work(folder: &Path, args: &[&str], code: i32, word: &str) {
    let output = groundling(folder, args);
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {complaint}");
    assert!(complaint.lines().last().unwrap().contains(word), "{args:?} does not say {word:?}: {complaint}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn tiny_config(folder: &Path) -> String {
    let path = folder.join("tiny.toml");
    fs::write(&path, TINY).unwrap();
    path.to_str().unwrap().to_string()
}

/// A folder with a run of two updates in `run`, with a probe that was never trained, and with episodes in `episodes`.
fn trained() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        // Not a temporary folder: a static is never dropped, and so would never be removed.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("commands");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        let config = tiny_config(&folder);
        works(&folder, &["train", "--config", &config, "--run", "run"]);
        let plain = works(&folder, &["record", "run", "--episodes", "1", "--out", "plain"]);
        assert!(plain.contains("groundling probe run"), "{plain}");
        save_decoder(&Config::load(Path::new(&config), &[]).unwrap(), &folder.join("run"));
        let told = works(&folder, &["record", "run", "--episodes", "2", "--out", "episodes"]);
        assert!(told.contains("questions right at the end"), "{told}");
        folder
    })
}

fn save_decoder(config: &Config, run: &Path) {
    let seed = derive_seed(config.seed, "questions", &[]);
    let maker = QuestionMaker::new(&config.room, &config.questions, seed).unwrap();
    let spec = ProbeSpec {
        config: config.probe.clone(),
        vocabulary: maker.vocabulary().clone(),
        belief_size: 8,
        reading: Reading::Belief,
        seed: 1,
    };
    fs::create_dir_all(run.join("probe")).unwrap();
    ProbeTrainer::new(spec, Device::Cpu).unwrap().save(&run.join("probe").join(DECODER)).unwrap();
}

fn episode() -> PathBuf {
    trained().join("episodes").join("0.episode")
}

#[test]
fn every_command_has_help() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["train", "record", "replay", "rooms", "bench", "doctor"] {
        assert!(works(folder.path(), &[command, "--help"]).contains("Usage"), "{command}");
    }
}

#[test]
fn rooms_shows_a_room_and_keeps_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let config = tiny_config(folder.path());
    let shown = works(folder.path(), &["rooms", "--seed", "5", "--config", &config]);
    assert!(shown.contains("room of seed 5") && shown.contains("What is the color of the"), "{shown}");
    let pictures = folder.path().join("rooms").join("seed-5");
    assert_eq!(names(&pictures), ["agent-view.png", "first-person.png", "top-down.png"]);
    let before = fs::read(pictures.join("top-down.png")).unwrap();

    let again = ["rooms", "--seed", "5", "--config", &config, "--json"];
    fails(folder.path(), &again, 2, &["exists already", "--force"]);
    let json = works(folder.path(), &[&again[..], &["--force"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["seed"], 5);
    let num_objects = json["objects"].as_array().unwrap().len();
    assert!((2..=3).contains(&num_objects), "{json}");
    let first_step = &json["first_step"];
    assert!(first_step["end"].is_null() && first_step["visited"].as_array().unwrap().is_empty(), "{json}");
    let in_view = first_step["in_view"].as_array().unwrap();
    assert!(in_view.iter().all(|seen| seen["pixels"].as_u64().unwrap() > 0), "{json}");
    let questions = json["questions"].as_array().unwrap();
    let right = |q: &&serde_json::Value| q["template"] == "color" && q["answer"].is_string();
    assert!(questions.iter().any(|q| right(&q)), "{json}");
    assert_eq!(json["num_questions"]["exist"], 3, "{json}");
    let shown = |limit: &str| -> Vec<serde_json::Value> {
        let json = works(folder.path(), &[&again[..], &["--force", "--questions", limit]].concat());
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        json["questions"].as_array().unwrap().clone()
    };
    assert!(shown("0").iter().all(|question| question["asked"] == true));
    assert_eq!(shown("all").iter().filter(|question| question["template"] == "exist").count(), 3);
    assert_eq!(fs::read(pictures.join("top-down.png")).unwrap(), before, "the same room, the same picture");
}

#[test]
fn rooms_shows_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let shown = works(folder.path(), &["rooms", "--catalogue"]);
    let sheets = ["colors.png", "shapes.png", "sizes.png"];
    let pictures = folder.path().join("rooms").join("catalogue");
    assert_eq!(names(&pictures), sheets);
    let template = "What is the color of the <shape> near the <shape>?";
    assert!(
        shown.contains("10 colours") && shown.contains(template) && sheets.iter().all(|sheet| shown.contains(sheet)),
        "{shown}"
    );
    fails(folder.path(), &["rooms", "--catalogue"], 2, &["exists already", "--force"]);
    fs::write(pictures.join("sizes.png"), "old").unwrap();
    let json = works(folder.path(), &["rooms", "--catalogue", "--force", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let listed = json["shapes"].as_array().unwrap();
    assert!(listed.len() >= 50 && listed.iter().all(|shape| shape["mass"].as_f64().unwrap() > 0.0), "{json}");
    assert_eq!(json["pictures"].as_array().unwrap().len(), 3);
    assert!(json["questions"].as_array().unwrap().iter().any(|kind| kind["wording"] == template), "{json}");
    assert!(fs::read(pictures.join("sizes.png")).unwrap().starts_with(b"\x89PNG"));
    fails(folder.path(), &["rooms", "--catalogue", "--seed", "1"], 2, &["--seed", "--catalogue"]);
    fails(folder.path(), &["rooms"], 2, &["--seed"]);
}

#[test]
fn rooms_says_what_is_wrong_with_its_input() {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |args: &[&str], words: &[&str]| fails(folder.path(), &[&["rooms"], args].concat(), 2, words);
    in_folder(&["--seed", "x"], &["invalid value 'x'"]);
    in_folder(&["--seed", "1", "--questions", "some"], &["invalid value 'some'", "a number, or"]);
    in_folder(&["--seed", "1", "--config", "missing.toml"], &["missing.toml", "cannot read"]);
    in_folder(&["--seed", "1", "--set", "camera.width=0"], &["--set camera.width=0", "between 16 and 640"]);
    in_folder(&["--seed", "1", "--set", "camera.zoom=2"], &["unknown field `zoom`"]);
    let full = ["--seed", "1", "--set", "room.num_objects=[32, 32]", "--set", "room.side=[3.0, 3.0]"];
    in_folder(&full, &["32"]);
    fs::write(folder.path().join("bad.toml"), "seed = 1\n[room]\nwalls = 7\n").unwrap();
    in_folder(&["--seed", "1", "--config", "bad.toml"], &["bad.toml:3"]);
    fs::write(folder.path().join("file"), "precious").unwrap();
    in_folder(&["--seed", "1", "--out", "file", "--set", "questions.census_rooms=1000"], &["is a file"]);
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "precious");
    assert_eq!(names(folder.path()), ["bad.toml", "file"], "nothing is left behind");
}

#[test]
fn episodes_are_recorded_with_answers() {
    let folder = trained();
    assert_eq!(names(&folder.join("episodes")), ["0.episode", "1.episode"]);
    for index in 0..2u64 {
        let recording = Recording::read(&folder.join("episodes").join(format!("{index}.episode"))).unwrap();
        assert_eq!(recording.episode_seed, derive_seed(3, "recorded episode", &[index]));
        assert_eq!(recording.actions.len(), 6);
        assert!(recording.agent.starts_with("run after 40 frames"), "{}", recording.agent);
        for annotation in &recording.annotations {
            assert_eq!(annotation.num_rows(), 7);
            assert!(annotation.asked.candidates.contains(&annotation.asked.answer));
        }
    }
    assert!(Recording::read(&folder.join("plain").join("0.episode")).unwrap().annotations.is_empty());
    assert!(!Recording::read(&episode()).unwrap().annotations.is_empty());
}

#[test]
fn the_same_episodes_are_recorded_again() {
    let folder = trained();
    let out = tempfile::tempdir().unwrap();
    let out_name = out.path().to_str().unwrap();
    let json = works(folder, &["record", "run", "--episodes", "2", "--out", out_name, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["episodes"][1]["steps"], 6);
    assert_eq!(json["episodes"][1]["end"], "time_limit");
    assert_eq!(json["episodes"][1]["visits"].as_f64(), json["episodes"][1]["reward"].as_f64());
    assert_eq!(Recording::read(&out.path().join("0.episode")).unwrap(), Recording::read(&episode()).unwrap());
    fails(folder, &["record", "run", "--episodes", "2", "--out", out_name], 2, &["0.episode", "--force"]);
    works(folder, &["record", "run", "--episodes", "2", "--out", out_name, "--seed", "9", "--force"]);
    assert_ne!(Recording::read(&out.path().join("0.episode")).unwrap(), Recording::read(&episode()).unwrap());
}

#[test]
fn what_the_agent_imagines_is_kept_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let config = tiny_config(folder);
    works(folder, &["train", "--config", &config, "--run", "dreamer", "--set", "predictive.loss=\"simcore\""]);
    let record = |out: &str, args: &[&str]| {
        works(folder, &[&["record", "dreamer", "--episodes", "2", "--out", out], args].concat())
    };
    let told = record("once", &["--imagine-every", "2"]);
    assert!(told.contains("6 steps, reward") && told.contains(", imagined at 3 steps"), "{told}");
    let json: serde_json::Value = serde_json::from_str(&record("twice", &["--imagine-every", "2", "--json"])).unwrap();
    assert_eq!(json["episodes"][1]["imaginings"], 3);
    let told = record("plain", &[]);
    assert!(!told.contains("imagined"), "{told}");
    for name in ["0.episode", "1.episode"] {
        let bytes = fs::read(folder.join("once").join(name)).unwrap();
        assert_eq!(fs::read(folder.join("twice").join(name)).unwrap(), bytes);
        let mut recording = Recording::read(&folder.join("once").join(name)).unwrap();
        // As far ahead as the loss was trained to, and no farther than the episode goes.
        let imagined: Vec<_> = recording.imagined.iter().map(|i| (i.step(), i.num_frames())).collect();
        assert_eq!(imagined, [(0, 4), (2, 4), (4, 3)]);
        assert!(recording.imagined[0].frames().all(|frame| frame.len() == 16 * 12 * 3));
        recording.imagined.clear();
        assert_eq!(recording, Recording::read(&folder.join("plain").join(name)).unwrap());
    }

    let draw = |out: &str, from: &str, to: &str| {
        let range = ["--from", from, "--to", to, "--renderer", "cpu"];
        works(folder, &[&["replay", "once/0.episode", "--out", out][..], &range].concat());
    };
    draw("end.png", "5", "6");
    draw("whole.png", "0", "5");
    let picture = |name: &str| image::open(folder.join(name)).unwrap().into_rgb8();
    let shown = picture("end/00000.png");
    assert_eq!(shown.dimensions(), (1280, 720));
    // What came before the film begins is in the strip all the same.
    assert!(shown == picture("whole/00005.png"));
}

#[test]
fn record_says_what_is_wrong_with_its_input() {
    let folder = tempfile::tempdir().unwrap();
    let record = |run: &Path, code, words: &[&str]| {
        fails(folder.path(), &["record", run.to_str().unwrap(), "--episodes", "1", "--out", "out"], code, words);
    };
    record(Path::new("nowhere"), 2, &["nowhere", "holds no run"]);
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other").join("thesis.tex"), "years").unwrap();
    record(Path::new("other"), 2, &["holds no run"]);
    let run = trained().join("run");
    fails(folder.path(), &["record", run.to_str().unwrap(), "--episodes", "0", "--out", "o"], 2, &["--episodes"]);
    let imagine = |args: &[&str], words: &[&str]| {
        fails(folder.path(), &[&["record", run.to_str().unwrap(), "--imagine-every"], args].concat(), 2, words);
    };
    imagine(&["2", "--out", "out"], &["predictive.loss = \"none\"", "no frames", "simcore or other_views"]);
    imagine(&["0", "--out", "out"], &["--imagine-every"]);
    imagine(&["2", "--beliefs", "b.parquet"], &["cannot be used with"]);

    let copy = folder.path().join("copy");
    copy_folder(&run, &copy);
    fs::write(copy.join("probe").join(DECODER), b"not a probe").unwrap();
    record(&copy, 2, &[DECODER, "groundling probe"]);
    fs::remove_file(copy.join("probe").join(DECODER)).unwrap();
    let checkpoint = copy.join("checkpoints/step-0000000000000040");
    let parameters = checkpoint.join("agent.safetensors");
    let bytes = fs::read(&parameters).unwrap();
    fs::write(&parameters, &bytes[..bytes.len() / 2]).unwrap();
    record(&copy, 2, &["agent.safetensors"]);
    assert!(!folder.path().join("out").exists());
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn an_episode_becomes_a_film() {
    let folder = tempfile::tempdir().unwrap();
    let episode = episode();
    let episode = episode.to_str().unwrap();
    let told = works(folder.path(), &["replay", episode, "--out", "film.png"]);
    assert!(told.contains("7 steps checked") && told.contains("7 pictures"), "{told}");
    assert_eq!(names(&folder.path().join("film")).len(), 7);
    works(folder.path(), &["replay", episode, "--out", "film.mp4", "--view", "first-person"]);
    works(folder.path(), &["replay", episode, "--out", "film.gif", "--view", "top-down", "--fps", "4"]);
    assert_eq!(&fs::read(folder.path().join("film.mp4")).unwrap()[4..8], b"ftyp");
    let gif = fs::read(folder.path().join("film.gif")).unwrap();
    assert_eq!(&gif[..6], b"GIF89a");
    works(folder.path(), &["replay", episode, "--out", "film.webp", "--view", "orbit", "--size", "320x240"]);
    assert_eq!(&fs::read(folder.path().join("film.webp")).unwrap()[8..16], b"WEBPVP8X");

    fails(folder.path(), &["replay", episode, "--out", "film.gif"], 2, &["film.gif", "--overwrite"]);
    assert_eq!(fs::read(folder.path().join("film.gif")).unwrap(), gif);
    assert_eq!(names(folder.path()), ["film", "film.gif", "film.mp4", "film.webp"]);
}

#[test]
fn replay_says_what_is_wrong_with_its_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = episode();
    let episode = path.to_str().unwrap();
    let replay = |args: &[&str], words: &[&str]| fails(folder.path(), &[&["replay"], args].concat(), 2, words);
    replay(&[episode], &["--features viewer", "--out", ".mp4"]);
    replay(&[episode, "--out", "film.avi"], &["film.avi", ".mp4, .gif, .webp or .png"]);
    replay(&[episode, "--out", "nowhere/film.mp4"], &["there is no folder nowhere"]);
    replay(&[episode, "--out", "a.mp4", "--view", "sideways"], &["sideways", "story"]);
    replay(&[episode, "--out", "a.mp4", "--from", "3", "--to", "2"], &["--from 3 --to 2"]);
    replay(&[episode, "--out", "a.mp4", "--to", "7"], &["steps 0 to 6"]);
    replay(&[episode, "--out", "a.mp4", "--size", "320x240"], &["320x240", "the smallest is 640x360"]);
    replay(&[episode, "--out", "a.mp4", "--size", "240x320"], &["240x320", "the smallest is 360x640"]);
    replay(&[episode, "--out", "a.mp4", "--size", "0x480"], &["1920x1080"]);
    replay(&[episode, "--out", "a.mp4", "--size", "641x480", "--view", "orbit"], &["641x480", "even"]);
    replay(&[episode, "--out", "a.png", "--size", "9000x480", "--view", "orbit"], &["9000"]);
    replay(&[episode, "--out", "a.mp4", "--fps", "0"], &["0 pictures a second"]);
    replay(&[episode, "--out", "a.mp4", "--json"], &["--json", "--verify"]);
    replay(&[episode, "--out", "a.mp4", "--question", "0"], &["--question 0"]);
    replay(&[episode, "--out", "a.mp4", "--question", "1000"], &["--question 1000", "questions 1 to"]);
    let plain = trained().join("plain").join("0.episode");
    replay(&[plain.to_str().unwrap(), "--out", "a.mp4", "--question", "2"], &["without questions"]);
    replay(&["missing.episode", "--out", "a.mp4"], &["missing.episode"]);

    let bytes = fs::read(&path).unwrap();
    fs::write(folder.path().join("cut.episode"), &bytes[..bytes.len() - 40]).unwrap();
    replay(&["cut.episode", "--out", "a.mp4"], &["cut short"]);
    for (version, name, words) in [(1u32, "old.episode", "too old"), (9, "new.episode", "too new")] {
        let other = [&bytes[..8], &version.to_le_bytes(), &bytes[12..]].concat();
        fs::write(folder.path().join(name), other).unwrap();
        replay(&[name, "--out", "a.mp4"], &[name, words]);
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    let mut flipped = bytes;
    flipped[100] ^= 1;
    fs::write(folder.path().join("flipped.episode"), flipped).unwrap();
    replay(&["flipped.episode", "--out", "a.mp4"], &["altered"]);
    fs::write(folder.path().join("notes.episode"), "dear diary").unwrap();
    replay(&["notes.episode", "--out", "a.mp4"], &["not an episode file"]);
    assert_eq!(names(folder.path()), ["cut.episode", "flipped.episode", "notes.episode"]);
}

#[test]
fn a_step_that_differs_is_named_and_nothing_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let mut recording = Recording::read(&episode()).unwrap();
    let path = folder.path().join("odd.episode");
    let differs = |recording: &Recording, words: &[&str]| {
        recording.write(&path, Existing::Replace).unwrap();
        fails(folder.path(), &["replay", "odd.episode", "--out", "a.mp4"], 1, &[&["odd.episode"], words].concat());
        assert_eq!(names(folder.path()), ["odd.episode"]);
    };
    recording.digests[5].picture.0 ^= 1;
    differs(&recording, &["step 5 differs", "drawn otherwise"]);
    recording.digests[4].state.0 ^= 1;
    differs(&recording, &["step 4 differs", "moved otherwise"]);
    fails_after_work(folder.path(), &["replay", "--verify", "."], 1, "1 of 1 episodes are not what was recorded");
    fails(folder.path(), &["replay", "--all", ".", "--out", "films"], 2, &["none of 1 episodes"]);
    let told = works(folder.path(), &["replay", "odd.episode", "--out", "odd.png", "--force"]);
    assert!(told.contains("step 4 differs") && told.contains("7 pictures"), "{told}");

    // Beside a sound one: both are told of, and the one that differs is not drawn but by force.
    fs::remove_dir_all(folder.path().join("odd")).unwrap();
    fs::copy(episode(), folder.path().join("sound.episode")).unwrap();
    let checked = groundling(folder.path(), &["replay", "--verify", ".", "--json", "--threads", "2"]);
    assert_eq!(checked.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_str(&text(&checked.stdout)).unwrap();
    assert_eq!((&json["as_recorded"], &json["steps"]), (&1.into(), &7.into()), "{json}");
    assert!(json["episodes"][0]["differs"].as_str().unwrap().contains("step 4 differs"), "{json}");
    assert!(json["episodes"][1]["file"].as_str().unwrap().ends_with("sound.episode"), "{json}");
    assert!(json["episodes"][1]["differs"].is_null(), "{json}");
    let told = text(&groundling(folder.path(), &["replay", "--verify", "sound.episode", "odd.episode"]).stdout);
    assert!(told.contains("odd.episode: step 4 differs") && !told.contains("sound.episode"), "{told}");

    let all = ["replay", "--all", ".", "--out", "sheet", "--size", "160x120", "--view", "orbit", "--to", "1"];
    let drawn = groundling(folder.path(), &all);
    let complaint = text(&drawn.stderr);
    assert!(drawn.status.code() == Some(1) && complaint.contains("1 of 2 episodes could not be drawn"), "{complaint}");
    assert_eq!(names(&folder.path().join("sheet")), ["index.html", "sound.mp4"]);
    let page = fs::read_to_string(folder.path().join("sheet/index.html")).unwrap();
    assert!(page.contains("not drawn: ") && page.contains("step 4 differs"), "{page}");
    works(folder.path(), &[&all[..], &["--force", "--overwrite"]].concat());
    assert_eq!(names(&folder.path().join("sheet")), ["index.html", "odd.mp4", "sound.mp4"]);
    let page = fs::read_to_string(folder.path().join("sheet/index.html")).unwrap();
    assert!(page.contains("not verified: step 4 differs") && !page.contains("not drawn"), "{page}");
}

#[test]
fn a_folder_is_checked_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["2.episode", "10.episode"] {
        fs::copy(episode(), folder.path().join(name)).unwrap();
    }
    let told = works(folder.path(), &["replay", "--verify", "."]);
    assert!(told.contains("2 of 2 episodes as recorded: 14 steps"), "{told}");
    let view = ["--view", "orbit", "--size", "160x120", "--renderer", "cpu", "--from", "2", "--to", "3"];
    works(folder.path(), &[&["replay", "--all", ".", "--out", "films"][..], &view].concat());
    assert_eq!(names(&folder.path().join("films")), ["10.mp4", "2.mp4", "index.html"]);
    let page = fs::read_to_string(folder.path().join("films/index.html")).unwrap();
    assert!(page.find("2.mp4").unwrap() < page.find("10.mp4").unwrap(), "{page}");
    assert!(page.contains("poster=\"data:image/png;base64,") && page.contains(" questions right at the end"), "{page}");
    for (format, made) in [("gif", "10.gif"), ("webp", "10.webp"), ("png", "10")] {
        let other = ["replay", "--all", ".", "--out", format, "--format", format];
        works(folder.path(), &[&other[..], &view].concat());
        assert_eq!(names(&folder.path().join(format))[0], made);
    }
    let films = ["replay", "--all", ".", "--out", "films"];
    fails(folder.path(), &films, 2, &["index.html", "--overwrite"]);
    fs::write(folder.path().join("notes.episode"), "dear diary").unwrap();
    fails_after_work(folder.path(), &["replay", "--verify", "."], 2, "1 of 3 episodes");
}

#[test]
fn a_reader_who_leaves_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let config = tiny_config(folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundling"));
    let command = command.args(["rooms", "--seed", "1", "--config", &config]).current_dir(folder.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(names(&folder.path().join("rooms").join("seed-1")).len(), 3);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_is_lost_is_told() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_groundling")).args(["doctor"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot write to the standard output"), "{}", text(&output.stderr));
}

#[test]
fn a_file_in_the_place_of_a_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let config = tiny_config(folder.path());
    fs::write(folder.path().join("thesis"), "years of work").unwrap();
    for place in ["thesis", "thesis/run"] {
        fails(folder.path(), &["train", "--config", &config, "--run", place], 2, &[place, "--run"]);
        fails(folder.path(), &["rooms", "--seed", "1", "--out", place], 2, &["thesis is a file", "--out"]);
    }
    assert_eq!(fs::read_to_string(folder.path().join("thesis")).unwrap(), "years of work");
}

#[test]
fn benchmarks_run() {
    let folder = tempfile::tempdir().unwrap();
    let config = tiny_config(folder.path());
    let quick = ["--config", &config, "--seconds", "0.01", "--runs", "2"];
    let table = works(folder.path(), &[&["bench", "env"], &quick[..]].concat());
    assert!(table.contains("whole step, with resets") && table.contains("physics alone, all at rest"), "{table}");
    let chosen = ["bench", "env", "--json", "--size", "32x24", "--size", "16x12", "--objects", "2", "--threads", "3"];
    let json = works(folder.path(), &[&chosen, &quick[..]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["threads"], &json["cases"][1]["width"], &json["cases"][1]["num_objects"][1]),
        (&3.into(), &16.into(), &2.into())
    );
    assert!(json["cases"][0]["scaling"].as_f64().unwrap() > 0.0);
    let json = works(folder.path(), &[&["bench", "render", "--json"], &quick[..]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rates"][0]["name"], "16x12");
    assert!(json["rates"][0]["median"].as_f64().unwrap() > 0.0);
    let film = ["bench", "film", "--json", "--view", "orbit", "--renderer", "cpu", "--size", "32x24"];
    let film = works(folder.path(), &[&film, &quick[..]].concat());
    let film: serde_json::Value = serde_json::from_str(&film).unwrap();
    assert_eq!((&film["width"], &film["rates"][0]["unit"]), (&32.into(), &"pictures".into()));
    assert!(film["rates"][0]["median"].as_f64().unwrap() > 0.0);
    fails(folder.path(), &["bench", "film", "--size", "33x24"], 2, &["640x360"]);
    let memory = works(folder.path(), &["bench", "memory", "--config", &config, "--steps", "50", "--json"]);
    let memory: serde_json::Value = serde_json::from_str(&memory).unwrap();
    assert_eq!((memory["looks"].as_array().unwrap().len(), &memory["looks"][19]["steps"]), (20, &50.into()));
    assert!(memory["looks"][19]["resident_bytes"].as_u64().unwrap() > 1 << 20);
    let probe = ["bench", "probe", "--questions", "300", "--belief-size", "8", "--history", "3", "--json"];
    let few = ["--set", "probe.offline.updates=4", "--set", "probe.decoder=attention"];
    let probe = works(folder.path(), &[&probe, &quick[..], &few].concat());
    let probe: serde_json::Value = serde_json::from_str(&probe).unwrap();
    assert_eq!((&probe["trained"][0]["name"], &probe["answered"][4]["name"]), (&"lstm".into(), &"attention".into()));
    assert_eq!((&probe["whole"]["questions"], &probe["whole"]["probings"][0]["updates"]), (&300.into(), &4.into()));
    assert!(probe["whole"]["median_seconds"].as_f64().unwrap() > 0.0);
    fails(folder.path(), &["bench", "probe", "--questions=99999999"], 2, &["--questions"]);
    for (flag, values) in [
        ("--seconds", &["0", "-1", "NaN", "inf", "1e300", "soon"][..]),
        ("--runs", &["0", "-1", "1e9", "4294967296"]),
        ("--threads", &["0", "-2", "100000"]),
        ("--size", &["96", "0x0", "96x-72", "100000x100000"]),
        ("--objects", &["-1", "1000", "99999999999"]),
    ] {
        for value in values {
            let (command, told) = (["bench", "env", &format!("{flag}={value}")], [value.trim_start_matches('-')]);
            fails(folder.path(), &command, 2, &told[..usize::from(flag != "--size")]);
        }
    }
    for steps in ["0", "-5", "1e30", "many"] {
        fails(folder.path(), &["bench", "memory", &format!("--steps={steps}")], 2, &["--steps"]);
    }
    fails(folder.path(), &["bench", "swim"], 2, &["swim"]);
}

fn part_of(json: &serde_json::Value, name: &str) -> u64 {
    let parts = json["parameters"]["parts"].as_array().unwrap();
    parts.iter().find(|part| part["name"] == name).unwrap()["parameters"].as_u64().unwrap()
}

#[test]
fn settings_that_cannot_be_had_are_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let config = tiny_config(folder.path());
    let cases: [(&str, &[&str]); 6] = [
        // No machine has so many; libtorch would count no further.
        ("training.device=cuda:100", &["training.device = cuda:100", "usable by libtorch", "training.device=cpu"]),
        ("training.device=gpu", &["`gpu` is no device", "cuda"]),
        ("training.precision=bf16", &["training.precision = bf16", "training.device is cpu"]),
        ("training.unroll_length=1", &["training.unroll_length = 1", "between 2 and"]),
        ("predictive.simcore.overshoot=6", &["predictive.simcore.overshoot = 6", "training.unroll_length = 5"]),
        ("optimizer.warmup_updates=3", &["optimizer.warmup_updates = 3", "the 2 updates of the run"]),
    ];
    for (setting, words) in cases {
        let args = ["train", "--config", &config, "--run", "run", "--set", "predictive.loss=simcore", "--set", setting];
        fails(folder.path(), &args, 2, words);
        assert!(!folder.path().join("run").exists(), "{setting}");
    }
}

#[test]
fn training_is_measured_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let config = tiny_config(folder.path());
    let quick = ["bench", "train", "--config", &config, "--seconds", "0.02", "--runs", "2"];
    let json = works(folder.path(), &[&quick[..], &["--json", "--probe", "--set", "training.schedule=async"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    for measured in ["end_to_end", "learner_alone", "actors_alone"] {
        for rate in ["frames", "frames_per_processor_second", "busy_cores"] {
            assert_eq!(json[measured][rate]["runs"].as_array().unwrap().len(), 2, "{measured} {rate}");
            assert!(json[measured][rate]["median"].as_f64().unwrap() > 0.0, "{measured} {rate}");
        }
    }
    for share in ["learner_learns", "learner_waits", "actors_act"] {
        assert!((0.0..=1.0).contains(&json["shares"][share].as_f64().unwrap()), "{share}: {json}");
    }
    assert!(json["resident_bytes"]["peak"].as_u64() >= json["resident_bytes"]["before"].as_u64());
    assert!(json["num_threads"].as_u64().unwrap() >= 2 && json["frames_per_update"] == 20);
    let table = works(folder.path(), &[&quick[..], &["--set", "training.inference=shared"]].concat());
    for words in [
        "Lockstep: 1 actors of 4 rooms",
        "end to end",
        "learner alone",
        "actors alone",
        "the inference thread computes",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert_eq!(names(folder.path()), ["tiny.toml"]);
    fails(folder.path(), &["bench", "train"], 2, &["--config"]);
    fails(folder.path(), &["bench", "train", "--config", "missing.toml"], 2, &["missing.toml"]);
    fails(folder.path(), &["bench", "train", "--config", &config, "--seconds=0"], 2, &["--seconds"]);
    fails(folder.path(), &["bench", "train", "--config", &config, "--runs=0"], 2, &["--runs"]);
    fails(folder.path(), &["bench", "train", "--config", &config, "--set", "training.device=cuda:9"], 2, &["cuda:9"]);
}

#[test]
fn the_doctor_tells_what_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let config = tiny_config(folder.path());
    let json = works(folder.path(), &["doctor", "--config", &config, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = json["findings"].as_array().unwrap();
    for name in ["libtorch", "disk", "folder", "film encoder", "renderers", "configuration", "agent", "rooms"] {
        let finding = findings.iter().find(|finding| finding["name"] == name).unwrap();
        assert_eq!(finding["status"], "good", "{finding}");
    }
    // Its one convolution has 3x4x4x4 weights, 4 biases, and gives 4x3 places; features, nine actions and a reward enter.
    let (encoder, core) = (3 * 16 * 4 + 4 + (4 * 12 * 8 + 8), 4 * 8 * (8 + 9 + 1 + 8) + 32);
    let (policy, value) = (8 * 9 + 9, 8 + 1);
    let parts: Vec<u64> = ["encoder", "core", "policy", "value"].map(|name| part_of(&json, name)).to_vec();
    assert_eq!(parts, [encoder, core, policy, value]);
    assert_eq!(json["parameters"]["all"], encoder + core + policy + value);
    assert_eq!((&json["training"]["frames_per_update"], &json["training"]["updates"]), (&20.into(), &2.into()));
    let bytes = |name: &str| json["training"][name].as_u64().unwrap();
    assert!(bytes("unroll_bytes") > 4 * 6 * 16 * 12 * 3 && bytes("batch_bytes") == bytes("unroll_bytes"));

    let absent = groundling(folder.path(), &["doctor", "--set", "training.device=cuda:100"]);
    assert_eq!(absent.status.code(), Some(1));
    assert!(text(&absent.stdout).contains("cuda:100"), "{}", text(&absent.stdout));
    let full = ["doctor", "--set", "room.num_objects=[32, 32]", "--set", "room.side=[3.0, 3.0]"];
    let output = groundling(folder.path(), &full);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("could not be drawn"), "{}", text(&output.stdout));
    fails(folder.path(), &["doctor", "--config", "missing.toml"], 2, &["missing.toml"]);
    fails(folder.path(), &["doctor", "--folder", "missing"], 2, &["missing"]);
}

#[test]
fn two_runs_are_probed_and_reported_together() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let config = tiny_config(here);
    works(here, &["train", "--config", &config, "--run", "lstm"]);
    works(here, &["train", "--config", &config, "--run", "simcore", "--probe", "--set", "predictive.loss=simcore"]);
    for (run, is_painted) in [("lstm", false), ("simcore", true)] {
        let events = fs::read_dir(here.join(run).join("tensorboard")).unwrap().next().unwrap().unwrap().path();
        let events = String::from_utf8_lossy(&fs::read(events).unwrap()).into_owned();
        for tag in ["config", "session", "episode/visits", "memory/resident_mib", "loss/baseline"] {
            assert!(events.contains(tag), "TensorBoard lacks {tag} of {run}");
        }
        assert_eq!(events.contains("imagined") && events.contains("PNG"), is_painted, "{run}");
    }
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(here.join("lstm/manifest.json")).unwrap()).unwrap();
    let session = &manifest["sessions"][0];
    assert_eq!(
        (&session["device"], &session["precision"], &session["first_frame"]),
        (&"cpu".into(), &"f32".into(), &0.into())
    );
    assert!(session["ended_unix_seconds"].is_u64(), "{manifest}");

    let probe = ["probe", "lstm", "simcore", "--out", "probe.json", "--json"];
    let table: serde_json::Value = serde_json::from_str(&works(here, &probe)).unwrap();
    let rows: Vec<&str> = table["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    let expected = ["majority", "question-only", "untrained", "lstm (other episode)", "simcore (other episode)"];
    assert_eq!(rows[..5], expected);
    assert_eq!(rows[5..], ["lstm (last frame)", "simcore (last frame)", "lstm", "simcore", "facts"]);
    fails(here, &probe, 2, &["--force"]);
    fs::remove_file(here.join("probe.json")).unwrap();
    fails(here, &probe, 2, &[DECODER, "--force"]);
    works(here, &["probe", "lstm", "simcore", "--out", "probe.json", "--force"]);

    let told = works(here, &["report", "lstm", "simcore", "--probe", "probe.json", "--out", "report.html"]);
    assert!(told.contains("question-only") && told.contains("report.html"), "{told}");
    let page = fs::read_to_string(here.join("report.html")).unwrap();
    assert!(page.contains("data:image/png;base64,") && page.contains("loss/predictive"), "imagined frames and curves");
    assert!(page.contains("probe/accuracy/mean"), "the curve of the probe beside the training");
    assert!(page.contains("<h2>Example episodes</h2>") && page.contains("Test room 3"), "the map of each example");
    serde_json::from_str::<serde_json::Value>(&fs::read_to_string(here.join("report.json")).unwrap()).unwrap();
    fails(here, &["report", "lstm", "--probe", "probe.json", "--out", "report.html"], 2, &["--force"]);

    // Answers alone, such as those of agents that are no runs, make a page too.
    works(here, &["report", "--probe", "probe.json", "--out", "alone.html"]);
    let page = fs::read_to_string(here.join("alone.html")).unwrap();
    assert!(page.contains("<h2>Accuracy</h2>") && !page.contains("<h2>Runs</h2>"));
    let markdown = works(here, &["report", "--probe", "probe.json", "--markdown"]);
    assert!(markdown.contains("| question-only |"), "{markdown}");

    // A run that was stopped before its first line of metrics has a page without curves.
    fs::remove_file(here.join("lstm/metrics.jsonl")).unwrap();
    works(here, &["report", "lstm", "--probe", "probe.json", "--out", "bare.html"]);
    let page = fs::read_to_string(here.join("bare.html")).unwrap();
    assert!(page.contains("No line of metrics was logged by: lstm.") && !page.contains("loss/"), "no curves");

    // A run that went on since it was probed is another agent.
    let longer = ["--set", "training.num_frames=60", "--set", "training.tensorboard=false"];
    works(here, &[&["train", "--config", &config, "--run", "other"], &longer[..]].concat());
    assert!(!here.join("other/tensorboard").exists());
    fs::remove_dir_all(here.join("lstm")).unwrap();
    fs::rename(here.join("other"), here.join("lstm")).unwrap();
    fails(
        here,
        &["report", "lstm", "--probe", "probe.json", "--out", "new.html"],
        2,
        &["40 frames", "60", "probe lstm"],
    );
    assert!(!here.join("new.html").exists());
}
