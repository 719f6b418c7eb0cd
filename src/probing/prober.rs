//! Trains probes on examples, wherever these came from, and makes rows of what they answered.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::Result;
use groundling_belief::FrozenBelief;
use groundling_interface::derive_seed;
use groundling_probe::{
    OfflineProbe, OfflineProgress, ProbeConfig, ProbeError, ProbeExample, ProbeSpec, Reading, majority_outcomes,
    measure_selectivity, train_offline, with_other_beliefs,
};
use groundling_questions::QuestionVocabulary;
use groundling_report::{ProbedAgent, ProbedKind, Selectivity};
use tch::Device;

use super::side_by_side::side_by_side;
use super::{AskedOf, Examples, RowName};
use crate::complain;
use crate::failure::interrupted;
use crate::progress::ProgressLine;

/// What decides a probe besides its examples.
pub(crate) struct Prober<'a> {
    /// Settings of the probes.
    pub(crate) config: &'a ProbeConfig,
    /// Words of the questions and answers.
    pub(crate) vocabulary: &'a QuestionVocabulary,
    /// Seed of the measurement.
    pub(crate) seed: u64,
    /// How many trainings may run at a time, 1 or more.
    pub(crate) threads: usize,
    /// Set from outside to end early, which is then an error of exit code 130.
    pub(crate) stop: &'a AtomicBool,
}

/// A row of an agent, with the probes that read it.
pub(crate) struct Read {
    pub(crate) row: ProbedAgent,
    pub(crate) at_the_end: OfflineProbe,
    /// Where there is a timeline.
    pub(crate) any_time: Option<OfflineProbe>,
}

impl Prober<'_> {
    /// The seed of the probes' own parameters and batches.
    pub(crate) fn probe_seed(&self) -> u64 {
        derive_seed(self.seed, "probe", &[])
    }

    /// Trains a fresh probe and scores it once on the test examples.
    pub(crate) fn train(&self, name: &str, reading: Reading, examples: &Examples) -> Result<OfflineProbe> {
        let since = Instant::now();
        let spec = self.spec(reading, examples);
        let title = format!("probing {name}");
        let trained = self.watched(title, |watch| train_offline(spec, Device::Cpu, examples.data(), watch))?;
        let probe = trained.score(&examples.test)?;
        let (best, seconds) = (probe.best, since.elapsed().as_secs_f64());
        complain!("probed {name}: best of {} updates, {seconds:.0} s", best.updates);
        Ok(probe)
    }

    /// What the decoder could learn by itself from these examples; `answers` are those that each template is asked for.
    pub(crate) fn selectivity(&self, name: &str, examples: &Examples, answers: &[Vec<u16>]) -> Result<Selectivity> {
        let since = Instant::now();
        let (spec, data, test) = (self.spec(Reading::Belief, examples), examples.data(), &examples.test);
        let selectivity = self.watched(format!("control tasks of {name}"), |watch| {
            measure_selectivity(&spec, Device::Cpu, data, test, answers, watch)
        })?;
        complain!("control tasks of {name}: {:.0} s", since.elapsed().as_secs_f64());
        Ok(selectivity)
    }

    fn spec(&self, reading: Reading, examples: &Examples) -> ProbeSpec {
        ProbeSpec {
            config: self.config.clone(),
            vocabulary: self.vocabulary.clone(),
            belief_size: examples.train.first().and_then(ProbeExample::belief).map_or(0, FrozenBelief::size),
            reading,
            seed: self.probe_seed(),
        }
    }

    /// Shows how far a training has got, and ends it when asked to stop.
    fn watched<T>(
        &self,
        title: String,
        train: impl FnOnce(&mut dyn FnMut(OfflineProgress) -> ControlFlow<()>) -> Result<T, ProbeError>,
    ) -> Result<T> {
        let mut line = ProgressLine::new(title);
        let trained = train(&mut |progress| {
            line.show(progress.updates, progress.of_updates, || {
                format!("loss {:.3}, accuracy {:.1} %", progress.loss, 100.0 * progress.accuracy)
            });
            if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        line.finish();
        trained.map_err(|error| match error {
            ProbeError::Interrupted => interrupted("interrupted; nothing of this measurement is kept"),
            error => error.into(),
        })
    }

    /// What always giving the commonest answer comes to.
    pub(crate) fn majority(&self, examples: &Examples) -> ProbedAgent {
        let row = RowName::alone("majority", 0).row(ProbedKind::Majority);
        ProbedAgent { outcomes: majority_outcomes(&examples.train, &examples.test), ..row }
    }

    /// The rows that no belief is needed for: majority, and question-only with its timeline.
    pub(crate) fn without_beliefs(&self, asked: &AskedOf) -> Result<[ProbedAgent; 2]> {
        let majority = self.majority(&asked.at_the_end);
        let (mut question_only, probe) = self.question_only(&asked.at_the_end)?;
        // It reads no belief, so it knows as much at any step.
        let over_time = &asked.over_time.test;
        question_only.timeline = groundling_probe::outcomes(over_time, &probe.trainer.evaluate(over_time)?);
        Ok([majority, question_only])
    }

    /// A row with its timeline, if questions were asked over time.
    pub(crate) fn headline(&self, name: &RowName, kind: ProbedKind, asked: &AskedOf) -> Result<Read> {
        if asked.over_time.train.is_empty() {
            let (row, at_the_end) = self.belief(name, kind, &asked.at_the_end)?;
            return Ok(Read { row, at_the_end, any_time: None });
        }
        let ((mut row, at_the_end), (over_time, any_time)) = side_by_side(
            self.threads,
            || self.belief(name, kind, &asked.at_the_end),
            || self.belief(&name.with("any time"), kind, &asked.over_time),
        )?;
        row.timeline = over_time.outcomes;
        Ok(Read { row, at_the_end, any_time: Some(any_time) })
    }

    /// What the questions alone give away; beliefs are not read. With the probe that found it.
    pub(crate) fn question_only(&self, examples: &Examples) -> Result<(ProbedAgent, OfflineProbe)> {
        let name = RowName::alone("question-only", 0);
        self.row(&name, ProbedKind::QuestionOnly, Reading::QuestionOnly, examples)
    }

    /// What a probe reads from the beliefs of these examples, and the probe.
    pub(crate) fn belief(
        &self,
        name: &RowName,
        kind: ProbedKind,
        examples: &Examples,
    ) -> Result<(ProbedAgent, OfflineProbe)> {
        self.row(name, kind, Reading::Belief, examples)
    }

    /// What `probe`, which was trained on these examples, answers when each belief is that of another episode.
    pub(crate) fn other_episode(
        &self,
        name: &RowName,
        examples: &Examples,
        probe: &OfflineProbe,
    ) -> Result<ProbedAgent> {
        let others = with_other_beliefs(&examples.test, derive_seed(self.seed, "other beliefs", &[]));
        let answered = probe.trainer.evaluate(&others)?;
        let row = name.with("other episode").row(ProbedKind::OtherEpisode);
        Ok(ProbedAgent { outcomes: groundling_probe::outcomes(&others, &answered), ..row })
    }

    fn row(
        &self,
        name: &RowName,
        kind: ProbedKind,
        reading: Reading,
        examples: &Examples,
    ) -> Result<(ProbedAgent, OfflineProbe)> {
        let mut probe = self.train(&name.name, reading, examples)?;
        let row = ProbedAgent {
            decoder: self.config.decoder.name().into(),
            outcomes: std::mem::take(&mut probe.outcomes),
            curve: std::mem::take(&mut probe.curve),
            ..name.row(kind)
        };
        Ok((row, probe))
    }
}
