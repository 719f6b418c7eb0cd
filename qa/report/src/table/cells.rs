//! The table as cells of text, shared by its plain and its Markdown form.

use crate::number_format::{count, p_value, percent, percent_interval, signed_percent};
use crate::statistics::{Estimate, FEWEST_QUESTIONS, PairedTest};
use crate::table::{AccuracyTable, LongGaps, Scores};

/// What stands where there is nothing to give.
const NO_FIGURE: &str = "\u{2013}";
pub(super) const MEAN: &str = "mean";
pub(super) const LONG_GAPS: &str = "long gaps";

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
    /// The accuracies, the mean first; with a line for each seed of a row that has several where `with_seeds` says so.
    pub(super) fn cells(&self, with_seeds: bool) -> Cells {
        let has_seeds = self.rows.iter().any(|row| row.seeds.len() > 1);
        let has_selectivity = self.rows.iter().any(|row| row.selectivity.is_some());
        let extra = [has_seeds.then_some("mean of each seed"), has_selectivity.then_some("selectivity")];
        let extra: Vec<String> = extra.into_iter().flatten().map(str::to_owned).collect();
        let mut columns = vec![MEAN.to_owned(), LONG_GAPS.to_owned()];
        columns.extend(self.columns.iter().map(|column| column.name.clone()));
        let mut rows = vec![("questions".to_owned(), self.questions()), ("chance".to_owned(), self.chances())];
        for row in &self.rows {
            let mut of_row = Vec::new();
            if has_seeds {
                let each = row.seeds.iter().filter_map(|seed| seed.scores.mean.map(|mean| percent(mean.value)));
                let has_several = row.seeds.len() > 1;
                of_row.push(plain(if has_several { each.collect::<Vec<_>>().join(", ") } else { String::new() }));
            }
            if has_selectivity {
                of_row.push(plain(row.selectivity.map_or_else(String::new, |found| percent(found.value))));
            }
            rows.push((row.name.clone(), [cells_of(&row.scores, percent), of_row].concat()));
            if with_seeds && row.seeds.len() > 1 {
                rows.extend(row.seeds.iter().map(|seed| (format!("  {}", seed.name), cells_of(&seed.scores, percent))));
            }
        }
        // What is of the whole row stands before its templates.
        let num_columns = columns.len();
        columns.splice(2..2, extra.iter().cloned());
        for (_, row) in &mut rows {
            row.resize(num_columns + extra.len(), Cell::default());
            row[2..].rotate_right(extra.len());
        }
        Cells { columns, rows }
    }

    /// The differences of the means and at long gaps, each with its p-values.
    pub(super) fn difference_cells(&self) -> Cells {
        let columns = [MEAN, "p", "Holm", LONG_GAPS, "p", "Holm"].map(str::to_owned).to_vec();
        let rows = self.differences.iter().map(|line| {
            let of_mean =
                [cell(line.scores.mean.as_ref(), signed_percent)].into_iter().chain(p_values(line.tests.mean));
            let at_long_gaps = [cell(line.scores.long_gaps.as_ref(), signed_percent)].into_iter();
            (line.title(), of_mean.chain(at_long_gaps.chain(p_values(line.tests.long_gaps))).collect())
        });
        Cells { columns, rows: rows.collect() }
    }

    /// What the columns mean that do not say so themselves; a line an entry.
    pub(super) fn notes(&self) -> Vec<String> {
        let LongGaps { steps, answers, .. } = &self.long_gaps;
        let counting: Vec<&str> = (self.columns.iter().zip(answers))
            .filter(|(_, answers)| !answers.is_empty())
            .map(|(column, _)| column.name.as_str())
            .collect();
        let evidence = format!("questions whose evidence was last in view {steps} or more steps before");
        let over = match &counting[..] {
            [] => None,
            all if all.len() == self.columns.len() => Some("all templates".to_owned()),
            some => Some(some.join(", ")),
        };
        let balanced = format!(
            "balanced accuracy (every right answer that has {FEWEST_QUESTIONS} such questions of every row weighs the same)"
        );
        let long_gaps = match over {
            None => format!("{LONG_GAPS}: too few answers have {FEWEST_QUESTIONS} {evidence} of every row"),
            Some(over) => format!("{LONG_GAPS}: {evidence}; {balanced}, mean over {over}"),
        };
        let mut notes = vec![long_gaps];
        if self.is_balanced {
            notes.push(format!("{MEAN} and templates: {balanced}"));
        }
        if self.rows.iter().any(|row| row.selectivity.is_some()) {
            let control = "the same decoder's accuracy on random answers that depend on the question's words only";
            notes.push(format!("selectivity: accuracy less {control}"));
        }
        notes
    }

    /// What the p-values are.
    pub(super) fn notes_on_differences(&self) -> String {
        let over_seeds = self.rows.iter().any(|row| row.seeds.len() > 1);
        let over_seeds = if over_seeds { "; t-test over seeds and episodes where a row has several seeds" } else { "" };
        let num = self.differences.len();
        let is_of_one = self.differences.windows(2).all(|pair| pair[0].decoder == pair[1].decoder);
        let family =
            if is_of_one { format!("the {num} of this column") } else { "those of a column and a decoder".into() };
        format!(
            "p: of so large a difference between equal rows (McNemar's test clustered by episode{over_seeds}); Holm: corrected \
             for {family}"
        )
    }

    fn questions(&self) -> Vec<Cell> {
        let range = |min: u64, max: u64| {
            plain(if min == max { count(max) } else { format!("{} to {}", count(min), count(max)) })
        };
        let seeds = || self.rows.iter().flat_map(|row| &row.seeds);
        let totals = || seeds().map(|seed| seed.scores.mean.map_or(0, |mean| mean.num_questions));
        let mut cells = vec![
            range(totals().min().unwrap_or(0), totals().max().unwrap_or(0)),
            range(self.long_gaps.min_questions, self.long_gaps.max_questions),
        ];
        cells.extend(self.columns.iter().map(|column| range(column.min_questions, column.max_questions)));
        cells
    }

    fn chances(&self) -> Vec<Cell> {
        let chance = |chance: Option<f64>| plain(chance.map_or_else(|| NO_FIGURE.into(), percent));
        let of_columns = self.columns.iter().map(|column| Some(column.chance));
        [self.mean_chance(), self.long_gaps.chance].into_iter().chain(of_columns).map(chance).collect()
    }
}

pub(super) fn plain(figure: String) -> Cell {
    Cell { figure, interval: String::new() }
}

fn cells_of(scores: &Scores, print: fn(f64) -> String) -> Vec<Cell> {
    [&scores.mean, &scores.long_gaps]
        .into_iter()
        .chain(&scores.templates)
        .map(|found| cell(found.as_ref(), print))
        .collect()
}

pub(super) fn cell(estimate: Option<&Estimate>, print: fn(f64) -> String) -> Cell {
    match estimate {
        Some(estimate) => Cell { figure: print(estimate.value), interval: percent_interval(&estimate.interval) },
        None => plain(NO_FIGURE.into()),
    }
}

fn p_values(test: Option<PairedTest>) -> [Cell; 2] {
    let cell = |p: Option<f64>| plain(p.map_or_else(|| NO_FIGURE.into(), p_value));
    [cell(test.map(|test| test.p_value)), cell(test.and_then(|test| test.p_holm))]
}
