//! `groundling record`: a trained agent plays unseen rooms; each episode becomes a file, with the agent's answers, and with
//! what it imagined where that is asked for.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::{Result, anyhow};
use groundling_impala::{BeliefObserver, PlayError, PlaySetup, play};
use groundling_interface::derive_seed;
use groundling_probe::ProbeTrainer;
use groundling_sim::{EndCause, Existing, WriteError};
use serde::Serialize;
use tch::Device;

use crate::annotating::Annotator;
use crate::commands::train::stop_on_signal;
use crate::config::Config;
use crate::examples::question_maker;
use crate::failure::{interrupted, wrong_input};
use crate::imagining::Imaginer;
use crate::output::{make_folder, prepare_folder_of, refuse_existing};
use crate::progress::ProgressLine;
use crate::recorder::{Played, Recorder};
use crate::rooms::RoomMaker;
use crate::say;
use crate::stored::record_beliefs;
use crate::trained::TrainedRun;

/// Options of `record`.
#[derive(Debug, clap::Args)]
pub struct RecordArgs {
    /// Folder of the trained run.
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// How many episodes, each in a room of its own that training never saw.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub episodes: u32,
    /// Folder for the files 0.episode, 1.episode, ...
    #[arg(long, value_name = "DIR", required_unless_present = "beliefs")]
    pub out: Option<PathBuf>,
    /// Seed from which the episodes' seeds are derived [default: the run's own].
    #[arg(long)]
    pub seed: Option<u64>,
    /// Has the agent imagine at every so many steps, from its belief there and the actions that it then takes, and keeps the
    /// frames, which the film shows beside what came.
    #[arg(long, value_name = "STEPS", conflicts_with = "beliefs")]
    pub imagine_every: Option<NonZeroUsize>,
    /// Plays the rooms of the run's evaluation instead, and writes beliefs, questions and answers, which
    /// `groundling probe --beliefs` reads (docs/stored_beliefs.md).
    #[arg(long, value_name = "FILE.parquet", conflicts_with_all = ["episodes", "out", "seed"])]
    pub beliefs: Option<PathBuf>,
    /// Keeps the beliefs of every so many steps besides, for decoders that read the whole episode.
    #[arg(long, value_name = "STEPS", requires = "beliefs", conflicts_with = "out", value_parser = clap::value_parser!(u32).range(1..))]
    pub every: Option<u32>,
    /// Changes a setting of the evaluation, such as `evaluation.train_episodes=500`.
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE", requires = "beliefs", conflicts_with = "out")]
    pub settings: Vec<String>,
    /// Overwrites what is there already.
    #[arg(long)]
    pub force: bool,
    /// Prints one JSON object instead of text.
    #[arg(long)]
    pub json: bool,
}

/// What is told of an episode.
#[derive(Debug, Serialize)]
struct Written {
    file: PathBuf,
    episode_seed: u64,
    steps: usize,
    end: Option<EndCause>,
    reward: f32,
    /// Visits of all objects together, and how often all had been visited.
    visits: u32,
    num_refreshes: u32,
    questions: usize,
    right_at_the_end: usize,
    /// Steps at which it imagined.
    imaginings: usize,
}

/// What is made of an episode that is over, and where it goes.
struct Writer<'a> {
    annotator: Option<Annotator>,
    imaginer: Option<Imaginer>,
    files: &'a [PathBuf],
    existing: Existing,
    stop: &'a AtomicBool,
}

/// Runs the command.
pub fn run(args: &RecordArgs) -> Result<()> {
    let trained = TrainedRun::open(&args.run)?;
    let out = match (&args.beliefs, &args.out) {
        (Some(beliefs), _) => return store_beliefs(&trained, beliefs, args),
        (None, Some(out)) => out,
        (None, None) => return Err(wrong_input("give a folder with --out")),
    };
    let files: Vec<PathBuf> = (0..args.episodes).map(|i| out.join(format!("{i}.episode"))).collect();
    refuse_existing(&files, args.force)?;
    let seed = args.seed.unwrap_or(trained.config.seed);
    let annotator = open_annotator(&trained)?;
    let imaginer = args.imagine_every.map(|every| Imaginer::new(&trained, every, seed)).transpose()?;
    make_folder(out)?;
    let seeds: Vec<u64> = (0..u64::from(args.episodes)).map(|i| derive_seed(seed, "recorded episode", &[i])).collect();
    if annotator.is_none() && !args.json {
        say!("without answers: `groundling probe {}` trains the probe that gives them", args.run.display());
    }
    let stop = stop_on_signal()?;
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let writer = Writer { annotator, imaginer, files: &files, existing, stop: &stop };
    let written = record(&trained, &seeds, writer, out, args.json)?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&serde_json::json!({ "episodes": written }))?);
        return Ok(());
    }
    for Written { file, steps, reward, questions, right_at_the_end, imaginings, .. } in &written {
        let file = file.display();
        let answers = match questions {
            0 => String::new(),
            _ => format!(", {right_at_the_end} of {questions} questions right at the end"),
        };
        let imagined = match imaginings {
            0 => String::new(),
            _ => format!(", imagined at {imaginings} steps"),
        };
        say!("{file}  {steps} steps, reward {reward}{answers}{imagined}");
    }
    Ok(())
}

/// Plays the rooms of the run's evaluation and keeps what the agent believed there.
fn store_beliefs(trained: &TrainedRun, path: &Path, args: &RecordArgs) -> Result<()> {
    refuse_existing([&path.to_path_buf()], args.force)?;
    prepare_folder_of(path)?;
    let sections = ["evaluation.", "questions.", "probe."];
    if let Some(setting) = args.settings.iter().find(|setting| !sections.iter().any(|of| setting.starts_with(of))) {
        return Err(wrong_input(format!(
            "--set {setting}: only settings of evaluation, questions and probe can be changed"
        )));
    }
    let config = Config::load(&trained.directory.config_path(), &args.settings)?;
    let existing = if args.force { groundling_stored::Existing::Replace } else { groundling_stored::Existing::Keep };
    let stop = stop_on_signal()?;
    let written = record_beliefs(trained, &config, args.every, path, existing, &stop)?;
    if args.json {
        say!("{}", serde_json::json!({ "file": path, "rows": written.rows, "bytes": written.bytes }));
    } else {
        say!("{}  {} rows, {} bytes", path.display(), written.rows, written.bytes);
    }
    Ok(())
}

/// The run's probe with the questions it was trained for, if the run has been probed.
fn open_annotator(trained: &TrainedRun) -> Result<Option<Annotator>> {
    let path = trained.decoder_path();
    if !path.exists() {
        return Ok(None);
    }
    let again = |reason: String| wrong_input(format!("{reason}; `groundling probe` makes it anew"));
    let probe = ProbeTrainer::load(&path, Device::Cpu).map_err(|error| again(error.to_string()))?;
    let maker = question_maker(&trained.config)?;
    if probe.spec().vocabulary != *maker.vocabulary() {
        return Err(again(format!("the probe {} was trained for other questions", path.display())));
    }
    Ok(Some(Annotator::new(maker, trained.config.questions.last_step_draws, probe)))
}

/// Plays the episodes of `seeds` and writes each as soon as it is over.
fn record(trained: &TrainedRun, seeds: &[u64], writer: Writer<'_>, out: &Path, is_quiet: bool) -> Result<Vec<Written>> {
    let evaluation = &trained.config.evaluation;
    let threads = evaluation.threads.min(seeds.len());
    let rooms_per_thread = evaluation.rooms_per_thread.min(seeds.len().div_ceil(threads));
    let rooms = RoomMaker::new(trained.config.world());
    let agent = format!("{} after {} frames", trained.name, trained.checkpoint.frames);
    let keeps_beliefs = writer.annotator.is_some() || writer.imaginer.is_some();
    let (stop, num_files) = (writer.stop, writer.files.len());
    let (sender, receiver) = sync_channel(threads);
    let (played, written) = std::thread::scope(|scope| {
        let mut progress = (!is_quiet).then(|| ProgressLine::new("recording"));
        let writing = scope.spawn(move || writer.write_all(&receiver, &mut progress));
        let observers = |_| -> Box<dyn BeliefObserver> {
            let world = trained.config.world();
            let num_rooms = threads * rooms_per_thread;
            Box::new(Recorder::new(rooms.clone(), world, &agent, num_rooms, keeps_beliefs, sender.clone()))
        };
        let played = play(&PlaySetup {
            blueprint: &trained.blueprint,
            values: Some(&trained.checkpoint.agent),
            exploring: trained.config.training.exploring,
            seed: trained.config.seed,
            episode_seeds: seeds,
            num_threads: threads,
            rooms_per_thread,
            seats: &|room| rooms.seat(room),
            observers: &observers,
            stop,
        });
        // The writer ends when nobody can send any more.
        drop(sender);
        (played, writing.join())
    });
    let written = written.map_err(|_| anyhow!("the thread that writes episodes panicked"))?;
    // A failed writer stops the play, so its error is the one to tell.
    let mut written = written?;
    match played {
        Err(error @ PlayError::Misfit(_)) => {
            return Err(wrong_input(format!("{}: {error}", trained.directory.path().display())));
        }
        Err(PlayError::Interrupted) => {}
        other => other?,
    }
    if written.len() < num_files {
        let (num_written, out) = (written.len(), out.display());
        return Err(interrupted(format!("interrupted; {num_written} of {num_files} episodes were written to {out}")));
    }
    written.sort_by_key(|(index, _)| *index);
    Ok(written.into_iter().map(|(_, written)| written).collect())
}

impl Writer<'_> {
    /// Completes and writes what comes, until nothing comes any more.
    fn write_all(
        &self,
        episodes: &Receiver<Played>,
        progress: &mut Option<ProgressLine>,
    ) -> Result<Vec<(usize, Written)>> {
        let mut all = Vec::new();
        for played in episodes {
            let index = played.index;
            let Some(file) = self.files.get(index) else { continue };
            match self.write(played, file) {
                Ok(Some(written)) => all.push((index, written)),
                Ok(None) => continue,
                Err(error) => {
                    self.stop.store(true, Ordering::Relaxed);
                    return Err(error);
                }
            }
            if let Some(progress) = progress {
                progress.add(self.files.len() as u64, || "episodes".into());
            }
        }
        if let Some(progress) = progress {
            progress.finish();
        }
        Ok(all)
    }

    /// None, and no file, when it was asked to stop meanwhile.
    fn write(&self, played: Played, file: &Path) -> Result<Option<Written>> {
        let Played { mut recording, beliefs, facts, information, reward, .. } = played;
        if let Some(annotator) = &self.annotator {
            recording.annotations = annotator.annotate(&facts, &beliefs)?;
        }
        if let Some(imaginer) = &self.imaginer {
            let Some(imagined) = imaginer.imagine(&recording, &beliefs, self.stop)? else { return Ok(None) };
            recording.imagined = imagined;
        }
        recording.write(file, self.existing).map_err(|error| match error {
            WriteError::AlreadyThere { .. } => wrong_input(format!("{error}; overwrite it with --force")),
            WriteError::Io { .. } => anyhow!("{error}; free some space or give another folder with --out"),
            WriteError::NoFolder { .. } => wrong_input(error),
            // It is the frames that make it too long.
            WriteError::Contradiction(_) if !recording.imagined.is_empty() => {
                wrong_input(format!("{error} (--imagine-every)"))
            }
            WriteError::Contradiction(_) => error.into(),
        })?;
        let right = recording.annotations.iter().filter(|annotation| Annotator::is_right_at_the_end(annotation));
        Ok(Some(Written {
            file: file.to_owned(),
            episode_seed: recording.episode_seed,
            steps: recording.actions.len(),
            end: information.end,
            reward,
            visits: facts.objects.iter().map(|object| object.visits).sum(),
            num_refreshes: information.num_refreshes,
            questions: recording.annotations.len(),
            right_at_the_end: right.count(),
            imaginings: recording.imagined.len(),
        }))
    }
}
