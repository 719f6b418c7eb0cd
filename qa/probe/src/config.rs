//! Settings of the probe.

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

/// The decoder, how it is trained, and when training stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProbeConfig {
    /// Units of the decoder's LSTM. Default 256. More units read more out of the same belief, more slowly.
    pub hidden_size: usize,
    /// Numbers that stand for a question. Default 64.
    pub embedding_size: usize,
    /// Steps for which the decoder is unrolled, fed the question at each. Default 4.
    pub decode_steps: usize,
    /// Step size of Adam. Default 0.003.
    pub learning_rate: f64,
    /// Updates over which the step size rises from 0. Default 50.
    pub warmup_updates: u64,
    /// Longest gradient; longer ones are shortened to it. Default 1.
    pub max_gradient_norm: f64,
    /// Questions in an update. Default 64: on few examples better than more at a time.
    pub batch_size: usize,
    /// Training on a finished set of examples.
    pub offline: OfflineConfig,
    /// Training beside an agent.
    pub online: OnlineConfig,
}

/// Training on a finished set of examples, with early stopping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfflineConfig {
    /// The most updates. The step size falls to 0 over the last half of them. Default 3,000.
    pub updates: u64,
    /// Updates between two looks at the validation examples. Default 150.
    pub validate_every: u64,
    /// Looks without a better validation accuracy after which training stops. Default 8.
    pub patience: u64,
}

/// Training beside an agent, in a thread of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OnlineConfig {
    /// Episodes that may wait for the probe; when so many wait, further ones are dropped and counted. Default 64.
    pub channel_capacity: usize,
}

impl Default for ProbeConfig {
    fn default() -> Self {
        Self {
            hidden_size: 256,
            embedding_size: 64,
            decode_steps: 4,
            learning_rate: 3e-3,
            warmup_updates: 50,
            max_gradient_norm: 1.0,
            batch_size: 64,
            offline: OfflineConfig::default(),
            online: OnlineConfig::default(),
        }
    }
}

impl Default for OfflineConfig {
    fn default() -> Self {
        Self { updates: 3_000, validate_every: 150, patience: 8 }
    }
}

impl Default for OnlineConfig {
    fn default() -> Self {
        Self { channel_capacity: 64 }
    }
}

impl ProbeConfig {
    /// Checks every value; keys are named as `probe.…`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        between("probe.hidden_size", self.hidden_size, 1, 4_096)?;
        between("probe.embedding_size", self.embedding_size, 1, 4_096)?;
        between("probe.decode_steps", self.decode_steps, 1, 64)?;
        let (rate, norm) = (self.learning_rate, self.max_gradient_norm);
        let fits = rate > 0.0 && rate <= 1.0;
        InvalidSetting::unless(fits, "probe.learning_rate", rate, "must be greater than 0 and at most 1")?;
        between("probe.warmup_updates", self.warmup_updates, 0, 1_000_000)?;
        let fits = norm > 0.0 && norm.is_finite();
        InvalidSetting::unless(fits, "probe.max_gradient_norm", norm, "must be greater than 0")?;
        between("probe.batch_size", self.batch_size, 1, 65_536)?;
        between("probe.offline.updates", self.offline.updates, 1, 10_000_000)?;
        between("probe.offline.validate_every", self.offline.validate_every, 1, 10_000_000)?;
        between("probe.offline.patience", self.offline.patience, 1, 10_000_000)?;
        between("probe.online.channel_capacity", self.online.channel_capacity, 1, 65_536)
    }
}

fn between<T: PartialOrd + ToString>(key: &str, value: T, least: T, most: T) -> Result<(), InvalidSetting> {
    let expected = format!("must lie between {} and {}", least.to_string(), most.to_string());
    InvalidSetting::unless((least..=most).contains(&value), key, value, &expected)
}
