//! One episode as a film: checked as a whole, then stepped, painted and encoded, each while the others work.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result, anyhow};
use groundling_film::{Canvas, FilmError, FilmWriter};
use groundling_interface::TimeStep;
use groundling_sim::{Recording, Replay, ReplayError};

use super::ReplayArgs;
use crate::failure::{interrupted, wrong_input};
use crate::output::{film_failure, require_folder_of};
use crate::progress::ProgressLine;
use crate::say;
use crate::scenes::{FilmPainter, FilmStyle, View};

/// Pictures that may wait for the encoder.
const WAITING: usize = 4;

/// What became of an episode.
pub(super) struct Drawn {
    pub(super) target: PathBuf,
    pub(super) recording: Recording,
    /// How it differs from what was recorded, if it does.
    pub(super) difference: Option<String>,
}

/// Draws an episode.
pub(super) fn draw(args: &ReplayArgs, episode: &Path, out: &Path, stop: &AtomicBool) -> Result<Drawn> {
    let recording = Recording::read(episode).map_err(wrong_input)?;
    let question = chosen_question(&recording, args.question)?;
    let range = chosen_range(args, recording.actions.len() as u32)?;
    require_folder_of(out)?;
    let mut style = FilmStyle { view: args.view, size: args.size, question, warning: None };
    let difference = match Replay::verify(recording.clone()) {
        Ok(num_steps) => {
            say!("{}: {num_steps} steps checked, all as recorded", episode.display());
            None
        }
        Err(error @ ReplayError::World(_)) => return Err(wrong_input(error).context(format!("{}", episode.display()))),
        Err(error) if args.force => {
            say!("{}: {error}; drawn all the same, and marked", episode.display());
            style.warning = Some(match Replay::differing_step(&error) {
                Some(step) => format!("NOT VERIFIED: differs from the recording from step {step} on"),
                None => "NOT VERIFIED".to_owned(),
            });
            Some(error.to_string())
        }
        Err(error) => {
            return Err(anyhow::Error::from(error))
                .with_context(|| format!("{}: nothing was drawn (--force draws and marks it)", episode.display()));
        }
    };
    // Tells of a wrong size before a painter is opened, which takes a while.
    let mut painter = FilmPainter::new(&recording, style, args.renderer.open()?)?;
    let (width, height) = painter.size();
    // Made before the work, so that a name that cannot be is told at once; it leaves nothing until it is finished.
    let film = FilmWriter::create(out, width, height, args.fps, args.overwrite).map_err(film_failure)?;
    list_questions(&recording, question, args.view);
    let replay =
        if difference.is_none() { Replay::new(recording.clone()) } else { Replay::unchecked(recording.clone()) };
    let target = write(replay?, range, &mut painter, film, out, stop)?;
    Ok(Drawn { target, recording, difference })
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

/// First and last step to draw.
fn chosen_range(args: &ReplayArgs, last: u32) -> Result<(u32, u32)> {
    let (from, to) = (args.from, args.to.unwrap_or(last));
    if from <= to && to <= last {
        return Ok((from, to));
    }
    Err(wrong_input(format!(
        "--from {from} --to {to}: the episode has steps 0 to {last}, and the first is not after the last"
    )))
}

fn list_questions(recording: &Recording, shown: Option<usize>, view: View) {
    for (index, annotation) in recording.annotations.iter().enumerate() {
        let mark = if shown == Some(index) && view == View::Story { '*' } else { ' ' };
        say!("{mark} {:>2}  {}  {}", index + 1, annotation.asked.question, annotation.asked.answer);
    }
}

/// Steps, paints and encodes; the encoder has a thread of its own. A film that could not be finished leaves nothing.
fn write(
    replay: Replay,
    range: (u32, u32),
    painter: &mut FilmPainter,
    film: FilmWriter,
    out: &Path,
    stop: &AtomicBool,
) -> Result<PathBuf> {
    let (sender, receiver) = sync_channel(WAITING);
    let (painted, encoded) = thread::scope(|scope| {
        let encoder = scope.spawn(move || encode(film, &receiver));
        let painted = paint(replay, range, painter, stop, &sender);
        // Without the last word the film is dropped, and leaves nothing.
        if painted.is_ok() {
            let _ = sender.send(None);
        }
        drop(sender);
        (painted, encoder.join())
    });
    let encoded = encoded.map_err(|_| anyhow!("the encoder stopped; {} was not written", out.display()))?;
    match encoded {
        // Why nothing more was taken, and so the cause of whatever the other side says.
        Err(error) => Err(film_failure(error)),
        Ok(finished) => {
            painted?;
            let (target, num_frames) = finished.with_context(|| format!("{} was not written", out.display()))?;
            say!("{}  {num_frames} pictures, drawn by {}", target.display(), painter.describe());
            Ok(target)
        }
    }
}

/// Takes pictures until the last word, which is none; none is given back when there was no such word.
fn encode(mut film: FilmWriter, receiver: &Receiver<Option<Canvas>>) -> Result<Option<(PathBuf, usize)>, FilmError> {
    while let Ok(word) = receiver.recv() {
        match word {
            Some(canvas) => film.push(&canvas)?,
            None => {
                let done = (film.target().to_owned(), film.num_frames());
                film.finish()?;
                return Ok(Some(done));
            }
        }
    }
    Ok(None)
}

fn paint(
    mut replay: Replay,
    (from, to): (u32, u32),
    painter: &mut FilmPainter,
    stop: &AtomicBool,
    sender: &SyncSender<Option<Canvas>>,
) -> Result<()> {
    let mut progress = ProgressLine::new("drawing");
    let num_frames = u64::from(to - from) + 1;
    let send = |canvas: Option<&Canvas>| match canvas.map(|canvas| sender.send(Some(canvas.clone()))) {
        Some(Err(_)) => Err(anyhow!("the encoder takes no more pictures")),
        _ => Ok(()),
    };
    for step in 0..=to {
        if stop.load(Ordering::Relaxed) {
            return Err(interrupted("no film was written"));
        }
        let Some(time_step) = next(&mut replay)? else { break };
        if step < from {
            painter.pass(&time_step, replay.privileged());
            continue;
        }
        if painter.is_full() {
            send(painter.finish()?)?;
        }
        painter.begin(&time_step, replay.privileged())?;
        progress.add(num_frames, || "pictures".into());
    }
    while let Some(canvas) = painter.finish()? {
        send(Some(canvas))?;
    }
    progress.finish();
    Ok(())
}

/// The next step. One that cannot be taken is the end of an episode that went otherwise than recorded.
fn next(replay: &mut Replay) -> Result<Option<TimeStep>> {
    match replay.advance() {
        Err(ReplayError::Step { .. }) if !replay.is_checked() => Ok(None),
        taken => Ok(taken?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(side: usize) -> Canvas {
        Canvas::new(side, side, [9; 3]).unwrap()
    }

    #[test]
    fn an_encoder_that_fails_midway_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let is_empty = || std::fs::read_dir(folder.path()).unwrap().next().is_none();
        for name in ["film.mp4", "film.gif", "film.webp", "film.png"] {
            let encoded = |sides: &[usize], ends: bool| {
                let film = FilmWriter::create(&folder.path().join(name), 32, 32, 8.0, false).unwrap();
                let (sender, receiver) = sync_channel(10);
                for &side in sides {
                    sender.send(Some(canvas(side))).unwrap();
                }
                if ends {
                    sender.send(None).unwrap();
                }
                drop(sender);
                encode(film, &receiver)
            };
            let failed = encoded(&[32, 48, 32], true).unwrap_err().to_string();
            assert!(failed.contains("48x48") && is_empty(), "{failed}");
            assert!(encoded(&[32, 32], false).unwrap().is_none() && is_empty(), "{name} was given up");
            assert_eq!(encoded(&[32, 32], true).unwrap().unwrap().1, 2);
            let there = encoded_path(folder.path());
            if there.is_dir() { std::fs::remove_dir_all(there).unwrap() } else { std::fs::remove_file(there).unwrap() }
        }
    }

    fn encoded_path(folder: &Path) -> PathBuf {
        std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
    }
}
