//! Settings of the oracle.

use groundling_decoder::{DecoderSettings, LstmConfig};
use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

/// Whether questions teach the agent, which, and the decoder through which they do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OracleConfig {
    /// Factor on the questions' loss, 0 to 1000. Default 0: an agent, and no oracle; nothing else here has an effect then.
    /// Raising it lets questions shape more of the belief, and leaves less of it to the other losses. 10 suits the demo: its
    /// gradient at the core is then some hundred times that of imitation, and with 1 hardly anything is learnt in it.
    pub scale: f64,
    /// Questions drawn of each template at an episode's last step, 1 to 64. Default 2. Each costs its share of the
    /// decoder's time.
    pub last_step_draws: usize,
    /// Earlier steps, in the second half of an episode, at which one question of each template is drawn, 0 to 64. Default
    /// 6. More of them teach sooner what has been seen so far, for the decoder's time.
    pub earlier_steps: usize,
    /// The decoder, an LSTM as the probe's.
    pub lstm: LstmConfig,
}

impl Default for OracleConfig {
    fn default() -> Self {
        Self { scale: 0.0, last_step_draws: 2, earlier_steps: 6, lstm: LstmConfig::default() }
    }
}

impl OracleConfig {
    /// Checks every value; keys are named as `oracle.…`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        let fits = (0.0..=1000.0).contains(&self.scale);
        InvalidSetting::unless(fits, "oracle.scale", self.scale, "must lie between 0 (no oracle) and 1000")?;
        let check = |name: &str, value: usize, least: usize, most: usize| {
            let expected = format!("must lie between {least} and {most}");
            InvalidSetting::unless((least..=most).contains(&value), &format!("oracle.{name}"), value, &expected)
        };
        check("last_step_draws", self.last_step_draws, 1, 64)?;
        check("earlier_steps", self.earlier_steps, 0, 64)?;
        self.decoders().validate("oracle")
    }

    /// The decoder's settings as its maker takes them.
    pub(crate) fn decoders(&self) -> DecoderSettings {
        DecoderSettings { lstm: self.lstm.clone(), ..DecoderSettings::default() }
    }

    /// Whether questions teach the agent.
    pub fn is_on(&self) -> bool {
        self.scale > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_out_of_their_range_are_named() {
        assert_eq!(OracleConfig::default().validate(), Ok(()));
        assert!(!OracleConfig::default().is_on());
        let refused = |change: fn(&mut OracleConfig)| {
            let mut config = OracleConfig::default();
            change(&mut config);
            config.validate().unwrap_err().to_string()
        };
        for scale in [-0.5, f64::NAN, 1001.0] {
            let config = OracleConfig { scale, ..OracleConfig::default() };
            assert!(config.validate().unwrap_err().to_string().starts_with("oracle.scale = "), "{scale}");
        }
        assert!(refused(|config| config.last_step_draws = 0).contains("oracle.last_step_draws = 0"));
        assert!(refused(|config| config.earlier_steps = 65).contains("oracle.earlier_steps = 65"));
        assert!(refused(|config| config.lstm.hidden_size = 0).contains("oracle.lstm.hidden_size = 0"));
        assert!(refused(|config| config.lstm.decode_steps = 65).contains("oracle.lstm.decode_steps = 65"));
    }
}
