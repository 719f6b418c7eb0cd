//! Settings of the oracle.

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

/// Whether questions teach the agent, which, and the decoder through which they do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OracleConfig {
    /// Factor on the questions' loss, 0 to 1000. Default 0: an agent, and no oracle; nothing else here has an effect then.
    /// Raising it lets questions shape more of the belief, and leaves less of it to the other losses.
    pub scale: f64,
    /// Questions drawn of each template at an episode's last step, 1 to 64. Default 2. Each costs its share of the
    /// decoder's time.
    pub last_step_draws: usize,
    /// Earlier steps, in the second half of an episode, at which one question of each template is drawn, 0 to 64. Default
    /// 6. More of them teach sooner what has been seen so far, for the decoder's time.
    pub earlier_steps: usize,
    /// Units of the decoder's LSTM, 1 to 4096. Default 256, as the probe's. The belief is mapped to twice as many numbers.
    pub hidden_size: usize,
    /// Numbers that stand for a question, 1 to 4096. Default 64, as the probe's.
    pub embedding_size: usize,
    /// Steps for which the decoder is unrolled, fed the question at each, 1 to 64. Default 4, as the probe's.
    pub decode_steps: usize,
}

impl Default for OracleConfig {
    fn default() -> Self {
        Self { scale: 0.0, last_step_draws: 2, earlier_steps: 6, hidden_size: 256, embedding_size: 64, decode_steps: 4 }
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
        check("hidden_size", self.hidden_size, 1, 4096)?;
        check("embedding_size", self.embedding_size, 1, 4096)?;
        check("decode_steps", self.decode_steps, 1, 64)
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
        assert!(refused(|config| config.hidden_size = 0).contains("oracle.hidden_size = 0"));
        assert!(refused(|config| config.embedding_size = 5000).contains("oracle.embedding_size = 5000"));
        assert!(refused(|config| config.decode_steps = 0).contains("oracle.decode_steps = 0"));
    }
}
