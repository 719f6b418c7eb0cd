//! The table for a terminal: columns aligned, wide tables in several blocks.

use crate::table::AccuracyTable;
use crate::table::cells::Cells;

/// Columns of characters a line may take before the rest of the table moves to a block of its own.
const MAX_WIDTH: usize = 132;
const GAP: &str = "   ";

impl AccuracyTable {
    /// The table as plain text, lines ending in `\n`; seeds of one variant are one row.
    pub fn to_text(&self) -> String {
        self.text(false)
    }

    /// The same, with a line for each seed below its row.
    pub fn to_text_with_seeds(&self) -> String {
        self.text(true)
    }

    fn text(&self, with_seeds: bool) -> String {
        let mut text = format!("{}\n", self.headline());
        if !self.rows.is_empty() {
            text.push('\n');
            text.push_str(&blocks(&self.cells(with_seeds)));
            for note in self.notes() {
                text.push_str(&format!("{note}\n"));
            }
        }
        if !self.differences.is_empty() {
            text.push_str("\nDifferences on the same questions, percentage points [95 % interval]\n\n");
            text.push_str(&blocks(&self.difference_cells()));
            text.push_str(&format!("{}\n", self.notes_on_differences()));
        }
        text
    }
}

/// One column laid out: its head, and a line a row, all of the same width.
struct Column {
    head: String,
    lines: Vec<String>,
    width: usize,
}

impl Column {
    /// Figures stand to the right of their place, and their intervals after them.
    fn new(cells: &Cells, index: usize) -> Self {
        let num_chars = |text: &str| text.chars().count();
        let column = || cells.rows.iter().filter_map(|(_, row)| row.get(index));
        let figure_width = column().map(|cell| num_chars(&cell.figure)).max().unwrap_or(0);
        let lines: Vec<String> = column()
            .map(|cell| format!("{:>figure_width$} {}", cell.figure, cell.interval).trim_end().to_owned())
            .collect();
        let head = cells.columns.get(index).cloned().unwrap_or_default();
        let width = lines.iter().map(|line| num_chars(line)).chain([num_chars(&head)]).max().unwrap_or(0);
        Self { head, lines, width }
    }
}

pub(super) fn blocks(cells: &Cells) -> String {
    let name_width = cells.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let columns: Vec<Column> = (0..cells.columns.len()).map(|index| Column::new(cells, index)).collect();
    let mut text = String::new();
    let mut rest = columns.as_slice();
    while !rest.is_empty() {
        let mut total = name_width;
        let fitting = rest.iter().take_while(|column| {
            total += GAP.len() + column.width;
            total <= MAX_WIDTH
        });
        let (block, after) = rest.split_at(fitting.count().max(1));
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&block_text(cells, block, name_width));
        rest = after;
    }
    text
}

fn block_text(cells: &Cells, columns: &[Column], name_width: usize) -> String {
    let mut text = String::new();
    let mut push_line = |name: &str, parts: &mut dyn Iterator<Item = (&str, usize)>| {
        let mut line = format!("{name:<name_width$}");
        for (part, width) in parts {
            line.push_str(&format!("{GAP}{part:<width$}"));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    push_line("", &mut columns.iter().map(|column| (column.head.as_str(), column.width)));
    let rule = "\u{2500}".repeat(name_width + columns.iter().map(|column| GAP.len() + column.width).sum::<usize>());
    push_line(&rule, &mut std::iter::empty());
    for (index, (name, _)) in cells.rows.iter().enumerate() {
        let line = |column: &'_ Column| column.lines.get(index).cloned().unwrap_or_default();
        let lines: Vec<(String, usize)> = columns.iter().map(|column| (line(column), column.width)).collect();
        push_line(name, &mut lines.iter().map(|(line, width)| (line.as_str(), *width)));
    }
    text
}
