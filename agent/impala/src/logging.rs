//! What is logged every few updates: one line of metrics, and the same series for TensorBoard.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::learner::Learner;
use crate::metrics::MetricsFile;
use crate::{FileError, TensorBoard, TrainError, TrainHooks, TrainSetup};

/// Where the learner's figures go.
#[derive(Debug)]
pub(crate) struct RunLog {
    metrics: MetricsFile,
    tensorboard: Option<TensorBoard>,
    /// When the last line was logged, and the frames it stood for.
    since: (Instant, u64),
    last: BTreeMap<String, f64>,
}

impl RunLog {
    /// Goes on behind the checkpoint that training resumes from; what was logged after it no longer counts.
    pub(crate) fn resume(setup: &TrainSetup<'_>) -> Result<Self, FileError> {
        let resumed = setup.resume.as_ref().map(|checkpoint| checkpoint.frames);
        let update = setup.resume.as_ref().map_or(0, |checkpoint| checkpoint.update);
        let is_wanted = setup.training.tensorboard;
        Ok(Self {
            metrics: MetricsFile::resume(&setup.run.metrics_path(), update)?,
            tensorboard: is_wanted.then(|| TensorBoard::begin(&setup.run.tensorboard_path(), resumed)).transpose()?,
            since: (Instant::now(), resumed.unwrap_or(0)),
            last: BTreeMap::new(),
        })
    }

    pub(crate) fn tensorboard(&self) -> Option<&TensorBoard> {
        self.tensorboard.as_ref()
    }

    /// Makes what is logged survive a power cut.
    pub(crate) fn sync(&self) -> Result<(), FileError> {
        self.metrics.sync()
    }

    /// Logs `series` with the rate since the line before.
    fn append(
        &mut self,
        update: u64,
        frames: u64,
        seconds: f64,
        mut series: BTreeMap<String, f64>,
    ) -> Result<(), FileError> {
        let (since, before) = std::mem::replace(&mut self.since, (Instant::now(), frames));
        let rate = frames.saturating_sub(before) as f64 / since.elapsed().as_secs_f64().max(1e-9);
        series.insert("frames_per_second".into(), rate);
        self.metrics.append(update, frames, seconds, &series)?;
        if let Some(tensorboard) = &self.tensorboard {
            tensorboard.scalars(frames, &series)?;
        }
        self.last = series;
        Ok(())
    }
}

impl Learner {
    /// Logs what there was since the last line, if a line is due. Returns the last line there is.
    pub(crate) fn log(
        &mut self,
        setup: &TrainSetup<'_>,
        hooks: &mut dyn TrainHooks,
    ) -> Result<&BTreeMap<String, f64>, TrainError> {
        let is_due = self.update.is_multiple_of(setup.training.log_interval);
        if is_due || self.update == setup.training.num_updates() {
            let mut series = self.averages.take();
            series.extend(hooks.metrics());
            let seconds = self.seconds();
            self.log.append(self.update, self.frames, seconds, series)?;
        }
        Ok(&self.log.last)
    }
}
