//! Progress: a bar on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::complain;

/// Seconds between two plain lines.
const INTERVAL: Duration = Duration::from_secs(15);

/// Shows how far something has got.
pub(crate) struct ProgressLine {
    name: String,
    bar: Option<ProgressBar>,
    last: Instant,
    done: u64,
}

impl ProgressLine {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{prefix} {wide_bar} {percent}% {eta} left  {msg}");
            let bar = ProgressBar::new(0).with_prefix(name.clone());
            style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
        });
        Self { name, bar, last: Instant::now(), done: 0 }
    }

    /// `done` of `total`; `message` is asked for only when it is shown.
    pub(crate) fn show(&mut self, done: u64, total: u64, message: impl FnOnce() -> String) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
            bar.set_message(message());
        } else if self.last.elapsed() >= INTERVAL || done == total {
            self.last = Instant::now();
            complain!("{}: {:.0} %  {}", self.name, 100.0 * done as f64 / total.max(1) as f64, message());
        }
    }

    /// One more of `total`.
    pub(crate) fn add(&mut self, total: u64, message: impl FnOnce() -> String) {
        self.done += 1;
        self.show(self.done, total, message);
    }

    pub(crate) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
