//! The protocol of headline figures: train, choose by validation, score once.
//!
//! Training ends before test examples can be handed over: [`train_offline`] takes none, and [`TrainedProbe::score`]
//! consumes what it scores.

use std::ops::ControlFlow;

use groundling_interface::derive;
use groundling_report::{CurvePoint, Outcome};
use rand::RngExt;
use tch::Device;

use crate::error::ProbeError;
use crate::example::{ProbeExample, mean_accuracy, outcomes};
use crate::trainer::{ProbeSpec, ProbeTrainer};

/// Examples from which the scale of beliefs is taken.
const STANDARDIZED: usize = 8_192;

/// What a probe is trained with: two sets of examples, of rooms that they do not share, nor with those it is scored on.
#[derive(Debug, Clone, Copy)]
pub struct OfflineData<'a> {
    /// The probe learns from these.
    pub train: &'a [ProbeExample],
    /// Chooses among the probe's own parameters over time.
    pub validation: &'a [ProbeExample],
}

/// Where training stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OfflineProgress {
    /// Updates so far.
    pub updates: u64,
    /// The most there will be.
    pub of_updates: u64,
    /// Training loss since the last report, nats a question.
    pub loss: f64,
    /// Validation accuracy now, mean over templates.
    pub accuracy: f64,
}

/// A probe whose training has ended, and that has not seen a test question: no function that trains one takes any.
#[derive(Debug)]
pub struct TrainedProbe {
    pub(crate) trainer: ProbeTrainer,
    curve: Vec<CurvePoint>,
    best: CurvePoint,
}

/// A trained probe and how it scored.
#[derive(Debug)]
pub struct OfflineProbe {
    /// With the parameters that were best on the validation examples.
    pub trainer: ProbeTrainer,
    /// One entry a test example.
    pub outcomes: Vec<Outcome>,
    /// Validation accuracy over training.
    pub curve: Vec<CurvePoint>,
    /// The point of the curve whose parameters were kept.
    pub best: CurvePoint,
}

impl TrainedProbe {
    /// The point of the validation curve whose parameters were kept.
    pub fn best(&self) -> CurvePoint {
        self.best
    }

    /// Scores it on the test examples, which a probe does once.
    pub fn score(self, test: &[ProbeExample]) -> Result<OfflineProbe, ProbeError> {
        if test.is_empty() {
            return Err(ProbeError::NoExamples("test"));
        }
        let outcomes = outcomes(test, &self.trainer.evaluate(test)?);
        Ok(OfflineProbe { trainer: self.trainer, outcomes, curve: self.curve, best: self.best })
    }
}

/// Trains a fresh probe until its updates are used up or validation has long not become better, and keeps the parameters
/// that were best on validation. The result depends on spec and data only. `progress` is called after each look at the
/// validation examples and may end the training, which is then an error.
pub fn train_offline(
    spec: ProbeSpec,
    device: Device,
    data: OfflineData<'_>,
    progress: &mut dyn FnMut(OfflineProgress) -> ControlFlow<()>,
) -> Result<TrainedProbe, ProbeError> {
    for (name, examples) in [("training", data.train), ("validation", data.validation)] {
        if examples.is_empty() {
            return Err(ProbeError::NoExamples(name));
        }
    }
    let config = spec.config.offline.clone();
    let mut training = Training::new(spec, device, data.train)?;
    let mut curve = Vec::new();
    let mut best = (CurvePoint { updates: 0, accuracy: -1.0 }, training.trainer.parameter_values());
    let mut looks_since_best = 0;
    while training.updates < config.updates && looks_since_best < config.patience {
        let loss = training.advance(config.validate_every)?;
        let accuracy = mean_accuracy(data.validation, &training.trainer.evaluate(data.validation)?);
        let point = CurvePoint { updates: training.updates, accuracy };
        curve.push(point);
        looks_since_best += 1;
        if accuracy > best.0.accuracy {
            best = (point, training.trainer.parameter_values());
            looks_since_best = 0;
        }
        let so_far = OfflineProgress { updates: point.updates, of_updates: config.updates, loss, accuracy };
        if progress(so_far).is_break() {
            return Err(ProbeError::Interrupted);
        }
    }
    let (best, parameters) = best;
    let trainer = training.trainer;
    // The values are a copy of this probe's own, so they fit.
    let restored = trainer.optimizer().set_parameter_values(&parameters);
    debug_assert!(restored.is_ok());
    Ok(TrainedProbe { trainer, curve, best })
}

/// A probe on its way through a set of examples, within a budget of updates.
pub(crate) struct Training<'a> {
    pub(crate) trainer: ProbeTrainer,
    pub(crate) updates: u64,
    of_updates: u64,
    batches: Batches<'a>,
}

impl<'a> Training<'a> {
    /// A fresh probe, which standardises beliefs as these examples' are.
    pub(crate) fn new(spec: ProbeSpec, device: Device, train: &'a [ProbeExample]) -> Result<Self, ProbeError> {
        let of_updates = spec.config.offline.updates;
        let batches = Batches::new(train, spec.config.batch_size, spec.seed);
        let trainer = ProbeTrainer::new(spec, device)?;
        let sample = train.iter().step_by(train.len().div_ceil(STANDARDIZED).max(1));
        trainer.standardize(&sample.collect::<Vec<_>>())?;
        Ok(Self { trainer, updates: 0, of_updates, batches })
    }

    /// So many updates more, or as many as are left; their mean loss.
    pub(crate) fn advance(&mut self, updates: u64) -> Result<f64, ProbeError> {
        let until = self.updates.saturating_add(updates).min(self.of_updates);
        let num_steps = (until - self.updates).max(1) as f64;
        let mut loss = 0.0;
        while self.updates < until {
            loss += self.trainer.step_of(&self.batches.next_batch(), Some(self.of_updates))?.loss / num_steps;
            self.updates += 1;
        }
        Ok(loss)
    }
}

/// Every example once an epoch, in an order drawn anew for each.
struct Batches<'a> {
    examples: &'a [ProbeExample],
    batch_size: usize,
    seed: u64,
    epoch: u64,
    order: Vec<usize>,
}

impl<'a> Batches<'a> {
    fn new(examples: &'a [ProbeExample], batch_size: usize, seed: u64) -> Self {
        Self { examples, batch_size, seed, epoch: 0, order: Vec::new() }
    }

    /// `batch_size` examples; what an epoch leaves over is filled up from the next.
    fn next_batch(&mut self) -> Vec<&'a ProbeExample> {
        let mut batch = Vec::with_capacity(self.batch_size);
        while batch.len() < self.batch_size {
            if self.order.is_empty() {
                self.order = self.shuffled();
                self.epoch += 1;
            }
            batch.extend(self.order.pop().and_then(|index| self.examples.get(index)));
        }
        batch
    }

    fn shuffled(&self) -> Vec<usize> {
        let mut generator = derive(self.seed, "probe batches", &[self.epoch]);
        let mut order: Vec<usize> = (0..self.examples.len()).collect();
        for end in (1..order.len()).rev() {
            order.swap(end, generator.random_range(0..=end));
        }
        order
    }
}
