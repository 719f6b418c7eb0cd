//! A file of stored beliefs, written from Python: what any agent believed, and what it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::process;
use std::sync::{Mutex, MutexGuard, TryLockError};

use groundling_belief::FrozenBelief;
use groundling_questions::{Question, SplitPart};
use groundling_stored::{Asking, Existing, StoredError, StoredHeader, StoredVocabulary, StoredWriter, Written};
use numpy::PyReadonlyArray1;
use pyo3::exceptions::{PyFileExistsError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use crate::asking;
use crate::settings::Settings;
use crate::words::QuestionInWords;

/// Writes beliefs and questions; the file is there when `finish` has returned, and not before.
#[pyclass(frozen, module = "groundling._native")]
pub(crate) struct BeliefWriter {
    file: Mutex<Option<OpenFile>>,
    /// Of which a child that is forked off must not touch the file.
    process: u32,
    examination: asking::Examination,
}

/// A file being written, and what is in it so far.
struct OpenFile {
    writer: StoredWriter,
    /// Numbers in each belief and in its cell, of the first one.
    sizes: Option<(usize, usize)>,
    /// What each episode is for.
    parts: BTreeMap<u64, SplitPart>,
    steps: BTreeSet<(u64, u32)>,
    /// (Episode, question) that count for the headline.
    headlines: BTreeSet<(u64, u32)>,
    num_headlines: BTreeMap<SplitPart, u64>,
}

#[pymethods]
impl BeliefWriter {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "Python's own class, which names them, is the only caller")]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        resolved: &str,
        agent: Option<String>,
        variant: Option<String>,
        kind: Option<String>,
        seed: Option<u64>,
        frames_trained: u64,
        overwrite: bool,
    ) -> PyResult<Self> {
        let existing = if overwrite { Existing::Replace } else { Existing::Keep };
        // Before the questions' maker is made, which takes a moment.
        if existing == Existing::Keep && path.symlink_metadata().is_ok() {
            return Err(failure(StoredError::AlreadyThere { path }));
        }
        let examination = asking::Asking::of(&Settings::resolved(resolved)?).examination(py)?;
        let maker = examination.maker();
        let vocabulary = Some(StoredVocabulary::of(maker.vocabulary(), &maker.summary()));
        let header = StoredHeader { agent, variant, kind, seed, frames_trained, vocabulary, ..StoredHeader::default() };
        let writer = StoredWriter::create(&path, &header, existing).map_err(failure)?;
        let file = OpenFile {
            writer,
            sizes: None,
            parts: BTreeMap::new(),
            steps: BTreeSet::new(),
            headlines: BTreeSet::new(),
            num_headlines: BTreeMap::new(),
        };
        Ok(Self { file: Mutex::new(Some(file)), process: process::id(), examination })
    }

    /// Adds a belief and the questions put to it, JSON as rooms give them; what is refused has changed nothing.
    #[expect(clippy::too_many_arguments, reason = "Python's own class, which names them, is the only caller")]
    fn write(
        &self,
        py: Python<'_>,
        part: &str,
        episode: u64,
        step: u32,
        belief: PyReadonlyArray1<'_, f32>,
        cell: Option<PyReadonlyArray1<'_, f32>>,
        questions: &str,
        headline: bool,
        timeline: bool,
    ) -> PyResult<()> {
        let mut file = self.lock()?;
        let file = file.as_mut().ok_or_else(is_closed)?;
        let part = SplitPart::ALL.into_iter().find(|known| known.name() == part).ok_or_else(|| {
            PyValueError::new_err(format!("part {part:?}: must be \"train\", \"validation\" or \"test\""))
        })?;
        let belief = belief.as_slice()?.to_vec();
        let cell = cell.map(|cell| cell.as_slice().map(<[f32]>::to_vec)).transpose()?;
        let sizes = (belief.len(), cell.as_ref().map_or(0, Vec::len));
        let belief = match cell {
            Some(cell) => FrozenBelief::new(belief, cell),
            None => FrozenBelief::without_cell(belief),
        };
        let questions = self.numbered(questions)?;
        file.check((part, episode, step), sizes, &questions, headline)?;
        py.detach(|| file.add((part, episode, step), sizes, &belief, &questions, headline, timeline)).map_err(failure)
    }

    /// Puts the file in its place; gives its rows and bytes.
    fn finish(&self, py: Python<'_>) -> PyResult<(u64, u64)> {
        let mut file = self.lock()?;
        let missing = file.as_ref().ok_or_else(is_closed)?.missing_part();
        let Some(OpenFile { writer, .. }) = file.take() else { return Err(is_closed()) };
        if let Some(part) = missing {
            return Err(PyValueError::new_err(format!(
                "no question counts for the headline in part {part}; a probe needs train, validation and test, and nothing was written"
            )));
        }
        let Written { rows, bytes } = py.detach(|| writer.finish()).map_err(failure)?;
        Ok((rows, bytes))
    }

    /// Leaves no file; does nothing when there is none any more.
    fn abandon(&self) -> PyResult<()> {
        self.lock()?.take();
        Ok(())
    }
}

impl BeliefWriter {
    fn lock(&self) -> PyResult<MutexGuard<'_, Option<OpenFile>>> {
        if self.process != process::id() {
            return Err(PyRuntimeError::new_err(
                "another process began this file; write it there, or another file here",
            ));
        }
        match self.file.try_lock() {
            Ok(file) => Ok(file),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(PyRuntimeError::new_err("another thread is using this writer; guard it by a threading.Lock"))
            }
        }
    }

    fn numbered(&self, questions: &str) -> PyResult<Vec<(u32, Question)>> {
        let questions: Vec<QuestionInWords> = serde_json::from_str(questions)
            .map_err(|error| PyValueError::new_err(format!("questions must be those that a room gave: {error}")))?;
        let vocabulary = self.examination.maker().vocabulary();
        let numbered = |question: &QuestionInWords| {
            let (number, template) = (question.number, &question.template);
            let known = question.numbered(vocabulary).map_err(|word| {
                PyValueError::new_err(format!(
                    "question {number} ({template}): {word:?} is not of the settings that this file was begun with"
                ))
            })?;
            Ok((number, known))
        };
        questions.iter().map(numbered).collect()
    }
}

impl Drop for BeliefWriter {
    fn drop(&mut self) {
        if self.process != process::id()
            && let Ok(file) = self.file.get_mut()
        {
            // It would take away what the process that it was forked from is writing.
            std::mem::forget(file.take());
        }
    }
}

impl OpenFile {
    /// Whether this can be added; changes nothing.
    fn check(
        &self,
        (part, episode, step): (SplitPart, u64, u32),
        sizes: (usize, usize),
        questions: &[(u32, Question)],
        headline: bool,
    ) -> PyResult<()> {
        let refuse = |fault: String| Err(PyValueError::new_err(format!("episode {episode}, step {step}: {fault}")));
        if let Some((belief, cell)) = self.sizes.filter(|first| *first != sizes) {
            let (this, this_cell) = sizes;
            return refuse(format!(
                "belief and cell have {this} and {this_cell} numbers, the first ones have {belief} and {cell}; all must be alike"
            ));
        }
        if let Some(other) = self.parts.get(&episode).filter(|other| **other != part) {
            return refuse(format!("is {part}, but the episode is of part {other}; an episode stays in one"));
        }
        if self.steps.contains(&(episode, step)) {
            return refuse("was written before; write a step once, with all its questions".into());
        }
        let mut numbers = BTreeSet::new();
        for (number, _) in questions {
            if !numbers.insert(number) {
                return refuse(format!("question {number} is there twice"));
            }
            if headline && self.headlines.contains(&(episode, *number)) {
                return refuse(format!(
                    "question {number} counts for the headline at another step already; give headline=False here"
                ));
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        (part, episode, step): (SplitPart, u64, u32),
        sizes: (usize, usize),
        belief: &FrozenBelief,
        questions: &[(u32, Question)],
        headline: bool,
        timeline: bool,
    ) -> Result<(), StoredError> {
        let asking = |(number, question)| Asking { number, question, headline, timeline };
        let asked = questions.iter().map(|(number, question)| asking((*number, question)));
        self.writer.write_step((part, episode, step), belief, asked)?;
        self.sizes = Some(sizes);
        self.parts.insert(episode, part);
        self.steps.insert((episode, step));
        if headline {
            self.headlines.extend(questions.iter().map(|(number, _)| (episode, *number)));
            *self.num_headlines.entry(part).or_default() += questions.len() as u64;
        }
        Ok(())
    }

    /// A part in which nothing counts for the headline.
    fn missing_part(&self) -> Option<SplitPart> {
        SplitPart::ALL.into_iter().find(|part| self.num_headlines.get(part).is_none_or(|count| *count == 0))
    }
}

fn is_closed() -> PyErr {
    PyValueError::new_err("this file is closed; begin another")
}

fn failure(error: StoredError) -> PyErr {
    match error {
        StoredError::AlreadyThere { path } => {
            let path = path.display();
            PyFileExistsError::new_err(format!("{path}: exists already; give another name, or overwrite=True"))
        }
        StoredError::Unwritable { .. } => io::Error::other(error.to_string()).into(),
        _ => PyValueError::new_err(error.to_string()),
    }
}
