//! Which questions are asked of a room, and the makers of them, one for the same settings in a process.

use std::collections::BTreeMap;
use std::process;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use groundling_questions::{EvaluationSeeds, Question, QuestionConfig, QuestionMaker};
use groundling_room::{RoomConfig, WorldFacts};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::failure::Failure;
use crate::settings::Settings;
use crate::words::QuestionInWords;

/// What a maker is made from.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    room: RoomConfig,
    questions: QuestionConfig,
    seed: u64,
}

/// A maker and how often it draws.
#[derive(Clone)]
pub(crate) struct Examination {
    maker: Arc<QuestionMaker>,
    draws: usize,
}

/// A maker that is being made, or has been, and by which process.
struct Made {
    process: u32,
    maker: Arc<OnceLock<Result<Arc<QuestionMaker>, String>>>,
}

/// By what they are made from. Locked only by threads that hold Python's lock, so that no fork finds it locked.
static MAKERS: Mutex<BTreeMap<String, Made>> = Mutex::new(BTreeMap::new());

impl Asking {
    /// What resolved settings ask for, in rooms like theirs.
    pub(crate) fn of(settings: &Settings) -> Self {
        let Settings { room, questions, evaluation, .. } = settings.clone();
        Self { room, questions, seed: EvaluationSeeds::new(evaluation.seed).questions() }
    }

    /// The maker, which is made where this process has none yet: that takes a moment, in which Python goes on.
    pub(crate) fn examination(&self, py: Python<'_>) -> PyResult<Examination> {
        let Self { room, questions, seed } = self;
        let key = serde_json::to_string(&(room, questions, seed));
        let key = key.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let maker = {
            let mut makers = MAKERS.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Made { process: process::id(), maker: Arc::default() };
            let made = makers.entry(key).or_insert_with(new);
            // What a thread of the parent had begun when this process was forked off, nobody will finish.
            if made.maker.get().is_none() && made.process != process::id() {
                *made = new();
            }
            Arc::clone(&made.maker)
        };
        let make = || {
            let made = QuestionMaker::new(room, questions, *seed);
            made.map(Arc::new).map_err(|error| error.to_string())
        };
        let made = py.detach(|| Failure::catch(|| Ok(maker.get_or_init(make).clone())));
        let maker = made.map_err(|failure| failure.of_room(None))?.map_err(PyValueError::new_err)?;
        Ok(Examination { maker, draws: self.questions.last_step_draws })
    }
}

impl Examination {
    pub(crate) fn maker(&self) -> &QuestionMaker {
        &self.maker
    }

    /// The questions about a room as `placed` that still have their one right answer `now`, with what was seen by now.
    /// Numbers are those among all that were asked of the room as placed.
    pub(crate) fn ask(&self, placed: &WorldFacts, now: &WorldFacts) -> Vec<QuestionInWords> {
        let asked = (0..).zip(self.maker.ask(placed, self.draws));
        let again = |(number, question): (u32, Question)| {
            let question = self.maker.again(&question, now)?;
            Some(QuestionInWords::new(number, &question, self.maker.vocabulary(), now))
        };
        asked.filter_map(again).collect()
    }
}
