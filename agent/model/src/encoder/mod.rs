//! Encoders: a picture becomes a row of features. One file an encoder; what they share stands here.

mod deep;
mod shallow;

use groundling_interface::InvalidSetting;
use groundling_nn::{Linear, Precision, Scope};
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use crate::AgentConfig;
pub use deep::DeepConfig;
pub use shallow::{ConvLayer, EncoderTooDeep};

/// Which encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncoderName {
    /// A few convolutions, those of `agent.conv`.
    #[default]
    Shallow,
    /// IMPALA's residual network, that of `agent.deep`. About thirty times the work of IMPALA's shallow one.
    Deep,
}

/// Where the parameters of the agent's own encoder lie.
pub(crate) const SCOPE: &str = "encoder";

/// The maps an encoder makes of pictures.
#[derive(Debug)]
enum Maps {
    Shallow(shallow::Shallow),
    Deep(deep::Deep),
}

/// How an encoder is made for pictures of some size: as often as is asked for.
#[derive(Debug, Clone)]
pub(crate) struct EncoderPlan {
    maps: PlannedMaps,
    /// Numbers that the maps give for a picture.
    num_values: i64,
    num_features: i64,
}

#[derive(Debug, Clone)]
enum PlannedMaps {
    Shallow(Vec<shallow::Placed>),
    Deep(DeepConfig),
}

impl EncoderPlan {
    /// For pictures of `height` × `width`.
    pub(crate) fn new(config: &AgentConfig, height: usize, width: usize) -> Result<Self, EncoderTooDeep> {
        let (maps, num_values) = match config.encoder {
            EncoderName::Shallow => {
                let layout = shallow::lay_out(&config.conv, height, width)?;
                let num_values = layout.last().map_or(0, shallow::Placed::num_values);
                (PlannedMaps::Shallow(layout), num_values)
            }
            EncoderName::Deep => (PlannedMaps::Deep(config.deep.clone()), config.deep.num_values(height, width)),
        };
        Ok(Self { maps, num_values, num_features: config.features })
    }

    /// Features it gives for a picture.
    pub(crate) fn num_features(&self) -> i64 {
        self.num_features
    }

    /// An encoder with parameters of its own.
    pub(crate) fn build(&self, mut scope: Scope<'_>) -> Encoder {
        let precision = scope.precision();
        let maps = match &self.maps {
            PlannedMaps::Shallow(layout) => Maps::Shallow(shallow::Shallow::new(&mut scope, layout)),
            PlannedMaps::Deep(config) => Maps::Deep(deep::Deep::new(&mut scope, config)),
        };
        let gain = std::f64::consts::SQRT_2;
        let features = Linear::new(scope.sub("features"), self.num_values, self.num_features, gain);
        Encoder { maps, features, precision }
    }
}

/// Picture to features: maps, one fully connected layer, a rectifier.
#[derive(Debug)]
pub(crate) struct Encoder {
    maps: Maps,
    features: Linear,
    precision: Precision,
}

impl Encoder {
    /// Pictures u8 `[N, H, W, 3]` -> features f32 `[N, F]`.
    pub(crate) fn forward(&self, pictures: &Tensor) -> Tensor {
        // A view of [N, H, W, 3] with the channels in front: convolutions that prefer channels last find them there.
        let pictures = pictures.permute([0, 3, 1, 2]).to_kind(self.precision.factor_kind()) / 255.0;
        let maps = match &self.maps {
            Maps::Shallow(maps) => maps.forward(&pictures),
            Maps::Deep(maps) => maps.forward(&pictures),
        };
        self.features.forward(&maps.flatten(1, -1)).relu().to_kind(Kind::Float)
    }
}

/// Whether an encoder can be made for pictures of `height` × `width`; keys begin with `agent.`.
pub(crate) fn check_picture(config: &AgentConfig, height: usize, width: usize) -> Result<(), InvalidSetting> {
    let laid_out = match config.encoder {
        EncoderName::Shallow => shallow::lay_out(&config.conv, height, width).map(drop),
        EncoderName::Deep => Ok(()),
    };
    laid_out.map_err(|error| {
        let layers: Vec<String> = config.conv.iter().map(ToString::to_string).collect();
        InvalidSetting::new("agent.conv", layers.join(", "), error.reason())
    })
}

#[cfg(test)]
mod tests;
