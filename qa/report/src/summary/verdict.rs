//! Which of two rows knows more, as far as the figures tell.

use crate::number_format::accuracy;
use crate::statistics::{Estimate, Interval, PairedTest};
use crate::table::{AccuracyTable, Scores, TableRow, Tests};

/// A difference with a p-value above this, after Holm's correction, is called none that can be told.
const LEVEL: f64 = 0.05;

/// What a row's difference from another is said to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    Above(Estimate),
    Below(Estimate),
    /// Cannot be told from no difference.
    Unclear(Estimate),
    /// The two were not compared, or have no question in common.
    Unknown,
}

/// Which column of the table is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Mean,
    LongGaps,
}

impl Column {
    pub(super) fn score(self, scores: &Scores) -> Option<Estimate> {
        match self {
            Column::Mean => scores.mean,
            Column::LongGaps => scores.long_gaps,
        }
    }

    fn test(self, tests: &Tests) -> Option<PairedTest> {
        match self {
            Column::Mean => tests.mean,
            Column::LongGaps => tests.long_gaps,
        }
    }
}

impl Verdict {
    /// How `row` stands to `other`, whichever of the two the table lists first. Clear is what both the interval and the test
    /// corrected for the number of comparisons show.
    pub(super) fn of(table: &AccuracyTable, row: &TableRow, other: &TableRow, column: Column) -> Self {
        let found = match (table.difference(&row.name, &other.name), table.difference(&other.name, &row.name)) {
            (Some(line), _) => column.score(&line.scores).zip(column.test(&line.tests)),
            (None, Some(line)) => column.score(&line.scores).map(|gain| reversed(&gain)).zip(column.test(&line.tests)),
            (None, None) => None,
        };
        match found {
            None => Verdict::Unknown,
            Some((gain, test)) if gain.interval.contains(0.0) || test.p_holm.is_none_or(|p| p >= LEVEL) => {
                Verdict::Unclear(gain)
            }
            Some((gain, _)) if gain.value > 0.0 => Verdict::Above(gain),
            Some((gain, _)) => Verdict::Below(gain),
        }
    }

    /// `simcore lies 31.6 [30.1, 33.0] points above it`
    pub(super) fn sentence(&self, name: &str) -> String {
        match self {
            Verdict::Above(gain) => format!("{name} lies {} points above it", accuracy(gain)),
            Verdict::Below(gain) => format!("{name} lies {} points below it", accuracy(&reversed(gain))),
            Verdict::Unclear(gain) => {
                // The interval is of this comparison alone, the test of all.
                let among = if gain.interval.contains(0.0) { "" } else { " among so many comparisons" };
                format!("{name} differs by {} points, which cannot be told from no difference{among}", signed(gain))
            }
            Verdict::Unknown => format!("{name} was asked no question in common with it"),
        }
    }
}

/// `+1.2 [−0.5, 2.9]`
pub(super) fn signed(gain: &Estimate) -> String {
    if gain.value > 0.0 { format!("+{}", accuracy(gain)) } else { accuracy(gain) }
}

/// The same difference seen from the other side.
pub(super) fn reversed(gain: &Estimate) -> Estimate {
    let interval = Interval { low: -gain.interval.high, high: -gain.interval.low };
    Estimate { value: -gain.value, interval, ..*gain }
}
