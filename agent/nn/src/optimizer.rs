//! Adam (Kingma & Ba 2015) and RMSProp (Tieleman & Hinton 2012, as IMPALA uses it: ε inside the root), whose state can
//! be saved: tch's own cannot.

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};
use tch::Tensor;

use crate::parameters::{shape_of, to_host};
use crate::{NamedValues, Parameters, ValuesError};

/// Which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptimizerKind {
    /// Adam with bias correction.
    Adam,
    /// RMSProp without momentum.
    RmsProp,
}

/// Settings of an optimiser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptimizerConfig {
    /// `adam` or `rms_prop`. Default `adam`.
    pub kind: OptimizerKind,
    /// Step size, greater than 0. Raising it learns faster until it diverges. Default 0.001.
    pub learning_rate: f64,
    /// Updates over which the step size rises linearly from 0; at most those of the whole run. Default 100.
    pub warmup_updates: u64,
    /// Share of all updates, at the end, over which the step size falls linearly to 0; 0 to 1. Default 0.3.
    pub decay_share: f64,
    /// Largest Euclidean norm of all gradients together; longer ones are shortened to it. 0 switches it off.
    /// Default 1.
    pub max_gradient_norm: f64,
    /// Adam: decay of the mean gradient, from 0 to below 1. Default 0.9.
    pub beta1: f64,
    /// Decay of the mean squared gradient (Adam's β2, RMSProp's decay), from 0 to below 1. Default 0.999.
    pub beta2: f64,
    /// Adam: added to the root; RMSProp: inside the root. Greater than 0. Default 1e-5.
    pub epsilon: f64,
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        Self {
            kind: OptimizerKind::Adam,
            learning_rate: 1e-3,
            warmup_updates: 100,
            decay_share: 0.3,
            max_gradient_norm: 1.0,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-5,
        }
    }
}

impl OptimizerConfig {
    /// Checks ranges; `section` is the dotted name of this table in the configuration.
    pub fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let check = |holds, name: &str, value: f64, expected| {
            InvalidSetting::unless(holds, &format!("{section}.{name}"), value, expected)
        };
        let positive = |value: f64| value > 0.0 && value.is_finite();
        check(positive(self.learning_rate), "learning_rate", self.learning_rate, "must be greater than 0")?;
        let share = (0.0..=1.0).contains(&self.decay_share);
        check(share, "decay_share", self.decay_share, "must lie between 0 and 1")?;
        let norm = self.max_gradient_norm >= 0.0 && self.max_gradient_norm.is_finite();
        check(norm, "max_gradient_norm", self.max_gradient_norm, "must be 0 (off) or greater")?;
        check((0.0..1.0).contains(&self.beta1), "beta1", self.beta1, "must lie in [0, 1)")?;
        check((0.0..1.0).contains(&self.beta2), "beta2", self.beta2, "must lie in [0, 1)")?;
        check(positive(self.epsilon), "epsilon", self.epsilon, "must be greater than 0")
    }

    /// Step size of update `update` (from 0) of `num_updates`.
    pub fn learning_rate_at(&self, update: u64, num_updates: u64) -> f64 {
        let warmup = ((update + 1) as f64 / self.warmup_updates.max(1) as f64).min(1.0);
        let remaining = num_updates.saturating_sub(update) as f64;
        let decay = (remaining / (self.decay_share * num_updates as f64).max(1.0)).min(1.0);
        self.learning_rate * warmup * decay
    }
}

/// The moving averages of one set of parameters, and the rule that uses them.
#[derive(Debug)]
pub struct Optimizer {
    config: OptimizerConfig,
    num_steps: u64,
    means: Vec<Tensor>,
    squares: Vec<Tensor>,
}

impl Optimizer {
    /// For the parameters that `parameters` has now.
    pub fn new(config: OptimizerConfig, parameters: &Parameters) -> Self {
        let zeros = || parameters.iter().map(|(_, tensor)| tensor.zeros_like().detach()).collect::<Vec<_>>();
        Self { config, num_steps: 0, means: zeros(), squares: zeros() }
    }

    /// Steps taken so far.
    pub fn num_steps(&self) -> u64 {
        self.num_steps
    }

    /// One step along the gradients that the parameters hold, which are then forgotten. A parameter without a gradient
    /// stays. Returns the norm of all gradients before clipping; when that is not finite nothing is changed.
    pub fn step(&mut self, parameters: &Parameters, learning_rate: f64) -> f64 {
        let _guard = tch::no_grad_guard();
        let norm = parameters.gradient_norm();
        if !norm.is_finite() {
            parameters.zero_gradients();
            return norm;
        }
        self.num_steps += 1;
        let limit = self.config.max_gradient_norm;
        let scale = if limit > 0.0 && norm > limit { limit / norm } else { 1.0 };
        for (index, (_, tensor)) in parameters.iter().enumerate() {
            let mut gradient = tensor.grad();
            if !gradient.defined() {
                continue;
            }
            let _ = gradient.g_mul_scalar_(scale);
            self.update(index, &mut tensor.shallow_clone(), &gradient, learning_rate);
            let _ = gradient.zero_();
        }
        norm
    }

    fn update(&mut self, index: usize, tensor: &mut Tensor, gradient: &Tensor, learning_rate: f64) {
        let OptimizerConfig { beta1, beta2, epsilon, .. } = self.config;
        let square = &mut self.squares[index];
        let _ = square.g_mul_scalar_(beta2).addcmul_(&(gradient * (1.0 - beta2)), gradient);
        match self.config.kind {
            OptimizerKind::Adam => {
                let mean = &mut self.means[index];
                let _ = mean.g_mul_scalar_(beta1).g_add_(&(gradient * (1.0 - beta1)));
                let steps = self.num_steps as f64;
                let root = (square.sqrt() * (1.0 / (1.0 - beta2.powf(steps)).sqrt())).g_add_scalar_(epsilon);
                let _ = tensor.addcdiv_(&(&*mean * (-learning_rate / (1.0 - beta1.powf(steps)))), &root);
            }
            OptimizerKind::RmsProp => {
                let root = (&*square + epsilon).sqrt();
                let _ = tensor.addcdiv_(&(gradient * -learning_rate), &root);
            }
        }
    }

    /// The state as named arrays: `mean.<parameter>`, `square.<parameter>`.
    /// The number of steps goes beside them, as it does not fit an f32.
    pub fn values(&self, parameters: &Parameters) -> NamedValues {
        let mut values = NamedValues::default();
        for (prefix, tensors) in [("mean", &self.means), ("square", &self.squares)] {
            for ((name, _), tensor) in parameters.iter().zip(tensors) {
                values.push(format!("{prefix}.{name}"), shape_of(tensor), to_host(tensor));
            }
        }
        values
    }

    /// Takes over a saved state. On an error nothing has changed.
    pub fn set_values(
        &mut self,
        parameters: &Parameters,
        values: &NamedValues,
        num_steps: u64,
    ) -> Result<(), ValuesError> {
        let read = |prefix: &str| {
            let tensors = parameters.iter().map(|(name, tensor)| {
                let numbers = values.get(&format!("{prefix}.{name}"), &shape_of(tensor))?;
                Ok(Tensor::from_slice(numbers).reshape(tensor.size()).to_device(tensor.device()))
            });
            tensors.collect::<Result<Vec<_>, ValuesError>>()
        };
        let (means, squares) = (read("mean")?, read("square")?);
        (self.means, self.squares, self.num_steps) = (means, squares, num_steps);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Initializer;
    use tch::{Device, Kind};

    fn one(value: f64) -> (Parameters, Tensor) {
        let mut parameters = Parameters::new(Device::Cpu);
        let tensor = parameters.scope(0).parameter("x", &[2], Initializer::Constant(value));
        (parameters, tensor)
    }

    fn descend(optimizer: &mut Optimizer, parameters: &Parameters, tensor: &Tensor) -> f64 {
        (tensor * Tensor::from_slice(&[1.0f32, -3.0])).square().sum(Kind::Float).backward();
        optimizer.step(parameters, 0.1)
    }

    #[test]
    fn adam_takes_the_steps_of_the_formula() {
        let config = OptimizerConfig { max_gradient_norm: 0.0, epsilon: 1e-8, ..OptimizerConfig::default() };
        let (parameters, tensor) = one(1.0);
        let mut optimizer = Optimizer::new(config, &parameters);
        let (mut x, mut m, mut v) = ([1.0f64, 1.0], [0.0f64; 2], [0.0f64; 2]);
        for step in 1..=20 {
            descend(&mut optimizer, &parameters, &tensor);
            for (i, factor) in [1.0f64, 9.0].into_iter().enumerate() {
                let gradient = 2.0 * factor * x[i];
                m[i] = 0.9 * m[i] + 0.1 * gradient;
                v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
                let (mean, square) = (m[i] / (1.0 - 0.9f64.powi(step)), v[i] / (1.0 - 0.999f64.powi(step)));
                x[i] -= 0.1 * mean / (square.sqrt() + 1e-8);
                assert!((tensor.double_value(&[i as i64]) - x[i]).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn rms_prop_takes_the_steps_of_the_formula() {
        let kind = OptimizerKind::RmsProp;
        let config = OptimizerConfig { kind, beta2: 0.9, epsilon: 0.1, max_gradient_norm: 0.0, ..Default::default() };
        let (parameters, tensor) = one(1.0);
        let mut optimizer = Optimizer::new(config, &parameters);
        let (mut x, mut v) = (1.0f64, 0.0f64);
        for _ in 0..20 {
            descend(&mut optimizer, &parameters, &tensor);
            v = 0.9 * v + 0.1 * (2.0 * x).powi(2);
            x -= 0.1 * 2.0 * x / (v + 0.1).sqrt();
            assert!((tensor.double_value(&[0]) - x).abs() < 1e-4);
        }
    }

    #[test]
    fn a_saved_state_goes_on_bit_for_bit() {
        let (parameters, tensor) = one(1.0);
        let mut optimizer = Optimizer::new(OptimizerConfig::default(), &parameters);
        for _ in 0..5 {
            descend(&mut optimizer, &parameters, &tensor);
        }
        let (saved, state) = (parameters.values(), optimizer.values(&parameters));

        let (resumed_parameters, resumed_tensor) = one(0.0);
        resumed_parameters.set_values(&saved).unwrap();
        let mut resumed = Optimizer::new(OptimizerConfig::default(), &resumed_parameters);
        resumed.set_values(&resumed_parameters, &state, optimizer.num_steps()).unwrap();
        for _ in 0..5 {
            descend(&mut optimizer, &parameters, &tensor);
            descend(&mut resumed, &resumed_parameters, &resumed_tensor);
        }
        assert_eq!(parameters.values(), resumed_parameters.values());
    }

    #[test]
    fn long_gradients_are_shortened_and_broken_ones_refused() {
        let (parameters, tensor) = one(1.0);
        let config = OptimizerConfig { kind: OptimizerKind::RmsProp, beta2: 0.0, epsilon: 1.0, ..Default::default() };
        let mut optimizer = Optimizer::new(config, &parameters);
        let norm = descend(&mut optimizer, &parameters, &tensor);
        assert!((norm - (4.0f64 + 324.0).sqrt()).abs() < 1e-4);
        let clipped = 2.0 / norm;
        assert!((tensor.double_value(&[0]) - (1.0 - 0.1 * clipped / (clipped * clipped + 1.0).sqrt())).abs() < 1e-5);

        let before = parameters.values();
        (&tensor * f64::NAN).sum(Kind::Float).backward();
        assert!(optimizer.step(&parameters, 0.1).is_nan());
        assert_eq!(parameters.values(), before);
    }

    #[test]
    fn the_schedule_rises_holds_and_falls() {
        let config = OptimizerConfig { learning_rate: 1.0, warmup_updates: 10, decay_share: 0.5, ..Default::default() };
        assert_eq!(config.learning_rate_at(0, 100), 0.1);
        assert_eq!(config.learning_rate_at(30, 100), 1.0);
        assert_eq!(config.learning_rate_at(75, 100), 0.5);
        assert_eq!(config.learning_rate_at(100, 100), 0.0);
    }
}
