//! Settings of the generative decoder.

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

use super::geco::GecoConfig;
use super::likelihood::Likelihood;

/// Sides of a latent cell that there are, pixels.
const DOWNSCALES: [i64; 4] = [2, 4, 8, 16];

/// Settings of ConvDRAW. What an update costs is proportional to the number of frames drawn
/// (`rooms × num_starts × num_offsets`), to the number of cells (`⌈H / downscale⌉ × ⌈W / downscale⌉`), and, but for a part
/// that is spent once, to `steps` and about to `hidden_channels`².
///
/// The defaults suit a CPU and pictures of 32×24. In the demo, 288 such frames of 784 steps, an update took 43 ms of one
/// core for the plain LSTM, 74 with the deterministic decoder and 231 with these defaults; 126 with `num_offsets = 1`,
/// 157 with two steps, 119 with one, 161 with 16 hidden channels, 580 with `downscale = 4`.
/// For 96×72 on a GPU begin with `steps = 6`, `hidden_channels = 64` and `latent_channels = 16`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConvDrawConfig {
    /// Steps in which a frame is drawn, 1 to 64. One is a conditional variational autoencoder; each adds a layer of
    /// latents that depends on those before. Memory is proportional to it, and most of the cost.
    pub steps: usize,
    /// Latent numbers a cell and step, 1 to 256. Cheap. Raising it lets a step tell more.
    pub latent_channels: i64,
    /// Maps of the encoder's and the decoder's convolutional LSTM, 1 to 512. Cost grows with its square.
    pub hidden_channels: i64,
    /// Side of a cell of the latents' grid, pixels: 2, 4, 8 or 16. The canvas has the picture's own size, which need not
    /// be a multiple of it. Halving it quadruples the cost and places latents more finely.
    pub downscale: i64,
    /// `gaussian`, `learnt_gaussian` or `laplace`. All cost the same.
    pub likelihood: Likelihood,
    /// Factor on the whole loss, which is in nats a picture, so that its gradient at the core outweighs that of imitation
    /// or of the policy: `gradient_norm/core/predictive` tells.
    pub weight: f64,
    /// How divergence and reconstruction are balanced.
    pub geco: GecoConfig,
}

impl Default for ConvDrawConfig {
    fn default() -> Self {
        Self {
            steps: 4,
            latent_channels: 8,
            hidden_channels: 32,
            downscale: 8,
            likelihood: Likelihood::Gaussian,
            weight: 0.03,
            geco: GecoConfig::default(),
        }
    }
}

impl ConvDrawConfig {
    /// Checks ranges; `section` is the dotted name of the table.
    pub(crate) fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let key = |name: &str| format!("{section}.{name}");
        let check = |name: &str, value: i64, least: i64, most: i64| {
            let expected = format!("must lie between {least} and {most}");
            InvalidSetting::unless((least..=most).contains(&value), &key(name), value, &expected)
        };
        check("steps", self.steps as i64, 1, 64)?;
        check("latent_channels", self.latent_channels, 1, 256)?;
        check("hidden_channels", self.hidden_channels, 1, 512)?;
        let downscale = DOWNSCALES.contains(&self.downscale);
        InvalidSetting::unless(downscale, &key("downscale"), self.downscale, "must be 2, 4, 8 or 16")?;
        let weight = self.weight > 0.0 && self.weight.is_finite();
        InvalidSetting::unless(weight, &key("weight"), self.weight, "must be greater than 0")?;
        self.geco.validate(&key("geco"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_out_of_range_are_named() {
        let refused = |config: ConvDrawConfig| config.validate("conv_draw").unwrap_err().to_string();
        let sound = ConvDrawConfig::default();
        assert!(sound.validate("conv_draw").is_ok());
        let cases = [
            (ConvDrawConfig { steps: 0, ..sound.clone() }, "conv_draw.steps = 0: must lie between 1 and 64"),
            (ConvDrawConfig { downscale: 3, ..sound.clone() }, "conv_draw.downscale = 3: must be 2, 4, 8 or 16"),
            (ConvDrawConfig { weight: f64::INFINITY, ..sound.clone() }, "conv_draw.weight"),
            (ConvDrawConfig { hidden_channels: 513, ..sound.clone() }, "conv_draw.hidden_channels"),
            (ConvDrawConfig { latent_channels: 0, ..sound.clone() }, "conv_draw.latent_channels"),
            (
                ConvDrawConfig { geco: GecoConfig { target: 2.0, ..GecoConfig::default() }, ..sound },
                "conv_draw.geco.target",
            ),
        ];
        for (config, expected) in cases {
            let message = refused(config);
            assert!(message.contains(expected), "{message}");
        }
    }
}
