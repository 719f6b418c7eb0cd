//! Progress: a bar on a terminal, a plain line now and then elsewhere; both tell the time left.

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::complain;

/// Seconds between two plain lines.
const INTERVAL: Duration = Duration::from_secs(15);
/// All bars of the process, a line each: several things may be under way at a time.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);
static NUM_BARS: AtomicUsize = AtomicUsize::new(0);

/// What "now" means when a rate is told.
const RECENT: Duration = Duration::from_secs(60);

/// How fast something goes now: over the last minute, not since the start, so that a slow start, a pause or another load
/// of the machine does not spoil what is told for hours.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    marks: VecDeque<(Instant, u64)>,
}

impl Pace {
    /// `done` is reached now.
    pub(crate) fn note(&mut self, done: u64) {
        self.note_at(Instant::now(), done);
    }

    fn note_at(&mut self, now: Instant, done: u64) {
        self.marks.push_back((now, done));
        // One mark of before the last minute stays, so that what takes longer than that has a rate too.
        while self.marks.get(1).is_some_and(|(second, _)| now.duration_since(*second) >= RECENT) {
            self.marks.pop_front();
        }
    }

    /// How many a second; none before there are two marks.
    pub(crate) fn per_second(&self) -> Option<f64> {
        let ((since, before), (until, done)) = (self.marks.front()?, self.marks.back()?);
        let seconds = until.duration_since(*since).as_secs_f64();
        (seconds > 0.0).then(|| done.saturating_sub(*before) as f64 / seconds)
    }

    /// Until `total` is reached, at this pace.
    fn left(&self, total: u64) -> Option<Duration> {
        let rate = self.per_second().filter(|rate| *rate > 0.0)?;
        let missing = total.saturating_sub(self.marks.back()?.1) as f64;
        Duration::try_from_secs_f64(missing / rate).ok()
    }
}

/// Shows how far something has got.
pub(crate) struct ProgressLine {
    name: String,
    bar: Option<ProgressBar>,
    last: Instant,
    done: u64,
    pace: Pace,
}

impl ProgressLine {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{prefix} {bar:24} {percent}%  {wide_msg}");
            NUM_BARS.fetch_add(1, Ordering::Relaxed);
            let bar = BARS.add(ProgressBar::new(0).with_prefix(name.clone()));
            style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
        });
        Self { name, bar, last: Instant::now(), done: 0, pace: Pace::default() }
    }

    /// `done` of `total`; `message` is asked for only when it is shown.
    pub(crate) fn show(&mut self, done: u64, total: u64, message: impl FnOnce() -> String) {
        self.pace.note(done);
        let left = self.pace.left(total).filter(|_| done < total);
        let told = |message: String| match left {
            Some(left) => format!("{} left  {message}", in_words(left)),
            None => message,
        };
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
            bar.set_message(told(message()));
        } else if self.last.elapsed() >= INTERVAL || done == total {
            self.last = Instant::now();
            complain!("{}: {:.0} %  {}", self.name, 100.0 * done as f64 / total.max(1) as f64, told(message()));
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
            BARS.remove(&bar);
            NUM_BARS.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for ProgressLine {
    /// What ended with an error leaves no bar.
    fn drop(&mut self) {
        self.finish();
    }
}

/// Prints a line above the bars; false where there is no bar, or it could not be printed.
pub(crate) fn print_above_bars(line: &str) -> bool {
    NUM_BARS.load(Ordering::Relaxed) > 0 && BARS.println(line).is_ok()
}

/// As a person would say it: two units at most.
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {:02} s", seconds % 60),
        (..48, _) => format!("{hours} h {:02} min", minutes % 60),
        _ => format!("{} days {} h", hours / 24, hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_that_of_the_last_minute() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut pace = Pace::default();
        pace.note_at(at(0), 1_000);
        assert_eq!((pace.per_second(), pace.left(9_000)), (None, None));
        // Resumed at 1000; slow at first.
        pace.note_at(at(10), 1_010);
        assert_eq!(pace.per_second(), Some(1.0));
        for second in 11..=100 {
            pace.note_at(at(second), 1_010 + 100 * (second - 10));
        }
        assert_eq!(pace.per_second(), Some(100.0));
        assert_eq!(pace.left(20_010), Some(Duration::from_secs(100)));
        assert_eq!(pace.left(5), Some(Duration::ZERO));
        assert!(pace.marks.len() < 70);
        // Whatever takes longer than a minute has a rate too; what stands still has no end.
        pace.note_at(at(1_000), 10_010);
        assert_eq!(pace.per_second(), Some(0.0));
        assert_eq!(pace.left(20_010), None);
    }

    #[test]
    fn times_are_told_as_a_person_would() {
        let words = |seconds| in_words(Duration::from_secs(seconds));
        assert_eq!(words(59), "59 s");
        assert_eq!(words(61), "1 min 01 s");
        assert_eq!(words(3 * 3600 + 5 * 60 + 59), "3 h 05 min");
        assert_eq!(words(50 * 3600), "2 days 2 h");
    }
}
