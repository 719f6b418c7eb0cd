//! The pictures of a replay: first person, map, or both with a question and its answers.

use std::collections::VecDeque;

use anyhow::{Context, Result, bail};
use glam::Vec3;
use groundling_film::story::{Answer, Asked, Layout, Story};
use groundling_film::{Canvas, Rect};
use groundling_interface::TimeStep;
use groundling_sim::{Annotation, Privileged, Recording};

use crate::drawing::{fitted, map_scene};
use crate::failure::wrong_input;
use crate::orbit;
use crate::output::film_failure;
use crate::overlay::Overlay;
use crate::painting::{Painted, ScenePainter, Shot};

/// The most pixels of a side: painters draw no more.
const MOST_SIDE: usize = 4096;

/// What a film shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum View {
    /// First person, map, question and answers.
    Story,
    /// What the agent looks at, large.
    FirstPerson,
    /// The room from above, with the agent's path and what it sees at a time.
    TopDown,
    /// The room from a camera that goes around it, with the agent's body.
    Orbit,
}

/// How a film is to look.
pub(crate) struct FilmStyle {
    pub(crate) view: View,
    /// Columns and rows; those of the view where none are asked for.
    pub(crate) size: Option<(usize, usize)>,
    /// Index of the question to show.
    pub(crate) question: Option<usize>,
    /// Written across every picture.
    pub(crate) warning: Option<String>,
}

/// Draws one picture a step. Scenes are painted by somebody else, who may have several under way; what is drawn over
/// them waits here.
pub(crate) struct FilmPainter {
    style: FilmStyle,
    title: String,
    annotation: Option<Annotation>,
    num_steps: u32,
    fov_x: f32,
    eye: (usize, usize),
    map: (usize, usize),
    canvas: Canvas,
    layout: Option<Layout>,
    path: Vec<Vec3>,
    total_reward: f32,
    waiting: VecDeque<Overlay>,
}

impl FilmPainter {
    /// For the episode of `recording`.
    pub(crate) fn new(recording: &Recording, style: FilmStyle) -> Result<Self> {
        let camera = &recording.config.camera;
        let aspect = camera.width as f32 / camera.height as f32;
        let panel = |rect: Rect| (rect.width as usize, rect.height as usize);
        let whole = match (style.view, style.size) {
            (_, Some(size @ (16..=MOST_SIDE, 16..=MOST_SIDE))) => size,
            (_, Some((width, height))) => {
                return Err(wrong_input(format!(
                    "--size {width}x{height}: each side must lie between 16 and {MOST_SIDE} pixels"
                )));
            }
            (View::FirstPerson, None) => fitted(aspect, 960, 720),
            (View::TopDown, None) => (720, 720),
            (View::Story | View::Orbit, None) => (1280, 720),
        };
        let layout = match style.view {
            View::Story => Some(Layout::new(whole.0, whole.1).map_err(film_failure)?),
            View::FirstPerson | View::TopDown | View::Orbit => None,
        };
        let (eye, map) = layout.map_or((whole, whole), |layout| {
            let most = panel(layout.eye);
            (fitted(aspect, most.0, most.1), panel(layout.map))
        });
        let canvas = Canvas::new(whole.0, whole.1, [0; 3])?;
        Ok(Self {
            title: format!("{}, room {}", recording.agent, recording.episode_seed),
            annotation: style.question.and_then(|index| recording.annotations.get(index)).cloned(),
            num_steps: recording.actions.len() as u32,
            fov_x: camera.fov_x_degrees.to_radians(),
            style,
            eye,
            map,
            canvas,
            layout,
            path: Vec::new(),
            total_reward: 0.0,
            waiting: VecDeque::new(),
        })
    }

    /// Columns and rows of every picture.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.canvas.width(), self.canvas.height())
    }

    /// Sum of the rewards of all steps so far.
    pub(crate) fn total_reward(&self) -> f32 {
        self.total_reward
    }

    /// The picture that was finished last.
    pub(crate) fn last(&self) -> &Canvas {
        &self.canvas
    }

    /// Whether the painter has as many steps under way as are worth it.
    pub(crate) fn is_full(&self, painter: &dyn ScenePainter) -> bool {
        self.waiting.len() >= painter.depth()
    }

    /// Takes note of a step that is not drawn.
    pub(crate) fn pass(&mut self, time_step: &TimeStep, privileged: &Privileged) {
        self.total_reward += time_step.observation.last_reward;
        self.path.push(privileged.body().position);
    }

    /// Begins the picture of the step that was just taken; to be called once a step, in order.
    pub(crate) fn begin(
        &mut self,
        painter: &mut dyn ScenePainter,
        time_step: &TimeStep,
        privileged: &Privileged,
    ) -> Result<()> {
        self.pass(time_step, privileged);
        let step = privileged.facts().step;
        let shot = |scene, camera, (width, height)| Shot { scene, camera, width, height };
        let eye = || shot(privileged.scene(), privileged.eye(), self.eye);
        let map = || {
            let camera = privileged.top_down_camera(self.map.0 as f32 / self.map.1 as f32);
            shot(map_scene(privileged), camera, self.map)
        };
        // What is drawn over is the last.
        let (others, last) = match self.style.view {
            View::Story => (Some(eye()), map()),
            View::FirstPerson => (None, eye()),
            View::TopDown => (None, map()),
            View::Orbit => {
                let share = step as f32 / self.num_steps.max(1) as f32;
                let camera = orbit::camera(&privileged.spec(), share, self.eye.0 as f32 / self.eye.1 as f32);
                (None, shot(orbit::scene(privileged), camera, self.eye))
            }
        };
        let overlay = Overlay::of(privileged, last.camera, self.total_reward, self.path.len());
        painter.submit(step, others.into_iter().chain([last]).collect())?;
        self.waiting.push_back(overlay);
        Ok(())
    }

    /// The picture of the step that was begun first; none when none is under way.
    pub(crate) fn finish(&mut self, painter: &mut dyn ScenePainter) -> Result<Option<&Canvas>> {
        let Some(overlay) = self.waiting.pop_front() else { return Ok(None) };
        let painted = painter.receive()?;
        let Some(Painted { step, canvases }) = painted else { bail!("step {} was not painted", overlay.step) };
        if step != overlay.step {
            bail!("step {} was to be painted, and step {step} came", overlay.step);
        }
        let mut canvases = canvases.into_iter();
        let mut first = canvases.next().context("no picture was painted")?;
        match self.style.view {
            View::FirstPerson => self.canvas = first,
            View::Orbit => {
                overlay.draw_on_floor(&mut first, &self.path, self.unit());
                self.canvas = first;
            }
            View::TopDown => {
                let whole = Rect { x: 0, y: 0, width: first.width() as i32, height: first.height() as i32 };
                let unit = self.unit();
                overlay.draw_map(first, &self.path, self.fov_x, |map| map.draw(&mut self.canvas, whole, unit));
            }
            View::Story => {
                let map = canvases.next().context("no map was painted")?;
                self.draw_story(&overlay, &first, map)?;
            }
        }
        if let Some(warning) = &self.style.warning {
            self.canvas.band(warning);
        }
        Ok(Some(&self.canvas))
    }

    /// Pixels of what is one pixel at 720p.
    fn unit(&self) -> f32 {
        self.canvas.width().min(self.canvas.height()) as f32 / 720.0
    }

    fn draw_story(&mut self, overlay: &Overlay, eye: &Canvas, map: Canvas) -> Result<()> {
        let layout = self.layout.context("a story has no layout")?;
        let annotation = self.annotation.as_ref();
        let answers: Vec<Answer<'_>> = annotation.iter().flat_map(|all| answers(all, overlay.step)).collect();
        let asked = annotation.map(|annotation| Asked {
            question: &annotation.asked.question,
            truth: &annotation.asked.answer,
            answers: &answers,
        });
        overlay.draw_map(map, &self.path, self.fov_x, |map| {
            let story = Story {
                title: &self.title,
                eye: eye.picture(),
                map,
                asked,
                step: overlay.step,
                num_steps: self.num_steps,
                total_reward: overlay.total_reward,
            };
            story.draw(&mut self.canvas, &layout);
        });
        Ok(())
    }
}

/// What is answered at this step.
fn answers(annotation: &Annotation, step: u32) -> impl Iterator<Item = Answer<'_>> {
    annotation
        .asked
        .candidates
        .iter()
        .zip(annotation.row(step as usize))
        .map(|(text, &probability)| Answer { text, probability })
}

#[cfg(test)]
mod tests;
