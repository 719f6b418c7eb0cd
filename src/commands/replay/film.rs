//! One episode as a film: checked as a whole, then stepped, painted and encoded, each while the others work.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result, anyhow};
use groundling_film::{Canvas, FilmError, FilmWriter};
use groundling_sim::{Recording, Replay, ReplayError};

use super::ReplayArgs;
use crate::failure::{interrupted, wrong_input};
use crate::film_painter::FilmPainter;
use crate::moment::{Moment, Moments};
use crate::output::{film_failure, require_folder_of};
use crate::painting::ScenePainter;
use crate::progress::ProgressLine;
use crate::say;
use crate::scenes::{Composition, FilmStyle, View};

/// Pictures that may wait for the encoder.
const WAITING: usize = 4;

/// What became of an episode.
pub(super) struct Drawn {
    pub(super) target: PathBuf,
    pub(super) recording: Recording,
    /// How it differs from what was recorded, if it does.
    pub(super) difference: Option<String>,
    /// Sum of the rewards until the last step that is shown.
    pub(super) reward: f32,
    /// The film's last picture.
    pub(super) last: Canvas,
}

/// Draws one episode after the other with one painter.
pub(super) struct Studio<'a> {
    args: &'a ReplayArgs,
    stop: &'a AtomicBool,
    /// Opened for the first film, which takes a while; what failed in the middle of a film is not used again.
    painter: Option<Box<dyn ScenePainter>>,
}

impl<'a> Studio<'a> {
    pub(super) fn new(args: &'a ReplayArgs, stop: &'a AtomicBool) -> Self {
        Self { args, stop, painter: None }
    }

    /// Draws an episode.
    pub(super) fn draw(&mut self, episode: &Path, out: &Path) -> Result<Drawn> {
        let args = self.args;
        let recording = Recording::read(episode).map_err(wrong_input)?;
        let question = chosen_question(&recording, args.question)?;
        let range = chosen_range(args, recording.actions.len() as u32)?;
        require_folder_of(out)?;
        let mut style = FilmStyle { view: args.view, size: args.size, viewpoint: None, question, warning: None };
        let difference = difference(&recording, episode, args.force)?;
        style.warning = difference.as_ref().map(|&(step, _)| warning(step));
        let mut film = FilmPainter::new(Composition::new(&recording, style)?)?;
        let (width, height) = film.size();
        // Made before the work, so that a name that cannot be is told at once; it leaves nothing until it is finished.
        let writer = FilmWriter::create(out, width, height, args.fps, args.overwrite).map_err(film_failure)?;
        list_questions(&recording, question, args.view);
        let replay =
            if difference.is_none() { Replay::new(recording.clone()) } else { Replay::unchecked(recording.clone()) };
        let mut painter = match self.painter.take() {
            Some(painter) => painter,
            None => args.renderer.open()?,
        };
        let (target, num_frames) = write(replay?, range, &mut film, painter.as_mut(), writer, out, self.stop)?;
        say!("{}  {num_frames} pictures, drawn by {}", target.display(), painter.describe());
        self.painter = Some(painter);
        let (reward, last) = (film.total_reward(), film.last().clone());
        Ok(Drawn { target, recording, difference: difference.map(|(_, told)| told), reward, last })
    }
}

/// Steps the whole episode before anything is drawn. A difference is an error, unless it is drawn by force: then the
/// first step that differs is given, and what differs.
pub(super) fn difference(recording: &Recording, episode: &Path, force: bool) -> Result<Option<(usize, String)>> {
    let name = episode.display();
    let error = match Replay::verify(recording.clone()) {
        Ok(num_steps) => {
            say!("{name}: {num_steps} steps checked, all as recorded");
            return Ok(None);
        }
        Err(error) => error,
    };
    match Replay::differing_step(&error) {
        None => Err(wrong_input(error).context(name.to_string())),
        Some(step) if force => {
            say!("{name}: {error}; drawn all the same, and marked");
            Ok(Some((step, error.to_string())))
        }
        Some(_) => Err(anyhow::Error::from(error))
            .with_context(|| format!("{name}: nothing was drawn (--force draws and marks it)")),
    }
}

/// What is written across the pictures of an episode that differs from this step on.
pub(super) fn warning(step: usize) -> String {
    format!("NOT VERIFIED: differs from step {step}")
}

/// Index of the question to show; none when none was recorded.
pub(super) fn chosen_question(recording: &Recording, number: usize) -> Result<Option<usize>> {
    match (recording.annotations.len(), number) {
        (0, 1) => Ok(None),
        (0, _) => Err(wrong_input("--question: the episode was recorded without questions; `groundling probe` first")),
        (most, number) if (1..=most).contains(&number) => Ok(Some(number - 1)),
        (most, number) => Err(wrong_input(format!("--question {number}: the episode has questions 1 to {most}"))),
    }
}

/// First and last step to draw.
pub(super) fn chosen_range(args: &ReplayArgs, last: u32) -> Result<(u32, u32)> {
    let (from, to) = (args.from, args.to.unwrap_or(last));
    if from <= to && to <= last {
        return Ok((from, to));
    }
    Err(wrong_input(format!(
        "--from {from} --to {to}: the episode has steps 0 to {last}, and the first is not after the last"
    )))
}

pub(super) fn list_questions(recording: &Recording, shown: Option<usize>, view: View) {
    for (index, annotation) in recording.annotations.iter().enumerate() {
        let mark = if shown == Some(index) && view == View::Story { '*' } else { ' ' };
        say!("{mark} {:>2}  {}  {}", index + 1, annotation.asked.question, annotation.asked.answer);
    }
}

/// Steps, paints and encodes; the encoder has a thread of its own. A film that could not be finished leaves nothing.
pub(in crate::commands) fn write(
    replay: Replay,
    range: (u32, u32),
    film: &mut FilmPainter,
    painter: &mut dyn ScenePainter,
    writer: FilmWriter,
    out: &Path,
    stop: &AtomicBool,
) -> Result<(PathBuf, usize)> {
    let (sender, receiver) = sync_channel(WAITING);
    let (painted, encoded) = thread::scope(|scope| {
        let encoder = scope.spawn(move || encode(writer, &receiver));
        let painted = paint(replay, range, film, painter, stop, &sender);
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
            finished.with_context(|| format!("{} was not written", out.display()))
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
    film: &mut FilmPainter,
    painter: &mut dyn ScenePainter,
    stop: &AtomicBool,
    sender: &SyncSender<Option<Canvas>>,
) -> Result<()> {
    let mut progress = ProgressLine::new("drawing");
    let mut moments = Moments::default();
    let num_frames = u64::from(to - from) + 1;
    let send = |canvas: Option<&Canvas>| match canvas.map(|canvas| sender.send(Some(canvas.clone()))) {
        Some(Err(_)) => Err(anyhow!("the encoder takes no more pictures")),
        _ => Ok(()),
    };
    for step in 0..=to {
        if stop.load(Ordering::Relaxed) {
            return Err(interrupted("no film was written"));
        }
        let Some(moment) = next(&mut replay, &mut moments)? else { break };
        if step < from {
            film.pass(&moment);
            continue;
        }
        if film.is_full(painter) {
            send(film.finish(painter)?)?;
        }
        film.begin(painter, moment)?;
        progress.add(num_frames, || "pictures".into());
    }
    while let Some(canvas) = film.finish(painter)? {
        send(Some(canvas))?;
    }
    progress.finish();
    Ok(())
}

/// The next step. One that cannot be taken is the end of an episode that went otherwise than recorded.
pub(super) fn next(replay: &mut Replay, moments: &mut Moments) -> Result<Option<Moment>> {
    match replay.advance() {
        Err(ReplayError::Step { .. }) if !replay.is_checked() => Ok(None),
        taken => Ok(taken?.map(|time_step| moments.take(&time_step, replay.privileged()))),
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
