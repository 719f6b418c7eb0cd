//! The pictures of a replay: first person, map, or both with a question and its answers.

use anyhow::Result;
use groundling_film::story::{Agent, Answer, Asked, EYE_PANEL, MAP_PANEL, Mark, Story};
use groundling_film::{Canvas, Color, Rect};
use groundling_interface::TimeStep;
use groundling_room::{ObjectFacts, WorldFacts};
use groundling_sim::{Annotation, Privileged, Recording};

use crate::drawing::{MapPainter, MapScale, Painter, fitted};

const VISITED: Color = [96, 220, 140];

/// What a film shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum View {
    /// First person, map, question and answers.
    Story,
    /// What the agent looks at, large.
    FirstPerson,
    /// The room from above, with the agent's path.
    TopDown,
}

/// Draws one picture a step.
pub(crate) struct FilmPainter {
    view: View,
    title: String,
    annotation: Option<Annotation>,
    num_steps: u32,
    eye: Painter,
    map: MapPainter,
    canvas: Canvas,
    path: Vec<[f32; 2]>,
    total_reward: f32,
}

impl FilmPainter {
    /// For the episode of `recording`, showing the question of this index.
    pub(crate) fn new(recording: &Recording, view: View, question: Option<usize>) -> Result<Self> {
        let camera = &recording.config.camera;
        let aspect = camera.width as f32 / camera.height as f32;
        let panel = |rect: Rect| (rect.width as usize, rect.height as usize);
        let (most_eye, map) = match view {
            View::Story => (panel(EYE_PANEL), panel(MAP_PANEL)),
            View::FirstPerson | View::TopDown => ((960, 720), (720, 720)),
        };
        let eye = fitted(aspect, most_eye.0, most_eye.1);
        let canvas = match view {
            View::Story => Story::canvas()?,
            View::FirstPerson => Canvas::new(eye.0, eye.1, [0; 3])?,
            View::TopDown => Canvas::new(map.0, map.1, [0; 3])?,
        };
        Ok(Self {
            view,
            title: format!("{}, room {}", recording.agent, recording.episode_seed),
            annotation: question.and_then(|index| recording.annotations.get(index)).cloned(),
            num_steps: recording.actions.len() as u32,
            eye: Painter::new(eye.0, eye.1)?,
            map: MapPainter::new(map.0, map.1)?,
            canvas,
            path: Vec::new(),
            total_reward: 0.0,
        })
    }

    /// Columns and rows of every picture.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.canvas.width(), self.canvas.height())
    }

    /// The picture of the step that was just taken; to be called once a step, in order.
    pub(crate) fn paint(&mut self, time_step: &TimeStep, privileged: &Privileged) -> Result<&Canvas> {
        self.total_reward += time_step.observation.last_reward;
        let eye = self.eye.paint(&privileged.scene(), &privileged.eye())?;
        if self.view == View::FirstPerson {
            self.canvas = eye;
            return Ok(&self.canvas);
        }
        let (map, scale) = self.map.paint(privileged)?;
        let (facts, body) = (privileged.facts(), privileged.body());
        let here = scale.place(body.position.x, body.position.z);
        self.path.push(here);
        let answers: Vec<Answer<'_>> = self.annotation.iter().flat_map(|all| answers(all, facts.step)).collect();
        let story = Story {
            title: &self.title,
            eye: eye.picture(),
            map: map.picture(),
            path: &self.path,
            agent: Some(Agent { at: here, looks: [-body.yaw.sin(), -body.yaw.cos()] }),
            marks: &visited(&facts, scale),
            asked: self.annotation.as_ref().map(|annotation| Asked {
                question: &annotation.asked.question,
                truth: &annotation.asked.answer,
                answers: &answers,
            }),
            step: facts.step,
            num_steps: self.num_steps,
            total_reward: self.total_reward,
        };
        match self.view {
            View::TopDown => {
                let (width, height) = (self.canvas.width() as i32, self.canvas.height() as i32);
                story.draw_map(&mut self.canvas, Rect { x: 0, y: 0, width, height });
            }
            View::Story | View::FirstPerson => story.draw(&mut self.canvas),
        }
        Ok(&self.canvas)
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
