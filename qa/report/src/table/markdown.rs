//! The table for a Markdown page.

use crate::table::AccuracyTable;
use crate::table::cells::Cells;

impl AccuracyTable {
    /// The table as Markdown, lines ending in `\n`; seeds of one variant are one row.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("{}\n", self.headline());
        if !self.rows.is_empty() {
            text.push('\n');
            text.push_str(&pipes(&self.cells(false)));
            for note in self.notes() {
                text.push_str(&format!("\n{}\n", escape(&note)));
            }
        }
        if !self.differences.is_empty() {
            text.push_str("\nDifferences on the same questions, percentage points [95 % interval]\n\n");
            text.push_str(&pipes(&self.difference_cells()));
            text.push_str(&format!("\n{}\n", self.notes_on_differences()));
        }
        text
    }
}

pub(super) fn pipes(cells: &Cells) -> String {
    let mut text = String::from("| |");
    for column in &cells.columns {
        text.push_str(&format!(" {} |", escape(column)));
    }
    text.push_str(&format!("\n|---|{}\n", "---:|".repeat(cells.columns.len())));
    for (name, row) in &cells.rows {
        text.push_str(&format!("| {} |", escape(name)));
        for cell in row {
            let gap = if cell.interval.is_empty() { "" } else { " " };
            text.push_str(&format!(" {}{gap}{} |", cell.figure, cell.interval));
        }
        text.push('\n');
    }
    text
}

/// Names come from configs; none may end a cell, or begin a tag, a link or a change of type.
pub(super) fn escape(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '&' => text.extend(['\\', character]),
            '\n' | '\r' => text.push(' '),
            _ => text.push(character),
        }
    }
    text
}
