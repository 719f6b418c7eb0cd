//! A room with its present step, and which episode follows.

use std::borrow::Cow;

use groundling_interface::{Action, Environment, EnvironmentError, StepKind, TimeStep, derive_seed};
use groundling_render::Renderer;
use groundling_room::WorldFacts;
use groundling_sim::{PictureDigest, Privileged, RoomEnvironment, StateDigest};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::{PyErr, PyResult};
use serde_json::{Value, json};

use crate::asking::Examination;
use crate::failure::Failure;
use crate::mode::Mode;
use crate::settings::Settings;

/// A room with its present step.
pub(crate) struct LiveRoom {
    environment: RoomEnvironment,
    privileged: Privileged,
    /// `None` before the first reset and after a failure.
    step: Option<TimeStep>,
    /// The facts of the present episode's first step, which questions are about.
    placed: Option<WorldFacts>,
    past: Past,
}

/// What led to the present step; with the settings it is all there is to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    /// The seed from which episodes without a seed of their own are derived.
    pub(crate) base_seed: u64,
    /// How many were, so far.
    pub(crate) num_derived: u64,
    /// Of the present episode.
    pub(crate) episode_seed: u64,
    /// Actions of the present episode; `None` where there is none.
    pub(crate) actions: Option<Vec<u16>>,
}

/// What one step of a vector environment came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) reward: f64,
    pub(crate) terminated: bool,
    pub(crate) truncated: bool,
    /// Of an episode that ended in this step where the next one has begun in it.
    pub(crate) last: Option<LastStep>,
}

/// The last step of an episode that is over.
#[derive(Debug)]
pub(crate) struct LastStep {
    /// Its picture, `[height, width, 3]`.
    pub(crate) rgb: Vec<u8>,
    /// Its facts as JSON, where they were asked for.
    pub(crate) facts: Option<String>,
    /// Its questions as JSON, where they were asked for.
    pub(crate) questions: Option<String>,
}

impl LiveRoom {
    /// The room of resolved settings; no episode runs yet.
    pub(crate) fn new(resolved: &str) -> PyResult<Self> {
        let config = Settings::resolved(resolved)?.world();
        let (environment, privileged) =
            RoomEnvironment::new(config).map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self { environment, privileged, step: None, placed: None, past: Past::default() })
    }

    pub(crate) fn environment(&self) -> &RoomEnvironment {
        &self.environment
    }

    /// Actions a second of the room's own time.
    pub(crate) fn steps_per_second(&self) -> f64 {
        let control = &self.environment.config().control;
        f64::from(control.rate_hz) / f64::from(control.action_repeat)
    }

    /// No action's reward is greater: in each of its physics steps, each object is visited once at most.
    pub(crate) fn most_reward(&self) -> f64 {
        let config = self.environment.config();
        f64::from(config.room.num_objects[1].max(1)) * f64::from(config.control.action_repeat)
    }

    pub(crate) fn past(&self) -> &Past {
        &self.past
    }

    /// Does `work` while the room draws in the memory of `renderer`, which is of the same size.
    pub(crate) fn with_buffers_of<T>(&mut self, renderer: &mut Renderer, work: impl FnOnce(&mut Self) -> T) -> T {
        self.environment.trade_buffers(renderer);
        let result = work(self);
        self.environment.trade_buffers(renderer);
        result
    }

    /// The present step; an error where there is none.
    pub(crate) fn step(&self) -> Result<&TimeStep, Failure> {
        self.step.as_ref().ok_or(Failure::Environment(EnvironmentError::NoEpisodeRunning))
    }

    /// From here on, episodes without a seed of their own are derived from `seed`.
    pub(crate) fn set_base_seed(&mut self, seed: u64) {
        (self.past.base_seed, self.past.num_derived) = (seed, 0);
    }

    /// Begins the episode of `seed`, from which later ones are then derived, or without one the next derived one.
    pub(crate) fn reset(&mut self, seed: Option<u64>) -> Result<(), Failure> {
        let seed = match seed {
            Some(seed) => {
                self.set_base_seed(seed);
                seed
            }
            None => {
                self.past.num_derived += 1;
                derive_seed(self.past.base_seed, "next episode", &[self.past.num_derived])
            }
        };
        self.begin(seed)
    }

    fn begin(&mut self, seed: u64) -> Result<(), Failure> {
        self.step = None;
        self.past.actions = None;
        self.step = Some(Failure::catch(|| self.environment.reset(seed))?);
        self.placed = Some(self.privileged.facts());
        self.past.episode_seed = seed;
        self.past.actions = Some(Vec::new());
        Ok(())
    }

    /// Takes one action of the present episode.
    pub(crate) fn act(&mut self, action: u16) -> Result<&TimeStep, Failure> {
        let before = self.step.take().ok_or(Failure::Environment(EnvironmentError::NoEpisodeRunning))?;
        let step = match Failure::catch(|| self.environment.step(Action(action))) {
            Ok(step) => step,
            Err(failure) => {
                // Whoever asks for what cannot be has moved nothing.
                if matches!(&failure, Failure::Environment(_)) {
                    self.step = Some(before);
                }
                return Err(failure);
            }
        };
        if let Some(actions) = &mut self.past.actions {
            actions.push(action);
        }
        Ok(self.step.insert(step))
    }

    /// One step of a vector environment: takes the action, or begins the next episode where `mode` says so.
    pub(crate) fn advance(
        &mut self,
        action: u16,
        mode: Mode,
        wants_facts: bool,
        examination: Option<&Examination>,
    ) -> Result<Outcome, Failure> {
        if mode == Mode::NextStep && self.step()?.kind.is_last() {
            self.reset(None)?;
            return Ok(Outcome::default());
        }
        let step = self.act(action)?;
        let mut outcome = Outcome {
            reward: f64::from(step.observation.last_reward),
            terminated: step.kind == StepKind::Terminated,
            truncated: step.kind == StepKind::Truncated,
            last: None,
        };
        if mode == Mode::SameStep && step.kind.is_last() {
            let facts = if wants_facts { Some(self.facts()) } else { None };
            let questions = examination.map(|examination| self.questions(examination)).transpose()?;
            let rgb = self.step.take().map(|step| step.observation.rgb).unwrap_or_default();
            outcome.last = Some(LastStep { rgb, facts, questions });
            self.reset(None)?;
        }
        Ok(outcome)
    }

    /// What only the simulator knows of the present step, as JSON.
    pub(crate) fn facts(&self) -> String {
        let facts = self.privileged.facts();
        let mut value = json!(facts);
        // In Rust they are indices into tables that Python does not have.
        let objects = value.get_mut("objects").and_then(Value::as_array_mut).into_iter().flatten();
        for (object, facts) in objects.zip(&facts.objects) {
            object["shape"] = facts.shape.name().into();
            object["color"] = facts.color.name().into();
        }
        value.to_string()
    }

    /// The questions of the present episode that have their one right answer at the present step, as JSON.
    pub(crate) fn questions(&self, examination: &Examination) -> Result<String, Failure> {
        let placed = self.step().and(Ok(self.placed.as_ref()))?;
        let asked = Failure::catch(|| Ok(placed.map(|placed| examination.ask(placed, &self.privileged.facts()))))?;
        Ok(json!(asked.unwrap_or_default()).to_string())
    }

    /// Writes the present picture and gives its memory back, where the next room's is then drawn: caches are small. Whoever
    /// asks for it later has it drawn anew.
    pub(crate) fn hand_over(&mut self, picture: &mut [u8]) -> Result<(), Failure> {
        picture.copy_from_slice(&self.picture()?);
        if let Some(step) = &mut self.step {
            step.observation.rgb = Vec::new();
        }
        Ok(())
    }

    /// The present picture, `[height, width, 3]`.
    pub(crate) fn picture(&self) -> Result<Cow<'_, [u8]>, Failure> {
        let rgb = &self.step()?.observation.rgb;
        if !rgb.is_empty() {
            return Ok(Cow::Borrowed(rgb));
        }
        let spec = self.environment.spec();
        Failure::catch(|| {
            let renderer = Renderer::new(spec.width, spec.height);
            let mut renderer = renderer.map_err(|error| EnvironmentError::World(error.to_string()))?;
            renderer.render(&self.privileged.scene(), &self.privileged.eye());
            Ok(Cow::Owned(renderer.rgb().to_vec()))
        })
    }

    /// Short names of the state and of the picture of the present step.
    pub(crate) fn digest(&self) -> Result<(String, String), Failure> {
        let state = StateDigest::of(self.step()?, &self.privileged);
        let picture = PictureDigest::of(&self.picture()?);
        Ok((state.to_string(), picture.to_string()))
    }

    /// Goes to where `past` led, by living through it again.
    pub(crate) fn relive(&mut self, past: Past) -> PyResult<()> {
        if let Some(actions) = &past.actions {
            let failed = |failure: Failure| -> PyErr { failure.of_room(None) };
            self.begin(past.episode_seed).map_err(failed)?;
            for &action in actions {
                self.act(action).map_err(failed)?;
            }
        }
        self.past = past;
        Ok(())
    }
}

/// The exception for a room that another thread is using.
pub(crate) fn in_use() -> PyErr {
    PyRuntimeError::new_err(
        "another thread is using this environment; give each thread one of its own, or guard it by a threading.Lock",
    )
}
