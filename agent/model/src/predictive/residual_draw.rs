//! Painted, then drawn on: the deterministic decoder gives the canvas that ConvDRAW's steps begin with.
//!
//! What the state says for certain (walls, floor, the colours of what is there) comes from the painter, which has a squared
//! error of its own besides, so that latents need not tell it; they are left what is uncertain, shapes and edges above
//! all. The loss is the painter's plus ConvDRAW's, and the gradient of the latter reaches the painter too.

use groundling_nn::to_host;
use rand_chacha::ChaCha8Rng;
use tch::{Kind, Tensor};

use super::PredictiveOutput;
use super::conv_draw::ConvDraw;
use super::decoder::{Decoder, DeterministicDecoder};

/// The two decoders, for conditions and pictures of one size.
#[derive(Debug)]
pub(crate) struct ResidualDraw {
    /// Gives the canvas.
    pub(super) painter: DeterministicDecoder,
    /// Adds to it.
    pub(super) draw: ConvDraw,
}

impl Decoder for ResidualDraw {
    fn loss(&self, conditions: &Tensor, frames: &Tensor, generator: &mut ChaCha8Rng) -> PredictiveOutput {
        let painted = self.painter.forward(conditions);
        let drawn = self.draw.loss_over(conditions, Some(&painted), frames, generator);
        let painting_error = (&painted - frames).detach().square().mean(Kind::Float).sqrt();
        let painting_error = to_host(&painting_error).first().copied().unwrap_or_default();
        let mut series = drawn.series;
        series.push(("painting_error", f64::from(painting_error)));
        PredictiveOutput { loss: drawn.loss + self.painter.error(&painted, frames), series }
    }

    fn sample(&self, conditions: &Tensor, generator: &mut ChaCha8Rng) -> Tensor {
        self.draw.sample_over(conditions, Some(&self.painter.forward(conditions)), generator)
    }
}

#[cfg(test)]
mod tests {
    use groundling_interface::derive;
    use groundling_nn::Parameters;
    use tch::Device;

    use super::*;
    use crate::predictive::conv_draw_config::ConvDrawConfig;

    const INPUTS: i64 = 3;
    const SIZE: [usize; 2] = [6, 9];

    fn decoder() -> (Parameters, ResidualDraw) {
        let mut parameters = Parameters::new(Device::Cpu);
        let config = ConvDrawConfig { steps: 2, latent_channels: 2, hidden_channels: 3, ..ConvDrawConfig::default() };
        let painter = DeterministicDecoder::new(parameters.scope(5).sub("painter"), INPUTS, 4, 0.1, SIZE);
        let draw = ConvDraw::new(parameters.scope(5).sub("draw"), &config, INPUTS, SIZE);
        (parameters, ResidualDraw { painter, draw })
    }

    fn wave(shape: &[i64]) -> Tensor {
        let num_values: i64 = shape.iter().product();
        ((Tensor::arange(num_values, (Kind::Float, Device::Cpu)) * 0.7).sin() * 0.4 + 0.5).view(shape)
    }

    fn zeroed(parameters: &Parameters, prefix: &str) {
        tch::no_grad(|| {
            for (_, tensor) in parameters.iter().filter(|(name, _)| name.starts_with(prefix)) {
                let _ = tensor.shallow_clone().zero_();
            }
        });
    }

    #[test]
    fn where_the_steps_write_nothing_what_was_painted_stays() {
        let (parameters, decoder) = decoder();
        let conditions = wave(&[2, INPUTS]);
        let sample = |seed| decoder.sample(&conditions, &mut derive(seed, "sample", &[]));
        assert_ne!(sample(1), sample(2), "the steps add what is drawn by chance");
        zeroed(&parameters, "draw.write");
        assert_eq!(sample(1), decoder.painter.forward(&conditions).clamp(0.0, 1.0));
    }

    #[test]
    fn the_painter_learns_by_its_own_error_and_by_what_is_drawn_on_it() {
        let (conditions, frames) = (wave(&[2, INPUTS]), wave(&[2, 3, 6, 9]));
        let gradient = |loss: &dyn Fn(&ResidualDraw) -> Tensor| {
            let (parameters, decoder) = decoder();
            loss(&decoder).backward();
            let painter = parameters.iter().filter(|(name, _)| name.starts_with("painter."));
            Tensor::cat(&painter.map(|(_, tensor)| tensor.grad().view([-1])).collect::<Vec<_>>(), 0)
        };
        let generator = || derive(1, "loss", &[]);
        let whole = gradient(&|decoder| decoder.loss(&conditions, &frames, &mut generator()).loss);
        let own = gradient(&|decoder| decoder.painter.error(&decoder.painter.forward(&conditions), &frames));
        let by_drawing = gradient(&|decoder| {
            let painted = decoder.painter.forward(&conditions);
            decoder.draw.loss_over(&conditions, Some(&painted), &frames, &mut generator()).loss
        });
        for part in [&own, &by_drawing] {
            assert!(part.norm().double_value(&[]) > 1e-3);
        }
        assert!(whole.allclose(&(own + by_drawing), 1e-4, 1e-5, false));
    }

    #[test]
    fn the_series_tell_the_error_of_what_was_painted() {
        let (parameters, decoder) = decoder();
        zeroed(&parameters, "painter.");
        // Grey is 0.5, and half of a picture is 0.2 away from it.
        let flat = |color: f64| Tensor::full([1, 3, 6, 9], color, (Kind::Float, Device::Cpu));
        let frames = Tensor::cat(&[flat(0.5), flat(0.7)], 0);
        let series = decoder.loss(&wave(&[2, INPUTS]), &frames, &mut derive(1, "loss", &[])).series;
        let (name, value) = series.last().copied().unwrap();
        assert!(name == "painting_error" && (value - 0.2 / 2f64.sqrt()).abs() < 1e-6, "{name}: {value}");
    }
}
