//! Windows of time over something that goes on by itself, such as training: how much was done in each, by the clock and by
//! the processor's time, which other programs on the machine disturb less.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use super::rate::{Clock, Rate};

/// Steps before the first window: the first ones pay for memory that is touched for the first time.
const WARM_UP_STEPS: u64 = 3;
/// Longest warm-up behind these steps.
const WARM_UP: Duration = Duration::from_secs(2);

/// A moment of this process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) at: Instant,
    /// Seconds of processor time of all threads so far.
    pub(super) processor_seconds: f64,
}

impl Moment {
    pub(super) fn now() -> Self {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        Self { at: Instant::now(), processor_seconds: time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64 }
    }
}

/// Counts frames by windows.
pub(super) struct Windows {
    clock: Clock,
    begun: Instant,
    steps: u64,
    /// Beginning of the window that is under way; none before the first.
    window: Option<Moment>,
    frames: u64,
    by_clock: Vec<f64>,
    by_processor: Vec<f64>,
    cores: Vec<f64>,
}

impl Windows {
    pub(super) fn new(clock: Clock) -> Self {
        let (by_clock, by_processor, cores) = (Vec::new(), Vec::new(), Vec::new());
        Self { clock, begun: Instant::now(), steps: 0, window: None, frames: 0, by_clock, by_processor, cores }
    }

    /// So many more frames are done; breaks when all windows are measured.
    pub(super) fn note(&mut self, frames: u64) -> ControlFlow<()> {
        self.note_at(Moment::now(), frames)
    }

    fn note_at(&mut self, now: Moment, frames: u64) -> ControlFlow<()> {
        self.steps += 1;
        let Some(window) = self.window else {
            let warm_up = self.clock.time().min(WARM_UP);
            if self.steps >= WARM_UP_STEPS && now.at.duration_since(self.begun) >= warm_up {
                self.window = Some(now);
            }
            return ControlFlow::Continue(());
        };
        self.frames += frames;
        let seconds = now.at.duration_since(window.at).as_secs_f64();
        if seconds >= self.clock.seconds {
            let processor_seconds = (now.processor_seconds - window.processor_seconds).max(1e-9);
            self.by_clock.push(self.frames as f64 / seconds.max(1e-9));
            self.by_processor.push(self.frames as f64 / processor_seconds);
            self.cores.push(processor_seconds / seconds.max(1e-9));
            (self.window, self.frames) = (Some(now), 0);
        }
        if self.by_clock.len() < self.clock.runs as usize { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// Whether the first window has begun.
    pub(super) fn have_begun(&self) -> bool {
        self.window.is_some()
    }

    /// Frames a second, frames a second of processor time, and how many cores were busy.
    pub(super) fn rates(self, name: &str) -> Measurement {
        Measurement {
            frames: Rate::of(name, "frames", self.by_clock),
            frames_per_processor_second: Rate::of(name, "frames", self.by_processor),
            busy_cores: Rate::of(name, "cores", self.cores),
        }
    }
}

/// What was done in each window.
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct Measurement {
    pub(super) frames: Rate,
    pub(super) frames_per_processor_second: Rate,
    pub(super) busy_cores: Rate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_begin_behind_the_warm_up_and_end_when_they_are_full() {
        let mut windows = Windows::new(Clock { seconds: 10.0, runs: 2 });
        let start = windows.begun;
        let at = |seconds: u64| {
            // One core and a half is busy.
            Moment { at: start + Duration::from_secs(seconds), processor_seconds: 1.5 * seconds as f64 }
        };
        // The first steps are slow; what they did does not count.
        let steps = [(30, 999), (60, 999), (90, 999), (95, 50), (100, 50), (104, 100), (110, 300)];
        let ends = steps.map(|(seconds, frames)| windows.note_at(at(seconds), frames).is_break());
        assert_eq!(ends, [false, false, false, false, false, false, true]);
        let rates = windows.rates("x");
        assert_eq!(rates.frames.runs, [10.0, 40.0]);
        assert_eq!(rates.busy_cores.runs, [1.5, 1.5]);
        assert!((rates.frames_per_processor_second.median - 25.0 / 1.5).abs() < 1e-9);
    }

    #[test]
    fn processor_time_passes_while_something_is_computed() {
        let before = Moment::now();
        let mut sum = 0_u64;
        while before.at.elapsed() < Duration::from_millis(20) {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(Moment::now().processor_seconds > before.processor_seconds);
    }
}
