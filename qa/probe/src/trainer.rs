//! `ProbeTrainer`: one decoder with its optimiser; trained, asked, saved.

use groundling_decoder::{BeliefsRead, QuestionDecoder};
use groundling_nn::{NamedValues, Parameters};
use groundling_questions::QuestionVocabulary;
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use crate::batch::{Batch, BatchShape, pieces};
use crate::config::ProbeConfig;
use crate::error::ProbeError;
use crate::example::{Answered, ProbeExample};
use crate::optimizer::{ProbeLoss, ProbeOptimizer};

/// What a decoder is told besides the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The belief; by the decoder `attention` also those before it.
    Belief,
    /// Nothing: the control that measures how much the questions themselves give away.
    QuestionOnly,
}

/// All that decides what a new probe is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeSpec {
    /// Settings.
    pub config: ProbeConfig,
    /// Words of its questions and answers.
    pub vocabulary: QuestionVocabulary,
    /// `N` of the beliefs it reads.
    pub belief_size: usize,
    /// What it is told besides the question.
    pub reading: Reading,
    /// Seed of its first parameters and of the order of its batches.
    pub seed: u64,
}

/// What one update did.
#[derive(Debug, Clone, PartialEq)]
pub struct StepReport {
    /// Cross-entropy before the update, nats a question.
    pub loss: f64,
    /// Norm of the gradient before clipping.
    pub gradient_norm: f64,
    /// What the probe answered before the update, one entry an example.
    pub answered: Vec<Answered>,
}

/// One decoder with its optimiser.
#[derive(Debug)]
pub struct ProbeTrainer {
    spec: ProbeSpec,
    device: Device,
    decoder: QuestionDecoder,
    optimizer: ProbeOptimizer,
}

impl ProbeTrainer {
    /// A fresh probe. Its parameters depend on the spec only.
    pub fn new(spec: ProbeSpec, device: Device) -> Result<Self, ProbeError> {
        spec.config.validate()?;
        if !(1..=65_536).contains(&spec.belief_size) {
            return Err(ProbeError::NoSuchBeliefSize(spec.belief_size));
        }
        let mut parameters = Parameters::new(device);
        let ProbeConfig { decoder, decoders, .. } = &spec.config;
        let decoder = QuestionDecoder::new(
            &mut parameters.scope(spec.seed),
            *decoder,
            decoders,
            &spec.vocabulary,
            spec.belief_size,
        );
        let optimizer = ProbeOptimizer::new(parameters, &spec.config);
        Ok(Self { spec, device, decoder, optimizer })
    }

    /// What it is.
    pub fn spec(&self) -> &ProbeSpec {
        &self.spec
    }

    /// Updates so far.
    pub fn num_updates(&self) -> u64 {
        self.optimizer.num_steps()
    }

    /// One update on these examples, with a constant step size once it has warmed up.
    pub fn step(&mut self, examples: &[ProbeExample]) -> Result<StepReport, ProbeError> {
        self.step_of(&examples.iter().collect::<Vec<_>>(), None)
    }

    /// One update of `of_updates`, over whose last half the step size falls.
    pub(crate) fn step_of(
        &mut self,
        examples: &[&ProbeExample],
        of_updates: Option<u64>,
    ) -> Result<StepReport, ProbeError> {
        if examples.is_empty() {
            return Err(ProbeError::NoExamples("training"));
        }
        let batch = self.batch(examples)?;
        let log_probabilities = self.log_probabilities(&batch);
        let loss = ProbeLoss::new(log_probabilities.nll_loss(&batch.answers));
        let answered = answered(&log_probabilities, examples);
        let value = loss.value();
        let gradient_norm = self.optimizer.step(loss, of_updates);
        if !gradient_norm.is_finite() {
            return Err(ProbeError::Diverged { updates: self.num_updates() });
        }
        Ok(StepReport { loss: value, gradient_norm, answered })
    }

    /// From now on beliefs are standardised as these examples' are, feature by feature. To be called before training.
    pub(crate) fn standardize(&self, examples: &[&ProbeExample]) -> Result<(), ProbeError> {
        self.decoder.standardize(&self.batch(examples)?.beliefs.rows);
        Ok(())
    }

    /// What it answers to each example.
    pub fn evaluate(&self, examples: &[ProbeExample]) -> Result<Vec<Answered>, ProbeError> {
        let mut all = Vec::with_capacity(examples.len());
        self.in_pieces(examples, |examples, log_probabilities| all.extend(answered(log_probabilities, examples)))?;
        Ok(all)
    }

    /// Probabilities of all answers to each example's question: one vector an example, in the order of the vocabulary's
    /// answers. Whatever the decoder, examples of one episode are answered soonest one behind the other.
    pub fn answer_examples(&self, examples: &[ProbeExample]) -> Result<Vec<Vec<f32>>, ProbeError> {
        let mut all = Vec::with_capacity(examples.len());
        self.in_pieces(examples, |_, log_probabilities| {
            let probabilities = groundling_nn::to_host(&log_probabilities.exp());
            all.extend(probabilities.chunks(self.spec.vocabulary.answers().len()).map(<[f32]>::to_vec));
        })?;
        Ok(all)
    }

    /// Calls `take` with some examples after others, and the log-probabilities of their answers, `[B, answers]`.
    fn in_pieces(
        &self,
        examples: &[ProbeExample],
        mut take: impl FnMut(&[&ProbeExample], &Tensor),
    ) -> Result<(), ProbeError> {
        let _guard = tch::no_grad_guard();
        for piece in pieces(examples, self.reads()) {
            let examples: Vec<&ProbeExample> = examples.get(piece).unwrap_or_default().iter().collect();
            take(&examples, &self.log_probabilities(&self.batch(&examples)?));
        }
        Ok(())
    }

    pub(crate) fn optimizer(&self) -> &ProbeOptimizer {
        &self.optimizer
    }

    pub(crate) fn optimizer_mut(&mut self) -> &mut ProbeOptimizer {
        &mut self.optimizer
    }

    pub(crate) fn parameter_values(&self) -> NamedValues {
        self.optimizer.parameter_values()
    }

    fn log_probabilities(&self, batch: &Batch) -> Tensor {
        let beliefs = match self.spec.reading {
            Reading::Belief => Some(&batch.beliefs),
            Reading::QuestionOnly => None,
        };
        self.decoder.log_probabilities(&batch.questions, beliefs)
    }

    fn reads(&self) -> BeliefsRead {
        match self.spec.reading {
            Reading::Belief => self.spec.config.beliefs_read(),
            // The belief is checked all the same, and not used.
            Reading::QuestionOnly => BeliefsRead::Present,
        }
    }

    fn batch(&self, examples: &[&ProbeExample]) -> Result<Batch, ProbeError> {
        let ProbeSpec { vocabulary, belief_size, .. } = &self.spec;
        let shape = BatchShape { vocabulary, belief_size: *belief_size, reads: self.reads(), device: self.device };
        Batch::new(examples, shape)
    }
}

/// Reads `[B, answers]` log-probabilities off against the right answers.
fn answered(log_probabilities: &Tensor, examples: &[&ProbeExample]) -> Vec<Answered> {
    let num_answers = log_probabilities.size().last().copied().unwrap_or(1).max(1) as usize;
    let values = groundling_nn::to_host(&log_probabilities.detach());
    let read = |(row, example): (&[f32], &&ProbeExample)| {
        let right = example.question.answer;
        let mut predicted = 0;
        for (index, value) in row.iter().enumerate() {
            if *value > row[predicted] {
                predicted = index;
            }
        }
        let probability_of = |answer: usize| row.get(answer).map_or(0.0, |value| value.exp().min(1.0));
        let (probability, confidence) = (probability_of(usize::from(right)), probability_of(predicted));
        let predicted = predicted as u16;
        Answered { predicted, correct: predicted == right, probability, confidence }
    };
    values.chunks(num_answers).zip(examples).map(read).collect()
}
