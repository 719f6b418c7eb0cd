//! A few test episodes told one by one: agents play the same rooms, and their probes answer the same questions.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use groundling_impala::{BeliefObserver, ObservedStep, PlayError, PlaySetup, play};
use groundling_interface::StepKind;
use groundling_probe::{EpisodeBeliefs, ProbeExample, ProbeTrainer};
use groundling_questions::{Question, QuestionMaker};
use groundling_report::{EpisodeMap, ExampleAnswer, ExampleEpisode, ExampleQuestion, MapLabel, MapPath};
use groundling_room::{Projection, WorldFacts};
use groundling_sim::Privileged;
use tch::Device;

use crate::drawing::{MapPainter, MapScale};
use crate::examples::{part_episode_seeds, question_maker_of};
use crate::failure::wrong_input;
use crate::rooms::RoomMaker;
use crate::split::SplitPart;
use crate::trained::TrainedRun;

/// Episodes that are told.
const NUM_EPISODES: usize = 3;
/// Agents whose answers stand beside each other, at most.
const MAX_AGENTS: usize = 5;
/// Questions of one episode, at most.
const MAX_QUESTIONS: usize = 10;
/// Steps of an episode at which a question is asked for its course, about.
const COURSE_STEPS: u32 = 40;
/// Pixels of a map's side.
const MAP_SIDE: usize = 400;
/// How far the field of view is drawn, metres.
const VIEW_METRES: f32 = 2.0;

/// The first test episodes of an evaluation as the agents of `runs` knew them, for those that have a probe. Empty where none
/// has. `runs` share one protocol; of more than can stand beside each other, the first are taken.
pub(crate) fn example_episodes(runs: &[&TrainedRun]) -> Result<Vec<ExampleEpisode>> {
    let probed: Vec<&TrainedRun> =
        runs.iter().copied().filter(|run| run.decoder_path().exists()).take(MAX_AGENTS).collect();
    let Some(first) = probed.first() else { return Ok(Vec::new()) };
    let maker = Arc::new(question_maker_of(&first.config, SplitPart::Test)?);
    let mut told: Vec<(&TrainedRun, Vec<Answers>)> = Vec::new();
    let mut rooms: Vec<Vec<Watched>> = Vec::new();
    for run in probed {
        let path = run.decoder_path();
        let again = |reason: String| {
            wrong_input(format!(
                "{reason}; `groundling probe {} --force` makes it anew",
                run.directory.path().display()
            ))
        };
        let probe = ProbeTrainer::load(&path, Device::Cpu).map_err(|error| again(error.to_string()))?;
        if probe.spec().vocabulary != *maker.vocabulary() {
            return Err(again(format!("the probe {} was trained for other questions", path.display())));
        }
        let watched = watch(run, &maker)?;
        told.push((run, watched.iter().map(|episode| answers(episode, &probe, &maker)).collect::<Result<_>>()?));
        rooms.push(watched);
    }
    let episode = |index: usize| episode(index, &told, &rooms, &maker);
    Ok((0..NUM_EPISODES).filter_map(episode).collect())
}

/// One episode as one agent went through it.
struct Watched {
    /// What was asked about the room as placed.
    asked: Vec<Question>,
    /// The beliefs of some steps, the last of which is that of the end.
    beliefs: Arc<EpisodeBeliefs>,
    /// Where the agent stood at each step: x and z in metres.
    way: Vec<[f32; 2]>,
    end: End,
}

/// What only the last step shows.
struct End {
    facts: WorldFacts,
    step: u32,
    /// Corners of the field of view on the floor, metres.
    view: [[f32; 2]; 2],
    png: Vec<u8>,
    scale: MapScale,
}

/// An episode that is under way.
#[derive(Default)]
struct Watching {
    asked: Vec<Question>,
    beliefs: Option<EpisodeBeliefs>,
    way: Vec<[f32; 2]>,
    end: Option<Result<End>>,
}

impl Watching {
    /// None of an episode that never came to its end.
    fn finished(self) -> Option<Result<Watched>> {
        let (asked, way, beliefs) = (self.asked, self.way, Arc::new(self.beliefs?));
        Some(self.end?.map(|end| Watched { asked, beliefs, way, end }))
    }
}

type AllWatching = Arc<Mutex<Vec<Watching>>>;

struct Watcher {
    watched: AllWatching,
    rooms: RoomMaker,
    maker: Arc<QuestionMaker>,
    /// Steps between two beliefs that are kept.
    every: u32,
    aspect: f32,
}

impl BeliefObserver for Watcher {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        let Some(privileged) = self.rooms.privileged(step.room) else { return };
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(episode) = watched.get_mut(step.room) else { return };
        if step.time_step.kind == StepKind::First {
            episode.asked = self.maker.ask(&privileged.facts(), 1);
        }
        let body = privileged.body();
        episode.way.push([body.position.x, body.position.z]);
        let is_last = step.time_step.kind.is_last();
        if is_last || step.step.is_multiple_of(self.every) {
            match &mut episode.beliefs {
                Some(beliefs) => {
                    beliefs.push(step.step, (step.belief)());
                }
                none => *none = Some(EpisodeBeliefs::of_step(step.step, (step.belief)())),
            }
        }
        if is_last {
            episode.end = Some(end(&privileged, step.step, self.aspect));
        }
    }
}

fn end(privileged: &Privileged, step: u32, aspect: f32) -> Result<End> {
    let (canvas, scale) = MapPainter::new(MAP_SIDE, MAP_SIDE)?.paint(privileged)?;
    Ok(End { facts: privileged.facts(), step, view: view(privileged, aspect), png: canvas.to_png()?, scale })
}

/// Where the edges of the field of view end on the floor.
fn view(privileged: &Privileged, aspect: f32) -> [[f32; 2]; 2] {
    let body = privileged.body();
    let half = match privileged.eye().projection {
        Projection::Perspective { fov_y } => ((0.5 * fov_y).tan() * aspect).atan(),
        Projection::Orthographic { .. } => 0.0,
    };
    [half, -half].map(|aside| {
        let (sin, cos) = (body.yaw + aside).sin_cos();
        [body.position.x - VIEW_METRES * sin, body.position.z - VIEW_METRES * cos]
    })
}

/// Lets the agent of a run play the first test rooms.
fn watch(run: &TrainedRun, maker: &Arc<QuestionMaker>) -> Result<Vec<Watched>> {
    let config = &run.config;
    let mut seeds = part_episode_seeds(config, SplitPart::Test);
    seeds.truncate(NUM_EPISODES);
    let watched: AllWatching = Arc::new(Mutex::new(seeds.iter().map(|_| Watching::default()).collect()));
    let rooms = RoomMaker::new(config.world_of(SplitPart::Test));
    let every = config.task.episode_steps.div_ceil(COURSE_STEPS).max(1);
    let aspect = config.camera.width as f32 / config.camera.height as f32;
    let observer =
        || Watcher { watched: Arc::clone(&watched), rooms: rooms.clone(), maker: Arc::clone(maker), every, aspect };
    let played = play(&PlaySetup {
        blueprint: &run.blueprint,
        values: Some(&run.checkpoint.agent),
        exploring: config.training.exploring,
        seed: config.evaluation.seed,
        episode_seeds: &seeds,
        num_threads: 1,
        rooms_per_thread: seeds.len(),
        seats: &|room| rooms.seat(room),
        observers: &|_| Box::new(observer()),
        stop: &AtomicBool::new(false),
    });
    played.map_err(|error| match error {
        PlayError::Misfit(_) => wrong_input(format!("{}: {error}", run.directory.path().display())),
        _ => error.into(),
    })?;
    let watched = std::mem::take(&mut *watched.lock().unwrap_or_else(PoisonError::into_inner));
    watched.into_iter().filter_map(Watching::finished).collect()
}

/// What a probe answered in one episode: an entry a question that was asked of the room as placed, `None` where it no longer
/// holds at the end.
type Answers = Vec<Option<GivenAnswer>>;

struct GivenAnswer {
    predicted: u16,
    confidence: f32,
    course: Vec<(u32, f32)>,
}

fn answers(episode: &Watched, probe: &ProbeTrainer, maker: &QuestionMaker) -> Result<Answers> {
    let Watched { beliefs, end, .. } = episode;
    let answer = |asked: &Question| -> Result<Option<GivenAnswer>> {
        let Some(question) = maker.again(asked, &end.facts) else { return Ok(None) };
        let at = 0..beliefs.beliefs().len();
        let example =
            |at| ProbeExample { episode: 0, number: 0, beliefs: Arc::clone(beliefs), at, question: question.clone() };
        let answered = probe.evaluate(&at.map(example).collect::<Vec<_>>())?;
        let course = beliefs.steps().iter().zip(&answered).map(|(&step, answered)| (step, answered.probability));
        Ok(answered.last().map(|last| GivenAnswer {
            predicted: last.predicted,
            confidence: last.confidence,
            course: course.collect(),
        }))
    };
    episode.asked.iter().map(answer).collect()
}

/// The episode `index` of all agents as one. The map is that of the first.
fn episode(
    index: usize,
    told: &[(&TrainedRun, Vec<Answers>)],
    rooms: &[Vec<Watched>],
    maker: &QuestionMaker,
) -> Option<ExampleEpisode> {
    let watched: Vec<&Watched> = rooms.iter().map(|room| room.get(index)).collect::<Option<_>>()?;
    let first = *watched.first()?;
    let end = &first.end;
    let place = |[x, z]: [f32; 2]| end.scale.place(x, z).map(|pixel| f64::from(pixel) / MAP_SIDE as f64);
    let objects = end.facts.objects.iter().map(|object| MapLabel {
        text: format!("{} {}", object.color.name(), object.shape.name()),
        place: place([object.middle[0], object.middle[2]]),
    });
    let mut paths: Vec<MapPath> = Vec::new();
    for (watched, (run, _)) in watched.iter().zip(told) {
        let points: Vec<[f64; 2]> = watched.way.iter().map(|&point| place(point)).collect();
        let view = watched.end.view.map(place);
        match paths.iter_mut().find(|path| path.points == points && path.view == view) {
            Some(same) => same.agents.push(run.name.clone()),
            None => paths.push(MapPath { agents: vec![run.name.clone()], points, view }),
        }
    }
    let words = maker.vocabulary();
    let word = |words: &[String], index: u16| words.get(usize::from(index)).cloned().unwrap_or_default();
    let questions = first.asked.iter().enumerate().filter_map(|(number, asked)| {
        let answers = told.iter().map(|(run, answers)| {
            let given = answers.get(index)?.get(number)?.as_ref()?;
            Some(ExampleAnswer {
                agent: run.name.clone(),
                answer: word(words.answers(), given.predicted),
                confidence: given.confidence,
                course: given.course.clone(),
            })
        });
        // A question that no longer holds for somebody is left out for all.
        Some(ExampleQuestion {
            template: word(words.templates(), asked.template),
            text: asked.text.clone(),
            truth: word(words.answers(), asked.answer),
            answers: answers.collect::<Option<_>>()?,
        })
    });
    Some(ExampleEpisode {
        title: format!("Test room {}", index + 1),
        map: EpisodeMap { png: end.png.clone(), objects: objects.collect(), paths },
        num_steps: end.step,
        questions: questions.take(MAX_QUESTIONS).collect(),
    })
}
