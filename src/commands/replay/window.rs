//! One episode in a window: checked as a whole first, then all of its steps are kept, and drawn in any order.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Error, Result, anyhow};
use clap::ValueEnum;
use glam::Vec3;
use groundling_film::Canvas;
use groundling_sim::{Recording, Replay};
use groundling_window::{Ended, Episode, Opening, Pictures, Player, Screen, Stopped, Wanted, bindings};

use super::ReplayArgs;
use super::film::{chosen_question, chosen_range, difference, list_questions, next, warning};
use crate::commands::train::stop_on_signal;
use crate::drawing::fitted;
use crate::failure::{interrupted, wrong_input};
use crate::moment::{Moment, Moments};
use crate::painting::{Painted, ScenePainter};
use crate::say;
use crate::scenes::{Composition, FilmStyle, View};

/// Shows an episode until its window is closed.
pub(super) fn show(args: &ReplayArgs, file: &Path) -> Result<()> {
    let recording = Recording::read(file).map_err(wrong_input)?;
    let question = chosen_question(&recording, args.question)?;
    let (from, to) = chosen_range(args, recording.actions.len() as u32)?;
    if !(args.fps > 0.0 && args.fps <= 1000.0) {
        return Err(wrong_input(format!("--fps {}: give a number above 0, up to 1000", args.fps)));
    }
    // Sizes are checked where films' are.
    let style = FilmStyle { view: args.view, size: args.size, viewpoint: None, question, warning: None };
    Composition::new(&recording, style)?;
    // Before the work, so that a machine without a display is told at once.
    let screen = Screen::open()?;
    let stop = stop_on_signal()?;
    let difference = difference(&recording, file, args.force)?;
    list_questions(&recording, question, args.view);
    let moments = moments(&recording, difference.is_some())?;
    let warning = difference.map(|(step, _)| warning(step));
    let opening = Opening {
        size: args.size,
        from,
        to,
        rate: args.fps,
        view: View::value_variants().iter().position(|&view| view == args.view).unwrap_or(0),
        question: question.unwrap_or(0),
    };
    let player = Player::new(episode(&recording, &moments, warning.clone()), opening);
    let renderer = args.renderer;
    let open = || {
        let painter = renderer.open()?;
        say!("drawn by {}", painter.describe());
        let path = moments.iter().map(|moment| moment.body.position).collect();
        let observed = moments.iter().map(|moment| Arc::clone(&moment.rgb)).collect();
        Ok(EpisodePictures {
            recording: &recording,
            moments: &moments,
            path,
            observed,
            warning,
            painter,
            composed: None,
        })
    };
    ended(groundling_window::show(screen, player, &stop, open))
}

fn ended(ended: Result<Ended, Stopped<Error>>) -> Result<()> {
    match ended {
        Ok(Ended::Closed) => Ok(()),
        Ok(Ended::Interrupted) => Err(interrupted("the window was closed")),
        Err(Stopped::Window(error)) => Err(error.into()),
        Err(Stopped::Pictures(error)) => Err(error),
        Err(Stopped::PicturesGone) => Err(anyhow!("the drawing of pictures broke off; try --renderer cpu")),
    }
}

/// The keys, for `--help`.
pub(super) fn about() -> String {
    let rows = bindings(&view_names());
    let width = rows.iter().map(|row| row.keys.len()).max().unwrap_or(0);
    let rows: Vec<String> = rows.iter().map(|row| format!("  {:width$}  {}", row.keys, row.does)).collect();
    format!("Without --out, a window plays the episode. Its keys:\n{}", rows.join("\n"))
}

fn view_names() -> Vec<String> {
    let named = View::value_variants().iter().filter_map(View::to_possible_value);
    named.map(|value| value.get_name().to_owned()).collect()
}

/// Every step of the episode, those that were recorded otherwise included if they are wanted.
fn moments(recording: &Recording, differs: bool) -> Result<Vec<Moment>> {
    let copy = recording.clone();
    let mut replay = if differs { Replay::unchecked(copy)? } else { Replay::new(copy)? };
    let (mut taken, mut moments) = (Moments::default(), Vec::new());
    while let Some(moment) = next(&mut replay, &mut taken)? {
        moments.push(moment);
    }
    Ok(moments)
}

/// What the window must know.
fn episode(recording: &Recording, moments: &[Moment], warning: Option<String>) -> Episode {
    let control = &recording.config.control;
    let rewards = moments.windows(2).filter(|pair| pair[1].total_reward > pair[0].total_reward);
    Episode {
        title: format!("Groundling: {}, room {}", recording.agent, recording.episode_seed),
        seconds_per_step: control.action_repeat as f32 / control.rate_hz as f32,
        eyes: moments.iter().map(|moment| moment.eye).collect(),
        rewarded: rewards.map(|pair| pair[1].step).collect(),
        views: view_names(),
        num_questions: recording.annotations.len(),
        warning,
    }
}

/// Draws any step of an episode, as a film would show it.
struct EpisodePictures<'a> {
    recording: &'a Recording,
    moments: &'a [Moment],
    /// Where the agent was, one a step.
    path: Vec<Vec3>,
    /// What it saw, one a step.
    observed: Vec<Arc<[u8]>>,
    warning: Option<String>,
    painter: Box<dyn ScenePainter>,
    /// How the last picture was composed; it serves for all steps.
    composed: Option<(Wanted, Composition)>,
}

impl EpisodePictures<'_> {
    fn composition(&self, wanted: &Wanted) -> Result<Composition> {
        let view = View::value_variants().get(wanted.view).copied().unwrap_or(View::Story);
        let view = if wanted.camera.is_some() { View::Orbit } else { view };
        let camera = &self.recording.config.camera;
        let size = match view {
            // What the agent sees, and no more to the sides.
            View::FirstPerson => fitted(camera.width as f32 / camera.height as f32, wanted.size.0, wanted.size.1),
            View::Story | View::TopDown | View::Orbit => wanted.size,
        };
        let question = (!self.recording.annotations.is_empty()).then_some(wanted.question);
        let (viewpoint, warning) = (wanted.camera, self.warning.clone());
        Composition::new(self.recording, FilmStyle { view, size: Some(size), viewpoint, question, warning })
    }
}

impl Pictures for EpisodePictures<'_> {
    type Error = Error;

    fn draw(&mut self, wanted: &Wanted) -> Result<Canvas> {
        let key = Wanted { step: 0, ..*wanted };
        let composition = match self.composed.take() {
            Some((known, composition)) if known == key => composition,
            _ => self.composition(wanted)?,
        };
        let missing = || anyhow!("step {} is not there", wanted.step);
        let moment = self.moments.get(wanted.step as usize).ok_or_else(missing)?;
        let until = ..=wanted.step as usize;
        let path = self.path.get(until).unwrap_or_default();
        let observed = self.observed.get(until).unwrap_or_default();
        self.painter.submit(wanted.step, composition.shots(moment))?;
        let Some(Painted { canvases, .. }) = self.painter.receive()? else { return Err(missing()) };
        let mut canvas = composition.canvas()?;
        composition.compose(&mut canvas, moment, path, observed, canvases)?;
        self.composed = Some((key, composition));
        Ok(canvas)
    }
}
