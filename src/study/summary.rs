//! `study.json`: which runs a study has, how far each is, and how they compare.

use anyhow::{Context, Result};
use groundling_report::{AccuracyTable, Sweep};
use serde::Serialize;

use super::answers::{Answers, Gathered};
use super::plan::PlannedRun;
use super::state::{RunState, StudyFolder};

const FORMAT: &str = "groundling-study";
const VERSION: u32 = 2;

/// The content of `study.json`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Summary {
    format: &'static str,
    version: u32,
    title: String,
    /// Whether every run is trained and probed.
    complete: bool,
    runs: Vec<RunSummary>,
    /// Accuracies so far; none before a run was probed.
    table: Option<AccuracyTable>,
    /// Settings at several values.
    sweeps: Vec<Sweep>,
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
    /// Hash of all that a comparison needs to be the same, hexadecimal.
    protocol: String,
    /// Pictures it shall learn from.
    num_frames: u64,
    #[serde(flatten)]
    state: RunState,
}

impl Summary {
    pub(super) fn of(answers: Answers<'_>, gathered: &Gathered) -> Result<Self> {
        let plan = answers.plan;
        let run = |run: &PlannedRun| -> Result<RunSummary> {
            Ok(RunSummary {
                name: run.name.clone(),
                variant: run.variant.clone(),
                seed: run.seed,
                folder: format!("runs/{}", run.name),
                config_sha256: run.config_hash.clone(),
                protocol: run.protocol.clone(),
                num_frames: run.config.training.num_frames,
                state: answers.state(run)?,
            })
        };
        let runs = plan.runs.iter().map(run).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            format: FORMAT,
            version: VERSION,
            title: plan.title.clone(),
            complete: runs.iter().all(|run| matches!(run.state, RunState::Probed { .. })),
            runs,
            table: gathered.headline.as_ref().map(AccuracyTable::of),
            sweeps: gathered.sweeps.clone(),
        })
    }

    /// Writes it into the folder, as a whole or not at all.
    pub(super) fn write(&self, folder: &StudyFolder) -> Result<()> {
        let path = folder.path().join("study.json");
        let text = serde_json::to_string_pretty(self)? + "\n";
        groundling_impala::write_atomically(&path, text.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// For a terminal: a line a run, and the accuracies so far.
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
        let tables = self.table.iter().map(AccuracyTable::to_text).chain(self.sweeps.iter().map(Sweep::to_text));
        tables.for_each(|table| text.push_str(&format!("\n{table}")));
        text
    }
}
