//! `study.json`: which runs a study has, how far each is, and how they compare.

use anyhow::{Context, Result};
use groundling_report::AccuracyTable;
use serde::Serialize;

use super::answers::Answers;
use super::plan::{Plan, PlannedRun};
use super::state::{RunState, StudyFolder};

const FORMAT: &str = "groundling-study";
const VERSION: u32 = 1;

/// The content of `study.json`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Summary {
    format: &'static str,
    version: u32,
    title: String,
    /// Hash of all that a comparison needs to be the same, hexadecimal.
    protocol: String,
    /// Whether every run is trained and probed.
    complete: bool,
    runs: Vec<RunSummary>,
    /// Accuracies so far; none before a run was probed.
    table: Option<AccuracyTable>,
}

/// One run.
#[derive(Debug, Clone, Serialize)]
struct RunSummary {
    name: String,
    variant: String,
    seed: u64,
    /// Its folder, relative to the study's.
    folder: String,
    /// SHA-256 of its resolved configuration, hexadecimal.
    config_sha256: String,
    /// Pictures it shall learn from.
    num_frames: u64,
    #[serde(flatten)]
    state: RunState,
}

impl Summary {
    pub(super) fn of(plan: &Plan, answers: &Answers<'_>) -> Result<Self> {
        let run = |run: &PlannedRun| -> Result<RunSummary> {
            Ok(RunSummary {
                name: run.name.clone(),
                variant: run.variant.clone(),
                seed: run.seed,
                folder: format!("runs/{}", run.name),
                config_sha256: run.config_hash.clone(),
                num_frames: run.config.training.num_frames,
                state: answers.state(run)?,
            })
        };
        let runs = plan.runs.iter().map(run).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            format: FORMAT,
            version: VERSION,
            title: plan.title.clone(),
            protocol: answers.protocol().to_owned(),
            complete: runs.iter().all(|run| matches!(run.state, RunState::Probed { .. })),
            runs,
            table: answers.merged()?.as_ref().map(AccuracyTable::of),
        })
    }

    /// Writes it into the folder, as a whole or not at all.
    pub(super) fn write(&self, folder: &StudyFolder) -> Result<()> {
        let path = folder.path().join("study.json");
        let text = serde_json::to_string_pretty(self)? + "\n";
        groundling_impala::write_atomically(&path, text.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// For a terminal: a line a run.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        for run in &self.runs {
            let state = match run.state {
                RunState::Missing => "not begun".into(),
                RunState::Begun { frames } => format!("{frames} of {} frames", run.num_frames),
                RunState::Trained { frames } => format!("trained ({frames} frames), not probed"),
                RunState::Probed { frames } => format!("trained ({frames} frames) and probed"),
            };
            text.push_str(&format!("{:<28} {state}\n", run.name));
        }
        text
    }
}
