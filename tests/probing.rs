//! Promised of `groundling probe`: every control stands beside the agents; all are asked the same questions, those of the
//! question set, whatever their seeds; the same runs give the same bits; no bit of a run changes; what is interrupted leaves
//! nothing behind, and what cannot be compared is refused.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use groundling_report::{ProbeFile, ProbedAgent, ProbedKind};
use tempfile::TempDir;

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
features = 12
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
timeline_points = 3
timeline_episodes = 5
rooms_per_thread = 4
threads = 1
"#;

/// A folder with a configuration, in which runs are trained.
struct Scene(TempDir);

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tiny.toml"), TINY).unwrap();
        Self(folder)
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_groundling"));
        // Threads that wait for each other must not keep the processor from the other tests.
        command.env("OMP_WAIT_POLICY", "passive");
        command.args(args).current_dir(self.0.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What it complains about is returned.
    fn works(&self, args: &[&str]) -> String {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", complaint(&output));
        complaint(&output)
    }

    fn fails(&self, args: &[&str], words: &[&str]) {
        let output = self.command(args).output().unwrap();
        let told = complaint(&output);
        assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1), "{args:?}: {told}");
        for word in words {
            assert!(told.contains(word), "{args:?} does not say {word:?}: {told}");
        }
    }

    /// Trains a run with these settings besides.
    fn train(&self, run: &str, settings: &[&str]) {
        let set = settings.iter().flat_map(|setting| ["--set", setting]);
        self.works(&["train", "--config", "tiny.toml", "--run", run].into_iter().chain(set).collect::<Vec<_>>());
    }

    fn probed(&self, name: &str) -> ProbeFile {
        ProbeFile::read(&self.path(name)).unwrap()
    }
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Every file below a folder, but those of the probe.
fn bytes_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with("probe") => {}
                true => folders.push(path),
                false => drop(files.insert(path.clone(), fs::read(path).unwrap())),
            }
        }
    }
    files
}

fn row<'a>(file: &'a ProbeFile, name: &str) -> &'a ProbedAgent {
    file.agents.iter().find(|agent| agent.name == name).unwrap_or_else(|| panic!("there is no row {name:?}"))
}

#[test]
fn every_control_stands_beside_the_agents() {
    let scene = Scene::new();
    let decoders = r#"evaluation.decoders=["lstm", "mlp", "attention"]"#;
    scene.train("lstm", &[decoders]);
    scene.train("other", &[decoders, "seed=4"]);
    let present = [decoders, "predictive.loss=simcore", "predictive.simcore.overshoot=0"];
    scene.train("present", &present);
    let before = bytes_of(&scene.path("lstm"));
    let told = scene.works(&["probe", "lstm", "other", "present", "--out", "probe.json"]);
    // The only control that is not there is the upper line.
    let notes: Vec<&str> = told.lines().filter(|line| line.contains("note:")).collect();
    assert!(told.contains("played lstm") && notes.len() == 1 && notes[0].contains("oracle"), "{told}");
    assert!(bytes_of(&scene.path("lstm")) == before, "probing changes no bit of a run");

    let file = scene.probed("probe.json");
    let rows: Vec<(&str, &str, ProbedKind)> =
        file.agents.iter().map(|agent| (agent.name.as_str(), agent.variant.as_str(), agent.kind)).collect();
    let expected = [
        ("majority", "majority", ProbedKind::Majority),
        ("question-only", "question-only", ProbedKind::QuestionOnly),
        ("untrained (lstm)", "untrained", ProbedKind::Untrained),
        ("untrained (other)", "untrained", ProbedKind::Untrained),
        ("untrained (lstm) [mlp]", "untrained [mlp]", ProbedKind::Untrained),
        ("lstm (other episode)", "lstm (other episode)", ProbedKind::OtherEpisode),
        ("present (last frame)", "present (last frame)", ProbedKind::LastFrame),
        ("present", "present", ProbedKind::Overshoot0),
        ("lstm", "lstm", ProbedKind::Trained),
        ("lstm [attention]", "lstm [attention]", ProbedKind::Trained),
        ("facts", "facts", ProbedKind::Facts),
    ];
    for expected in expected {
        assert!(rows.contains(&expected), "{expected:?} is not in {rows:?}");
    }
    assert_eq!(rows.len(), 3 + 2 * 3 + 3 * 5, "{rows:?}");
    assert_eq!(file.missing_controls(), [ProbedKind::Oracle]);
    assert_eq!((row(&file, "lstm").seed, row(&file, "untrained (other)").seed), (3, 4));
    assert_eq!((row(&file, "lstm [mlp]").decoder.as_str(), row(&file, "lstm").frames_trained), ("mlp", 40));

    // All answer the same questions: those of the question set.
    scene.works(&["questions", "--config", "tiny.toml", "--split", "test", "--out", "test.jsonl"]);
    let set = fs::read_to_string(scene.path("test.jsonl")).unwrap();
    let set: Vec<serde_json::Value> = set.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    let templates = |index: u16| file.templates[usize::from(index)].name.clone();
    for agent in &file.agents {
        let asked: Vec<_> = agent
            .outcomes
            .iter()
            .map(|o| (o.episode, o.question, templates(o.template), file.answers[usize::from(o.answer)].clone()))
            .collect();
        let of_set: Vec<_> = set
            .iter()
            .map(|question| {
                let number = |key: &str| question[key].as_u64().unwrap();
                let word = |key: &str| question[key].as_str().unwrap().to_string();
                (number("room"), number("number") as u32, word("template"), word("answer"))
            })
            .collect();
        assert_eq!(asked.len() as u64 + agent.num_dropped, of_set.len() as u64, "{}", agent.name);
        assert!(asked.iter().all(|question| of_set.contains(question)), "{}", agent.name);
        assert!(agent.outcomes.iter().all(|outcome| outcome.step == 6));
    }

    // What is known when, of agents and of those who know nothing.
    assert_eq!((&file.protocol.timeline_steps[..], file.protocol.num_timeline_episodes), (&[2, 4, 6][..], 5));
    for name in ["question-only", "untrained (lstm)", "lstm", "other", "present"] {
        let timeline = &row(&file, name).timeline;
        let at = |step| timeline.iter().filter(|outcome| outcome.step == step && outcome.episode < 5).count();
        assert!(at(2) > 0 && at(2) + at(4) + at(6) == timeline.len(), "{name}");
        assert!(timeline.iter().filter(|o| o.step == 2).any(|o| !o.seen), "{name}: little is seen so early");
    }
    assert!(row(&file, "facts").timeline.is_empty() && row(&file, "lstm [mlp]").timeline.is_empty());
    assert!(row(&file, "lstm").selectivity.is_some() && row(&file, "facts").selectivity.is_none());
}

#[test]
fn the_same_runs_give_the_same_bits() {
    let scene = Scene::new();
    scene.train("run", &[]);
    let told = scene.works(&["probe", "run"]);
    assert!(told.contains("note:") && told.contains("overshoot = 0"), "{told}");
    let decoder = || fs::read(scene.path("run/probe/decoder-0000000000000040.safetensors")).unwrap();
    let timeless = |mut file: ProbeFile| {
        file.protocol.seconds = 0.0;
        file
    };
    let (first, first_decoder) = (timeless(scene.probed("run/probe/probe.json")), decoder());
    scene.fails(&["probe", "run"], &["decoder-0000000000000040", "--force"]);
    // The number of threads that play is no part of a protocol.
    let config = fs::read_to_string(scene.path("run/config.toml")).unwrap();
    fs::write(scene.path("run/config.toml"), config.replace("\nthreads = 1\n", "\nthreads = 2\n")).unwrap();
    scene.works(&["probe", "run", "--force"]);
    assert!(timeless(scene.probed("run/probe/probe.json")) == first && decoder() == first_decoder);
}

#[test]
fn a_compositional_test_asks_about_held_out_pairs() {
    let scene = Scene::new();
    let few = "evaluation.selectivity=false";
    scene.train("run", &["room.held_out_share=0.2", "evaluation.split=compositional", few]);
    scene.works(&["probe", "run"]);
    let file = scene.probed("run/probe/probe.json");
    assert!(file.protocol.split.contains("held-out pairs"), "{}", file.protocol.split);
    assert!(!row(&file, "run").outcomes.is_empty() && row(&file, "run").selectivity.is_none());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let scene = Scene::new();
    scene.train("run", &[]);
    scene.train("larger", &["room.num_objects=[3, 3]"]);
    scene.train("facts", &["agent.core_size=16"]);
    scene.fails(&["probe", "run", "larger", "--out", "p.json"], &["larger", "room.num_objects", "one by one"]);
    scene.fails(&["probe", "run", "facts", "--out", "p.json"], &["`facts`", "rename"]);
    assert!(!scene.path("p.json").exists() && !scene.path("run/probe").exists());
}

#[test]
fn answers_of_an_earlier_version_are_refused() {
    let scene = Scene::new();
    scene.train("run", &[]);
    fs::create_dir(scene.path("run/probe")).unwrap();
    fs::write(scene.path("run/probe/probe.json"), r#"{"format": "groundling-probe", "version": 1}"#).unwrap();
    scene.fails(&["report", "run"], &["probe.json", "version 1", "version"]);
    scene.fails(&["probe", "run"], &["probe.json", "--force"]);
}

#[test]
fn an_interruption_leaves_nothing_behind() {
    let scene = Scene::new();
    scene.train("run", &["probe.offline.updates=1000000", "probe.offline.patience=1000000"]);
    let mut child = scene.command(&["probe", "run"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    // From here on it trains a probe, for hours if it were let.
    assert!(lines.any(|line| line.unwrap().starts_with("played the facts")));
    let id = libc::pid_t::try_from(child.id()).unwrap();
    // SAFETY: `kill` takes two integers and touches no memory of this process; the child is not waited for yet, so its
    // number is not given to another process.
    assert_eq!(unsafe { libc::kill(id, libc::SIGINT) }, 0);
    let told: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("interrupted")), "{told:?}");
    let left: Vec<_> = fs::read_dir(scene.path("run/probe")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
