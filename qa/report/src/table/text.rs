//! The table for a terminal: columns aligned, wide tables in several blocks.

use crate::number_format::{accuracy, count, difference, percent};
use crate::statistics::Scores;
use crate::table::AccuracyTable;

/// Columns of characters a line may take before the rest of the table moves to a block of its own.
const MAX_WIDTH: usize = 132;
const GAP: &str = "  ";

impl AccuracyTable {
    /// The table as plain text, lines ending in `\n`.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n\n", self.headline());
        if self.rows.is_empty() {
            return text;
        }
        text.push_str(&blocks(&self.cells()));
        if !self.differences.is_empty() {
            text.push_str("\nDifferences on the same questions, percentage points [95 % interval]\n\n");
            text.push_str(&blocks(&self.difference_cells()));
        }
        text
    }

    /// What the figures are.
    pub(crate) fn headline(&self) -> String {
        if self.num_episodes == 0 {
            return "No questions were answered.".into();
        }
        let episodes = if self.num_episodes == 1 { "episode" } else { "episodes" };
        format!("Accuracy in % [95 % interval], {} {episodes} in rooms never trained on", count(self.num_episodes))
    }

    /// Rows of cells, the first row and the first column being heads.
    pub(super) fn cells(&self) -> Vec<Vec<String>> {
        let mut head = vec![String::new()];
        let mut questions = vec!["questions".to_owned()];
        let mut chance = vec!["chance".to_owned()];
        for column in &self.columns {
            head.push(column.name.clone());
            questions.push(if column.min_questions == column.max_questions {
                count(column.max_questions)
            } else {
                format!("{} to {}", count(column.min_questions), count(column.max_questions))
            });
            chance.push(percent(column.chance));
        }
        head.push("mean".into());
        let totals: Vec<u64> =
            self.rows.iter().map(|row| row.scores.mean.map_or(0, |mean| mean.num_questions)).collect();
        let (min, max) = (totals.iter().min().copied().unwrap_or(0), totals.iter().max().copied().unwrap_or(0));
        questions.push(if min == max { count(max) } else { format!("{} to {}", count(min), count(max)) });
        chance.push(self.mean_chance().map_or_else(no_figure, percent));
        let mut cells = vec![head, questions, chance];
        cells.extend(self.rows.iter().map(|row| cells_of(&row.name, &row.scores, accuracy)));
        cells
    }

    /// The same for the differences.
    pub(super) fn difference_cells(&self) -> Vec<Vec<String>> {
        let mut head = vec![String::new()];
        head.extend(self.columns.iter().map(|column| column.name.clone()));
        head.push("mean".into());
        let mut cells = vec![head];
        cells.extend(self.differences.iter().map(|line| cells_of(&line.title(), &line.scores, difference)));
        cells
    }

    /// Chance of the mean over the templates that have questions.
    pub(crate) fn mean_chance(&self) -> Option<f64> {
        let asked: Vec<f64> =
            self.columns.iter().filter(|column| column.max_questions > 0).map(|column| column.chance).collect();
        (!asked.is_empty()).then(|| asked.iter().sum::<f64>() / asked.len() as f64)
    }
}

impl super::Difference {
    /// `simcore − lstm`
    pub fn title(&self) -> String {
        format!("{} \u{2212} {}", self.name, self.baseline)
    }
}

fn cells_of(name: &str, scores: &Scores, print: fn(&crate::Estimate) -> String) -> Vec<String> {
    let mut cells = vec![name.to_owned()];
    cells.extend(scores.templates.iter().chain([&scores.mean]).map(|e| e.as_ref().map_or_else(no_figure, print)));
    cells
}

/// What stands where there is nothing to give.
pub(crate) fn no_figure() -> String {
    "\u{2013}".into()
}

/// Lays out cells: the first column to the left and repeated in every block, the others to the right.
fn blocks(cells: &[Vec<String>]) -> String {
    let num_columns = cells.first().map_or(0, Vec::len);
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    let mut next = 1;
    while next < num_columns {
        let (first, mut total) = (next, width(0));
        while next < num_columns && (next == first || total + GAP.len() + width(next) <= MAX_WIDTH) {
            total += GAP.len() + width(next);
            next += 1;
        }
        if first > 1 {
            text.push('\n');
        }
        for (index, row) in cells.iter().enumerate() {
            let mut line = format!("{:<1$}", row[0], width(0));
            for (column, cell) in row.iter().enumerate().take(next).skip(first) {
                line.push_str(&format!("{GAP}{cell:>0$}", width(column)));
            }
            text.push_str(line.trim_end());
            text.push('\n');
            if index == 0 {
                text.push_str(&"\u{2500}".repeat(total));
                text.push('\n');
            }
        }
    }
    text
}
