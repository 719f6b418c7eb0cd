//! Settings of the probe.

use groundling_decoder::{BeliefsRead, DecoderName, DecoderSettings};
use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

/// The decoder, how it is trained, and when training stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProbeConfig {
    /// Which network answers: `lstm`, `mlp`, `gated`, `linear`, `attention` or `unscaled`. Default `lstm`. What a probe finds depends on it.
    pub decoder: DecoderName,
    /// Sizes of each kind of network, a table each; only those of the chosen one have an effect.
    pub decoders: DecoderSettings,
    /// Step size of Adam, above 0 and at most 1. Default 0.003.
    pub learning_rate: f64,
    /// Updates over which the step size rises from 0, 0 to 1,000,000. Default 50.
    pub warmup_updates: u64,
    /// Longest gradient, above 0; longer ones are shortened to it. Default 1.
    pub max_gradient_norm: f64,
    /// Questions in an update, 1 to 65,536. Default 64: on few examples better than more at a time.
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
    /// The most updates, 1 to 10,000,000. The step size falls to 0 over the last half of them. Default 3,000.
    pub updates: u64,
    /// Updates between two looks at the validation examples, 1 to 10,000,000. Default 150.
    pub validate_every: u64,
    /// Looks without a better validation accuracy after which training stops, 1 to 10,000,000.
    /// Default 8.
    pub patience: u64,
}

/// Training beside an agent, in a thread of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OnlineConfig {
    /// Episodes that may wait for the probe; when so many wait, further ones are dropped and counted, 1 to
    /// 65,536. Default 64.
    pub channel_capacity: usize,
}

impl Default for ProbeConfig {
    fn default() -> Self {
        Self {
            decoder: DecoderName::default(),
            decoders: DecoderSettings::default(),
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

/// Beliefs of one update: at 256 outputs and 256 cells half a gigabyte.
const MOST_IN_A_BATCH: usize = 1 << 18;

impl ProbeConfig {
    /// Which beliefs the chosen decoder looks at.
    pub fn beliefs_read(&self) -> BeliefsRead {
        self.decoders.beliefs_read(self.decoder)
    }

    /// The chosen decoder in a few words for a report, such as `LSTM 256, the question at each of 4 steps`.
    pub fn describe_decoder(&self) -> String {
        self.decoders.describe(self.decoder)
    }

    /// Checks every value; keys are named as `probe.…`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        self.decoders.validate("probe.decoders")?;
        let (rate, norm) = (self.learning_rate, self.max_gradient_norm);
        let fits = rate > 0.0 && rate <= 1.0;
        InvalidSetting::unless(fits, "probe.learning_rate", rate, "must be greater than 0 and at most 1")?;
        between("probe.warmup_updates", self.warmup_updates, 0, 1_000_000)?;
        let fits = norm > 0.0 && norm.is_finite();
        InvalidSetting::unless(fits, "probe.max_gradient_norm", norm, "must be greater than 0")?;
        between("probe.batch_size", self.batch_size, 1, 65_536)?;
        if let BeliefsRead::History { most } = self.beliefs_read() {
            let beliefs = self.batch_size.saturating_mul(most);
            let expected = format!("times {most}, the beliefs read for a question, must be at most {MOST_IN_A_BATCH}");
            InvalidSetting::unless(beliefs <= MOST_IN_A_BATCH, "probe.batch_size", self.batch_size, &expected)?;
        }
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
