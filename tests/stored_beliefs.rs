//! Promised of stored beliefs: a file that was recorded of a run gives exactly the figures that probing the run gives; a
//! file of anyone is measured by the same means, so that a belief that holds the answers is read and one of noise is not;
//! and what is wrong is told in one line.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use groundling_belief::FrozenBelief;
use groundling_questions::{Evidence, Question, SplitPart};
use groundling_report::{ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind};
use groundling_stored::{
    Asking, Existing, StoredBeliefs, StoredHeader, StoredTemplate, StoredVocabulary, StoredWriter,
};

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
seed = 5
train_episodes = 40
validation_episodes = 20
test_episodes = 20
timeline_points = 3
timeline_episodes = 8
rooms_per_thread = 4
"#;

fn groundling(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groundling")).args(args).current_dir(folder).output().unwrap()
}

/// Runs a command that must succeed; returns what it complained about.
fn works(folder: &Path, args: &[&str]) -> String {
    let output = groundling(folder, args);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{args:?}: {complaint}");
    complaint
}

/// Runs a command that must be refused with exit code 2 and one line with these words.
fn is_refused(folder: &Path, args: &[&str], words: &[&str]) {
    let output = groundling(folder, args);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {complaint}");
    for word in words {
        assert!(complaint.contains(word), "{args:?} does not say {word:?}: {complaint}");
    }
    assert!(complaint.lines().count() == 1 || complaint.contains("--help"), "{args:?}: {complaint}");
}

fn row<'a>(file: &'a ProbeFile, name: &str) -> &'a ProbedAgent {
    file.agents.iter().find(|agent| agent.name == name).unwrap()
}

fn accuracy(agent: &ProbedAgent) -> f64 {
    let right = agent.outcomes.iter().filter(|outcome| outcome.correct()).count();
    right as f64 / agent.outcomes.len() as f64
}

#[test]
fn a_recorded_file_gives_the_figures_of_its_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("tiny.toml"), TINY).unwrap();
    works(folder, &["train", "--config", "tiny.toml", "--run", "run"]);
    works(folder, &["probe", "run", "--out", "of_run.json"]);
    works(folder, &["record", "run", "--beliefs", "run.parquet"]);
    works(folder, &["probe", "--beliefs", "run.parquet", "--out", "of_file.json"]);
    let of_run = ProbeFile::read(&folder.join("of_run.json")).unwrap();
    let of_file = ProbeFile::read(&folder.join("of_file.json")).unwrap();
    for name in ["run", "run (other episode)"] {
        let row = row(&of_run, name);
        assert!(!row.outcomes.is_empty());
        assert_eq!(row, self::row(&of_file, name));
    }
    assert!(!row(&of_file, "run").timeline.is_empty());
    assert_eq!(of_file.agents[0].kind, ProbedKind::Majority);
    assert_eq!(of_file.agents[1].kind, ProbedKind::QuestionOnly);
    let timeless = |file: &ProbeFile| ProbeProtocol { seconds: 0.0, ..file.protocol.clone() };
    assert_eq!(timeless(&of_run), timeless(&of_file));
    assert_eq!((&of_run.templates, &of_run.answers), (&of_file.templates, &of_file.answers));

    // Other probes read the same file; the figures are then of another protocol.
    works(
        folder,
        &["probe", "--beliefs", "run.parquet", "--out", "other.json", "--set", "probe.decoders.lstm.hidden_size=6"],
    );
    let other = ProbeFile::read(&folder.join("other.json")).unwrap();
    assert_ne!(other.protocol.config_hash, of_run.protocol.config_hash);
    is_refused(
        folder,
        &["probe", "--beliefs", "run.parquet", "--set", "evaluation.seed=1"],
        &["--set evaluation.seed=1", "only probe.*"],
    );

    // More beliefs on the way change nothing for what reads one of them.
    let recorded = |args: &[&str]| {
        works(folder, &[&["record", "run", "--beliefs", "more.parquet", "--force"], args].concat());
        StoredBeliefs::read(&folder.join("more.parquet")).unwrap()
    };
    let (plain, more) = (StoredBeliefs::read(&folder.join("run.parquet")).unwrap(), recorded(&["--every", "1"]));
    assert!(plain.has_evidence && more.has_evidence);
    assert!(more.episodes.iter().all(|episode| episode.beliefs.len() == 6), "one a step");
    for (plain, more) in plain.episodes.iter().zip(&more.episodes) {
        let of_more = |step: u32| more.beliefs.iter().find(|(other, _)| *other == step).unwrap();
        assert!(plain.beliefs.iter().all(|(step, belief)| of_more(*step).1 == *belief));
        assert_eq!(plain.questions.len(), more.questions.len());
    }
    let few = recorded(&["--set", "evaluation.train_episodes=5"]);
    assert!(few.of_split(SplitPart::Train).count() <= 5);

    is_refused(folder, &["record", "run", "--beliefs", "run.parquet"], &["run.parquet exists already", "--force"]);
    is_refused(folder, &["record", "run", "--beliefs", "x.parquet", "--episodes", "3"], &["cannot be used with"]);
    is_refused(folder, &["record", "run", "--beliefs", "x.parquet", "--set", "seed=3"], &["--set seed=3", "only"]);
    is_refused(folder, &["record", "run", "--out", "x", "--every", "2"], &["cannot be used with"]);
    is_refused(folder, &["record", "run"], &["--out"]);
    is_refused(folder, &["probe", "run", "--beliefs", "run.parquet"], &["cannot be used with"]);
    is_refused(folder, &["probe", "run", "--set", "probe.decoders.lstm.hidden_size=6"], &["cannot be used with"]);
    is_refused(folder, &["probe", "--beliefs", "run.parquet", "--out", "of_file.json"], &["exists already"]);
}

/// A world of six coloured shapes of which one is asked about; the belief is made from the colours.
fn write_planted(
    path: &Path,
    agent: Option<&str>,
    kind: Option<&str>,
    belief: impl Fn(&[usize; 6], &mut Draws) -> Vec<f32>,
) {
    const SHAPES: [&str; 6] = ["bed", "ball", "cone", "sofa", "lamp", "door"];
    const COLORS: [&str; 4] = ["red", "green", "blue", "pink"];
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let vocabulary = StoredVocabulary {
        templates: vec![StoredTemplate {
            name: "color".into(),
            wording: "What is the color of the <shape>?".into(),
            chance: 0.25,
            answers: words(&COLORS),
        }],
        tokens: words(&SHAPES),
        answers: words(&COLORS),
        max_tokens: 1,
    };
    let header = StoredHeader {
        agent: agent.map(Into::into),
        kind: kind.map(Into::into),
        vocabulary: Some(vocabulary),
        ..StoredHeader::default()
    };
    let mut writer = StoredWriter::create(path, &header, Existing::Keep).unwrap();
    let (mut world, mut noise) = (Draws(1), Draws(2));
    for episode in 0..900 {
        let split = match episode {
            0..600 => SplitPart::Train,
            600..700 => SplitPart::Validation,
            _ => SplitPart::Test,
        };
        let colors: [usize; 6] = std::array::from_fn(|_| world.below(4));
        let hidden = belief(&colors, &mut noise);
        let belief = FrozenBelief::new(hidden.clone(), vec![0.0; hidden.len()]);
        let evidence =
            Evidence { objects: Vec::new(), seen: true, in_view: false, steps_since_seen: Some(4), most_pixels: 30 };
        let questions: Vec<Question> = (0..6)
            .map(|shape| Question {
                template: 0,
                text: format!("What is the color of the {}?", SHAPES[shape]),
                tokens: vec![shape as u16],
                arguments: Vec::new(),
                answer: colors[shape] as u16,
                evidence: evidence.clone(),
            })
            .collect();
        let asking = |(number, question)| Asking { number, question, headline: true, timeline: false };
        writer.write_step((split, episode, 20), &belief, (0..).zip(&questions).map(asking)).unwrap();
    }
    writer.finish().unwrap();
}

/// Small numbers that follow from a seed.
struct Draws(u64);

impl Draws {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

fn facts(colors: &[usize; 6], _: &mut Draws) -> Vec<f32> {
    (0..24).map(|place| f32::from(colors[place / 4] == place % 4)).collect()
}

fn noise(_: &[usize; 6], draws: &mut Draws) -> Vec<f32> {
    (0..24).map(|_| draws.below(2) as f32).collect()
}

#[test]
fn beliefs_that_hold_the_answers_are_read_and_noise_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_planted(&folder.join("knows.parquet"), None, None, facts);
    write_planted(&folder.join("second.parquet"), Some("noise"), None, noise);
    write_planted(&folder.join("ceiling.parquet"), Some("facts"), Some("facts"), facts);
    let beliefs = ["--beliefs", "knows.parquet", "--beliefs", "second.parquet", "--beliefs", "ceiling.parquet"];
    let settings = [
        "--set",
        "probe.decoders.lstm.hidden_size=64",
        "--set",
        "probe.decoders.lstm.embedding_size=16",
        "--set",
        "probe.decoders.lstm.decode_steps=2",
        "--set",
        "probe.offline.updates=600",
        "--set",
        "probe.offline.validate_every=100",
        "--set",
        "evaluation.selectivity=false",
    ];
    works(folder, &[&["probe", "--out", "probe.json"], beliefs.as_slice(), settings.as_slice()].concat());
    let file = ProbeFile::read(&folder.join("probe.json")).unwrap();
    let names: Vec<&str> = file.agents.iter().map(|agent| agent.name.as_str()).collect();
    assert_eq!(names.first(), Some(&"majority"));
    assert_eq!(names.last(), Some(&"facts"));
    let of = |name| accuracy(row(&file, name));
    // 1,200 questions with four equally likely answers: a standard error of 1.3 points.
    assert!(of("knows") > 0.95, "{}", of("knows"));
    assert!((of("noise") - of("question-only")).abs() < 0.05, "{} {}", of("noise"), of("question-only"));
    assert!(of("question-only") < 0.30 && of("majority") < 0.30);
    assert!((of("knows (other episode)") - 0.25).abs() < 0.05, "{}", of("knows (other episode)"));
    // The same beliefs, whatever they are called.
    assert_eq!(row(&file, "knows").outcomes, row(&file, "facts").outcomes);
    assert_eq!(file.protocol.num_test_episodes, 200);
    assert_eq!((file.protocol.asked_step, file.protocol.test_seed), (20, 0));
}

#[test]
fn files_that_cannot_be_compared_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_planted(&folder.join("one.parquet"), Some("mine"), None, facts);
    write_planted(&folder.join("two.parquet"), Some("mine"), None, noise);
    is_refused(
        folder,
        &["probe", "--beliefs", "one.parquet", "--beliefs", "two.parquet"],
        &["both of mine", "give `agent` in its metadata"],
    );
    write_planted(&folder.join("wrong.parquet"), None, Some("wise"), facts);
    is_refused(folder, &["probe", "--beliefs", "wrong.parquet"], &["kind = \"wise\"", "trained, untrained"]);
    write_planted(&folder.join("untrained.parquet"), None, None, facts);
    is_refused(folder, &["probe", "--beliefs", "untrained.parquet"], &["must not be called `untrained`"]);
    is_refused(folder, &["probe", "--beliefs", "missing.parquet"], &["missing.parquet", "check the path"]);
    fs::write(folder.join("text.parquet"), "split,episode").unwrap();
    is_refused(folder, &["probe", "--beliefs", "text.parquet"], &["not a Parquet file", "docs/stored_beliefs.md"]);
    let bytes = fs::read(folder.join("one.parquet")).unwrap();
    fs::write(folder.join("cut.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    is_refused(folder, &["probe", "--beliefs", "cut.parquet"], &["cut short or damaged", "write it again"]);
    let others = Path::new(env!("CARGO_MANIFEST_DIR")).join("qa/stored/tests/files/pandas.parquet");
    let others = others.to_str().unwrap();
    is_refused(folder, &["probe", "--beliefs", "one.parquet", "--beliefs", others], &["differ in their vocabularies"]);
    is_refused(folder, &["probe", "--beliefs", "one.parquet", "--set", "room.height=3"], &["only probe.*"]);
}
