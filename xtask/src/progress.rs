//! How far a long step is: a bar on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Lines written over the whole length when there is no terminal.
const NUM_LINES: u64 = 5;
/// Shorter steps, in bytes, write no lines.
const WORTH_A_LINE: u64 = 50_000_000;

/// The progress of one step, measured in bytes.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    label: String,
    total: u64,
    lines_written: u64,
}

impl Progress {
    /// Begins a step of `total` bytes.
    pub fn of_bytes(label: &str, total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total);
            if let Ok(style) =
                ProgressStyle::with_template("  {msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}")
            {
                bar.set_style(style);
            }
            bar.with_message(label.to_owned())
        });
        Self { bar, label: label.to_owned(), total, lines_written: 0 }
    }

    /// Says that `done` bytes of the total are done.
    pub fn set(&mut self, done: u64) {
        let done = done.min(self.total);
        match &self.bar {
            Some(bar) => bar.set_position(done),
            None if self.total < WORTH_A_LINE => {}
            None => {
                let due = done * NUM_LINES / self.total.max(1);
                if due > self.lines_written {
                    self.lines_written = due;
                    eprintln!("  {}: {} of {} MB", self.label, done / 1_000_000, self.total / 1_000_000);
                }
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
