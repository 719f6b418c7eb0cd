//! The deep encoder: IMPALA's residual network (Espeholt et al. 2018, figure 3, right).
//!
//! Sections of maps, by default of 16, 32 and 32. Each: a convolution 3×3; the greatest of 3×3 with stride 2, which halves
//! the picture; then blocks `x + conv(relu(conv(relu(x))))` of 3×3 convolutions, by default two. A rectifier at the end.
//! Padded throughout, so that a side of `n` becomes `⌈n / 2⌉` in each section, and no picture is too small.

use groundling_interface::InvalidSetting;
use groundling_nn::{Conv2d, Scope};
use serde::{Deserialize, Serialize};
use tch::Tensor;

/// Settings of the deep encoder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeepConfig {
    /// Feature maps of each section, first to last. The first costs the most: it sees the whole picture.
    pub channels: Vec<i64>,
    /// Residual blocks a section, of two convolutions each.
    pub blocks: usize,
}

impl Default for DeepConfig {
    fn default() -> Self {
        Self { channels: vec![16, 32, 32], blocks: 2 }
    }
}

impl DeepConfig {
    /// Checks ranges; keys begin with `agent.deep.`.
    pub(crate) fn validate(&self) -> Result<(), InvalidSetting> {
        let sections = (1..=8).contains(&self.channels.len());
        let channels = self.channels.iter().all(|channels| (1..=1024).contains(channels));
        let value = format!("{:?}", self.channels);
        let expected = "must be 1 to 8 numbers, each between 1 and 1024";
        InvalidSetting::unless(sections && channels, "agent.deep.channels", value, expected)?;
        InvalidSetting::unless(self.blocks <= 8, "agent.deep.blocks", self.blocks, "must lie between 0 and 8")
    }

    /// Numbers that come out for one picture.
    pub(super) fn num_values(&self, height: usize, width: usize) -> i64 {
        let halved = |size: usize| self.channels.iter().fold(size as i64, |size, _| (size + 1) / 2);
        halved(height) * halved(width) * self.channels.last().copied().unwrap_or(3)
    }
}

/// `x + conv(relu(conv(relu(x))))`.
#[derive(Debug)]
pub(super) struct ResidualBlock {
    first: Conv2d,
    second: Conv2d,
}

impl ResidualBlock {
    pub(super) fn new(mut scope: Scope<'_>, channels: i64) -> Self {
        let first = Conv2d::new(scope.sub("first"), channels, channels, 3, 1, 1);
        Self { first, second: Conv2d::new(scope.sub("second"), channels, channels, 3, 1, 1) }
    }

    /// `[N, C, H, W]` -> `[N, C, H, W]`.
    pub(super) fn forward(&self, maps: &Tensor) -> Tensor {
        maps + self.second.forward(&self.first.forward(&maps.relu()).relu())
    }
}

#[derive(Debug)]
struct Section {
    conv: Conv2d,
    blocks: Vec<ResidualBlock>,
}

/// The sections.
#[derive(Debug)]
pub(super) struct Deep(Vec<Section>);

impl Deep {
    pub(super) fn new(scope: &mut Scope<'_>, config: &DeepConfig) -> Self {
        let mut inputs = 3;
        let sections = config.channels.iter().enumerate().map(|(index, &channels)| {
            let mut scope = scope.sub(&format!("section{index}"));
            let conv = Conv2d::new(scope.sub("conv"), inputs, channels, 3, 1, 1);
            let blocks =
                (0..config.blocks).map(|block| ResidualBlock::new(scope.sub(&format!("block{block}")), channels));
            let blocks = blocks.collect();
            inputs = channels;
            Section { conv, blocks }
        });
        Self(sections.collect())
    }

    /// `[N, 3, H, W]` -> `[N, C, h, w]`.
    pub(super) fn forward(&self, pictures: &Tensor) -> Tensor {
        let mut maps = pictures.shallow_clone();
        for section in &self.0 {
            maps = section.conv.forward(&maps).max_pool2d([3, 3], [2, 2], [1, 1], [1, 1], false);
            maps = section.blocks.iter().fold(maps, |maps, block| block.forward(&maps));
        }
        maps.relu()
    }
}
