//! `ProbeTrainer`: one decoder with its optimiser; trained, asked, saved.

use groundling_belief::FrozenBelief;
use groundling_nn::{NamedValues, Parameters};
use groundling_questions::{Question, QuestionVocabulary};
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use crate::batch::Batch;
use crate::config::ProbeConfig;
use crate::decoder::Decoder;
use crate::error::ProbeError;
use crate::example::{Answered, ProbeExample};
use crate::optimizer::{ProbeLoss, ProbeOptimizer};

/// Questions answered in one go; bounds the memory that scoring takes.
const CHUNK: usize = 1_024;

/// What a decoder is told besides the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The belief.
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
    decoder: Decoder,
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
        let decoder = Decoder::new(&mut parameters, &spec);
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
        let log_probabilities = self.decoder.forward(&batch);
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
        self.decoder.standardize(&self.batch(examples)?.beliefs);
        Ok(())
    }

    /// What it answers to each example.
    pub fn evaluate(&self, examples: &[ProbeExample]) -> Result<Vec<Answered>, ProbeError> {
        let _guard = tch::no_grad_guard();
        let mut all = Vec::with_capacity(examples.len());
        for chunk in examples.chunks(CHUNK) {
            let chunk: Vec<&ProbeExample> = chunk.iter().collect();
            all.extend(answered(&self.decoder.forward(&self.batch(&chunk)?), &chunk));
        }
        Ok(all)
    }

    /// Probabilities of all answers to `questions[i]` under `beliefs[i]`: one vector a question, in the order of the
    /// vocabulary's answers.
    pub fn answer(&self, beliefs: &[&FrozenBelief], questions: &[&Question]) -> Result<Vec<Vec<f32>>, ProbeError> {
        if beliefs.len() != questions.len() {
            return Err(ProbeError::Unpaired { questions: questions.len(), beliefs: beliefs.len() });
        }
        let _guard = tch::no_grad_guard();
        let mut all = Vec::with_capacity(questions.len());
        for (beliefs, questions) in beliefs.chunks(CHUNK).zip(questions.chunks(CHUNK)) {
            let pairs = beliefs.iter().copied().zip(questions.iter().copied());
            let batch = Batch::new(pairs, &self.spec.vocabulary, self.spec.belief_size, self.device)?;
            let probabilities = groundling_nn::to_host(&self.decoder.forward(&batch).exp());
            all.extend(probabilities.chunks(self.spec.vocabulary.answers().len()).map(<[f32]>::to_vec));
        }
        Ok(all)
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

    fn batch<'a>(&self, examples: &[&'a ProbeExample]) -> Result<Batch, ProbeError> {
        let pair = |example: &&'a ProbeExample| Ok((example.belief().ok_or(ProbeError::NoBelief)?, &example.question));
        let pairs = examples.iter().map(pair).collect::<Result<Vec<_>, ProbeError>>()?.into_iter();
        Batch::new(pairs, &self.spec.vocabulary, self.spec.belief_size, self.device)
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
