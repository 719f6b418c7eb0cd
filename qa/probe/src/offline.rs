//! The protocol of headline figures: train, choose by validation, score once.

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

/// Three sets of examples, of rooms that no two of them share.
#[derive(Debug, Clone, Copy)]
pub struct OfflineData<'a> {
    /// The probe learns from these.
    pub train: &'a [ProbeExample],
    /// Chooses among the probe's own parameters over time.
    pub validation: &'a [ProbeExample],
    /// Scored once, at the end.
    pub test: &'a [ProbeExample],
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

/// Trains a fresh probe until its updates are used up or validation has long not become better, then scores the
/// parameters that were best on validation on the test examples. The result depends on spec and data only. `progress`
/// is called after each look at the validation examples and may end the training, which is then an error.
pub fn probe_offline(
    spec: ProbeSpec,
    device: Device,
    data: OfflineData<'_>,
    progress: &mut dyn FnMut(OfflineProgress) -> ControlFlow<()>,
) -> Result<OfflineProbe, ProbeError> {
    for (name, examples) in [("training", data.train), ("validation", data.validation), ("test", data.test)] {
        if examples.is_empty() {
            return Err(ProbeError::NoExamples(name));
        }
    }
    let config = spec.config.clone();
    let of_updates = config.offline.updates;
    let mut batches = Batches::new(data.train, config.batch_size, spec.seed);
    let mut trainer = ProbeTrainer::new(spec, device)?;
    let sample = data.train.iter().step_by(data.train.len().div_ceil(STANDARDIZED));
    trainer.standardize(&sample.collect::<Vec<_>>())?;
    let mut curve = Vec::new();
    let mut best = (CurvePoint { updates: 0, accuracy: -1.0 }, trainer.parameter_values());
    let mut looks_since_best = 0;
    let mut updates = 0;
    while updates < of_updates && looks_since_best < config.offline.patience {
        let until = (updates + config.offline.validate_every).min(of_updates);
        let num_steps = (until - updates) as f64;
        let mut loss = 0.0;
        while updates < until {
            loss += trainer.step_of(&batches.next_batch(), Some(of_updates))?.loss / num_steps;
            updates += 1;
        }
        let accuracy = mean_accuracy(data.validation, &trainer.evaluate(data.validation)?);
        let point = CurvePoint { updates, accuracy };
        curve.push(point);
        looks_since_best += 1;
        if accuracy > best.0.accuracy {
            best = (point, trainer.parameter_values());
            looks_since_best = 0;
        }
        if progress(OfflineProgress { updates, of_updates, loss, accuracy }).is_break() {
            return Err(ProbeError::Interrupted);
        }
    }
    let (best, parameters) = best;
    // The values are a copy of this probe's own, so they fit.
    let restored = trainer.optimizer().set_parameter_values(&parameters);
    debug_assert!(restored.is_ok());
    let outcomes = outcomes(data.test, &trainer.evaluate(data.test)?);
    Ok(OfflineProbe { trainer, outcomes, curve, best })
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
