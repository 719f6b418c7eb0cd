//! The pictures of a replay: first person, map, or both with a question and its answers.

use std::sync::Arc;

use anyhow::{Context, Result};
use glam::Vec3;
use groundling_film::story::{Answer, Asked, Layout, Story};
use groundling_film::{Canvas, Rect};
use groundling_room::Camera;
use groundling_sim::{Annotation, Recording};

use crate::drawing::{fitted, map_scene};
use crate::failure::wrong_input;
use crate::moment::Moment;
use crate::orbit;
use crate::output::film_failure;
use crate::overlay::Overlay;
use crate::painting::Shot;
use crate::strip::{Imagined, StripMoment};

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
    /// Of an orbit: seen from here, instead of by the camera that goes around.
    pub(crate) viewpoint: Option<Camera>,
    /// Index of the question to show.
    pub(crate) question: Option<usize>,
    /// Written across every picture.
    pub(crate) warning: Option<String>,
}

/// How the pictures of an episode are composed: which scenes are to be painted for a step, and what is made of them.
/// Any step can be drawn at any time.
pub(crate) struct Composition {
    style: FilmStyle,
    title: String,
    annotation: Option<Annotation>,
    /// Shown in a story where there is any.
    imagined: Option<Imagined>,
    num_steps: u32,
    fov_x: f32,
    whole: (usize, usize),
    eye: (usize, usize),
    map: (usize, usize),
    layout: Option<Layout>,
}

impl Composition {
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
        let imagined = if style.view == View::Story { Imagined::of(recording) } else { None };
        let layout = match style.view {
            View::Story => Some(match &imagined {
                Some(imagined) => Layout::with_strip(whole.0, whole.1, imagined.frames()).map_err(film_failure)?,
                None => Layout::new(whole.0, whole.1).map_err(film_failure)?,
            }),
            View::FirstPerson | View::TopDown | View::Orbit => None,
        };
        let (eye, map) = layout.map_or((whole, whole), |layout| {
            let most = panel(layout.eye);
            (fitted(aspect, most.0, most.1), panel(layout.map))
        });
        Ok(Self {
            title: format!("{}, room {}", recording.agent, recording.episode_seed),
            annotation: style.question.and_then(|index| recording.annotations.get(index)).cloned(),
            imagined,
            num_steps: recording.actions.len() as u32,
            fov_x: camera.fov_x_degrees.to_radians(),
            style,
            whole,
            eye,
            map,
            layout,
        })
    }

    /// Columns and rows of every picture.
    pub(crate) fn size(&self) -> (usize, usize) {
        self.whole
    }

    /// A canvas for the pictures.
    pub(crate) fn canvas(&self) -> Result<Canvas> {
        Ok(Canvas::new(self.whole.0, self.whole.1, [0; 3])?)
    }

    /// The scenes that a picture of this step is made of.
    pub(crate) fn shots(&self, moment: &Moment) -> Vec<Shot> {
        let shot = |scene, (width, height)| Shot { scene, camera: self.camera(moment), width, height };
        let eye = || Shot { camera: moment.eye, ..shot(moment.scene.clone(), self.eye) };
        let map = || shot(map_scene(moment.scene.clone()), self.map);
        match self.style.view {
            View::Story => vec![eye(), map()],
            View::FirstPerson => vec![eye()],
            View::TopDown => vec![map()],
            View::Orbit => vec![shot(orbit::scene(moment, &self.camera(moment)), self.eye)],
        }
    }

    /// That of the scene that is drawn over.
    fn camera(&self, moment: &Moment) -> Camera {
        let aspect = |(width, height): (usize, usize)| width as f32 / height as f32;
        match self.style.view {
            View::FirstPerson => moment.eye,
            View::Story | View::TopDown => moment.room.top_down_camera(aspect(self.map)),
            View::Orbit => {
                let share = moment.step as f32 / self.num_steps.max(1) as f32;
                self.style.viewpoint.unwrap_or_else(|| orbit::camera(&moment.room, share, aspect(self.eye)))
            }
        }
    }

    /// Makes the picture of a step of its painted scenes, one a shot. `path` is where the agent has been, up to this step, and
    /// `observed` what it saw, step by step from the episode's first on, at least up to this one.
    pub(crate) fn compose(
        &self,
        canvas: &mut Canvas,
        moment: &Moment,
        path: &[Vec3],
        observed: &[Arc<[u8]>],
        painted: Vec<Canvas>,
    ) -> Result<()> {
        let overlay = Overlay { moment, camera: self.camera(moment), path };
        let unit = self.whole.0.min(self.whole.1) as f32 / 720.0;
        let mut painted = painted.into_iter();
        let mut first = painted.next().context("no picture was painted")?;
        match self.style.view {
            View::FirstPerson => *canvas = first,
            View::Orbit => {
                overlay.draw_on_floor(&mut first, unit);
                *canvas = first;
            }
            View::TopDown => {
                let whole = Rect { x: 0, y: 0, width: first.width() as i32, height: first.height() as i32 };
                overlay.draw_map(first, self.fov_x, |map| map.draw(canvas, whole, unit));
            }
            View::Story => {
                let map = painted.next().context("no map was painted")?;
                self.draw_story(canvas, &overlay, observed, &first, map)?;
            }
        }
        if let Some(warning) = &self.style.warning {
            canvas.band(warning);
        }
        Ok(())
    }

    fn draw_story(
        &self,
        canvas: &mut Canvas,
        overlay: &Overlay<'_>,
        observed: &[Arc<[u8]>],
        eye: &Canvas,
        map: Canvas,
    ) -> Result<()> {
        let layout = self.layout.context("a story has no layout")?;
        let Moment { step, total_reward, .. } = *overlay.moment;
        let annotation = self.annotation.as_ref();
        let answers: Vec<Answer<'_>> = annotation.iter().flat_map(|all| answers(all, step)).collect();
        let asked = annotation.map(|annotation| Asked {
            question: &annotation.asked.question,
            truth: &annotation.asked.answer,
            answers: &answers,
        });
        let strip = self.imagined.as_ref().zip(layout.strip);
        let strip = strip.map(|(imagined, place)| imagined.at(&place, observed, step));
        overlay.draw_map(map, self.fov_x, |map| {
            let story = Story {
                title: &self.title,
                eye: eye.picture(),
                map,
                asked,
                strip: strip.as_ref().map(StripMoment::strip),
                step,
                num_steps: self.num_steps,
                total_reward,
            };
            story.draw(canvas, &layout);
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
