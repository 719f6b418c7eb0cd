//! The pictures of a replay: first person, map, or both with a question and its answers.

use std::collections::VecDeque;

use anyhow::{Context, Result, bail};
use groundling_film::story::{self, Agent, Answer, Asked, EYE_PANEL, MAP_PANEL, Mark, Story};
use groundling_film::{Canvas, Color, Rect};
use groundling_interface::TimeStep;
use groundling_room::{Camera, ObjectFacts, RoomSpec, WorldFacts};
use groundling_sim::{Annotation, Privileged, Recording};

use crate::drawing::{MapScale, draw_walls, fitted, map_scene};
use crate::failure::wrong_input;
use crate::orbit;
use crate::painting::{Painted, ScenePainter, Shot};

/// The most pixels of a side: painters draw no more.
const MOST_SIDE: usize = 4096;

/// How far the agent's field of view is drawn on the map, metres.
const FIELD_OF_VIEW: f32 = 2.5;
const VISITED: Color = [96, 220, 140];

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
    painter: Box<dyn ScenePainter>,
    eye: (usize, usize),
    map: (usize, usize),
    canvas: Canvas,
    path: Vec<[f32; 2]>,
    total_reward: f32,
    waiting: VecDeque<Overlay>,
}

/// What is drawn over the painted scenes of a step.
struct Overlay {
    step: u32,
    total_reward: f32,
    /// How much of the path has been walked.
    path_length: usize,
    agent: Agent,
    marks: Vec<Mark>,
    spec: RoomSpec,
    scale: MapScale,
}

impl FilmPainter {
    /// For the episode of `recording`.
    pub(crate) fn new(recording: &Recording, style: FilmStyle, painter: Box<dyn ScenePainter>) -> Result<Self> {
        let camera = &recording.config.camera;
        let aspect = camera.width as f32 / camera.height as f32;
        let panel = |rect: Rect| (rect.width as usize, rect.height as usize);
        let whole = match (style.view, style.size) {
            (View::Story, None | Some((story::WIDTH, story::HEIGHT))) => (story::WIDTH, story::HEIGHT),
            (View::Story, Some((width, height))) => {
                let (columns, rows) = (story::WIDTH, story::HEIGHT);
                return Err(wrong_input(format!(
                    "--size {width}x{height}: the story is drawn at {columns}x{rows} only; other views have any size"
                )));
            }
            (_, Some(size @ (16..=MOST_SIDE, 16..=MOST_SIDE))) => size,
            (_, Some((width, height))) => {
                return Err(wrong_input(format!(
                    "--size {width}x{height}: each side must lie between 16 and {MOST_SIDE} pixels"
                )));
            }
            (View::FirstPerson, None) => fitted(aspect, 960, 720),
            (View::TopDown, None) => (720, 720),
            (View::Orbit, None) => (1280, 720),
        };
        let (eye, map) = match style.view {
            View::Story => {
                let eye = panel(EYE_PANEL);
                (fitted(aspect, eye.0, eye.1), panel(MAP_PANEL))
            }
            View::FirstPerson | View::TopDown | View::Orbit => (whole, whole),
        };
        let canvas = match style.view {
            View::Story => Story::canvas()?,
            View::FirstPerson | View::TopDown | View::Orbit => Canvas::new(whole.0, whole.1, [0; 3])?,
        };
        Ok(Self {
            title: format!("{}, room {}", recording.agent, recording.episode_seed),
            annotation: style.question.and_then(|index| recording.annotations.get(index)).cloned(),
            num_steps: recording.actions.len() as u32,
            fov_x: camera.fov_x_degrees.to_radians(),
            style,
            painter,
            eye,
            map,
            canvas,
            path: Vec::new(),
            total_reward: 0.0,
            waiting: VecDeque::new(),
        })
    }

    /// Columns and rows of every picture.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.canvas.width(), self.canvas.height())
    }

    /// Who paints.
    pub(crate) fn describe(&self) -> String {
        self.painter.describe()
    }

    /// Whether as many steps are under way as are worth it.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.len() >= self.painter.depth()
    }

    /// Takes note of a step that is not drawn.
    pub(crate) fn pass(&mut self, time_step: &TimeStep, privileged: &Privileged) {
        self.total_reward += time_step.observation.last_reward;
        self.path.push(self.map_scale(privileged).1.here(privileged));
    }

    /// Begins the picture of the step that was just taken; to be called once a step, in order.
    pub(crate) fn begin(&mut self, time_step: &TimeStep, privileged: &Privileged) -> Result<()> {
        self.pass(time_step, privileged);
        let (facts, body, spec) = (privileged.facts(), privileged.body(), privileged.spec());
        let (map_camera, scale) = self.map_scale(privileged);
        let shot = |scene, camera, (width, height)| Shot { scene, camera, width, height };
        let eye = |size| shot(privileged.scene(), privileged.eye(), size);
        let map = |size| shot(map_scene(privileged), map_camera, size);
        let shots = match self.style.view {
            View::Story => vec![eye(self.eye), map(self.map)],
            View::FirstPerson => vec![eye(self.eye)],
            View::TopDown => vec![map(self.map)],
            View::Orbit => {
                let share = facts.step as f32 / self.num_steps.max(1) as f32;
                let camera = orbit::camera(&spec, share, self.eye.0 as f32 / self.eye.1 as f32);
                vec![shot(orbit::scene(privileged), camera, self.eye)]
            }
        };
        self.painter.submit(facts.step, shots)?;
        self.waiting.push_back(Overlay {
            step: facts.step,
            total_reward: self.total_reward,
            path_length: self.path.len(),
            agent: Agent {
                at: scale.here(privileged),
                looks: [-body.yaw.sin(), -body.yaw.cos()],
                half_angle: 0.5 * self.fov_x,
                reach: FIELD_OF_VIEW * scale.per_metre,
            },
            marks: visited(&facts, scale),
            spec,
            scale,
        });
        Ok(())
    }

    /// The picture of the step that was begun first; none when none is under way.
    pub(crate) fn finish(&mut self) -> Result<Option<&Canvas>> {
        let Some(overlay) = self.waiting.pop_front() else { return Ok(None) };
        let painted = self.painter.receive()?;
        let Some(Painted { step, canvases }) = painted else { bail!("step {} was not painted", overlay.step) };
        if step != overlay.step {
            bail!("step {} was to be painted, and step {step} came", overlay.step);
        }
        let mut canvases = canvases.into_iter();
        let first = canvases.next().context("no picture was painted")?;
        match self.style.view {
            View::FirstPerson | View::Orbit => self.canvas = first,
            View::TopDown => self.draw_map(&overlay, first),
            View::Story => {
                let map = canvases.next().context("no map was painted")?;
                self.draw_story(&overlay, &first, map);
            }
        }
        if let Some(warning) = &self.style.warning {
            story::draw_warning(&mut self.canvas, warning);
        }
        Ok(Some(&self.canvas))
    }

    fn map_scale(&self, privileged: &Privileged) -> (Camera, MapScale) {
        let (width, height) = self.map;
        let camera = privileged.top_down_camera(width as f32 / height as f32);
        (camera, MapScale::new(&camera, width, height))
    }

    fn draw_map(&mut self, overlay: &Overlay, mut map: Canvas) {
        draw_walls(&mut map, &overlay.spec, overlay.scale);
        let story = Story { map: map.picture(), ..self.story(overlay, &map, &[]) };
        let (width, height) = (map.width() as i32, map.height() as i32);
        let mut canvas = map.clone();
        story.draw_map(&mut canvas, Rect { x: 0, y: 0, width, height });
        self.canvas = canvas;
    }

    fn draw_story(&mut self, overlay: &Overlay, eye: &Canvas, mut map: Canvas) {
        draw_walls(&mut map, &overlay.spec, overlay.scale);
        let answers: Vec<Answer<'_>> = self.annotation.iter().flat_map(|all| answers(all, overlay.step)).collect();
        let mut canvas = self.canvas.clone();
        let story = Story { map: map.picture(), ..self.story(overlay, eye, &answers) };
        story.draw(&mut canvas);
        self.canvas = canvas;
    }

    fn story<'a>(&'a self, overlay: &'a Overlay, eye: &'a Canvas, answers: &'a [Answer<'a>]) -> Story<'a> {
        Story {
            title: &self.title,
            eye: eye.picture(),
            map: eye.picture(),
            path: self.path.get(..overlay.path_length).unwrap_or_default(),
            agent: Some(overlay.agent),
            marks: &overlay.marks,
            asked: self.annotation.as_ref().map(|annotation| Asked {
                question: &annotation.asked.question,
                truth: &annotation.asked.answer,
                answers,
            }),
            step: overlay.step,
            num_steps: self.num_steps,
            total_reward: overlay.total_reward,
        }
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

/// A ring around each thing that was visited.
fn visited(facts: &WorldFacts, scale: MapScale) -> Vec<Mark> {
    let mark = |object: &ObjectFacts| Mark {
        at: scale.place(object.middle[0], object.middle[2]),
        radius: (object.radius + 0.08) * scale.per_metre,
        color: VISITED,
    };
    facts.objects.iter().filter(|object| object.visited).map(mark).collect()
}
