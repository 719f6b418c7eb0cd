//! `groundling questions`: writes the questions of a part of an evaluation as a file, or checks such a file against its
//! rooms, and several of them for leaks.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use groundling_impala::write_atomically;
use groundling_questions::{LeakReport, QuestionSet, QuestionSetError, SplitPart, TemplateCounts};
use serde::Serialize;
use serde_json::json;

use crate::config::Config;
use crate::failure::wrong_input;
use crate::leaks::{LeakCheck, PartData};
use crate::output::{prepare_folder_of, refuse_existing};
use crate::progress::ProgressLine;
use crate::say;
use crate::trained::TrainedRun;

/// Options of `questions`.
#[derive(Debug, clap::Args)]
pub struct QuestionsArgs {
    /// Configuration file (TOML); the defaults when not given. With --check, what the file must be made from; when neither
    /// this nor --set is given, the settings in its header are trusted.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Changes one setting; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    pub set: Vec<String>,
    /// Which part of an evaluation to write: train, validation or test.
    #[arg(long, value_name = "PART", value_parser = part, required_unless_present = "check", conflicts_with_all = ["check", "against", "run"])]
    pub split: Option<SplitPart>,
    /// Number of rooms to ask about, the first ones of the part [default: all that an evaluation plays].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub rooms: Option<u64>,
    /// File to write (JSON lines). In a folder that is there already, the name is `questions-PART-HASH.jsonl`.
    #[arg(long, value_name = "FILE", required_unless_present = "check", conflicts_with_all = ["check", "against", "run"])]
    pub out: Option<PathBuf>,
    /// Overwrites a file that is there already.
    #[arg(long)]
    pub force: bool,
    /// Checks a file instead: every room is made again from its seed, and every question is read off it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rooms", "force"])]
    pub check: Option<PathBuf>,
    /// Checks that the file and this one leak nothing into each other; may be given again.
    #[arg(long, value_name = "FILE", requires = "check")]
    pub against: Vec<PathBuf>,
    /// Checks that this run's agent was trained in none of the rooms; may be given again.
    #[arg(long, value_name = "RUN", requires = "check")]
    pub run: Vec<PathBuf>,
    /// Prints one JSON object instead of text.
    #[arg(long)]
    pub json: bool,
}

/// What was looked at without finding a leak.
#[derive(Serialize)]
struct NoLeak {
    #[serde(flatten)]
    parts: LeakReport,
    num_trained_episodes: usize,
}

fn part(name: &str) -> Result<SplitPart, String> {
    let found = SplitPart::ALL.into_iter().find(|part| part.name() == name);
    found.ok_or_else(|| "must be train, validation or test".into())
}

/// Runs the command.
pub fn run(args: &QuestionsArgs) -> Result<()> {
    match (&args.check, args.split, &args.out) {
        (Some(path), _, _) => check(args, path),
        (None, Some(part), Some(out)) => write(args, part, out),
        // What clap requires already.
        _ => Err(wrong_input("give --split and --out, or --check")),
    }
}

fn write(args: &QuestionsArgs, part: SplitPart, out: &Path) -> Result<()> {
    let config = Config::load_or_default(args.config.as_deref(), &args.set)?;
    let source = config.question_set_source(part, args.rooms.unwrap_or(config.num_episodes(part)));
    source.validate().map_err(wrong_input)?;
    let in_folder = out.is_dir();
    if !in_folder {
        refuse_existing([&out.to_path_buf()], args.force)?;
        prepare_folder_of(out)?;
    }
    let total = source.num_rooms;
    let mut progress = ProgressLine::new("asking");
    let mut each_room = |_: &_| progress.add(total, || "rooms".into());
    let maker = source.maker().map_err(wrong_input)?;
    let set = QuestionSet::make(source, &maker, &mut each_room).map_err(wrong_input)?;
    progress.finish();
    let file = set.to_file()?;
    let path = if in_folder { out.join(&file.name) } else { out.into() };
    refuse_existing([&path], args.force)?;
    write_atomically(&path, file.text.as_bytes())?;
    print(args, &path, &set, None)
}

fn check(args: &QuestionsArgs, path: &Path) -> Result<()> {
    let (set, hash) = QuestionSet::read_suspect(&read(path)?).map_err(|error| at(path, error))?;
    let source = set.source();
    if args.config.is_some() || !args.set.is_empty() {
        let config = Config::load_or_default(args.config.as_deref(), &args.set)?;
        let expected = config.question_set_source(source.part, source.num_rooms);
        if let Some(difference) = source.difference(&expected) {
            let place = path.display();
            return Err(wrong_input(format!(
                "{place}:1: made from other settings than the configuration's: {difference}"
            )));
        }
    }
    let maker = source.maker().map_err(|error| wrong_input(format!("{}:1: {error}", path.display())))?;
    let total = source.num_rooms;
    let mut progress = ProgressLine::new("checking");
    let checked = set.check(&maker, &mut |_| progress.add(total, || "rooms".into()));
    progress.finish();
    // Which question was altered tells more than that one was.
    checked.and(hash).map_err(|error| at(path, error))?;
    let leaks = check_for_leaks(args, path, &set)?;
    print(args, path, &set, leaks.as_ref())
}

/// `None` when it was not asked for.
fn check_for_leaks(args: &QuestionsArgs, path: &Path, set: &QuestionSet) -> Result<Option<NoLeak>> {
    if args.against.is_empty() && args.run.is_empty() {
        return Ok(None);
    }
    let mut parts = vec![PartData::of_set(path.display().to_string(), set.clone())?];
    for path in &args.against {
        let set = QuestionSet::read(&read(path)?).map_err(|error| at(path, error))?;
        parts.push(PartData::of_set(path.display().to_string(), set)?);
    }
    let leaks = LeakCheck::of(&parts)?;
    let mut num_trained_episodes = 0;
    for run in &args.run {
        num_trained_episodes += leaks.check_run(&TrainedRun::open(run)?)?;
    }
    Ok(Some(NoLeak { parts: leaks.report().clone(), num_trained_episodes }))
}

fn read(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::IsADirectory | std::io::ErrorKind::PermissionDenied => {
            wrong_input(format!("cannot read {}: {error}", path.display()))
        }
        _ => anyhow::Error::new(error).context(format!("cannot read {}", path.display())),
    })?;
    String::from_utf8(bytes)
        .map_err(|_| wrong_input(format!("{} is no question set: it is not text in UTF-8", path.display())))
}

fn at(path: &Path, error: QuestionSetError) -> anyhow::Error {
    let path = path.display();
    wrong_input(match error.line() {
        Some(line) => format!("{path}:{line}: {error}"),
        None => format!("{path}: {error}"),
    })
}

fn print(args: &QuestionsArgs, path: &Path, set: &QuestionSet, leaks: Option<&NoLeak>) -> Result<()> {
    let (source, summary) = (set.source(), set.summary());
    if args.json {
        let template = |counts: &TemplateCounts| {
            json!({
                "template": counts.template,
                "num_questions": counts.num_questions,
                "majority_accuracy": counts.majority_accuracy(),
                "answers": counts.answers,
            })
        };
        let told = json!({
            "file": path,
            "part": source.part,
            "num_rooms": source.num_rooms,
            "num_questions": set.questions().len(),
            "templates": summary.iter().map(template).collect::<Vec<_>>(),
            "checked": args.check.is_some(),
            "leaks": leaks.map(|report| json!({"found": 0, "looked_at": report})),
        });
        say!("{}", serde_json::to_string_pretty(&told).context("cannot print the figures")?);
        return Ok(());
    }
    say!("{:<16} {:>9} {:>8}   {:<16} {:>9}", "template", "questions", "answers", "share of each", "majority");
    for counts in &summary {
        let (name, count, answers) = (&counts.template, counts.num_questions, counts.answers.len());
        match (counts.rarest_share(), counts.majority_accuracy()) {
            (Some(least), Some(most)) => {
                let shares = format!("{:.1} to {:.1} %", 100.0 * least, 100.0 * most);
                say!("{name:<16} {count:>9} {answers:>8}   {shares:<16} {:>7.1} %", 100.0 * most);
            }
            _ => say!("{name:<16} {count:>9} {answers:>8}   never asked of these rooms"),
        }
    }
    let (count, num_rooms) = (set.questions().len(), source.num_rooms);
    say!("\n{count} questions of {num_rooms} {} rooms: {}", source.part, path.display());
    if args.check.is_some() {
        say!("every question is true of its room, and all are what settings and seeds give");
    }
    if let Some(NoLeak { parts, num_trained_episodes }) = leaks {
        let LeakReport { num_rooms, num_questions, num_held_out_pairs } = parts;
        say!(
            "no leak between {num_rooms} rooms, {num_questions} questions, {num_held_out_pairs} held-out pairs and \
             {num_trained_episodes} episodes of training"
        );
    }
    Ok(())
}
