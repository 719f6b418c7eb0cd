//! `groundling replay`: an episode is stepped again, every step checked, and drawn as a film.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use anyhow::{Context, Result, bail};
use groundling_film::FilmWriter;
use groundling_sim::{Recording, Replay, ReplayError};

use crate::commands::train::stop_on_signal;
use crate::failure::wrong_input;
use crate::output::{film_failure, require_folder_of};
use crate::progress::ProgressLine;
use crate::say;
use crate::scenes::{FilmPainter, View};

/// Options of `replay`.
#[derive(Debug, clap::Args)]
pub struct ReplayArgs {
    /// Episode file that `groundling record` wrote.
    #[arg(value_name = "FILE")]
    pub episode: PathBuf,
    /// Film to write: .mp4, .gif, or .png for a folder of numbered pictures.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Pictures a second; one picture is one action of the agent.
    #[arg(long, default_value_t = 8.0)]
    pub fps: f64,
    /// Number of the question to show, from 1.
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub question: usize,
    /// What is drawn.
    #[arg(long, value_enum, default_value_t = View::Story)]
    pub view: View,
    /// Overwrites a film that is there already.
    #[arg(long)]
    pub force: bool,
}

/// Runs the command.
pub fn run(args: &ReplayArgs) -> Result<()> {
    let recording = Recording::read(&args.episode).map_err(wrong_input)?;
    let Some(out) = &args.out else {
        let remedy = "give --out with a file that ends in .mp4, .gif or .png";
        return Err(wrong_input(format!(
            "a replay is drawn into a file, a window comes with a later viewer; {remedy}"
        )));
    };
    let question = chosen_question(&recording, args.question)?;
    let mut painter = FilmPainter::new(&recording, args.view, question)?;
    let (width, height) = painter.size();
    require_folder_of(out)?;
    // Made before the work, so that a name that cannot be is told at once; it leaves nothing until it is finished.
    let film = FilmWriter::create(out, width, height, args.fps, args.force).map_err(film_failure)?;

    let place = || format!("{}", args.episode.display());
    let num_steps = Replay::verify(recording.clone()).map_err(|error| match error {
        ReplayError::World(_) => wrong_input(error),
        _ => error.into(),
    });
    let num_steps = num_steps.with_context(place)?;
    say!("{}: {num_steps} steps checked, all as recorded", args.episode.display());
    list_questions(&recording, question, args.view);
    draw(recording, &mut painter, film, out)
}

/// Index of the question to show; none when none was recorded.
fn chosen_question(recording: &Recording, number: usize) -> Result<Option<usize>> {
    match (recording.annotations.len(), number) {
        (0, 1) => Ok(None),
        (0, _) => Err(wrong_input("--question: the episode was recorded without questions; `groundling probe` first")),
        (most, number) if (1..=most).contains(&number) => Ok(Some(number - 1)),
        (most, number) => Err(wrong_input(format!("--question {number}: the episode has questions 1 to {most}"))),
    }
}

fn list_questions(recording: &Recording, shown: Option<usize>, view: View) {
    for (index, annotation) in recording.annotations.iter().enumerate() {
        let mark = if shown == Some(index) && view == View::Story { '*' } else { ' ' };
        say!("{mark} {:>2}  {}  {}", index + 1, annotation.asked.question, annotation.asked.answer);
    }
}

fn draw(recording: Recording, painter: &mut FilmPainter, mut film: FilmWriter, out: &Path) -> Result<()> {
    let stop = stop_on_signal()?;
    let num_frames = recording.digests.len() as u64;
    let mut progress = ProgressLine::new("drawing");
    let mut replay = Replay::new(recording)?;
    while let Some(time_step) = replay.advance()? {
        if stop.load(Ordering::Relaxed) {
            bail!("interrupted; {} was not written", out.display());
        }
        film.push(painter.paint(&time_step, replay.privileged())?).map_err(film_failure)?;
        progress.add(num_frames, || "pictures".into());
    }
    progress.finish();
    let (target, num_frames) = (film.target().to_owned(), film.num_frames());
    film.finish().map_err(film_failure)?;
    say!("{}  {num_frames} pictures", target.display());
    Ok(())
}
