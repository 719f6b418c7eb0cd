//! How well a canvas tells a frame: the likelihoods of the generative decoder.
//!
//! Each has a width, `target`, which is GECO's aim. Its constraint is an *excess*: the nats a colour value by which the
//! frame is told worse than by a likelihood of just that width that fits, −log p(x) − entropy(target). It is 0 where the
//! typical error is `target`, and means the same for each likelihood and any size of picture.

use groundling_ops::{Gaussian, gaussian_entropy, laplace_entropy, laplace_negative_log_likelihood};
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

/// Bounds of a learnt log standard deviation: half a step of an 8-bit colour, and all colours.
const LEARNT_LOG_STD: (f64, f64) = (-6.2, 0.0);

/// Distribution of a colour value in `[0, 1]` around the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likelihood {
    /// Gaussian of fixed width: squared errors, `target` is their root mean. The steadiest; large errors count most, so
    /// whole objects in the right place come before sharp edges.
    #[default]
    Gaussian,
    /// Gaussian whose width the canvas gives for every colour value, as ConvDRAW has it; `target` is the width whose
    /// entropy must be reached. Flat surfaces may be told finer than textured ones; trains less steadily.
    LearntGaussian,
    /// Laplace of fixed width: absolute errors, `target` is their mean. A few quite wrong pixels are forgiven for many
    /// exact ones: flat colours and sharp edges, small objects come late.
    Laplace,
}

impl Likelihood {
    /// Channels of a canvas it reads.
    pub(crate) fn canvas_channels(self) -> i64 {
        match self {
            Self::Gaussian | Self::Laplace => 3,
            Self::LearntGaussian => 6,
        }
    }

    /// The picture on a canvas `[M, C, H, W]`: mean or median of each colour value, `[M, 3, H, W]`.
    pub(crate) fn picture(self, canvas: &Tensor) -> Tensor {
        canvas.narrow(1, 0, 3)
    }

    /// Excess of each picture, nats a colour value, `[M]`. Canvas `[M, C, H, W]`, frames `[M, 3, H, W]` in `[0, 1]`.
    pub(crate) fn excess(self, canvas: &Tensor, frames: &Tensor, target: f64) -> Tensor {
        let picture = self.picture(canvas);
        let (nats, entropy) = match self {
            Self::Gaussian => {
                let log_std = Tensor::full([1], target.ln(), (frames.kind(), frames.device()));
                let gaussian = Gaussian { mean: picture, log_std };
                (gaussian.negative_log_likelihood(frames), gaussian_entropy(target))
            }
            Self::LearntGaussian => {
                let (least, most) = LEARNT_LOG_STD;
                let log_std = (canvas.narrow(1, 3, 3) + target.ln()).clamp(least, most);
                let gaussian = Gaussian { mean: picture, log_std };
                (gaussian.negative_log_likelihood(frames), gaussian_entropy(target))
            }
            Self::Laplace => (laplace_negative_log_likelihood(frames, &picture, target), laplace_entropy(target)),
        };
        nats.flatten(1, -1).mean_dim(1, false, nats.kind()) - entropy
    }

    /// Typical error of a batch of pictures a colour value, as `target` counts it: root mean square or mean.
    pub(crate) fn typical_error(self, canvas: &Tensor, frames: &Tensor) -> Tensor {
        let errors = (self.picture(canvas) - frames).detach();
        match self {
            Self::Gaussian | Self::LearntGaussian => errors.square().mean(Kind::Float).sqrt(),
            Self::Laplace => errors.abs().mean(Kind::Float),
        }
    }
}

#[cfg(test)]
mod tests {
    use tch::Device;

    use super::*;

    fn wave(shape: &[i64], offset: f64) -> Tensor {
        let num_values: i64 = shape.iter().product();
        ((Tensor::arange(num_values, (Kind::Double, Device::Cpu)) * 0.7 + offset).sin() * 0.3 + 0.5).view(shape)
    }

    #[test]
    fn the_excess_is_zero_where_the_typical_error_is_the_target() {
        let frames = wave(&[2, 3, 4, 5], 0.0);
        let canvas = &frames + 0.2;
        for likelihood in [Likelihood::Gaussian, Likelihood::Laplace] {
            let excess = |target| likelihood.excess(&canvas, &frames, target).double_value(&[1]);
            assert!(excess(0.2).abs() < 1e-9);
            assert!(excess(0.21) < 0.0 && excess(0.19) > 0.0);
            assert!((likelihood.typical_error(&canvas, &frames).double_value(&[]) - 0.2).abs() < 1e-6);
        }
        // Half the target: ½ (0.2/0.1)² − ½ and 0.2/0.1 − 1.
        assert!((Likelihood::Gaussian.excess(&canvas, &frames, 0.1).double_value(&[0]) - 1.5).abs() < 1e-9);
        assert!((Likelihood::Laplace.excess(&canvas, &frames, 0.1).double_value(&[0]) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_learnt_width_equals_the_fixed_one_and_can_do_better() {
        let frames = wave(&[2, 3, 4, 5], 0.0);
        let mean = &frames + 0.1;
        let with_width = |log_ratio: f64| Tensor::cat(&[&mean, &mean.full_like(log_ratio)], 1);
        let learnt = |log_ratio| Likelihood::LearntGaussian.excess(&with_width(log_ratio), &frames, 0.2);
        let fixed = Likelihood::Gaussian.excess(&mean, &frames, 0.2);
        assert!((learnt(0.0) - fixed).abs().max().double_value(&[]) < 1e-9);
        // The best width is the error itself, and its excess is log(0.1 / 0.2).
        assert!((learnt(0.5f64.ln()).double_value(&[0]) - 0.5f64.ln()).abs() < 1e-9);
        // A width beyond the bounds is held at them, whatever the canvas says.
        assert_eq!(learnt(-50.0), learnt(-60.0));
        assert_eq!(Likelihood::LearntGaussian.picture(&with_width(1.0)), mean);
    }
}
