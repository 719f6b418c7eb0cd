//! What `groundling train` does while training runs: the progress line, further series, the probe's place in checkpoints,
//! and TensorBoard's texts and pictures.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Result;
use groundling_impala::{Checkpoint, CheckpointFiles, Progress, TensorBoard, TrainHooks};

use crate::complain;
use crate::config::Config;
use crate::episode_visits::EpisodeVisits;
use crate::host::Host;
use crate::memory::resident_bytes;
use crate::online_probe::{FILE, ProbeBeside};
use crate::painter::Painter;
use crate::progress::{Pace, ProgressLine};

/// The hooks of one process.
pub(crate) struct Hooks<'a> {
    config: &'a Config,
    visits: EpisodeVisits,
    beside: Option<&'a ProbeBeside>,
    /// What goes into every checkpoint unless something newer replaces it.
    kept: CheckpointFiles,
    /// Frames of the checkpoint that training goes on from.
    resumed: Option<u64>,
    stop: Arc<AtomicBool>,
    line: ProgressLine,
    pace: Pace,
    painter: Option<Painter>,
    /// Checkpoints since the last picture.
    unpainted: u64,
}

impl<'a> Hooks<'a> {
    /// `title` names the progress line; `resume` is the checkpoint that training goes on from; `stop` is set to end
    /// training.
    pub(crate) fn new(
        config: &'a Config,
        title: &str,
        visits: EpisodeVisits,
        beside: Option<&'a ProbeBeside>,
        resume: Option<&Checkpoint>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self {
            config,
            visits,
            beside,
            // A probe that is not asked for now stays as it was, for the time when it is.
            kept: resume.map_or_else(CheckpointFiles::default, |checkpoint| checkpoint.files.clone()),
            resumed: resume.map(|checkpoint| checkpoint.frames),
            stop,
            line: ProgressLine::new(title),
            pace: Pace::default(),
            painter: None,
            unpainted: 0,
        }
    }

    /// Ends the progress line, and waits for the last picture.
    pub(crate) fn finish(mut self) {
        self.line.finish();
        if let Some(painter) = self.painter.take() {
            painter.finish();
        }
    }

    /// What TensorBoard tells of the run itself.
    fn describe_run(&self, board: &TensorBoard) -> Result<()> {
        let frames = self.resumed.unwrap_or(0);
        // Again where a run goes on: some settings may have changed.
        board.text(frames, "config", &format!("```toml\n{}```\n", self.config.to_toml()?))?;
        let Host { name, processor, cores, version, .. } = Host::find()?;
        let seed = self.config.seed;
        let rows = [
            ("groundling", version.to_string()),
            ("seed", seed.to_string()),
            ("host", name),
            ("processor", format!("{processor}, {cores} cores")),
        ];
        let rows: String = rows.iter().map(|(name, value)| format!("| {name} | {value} |\n")).collect();
        Ok(board.text(frames, "session", &format!("| | |\n|---|---|\n{rows}"))?)
    }
}

impl TrainHooks for Hooks<'_> {
    fn begun(&mut self, tensorboard: Option<&TensorBoard>) {
        let Some(board) = tensorboard else { return };
        if let Err(error) = self.describe_run(board) {
            complain!("warning: TensorBoard will lack the settings: {error:#}");
        }
        if self.config.training.picture_interval > 0 {
            match Painter::start(self.config.clone(), board.clone(), Arc::clone(&self.stop)) {
                Ok(painter) => self.painter = Some(painter),
                Err(error) => complain!("warning: TensorBoard will lack pictures: {error:#}"),
            }
        }
    }

    fn progress(&mut self, progress: &Progress) {
        self.pace.note(progress.frames);
        let rate = self.pace.per_second();
        self.line.show(progress.update, progress.num_updates, || describe(progress, rate));
    }

    fn metrics(&mut self) -> BTreeMap<String, f64> {
        let mut series = self.beside.map(ProbeBeside::metrics).unwrap_or_default();
        series.extend(self.visits.take_mean().map(|mean| ("episode/visits".to_string(), mean)));
        // Where the system does not tell, the series is not there.
        let resident = resident_bytes().ok().map(|bytes| bytes as f64 / f64::from(1 << 20));
        series.extend(resident.map(|mebibytes| ("memory/resident_mib".to_string(), mebibytes)));
        series
    }

    fn files(&mut self) -> CheckpointFiles {
        let mut files = self.kept.clone();
        match self.beside.map(ProbeBeside::bytes) {
            Some(Ok(bytes)) => drop(files.insert(FILE.into(), bytes)),
            // The agent's training is worth more than its probe's: it goes on, and says so.
            Some(Err(error)) => complain!("warning: the online probe is not in this checkpoint: {error:#}"),
            None => {}
        }
        files
    }

    fn saved(&mut self, checkpoint: &Checkpoint) {
        let Some(painter) = &self.painter else { return };
        self.unpainted += 1;
        if self.unpainted >= self.config.training.picture_interval {
            self.unpainted = 0;
            painter.order(checkpoint.frames, &checkpoint.agent);
        }
    }
}

/// Frames, their rate, and the last line of metrics as far as a person watches it.
fn describe(progress: &Progress, rate: Option<f64>) -> String {
    let rate = rate.map_or_else(String::new, |rate| format!(", {rate:.0} frames/s"));
    let of = |name: &str| progress.metrics.get(name);
    let first = [("episode/visits", "visits"), ("episode/return", "return"), ("probe/accuracy/mean", "probe accuracy")];
    let first = first.iter().filter_map(|(name, short)| Some((*short, of(name)?)));
    let losses = progress.metrics.iter().filter_map(|(name, value)| Some((name.strip_prefix("loss/")?, value)));
    let told: String = first.chain(losses).map(|(name, value)| format!(", {name} {value:.3}")).collect();
    format!("{} frames{rate}{told}", progress.frames)
}

#[cfg(test)]
mod tests {
    use groundling_impala::SecondsSpent;

    use super::*;

    #[test]
    fn a_probe_that_is_not_trained_now_stays_in_the_checkpoints() {
        let kept = CheckpointFiles::from([(FILE.to_string(), vec![1, 2, 3])]);
        let config = Config::default();
        let mut hooks = Hooks::new(&config, "training", EpisodeVisits::default(), None, None, Arc::default());
        hooks.kept = kept.clone();
        assert_eq!(hooks.files(), kept);
    }

    #[test]
    fn the_progress_line_tells_what_a_person_watches() {
        let metrics =
            [("loss/policy", 0.25), ("gradient_norm/all", 3.0), ("episode/visits", 2.5), ("probe/accuracy/mean", 0.4)];
        let metrics = metrics.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
        let progress =
            Progress { update: 1, num_updates: 2, frames: 800, seconds: 1.0, metrics, spent: SecondsSpent::default() };
        let line = describe(&progress, Some(1234.4));
        assert_eq!(line, "800 frames, 1234 frames/s, visits 2.500, probe accuracy 0.400, policy 0.250");
        let fresh = Progress { metrics: BTreeMap::new(), ..progress };
        assert_eq!(describe(&fresh, None), "800 frames");
    }
}
