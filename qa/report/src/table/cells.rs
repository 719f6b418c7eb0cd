//! The table as cells of text, shared by its plain and its Markdown form.

use crate::number_format::{count, percent, percent_interval, signed_percent};
use crate::statistics::Estimate;
use crate::table::{AccuracyTable, Scores};

/// What stands where there is nothing to give.
const NO_FIGURE: &str = "\u{2013}";

/// One cell: a figure, and its interval where it has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) figure: String,
    pub(super) interval: String,
}

/// Cells under a head; every row has a name, and as many cells as there are column names.
pub(super) struct Cells {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<(String, Vec<Cell>)>,
}

impl AccuracyTable {
    pub(super) fn cells(&self) -> Cells {
        let range = |min: u64, max: u64| {
            if min == max { count(max) } else { format!("{} to {}", count(min), count(max)) }
        };
        let totals = || self.rows.iter().map(|row| row.scores.mean.map_or(0, |mean| mean.num_questions));
        let mut questions: Vec<Cell> =
            self.columns.iter().map(|column| plain(range(column.min_questions, column.max_questions))).collect();
        questions.push(plain(range(totals().min().unwrap_or(0), totals().max().unwrap_or(0))));
        questions.push(plain(range(self.long_gaps.min_questions, self.long_gaps.max_questions)));
        let mut chance: Vec<Cell> = self.columns.iter().map(|column| plain(percent(column.chance))).collect();
        chance.push(plain(self.mean_chance().map_or_else(|| NO_FIGURE.into(), percent)));
        chance.push(plain(self.long_gaps.chance.map_or_else(|| NO_FIGURE.into(), percent)));
        let mut rows = vec![("questions".to_owned(), questions), ("chance".to_owned(), chance)];
        rows.extend(self.rows.iter().map(|row| (row.name.clone(), cells_of(&row.scores, percent))));
        Cells { columns: self.column_names(), rows }
    }

    pub(super) fn difference_cells(&self) -> Cells {
        let rows = self.differences.iter().map(|line| (line.title(), cells_of(&line.scores, signed_percent)));
        Cells { columns: self.column_names(), rows: rows.collect() }
    }

    fn column_names(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|column| column.name.clone())
            .chain(["mean".to_owned(), "long gaps".to_owned()])
            .collect()
    }
}

fn plain(figure: String) -> Cell {
    Cell { figure, interval: String::new() }
}

fn cells_of(scores: &Scores, print: fn(f64) -> String) -> Vec<Cell> {
    let cell = |estimate: &Option<Estimate>| match estimate {
        Some(estimate) => Cell { figure: print(estimate.value), interval: percent_interval(&estimate.interval) },
        None => plain(NO_FIGURE.into()),
    };
    scores.templates.iter().chain([&scores.mean, &scores.long_gaps]).map(cell).collect()
}
