//! A rate as the median of several runs.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use serde::Serialize;

/// How often something was done in a second.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Rate {
    /// What was done.
    pub(super) name: String,
    /// What is counted.
    pub(super) unit: &'static str,
    /// Of the runs.
    pub(super) median: f64,
    /// Of the runs.
    pub(super) min: f64,
    /// Of the runs.
    pub(super) max: f64,
    /// Each run, in order.
    pub(super) runs: Vec<f64>,
}

/// How long is measured, and how often.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// Of one run.
    pub(super) seconds: f64,
    /// At least 1.
    pub(super) runs: u32,
}

/// The first moments pay for memory that is touched for the first time.
const WARM_UP: Duration = Duration::from_millis(100);

impl Rate {
    pub(super) fn of(name: &str, unit: &'static str, runs: Vec<f64>) -> Self {
        let mut sorted = runs.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        let last = sorted.len().saturating_sub(1);
        let median = 0.5 * (at(last / 2) + at(sorted.len() / 2));
        Self { name: name.into(), unit, median, min: at(0), max: at(last), runs }
    }
}

impl Clock {
    pub(super) fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// Calls `work`, which returns how many of `unit` it did, for the time of each run.
    pub(super) fn rate(&self, name: &str, unit: &'static str, work: &mut dyn FnMut() -> Result<u64>) -> Result<Rate> {
        let mut once = |time: Duration| -> Result<f64> {
            let (start, mut done) = (Instant::now(), 0);
            loop {
                done += work()?;
                let elapsed = start.elapsed();
                if elapsed >= time {
                    return Ok(done as f64 / elapsed.as_secs_f64().max(1e-9));
                }
            }
        };
        once(self.time().min(WARM_UP))?;
        let runs = (0..self.runs).map(|_| once(self.time())).collect::<Result<Vec<f64>>>()?;
        Ok(Rate::of(name, unit, runs))
    }

    /// The same of all workers together, each on a thread of its own.
    pub(super) fn rate_of_threads<W: FnMut() -> Result<u64> + Send>(
        &self,
        name: &str,
        unit: &'static str,
        workers: &mut [W],
    ) -> Result<Rate> {
        let mut once = |time: Duration| -> Result<f64> {
            let (is_over, begin) = (AtomicBool::new(false), Barrier::new(workers.len() + 1));
            let (is_over, begin) = (&is_over, &begin);
            std::thread::scope(|scope| {
                let threads: Vec<_> = workers
                    .iter_mut()
                    .map(|work| {
                        scope.spawn(move || -> Result<u64> {
                            begin.wait();
                            let mut done = 0;
                            while !is_over.load(Ordering::Relaxed) {
                                done += work()?;
                            }
                            Ok(done)
                        })
                    })
                    .collect();
                begin.wait();
                let start = Instant::now();
                std::thread::sleep(time);
                is_over.store(true, Ordering::Relaxed);
                let elapsed = start.elapsed().as_secs_f64();
                let mut done = 0;
                for thread in threads {
                    done += thread.join().map_err(|_| anyhow!("a thread of the benchmark has panicked"))??;
                }
                Ok(done as f64 / elapsed.max(1e-9))
            })
        };
        once(self.time().min(WARM_UP))?;
        let runs = (0..self.runs).map(|_| once(self.time())).collect::<Result<Vec<f64>>>()?;
        Ok(Rate::of(name, unit, runs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let rate = Rate::of("x", "steps", vec![3.0, 1.0, 2.0]);
        assert_eq!((rate.median, rate.min, rate.max, rate.runs), (2.0, 1.0, 3.0, vec![3.0, 1.0, 2.0]));
        assert_eq!(Rate::of("x", "steps", vec![3.0, 1.0, 2.0, 5.0]).median, 2.5);
    }

    #[test]
    fn threads_count_together() {
        let clock = Clock { seconds: 0.01, runs: 3 };
        let mut workers = [1_u64, 2].map(|done| {
            move || {
                std::thread::sleep(Duration::from_micros(100));
                Ok(done)
            }
        });
        let rate = clock.rate_of_threads("x", "steps", &mut workers).unwrap();
        assert!(rate.runs.len() == 3 && rate.min > 0.0);
        let mut failing = [|| Err(anyhow!("broken"))];
        assert_eq!(clock.rate_of_threads("x", "steps", &mut failing).unwrap_err().to_string(), "broken");
    }
}
