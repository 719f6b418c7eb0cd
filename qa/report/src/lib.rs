//! Scores, intervals, tables, curves, and one self-contained page, from what probes answered and runs logged.
//!
//! Pure: knows files and figures, and neither agents nor tensors.

mod age;
mod chart;
mod figures;
mod metrics;
mod number_format;
mod outcome;
mod outcome_columns;
mod outcome_error;
mod page;
mod replace_file;
mod report;
mod statistics;
mod summary;
mod table;

pub use age::{AgeBin, AgeCurve, AgeCurves, TemplateAgeCurves};
pub use figures::{Figures, MetricCurve, RunFigures, ValidationCurve};
pub use metrics::{BadLine, Metrics, MetricsRecord, MetricsUnreadable};
pub use outcome::{
    CurvePoint, Outcome, PROBE_FORMAT, PROBE_VERSION, ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind, TemplateEntry,
};
pub use outcome_error::ProbeFileError;
pub use replace_file::Overwrite;
pub use report::{Figure, Report, ReportError, ReportFiles, RunSummary};
pub use statistics::{Estimate, Interval, Scores, paired_difference, score, score_groups, wilson};
pub use table::{AccuracyTable, Difference, TableRow, TemplateColumn};
