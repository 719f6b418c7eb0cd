//! Settings of the networks and of the losses.

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

use crate::encoder::{ConvLayer, DeepConfig, EncoderName, check_picture};

/// Sizes of the networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgentConfig {
    /// `shallow` or `deep`. Only the settings of the chosen one have an effect.
    pub encoder: EncoderName,
    /// Convolutions of the shallow encoder, first to last; each is followed by a rectifier. The default is IMPALA's.
    pub conv: Vec<ConvLayer>,
    /// Units of the last, fully connected layer of either encoder. With a large picture most parameters are there.
    pub features: i64,
    /// Units of the LSTM.
    pub core_size: i64,
    /// First value of the forget gate's bias, where `memory_steps` is 0. Raising it remembers longer from the start.
    pub forget_bias: f64,
    /// Longest time constant with which the LSTM's cells begin, in steps, up to 1 million: they are spread evenly in the
    /// logarithm from 1 step to this, so that some follow the present and some keep an episode (Tallec & Ollivier 2018).
    /// About an episode's steps. Default 0: all gates begin with `forget_bias`. It costs nothing.
    pub memory_steps: f64,
    /// The deep encoder.
    pub deep: DeepConfig,
}

impl Default for AgentConfig {
    fn default() -> Self {
        let conv =
            vec![ConvLayer { channels: 16, kernel: 8, stride: 4 }, ConvLayer { channels: 32, kernel: 4, stride: 2 }];
        Self {
            encoder: EncoderName::Shallow,
            conv,
            features: 256,
            core_size: 256,
            forget_bias: 1.5,
            memory_steps: 0.0,
            deep: DeepConfig::default(),
        }
    }
}

impl AgentConfig {
    /// Checks ranges; keys begin with `agent.`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        let check = |value: i64, key: &str, least: i64, most: i64| {
            let expected = format!("must lie between {least} and {most}");
            InvalidSetting::unless((least..=most).contains(&value), key, value, &expected)
        };
        check(self.conv.len() as i64, "agent.conv", 1, 8)?;
        for layer in &self.conv {
            check(layer.channels, "agent.conv.channels", 1, 1024)?;
            check(layer.kernel, "agent.conv.kernel", 1, 16)?;
            check(layer.stride, "agent.conv.stride", 1, layer.kernel)?;
        }
        self.deep.validate()?;
        check(self.features, "agent.features", 1, 8192)?;
        check(self.core_size, "agent.core_size", 1, 8192)?;
        let steps = self.memory_steps == 0.0 || (1.0..=1e6).contains(&self.memory_steps);
        let expected = "must be 0 (off) or lie between 1 and 1000000";
        InvalidSetting::unless(steps, "agent.memory_steps", self.memory_steps, expected)?;
        let finite = self.forget_bias.is_finite();
        InvalidSetting::unless(finite, "agent.forget_bias", self.forget_bias, "must be a finite number")
    }

    /// Checks that the encoder can be made for pictures of `height` × `width`.
    pub fn validate_for(&self, height: usize, width: usize) -> Result<(), InvalidSetting> {
        check_picture(self, height, width)
    }
}

/// The factor on each loss; the fields are those of `LossReport`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LossScales {
    /// V-trace policy gradient. Ignored when exploring is scripted.
    pub policy_gradient: f64,
    /// Value function. When exploring is scripted it predicts the reward of the behaviour.
    pub baseline: f64,
    /// Entropy bonus. Ignored when exploring is scripted.
    pub entropy: f64,
    /// Imitation of a scripted behaviour. Ignored when exploring is learned.
    pub imitation: f64,
    /// The predictive loss, if there is one.
    pub predictive: f64,
}

impl Default for LossScales {
    fn default() -> Self {
        Self { policy_gradient: 1.0, baseline: 0.5, entropy: 0.01, imitation: 0.3, predictive: 1.0 }
    }
}

impl LossScales {
    /// Checks ranges; keys begin with `losses.`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        let all = [
            ("losses.policy_gradient", self.policy_gradient),
            ("losses.baseline", self.baseline),
            ("losses.entropy", self.entropy),
            ("losses.imitation", self.imitation),
            ("losses.predictive", self.predictive),
        ];
        for (key, value) in all {
            InvalidSetting::unless(
                value >= 0.0 && value.is_finite(),
                key,
                value,
                "must be a finite number, 0 or greater",
            )?;
        }
        Ok(())
    }
}

/// Settings of V-trace (Espeholt et al. 2018).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VTraceConfig {
    /// γ a step. Raising it looks further ahead.
    pub discount: f64,
    /// ρ̄, bound of the importance weight in the value targets.
    pub clip_rho: f64,
    /// c̄, bound of the weights by which corrections travel back.
    pub clip_c: f64,
    /// Bound of the importance weight in the policy gradient.
    pub clip_pg_rho: f64,
    /// Rewards are clipped to ± this.
    pub clip_reward: f64,
}

impl Default for VTraceConfig {
    fn default() -> Self {
        Self { discount: 0.97, clip_rho: 1.0, clip_c: 1.0, clip_pg_rho: 1.0, clip_reward: 1.0 }
    }
}

impl VTraceConfig {
    /// Checks ranges; keys begin with `vtrace.`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        let discount = (0.0..=1.0).contains(&self.discount);
        InvalidSetting::unless(discount, "vtrace.discount", self.discount, "must lie between 0 and 1")?;
        let all = [
            ("vtrace.clip_rho", self.clip_rho),
            ("vtrace.clip_c", self.clip_c),
            ("vtrace.clip_pg_rho", self.clip_pg_rho),
            ("vtrace.clip_reward", self.clip_reward),
        ];
        for (key, value) in all {
            InvalidSetting::unless(value > 0.0 && value.is_finite(), key, value, "must be greater than 0")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_constants_are_off_or_a_step_and_more() {
        let refused = |memory_steps: f64| {
            let error = AgentConfig { memory_steps, ..AgentConfig::default() }.validate().err()?;
            Some(error.to_string())
        };
        for fine in [0.0, 1.0, 64.0] {
            assert_eq!(refused(fine), None);
        }
        for wrong in [-1.0, 0.5, 2e6, f64::NAN] {
            assert!(refused(wrong).is_some_and(|error| error.contains("agent.memory_steps")), "{wrong}");
        }
    }
}
