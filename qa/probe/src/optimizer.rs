//! The probe's loss and optimiser: types of their own, so that neither fits an agent's counterpart.

use groundling_nn::{NamedValues, Optimizer, OptimizerConfig, OptimizerKind, Parameters, ValuesError};
use tch::Tensor;

use crate::config::ProbeConfig;

/// Cross-entropy of a probe's answers. Only a [`ProbeOptimizer`] can descend it.
#[derive(Debug)]
pub struct ProbeLoss(Tensor);

impl ProbeLoss {
    pub(crate) fn new(loss: Tensor) -> Self {
        Self(loss)
    }

    /// Nats a question.
    pub fn value(&self) -> f64 {
        self.0.double_value(&[])
    }
}

/// Adam over the parameters of one probe, which it owns; it takes the losses of that probe and no others.
#[derive(Debug)]
pub struct ProbeOptimizer {
    parameters: Parameters,
    optimizer: Optimizer,
    schedule: OptimizerConfig,
}

impl ProbeOptimizer {
    pub(crate) fn new(parameters: Parameters, config: &ProbeConfig) -> Self {
        let schedule = OptimizerConfig {
            kind: OptimizerKind::Adam,
            learning_rate: config.learning_rate,
            warmup_updates: config.warmup_updates,
            decay_share: 0.5,
            max_gradient_norm: config.max_gradient_norm,
            ..OptimizerConfig::default()
        };
        Self { optimizer: Optimizer::new(schedule.clone(), &parameters), parameters, schedule }
    }

    /// One step down the loss. `of_updates`: where given, the number of updates over whose last half the step size
    /// falls to 0. Returns the norm of the gradient before clipping; when that is not finite nothing has changed.
    pub fn step(&mut self, loss: ProbeLoss, of_updates: Option<u64>) -> f64 {
        let learning_rate = self.schedule.learning_rate_at(self.optimizer.num_steps(), of_updates.unwrap_or(u64::MAX));
        self.parameters.zero_gradients();
        loss.0.backward();
        self.optimizer.step(&self.parameters, learning_rate)
    }

    /// Steps taken.
    pub fn num_steps(&self) -> u64 {
        self.optimizer.num_steps()
    }

    pub(crate) fn parameter_values(&self) -> NamedValues {
        self.parameters.values()
    }

    pub(crate) fn set_parameter_values(&self, values: &NamedValues) -> Result<(), ValuesError> {
        self.parameters.set_values(values)
    }

    pub(crate) fn state_values(&self) -> NamedValues {
        self.optimizer.values(&self.parameters)
    }

    pub(crate) fn set_state_values(&mut self, values: &NamedValues, num_steps: u64) -> Result<(), ValuesError> {
        self.optimizer.set_values(&self.parameters, values, num_steps)
    }
}
