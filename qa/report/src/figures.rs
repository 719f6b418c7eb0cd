//! Everything the page shows as numbers: worked out once, drawn by the page, and written as it is to `report.json`.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use crate::age::age_curves;
use crate::calibration::Calibration;
use crate::chart::bucketed;
use crate::confusion::Confusion;
use crate::curves::BinnedCurves;
use crate::group::Answers;
use crate::main_decoder::of_main_decoder;
use crate::outcome::{CurvePoint, ProbeFile, ProbeProtocol};
use crate::pixels::pixel_curves;
use crate::report::{Report, RunSummary};
use crate::summary::summarise;
use crate::table::{AccuracyTable, Sweep};
use crate::timeline::Timeline;

/// Points of a learning curve that are kept.
const MAX_CURVE_POINTS: usize = 300;

/// The content of `report.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Always `groundling-report`.
    pub format: &'static str,
    /// Always 3.
    pub version: u32,
    /// Title of the report.
    pub title: String,
    /// What the figures say, a sentence an entry.
    pub summary: Vec<String>,
    /// Accuracies and differences.
    pub table: AccuracyTable,
    /// The same for questions whose evidence had been in view before they were asked, in balanced accuracy.
    pub seen_only: AccuracyTable,
    /// Settings at several values.
    pub sweeps: Vec<Sweep>,
    /// Balanced accuracy against steps since the evidence was last in view.
    pub age: BinnedCurves,
    /// Balanced accuracy against the most pixels that ever showed the evidence.
    pub pixels: BinnedCurves,
    /// Accuracy in the course of the episode.
    pub timeline: Timeline,
    /// How well each row's confidence tells how often it is right.
    pub calibration: Vec<Calibration>,
    /// What was answered where which answer was right.
    pub confusion: Vec<Confusion>,
    /// The probes' own validation curves.
    pub validation: Vec<ValidationCurve>,
    /// How it was measured.
    pub protocol: ProbeProtocol,
    /// The runs, each with its learning curves.
    pub runs: Vec<RunFigures>,
}

/// Accuracy on validation rooms while a probe was trained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValidationCurve {
    /// The probed agent.
    pub name: String,
    /// Its curve.
    pub points: Vec<CurvePoint>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunFigures {
    /// Its name.
    pub name: String,
    /// Updates of the learner; 0 where nothing was logged.
    pub updates: u64,
    /// Environment frames learnt from.
    pub frames: u64,
    /// Seconds of training.
    pub seconds: f64,
    /// What the run says of itself.
    pub manifest: Value,
    /// Its settings as TOML text.
    pub config_toml: String,
    /// Lines of its log that could not be read.
    pub num_bad_lines: usize,
    /// Its learning curves.
    pub curves: Vec<MetricCurve>,
}

/// One logged series, averaged over stretches of training.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricCurve {
    /// Its name, such as `loss/simcore`.
    pub metric: String,
    /// Environment frames at the middle of each stretch.
    pub frames: Vec<f64>,
    /// Mean value in it.
    pub value: Vec<f64>,
}

impl Figures {
    /// All figures of a report.
    pub fn of(report: &Report) -> Self {
        let table = AccuracyTable::of(&report.probed);
        let age = age_curves(&report.probed, Answers::AtTheEnd);
        Self {
            format: "groundling-report",
            version: 3,
            title: report.title.clone(),
            summary: match of_main_decoder(&report.probed) {
                Cow::Borrowed(probed) => summarise(probed, &table),
                Cow::Owned(probed) => summarise(&probed, &AccuracyTable::of(&probed)),
            },
            seen_only: AccuracyTable::of_seen(&report.probed),
            sweeps: report.sweeps.clone(),
            pixels: pixel_curves(&report.probed, Answers::AtTheEnd),
            timeline: Timeline::of(&report.probed),
            calibration: Calibration::all(&report.probed),
            confusion: Confusion::all(&report.probed),
            validation: validation(&report.probed),
            protocol: report.probed.protocol.clone(),
            runs: report.runs.iter().map(run_figures).collect(),
            table,
            age,
        }
    }
}

fn validation(probed: &ProbeFile) -> Vec<ValidationCurve> {
    let agents = probed.agents.iter().filter(|agent| !agent.curve.is_empty());
    agents.map(|agent| ValidationCurve { name: agent.name.clone(), points: agent.curve.clone() }).collect()
}

fn run_figures(run: &RunSummary) -> RunFigures {
    let last = run.metrics.records.last();
    let curves = run.metrics.names().into_iter().map(|metric| {
        let points = bucketed(&run.metrics.series(metric), MAX_CURVE_POINTS);
        MetricCurve {
            metric: metric.to_owned(),
            frames: points.iter().map(|point| point.0).collect(),
            value: points.iter().map(|point| point.1).collect(),
        }
    });
    RunFigures {
        name: run.name.clone(),
        updates: last.map_or(0, |record| record.update),
        frames: last.map_or(0, |record| record.frames),
        seconds: last.map_or(0.0, |record| record.seconds),
        manifest: run.manifest.clone(),
        config_toml: run.config_toml.clone(),
        num_bad_lines: run.metrics.bad_lines.len(),
        curves: curves.collect(),
    }
}
