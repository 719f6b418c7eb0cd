//! Scores, intervals, tables, curves, and one self-contained page, from what probes answered and runs logged.
//!
//! Pure: knows files and figures, and neither agents nor tensors.

mod age;
mod calibration;
mod chart;
mod confusion;
mod curves;
mod example_episode;
mod figures;
mod group;
mod main_decoder;
mod merge;
mod metrics;
mod number_format;
mod outcome;
mod outcome_error;
mod page;
mod pixels;
mod replace_file;
mod report;
mod statistics;
mod stored_columns;
mod stored_file;
mod summary;
mod table;
mod tidy;
mod timeline;
mod weighing;

pub use calibration::{Calibration, CalibrationBin};
pub use confusion::{Confusion, ConfusionMatrix};
pub use curves::{Bin, BinnedCurves, Curve, Curves, TemplateCurves};
pub use example_episode::{EpisodeMap, ExampleAnswer, ExampleEpisode, ExampleQuestion, MapLabel, MapPath};
pub use figures::{Figures, MetricCurve, RunFigures, ValidationCurve};
pub use metrics::{BadLine, Metrics, MetricsRecord, MetricsUnreadable};
pub use outcome::{
    CurvePoint, Outcome, PROBE_FORMAT, PROBE_VERSION, ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind, Selectivity,
    TemplateEntry,
};
pub use outcome_error::ProbeFileError;
pub use replace_file::Overwrite;
pub use report::{Figure, Report, ReportError, ReportFiles, RunSummary, Swatch};
pub use statistics::{Estimate, Interval, McNemar, McNemarMethod, PairedTest, TestMethod};
pub use table::{
    AccuracyTable, Difference, LongGaps, Scores, SeedDifference, SeedRow, Sweep, SweepMeasured, SweepValue, TableRow,
    TemplateColumn, Tests,
};
pub use timeline::Timeline;
