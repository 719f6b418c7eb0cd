//! The table for a Markdown page.

use crate::table::AccuracyTable;

impl AccuracyTable {
    /// The table as Markdown, lines ending in `\n`.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("{}\n", self.headline());
        if !self.rows.is_empty() {
            text.push('\n');
            text.push_str(&pipes(&self.cells()));
        }
        if !self.differences.is_empty() {
            text.push_str("\nDifferences on the same questions, percentage points [95 % interval]\n\n");
            text.push_str(&pipes(&self.difference_cells()));
        }
        text
    }
}

fn pipes(cells: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (index, row) in cells.iter().enumerate() {
        text.push('|');
        for cell in row {
            text.push_str(&format!(" {} |", escape(cell)));
        }
        text.push('\n');
        if index == 0 {
            text.push_str("|---|");
            text.push_str(&"---:|".repeat(row.len().saturating_sub(1)));
            text.push('\n');
        }
    }
    text
}

/// Names come from configs; none may end a cell, begin a tag or a link.
fn escape(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    // Brackets of an interval stay readable: only what could become a link or a tag is escaped.
    for character in cell.chars() {
        match character {
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' => text.extend(['\\', character]),
            '\n' | '\r' => text.push(' '),
            _ => text.push(character),
        }
    }
    text
}
