//! Reads a file of stored beliefs as the program does before it probes, and tells what is in it.

use std::io;
use std::path::PathBuf;

use groundling_questions::SplitPart;
use groundling_stored::{StoredBeliefs, StoredError};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Map, Value, json};

/// What a file holds, as JSON, or what is wrong with it, with row and column.
#[pyfunction]
pub(crate) fn check_beliefs(py: Python<'_>, path: PathBuf) -> PyResult<String> {
    let stored = py.detach(|| StoredBeliefs::read(&path)).map_err(|error| match error {
        StoredError::Unreadable { ref source, .. } => io::Error::new(source.kind(), error.to_string()).into(),
        _ => PyValueError::new_err(error.to_string()),
    })?;
    let parts = SplitPart::ALL.map(|part| {
        let count = |of: fn(&groundling_stored::StoredEpisode) -> usize| stored.of_split(part).map(of).sum::<usize>();
        let counts = json!({
            "episodes": stored.of_split(part).count(),
            "beliefs": count(|episode| episode.beliefs.len()),
            "headline": stored.num_questions(part),
            "timeline": count(|episode| episode.questions.iter().filter(|question| question.timeline).count()),
        });
        (part.name().to_owned(), counts)
    });
    let told = json!({
        "agent": stored.header.agent,
        "kind": stored.header.kind,
        "seed": stored.header.seed,
        "belief_size": stored.belief_size,
        "has_evidence": stored.has_evidence,
        "templates": stored.templates.iter().map(|template| &template.name).collect::<Vec<_>>(),
        "parts": Value::Object(Map::from_iter(parts)),
    });
    Ok(told.to_string())
}
