//! Convolutional DRAW (Gregor et al. 2016, "Towards Conceptual Compression", section 2), conditioned on a state.
//!
//! A frame is drawn on a canvas in `n` steps. At step `t`, with x the frame, r the canvas, s the condition:
//!
//! ```text
//! h_e ← encoder(x, x − r, h_e, h_d)      posterior q_t = N(z; W_q h_e)      (only where the frame is known)
//!                                        prior     p_t = N(z; W_p h_d)
//! z_t ~ q_t, or ~ p_t where a frame is imagined
//! h_d ← decoder(s, z_t, h_d)             r ← r + write(h_d)
//! ```
//!
//! Encoder and decoder are convolutional LSTMs over a grid of cells of `downscale`² pixels. h_d begins as a map of the
//! condition, and the canvas as what that writes, so that the first prior and the first canvas already follow from the
//! state. The bound is −log p(x | s) ≤ E_q [Σ_t KL(q_t ‖ p_t) − log p(x | r_n)]. GECO weighs the two: the loss is
//! `weight` × (KL + λ × excess), a mean over frames, in nats a picture (`Likelihood` says what the excess is).
//!
//! The canvas may instead begin as a picture from elsewhere, its ground (`residual_draw`), which the steps then add to.
//!
//! Gradients reach the state twice: by what the prior must know for the divergence to be small, and by the canvas.

use groundling_nn::{Conv2d, ConvTranspose2d, Linear, Scope};
use groundling_ops::{Gaussian, lagrangian};
use rand_chacha::ChaCha8Rng;
use tch::{Kind, Tensor};

use super::PredictiveOutput;
use super::conv_draw_config::ConvDrawConfig;
use super::conv_lstm::{ConvLstm, GridState};
use super::decoder::{Decoder, upscale, upscaling};
use super::geco::Multiplier;
use super::noise::standard_normal;

/// Bounds of a latent's log standard deviation: a hard stop far from what is learnt.
const LATENT_LOG_STD: (f64, f64) = (-6.0, 3.0);

/// Factor on the first weights that write: a canvas begins nearly grey, not as loud noise that latents must first undo.
const FIRST_WRITING: f64 = 0.1;

/// The generative decoder.
#[derive(Debug)]
pub(crate) struct ConvDraw {
    config: ConvDrawConfig,
    size: [i64; 2],
    grid: [i64; 2],
    condition: Linear,
    read_frame: Conv2d,
    read_error: Conv2d,
    encoder: ConvLstm,
    decoder: ConvLstm,
    posterior: Conv2d,
    prior: Conv2d,
    write: ConvTranspose2d,
    multiplier: Multiplier,
}

/// A canvas being drawn on, and the decoder's state.
struct Drawing {
    /// The condition's part of the decoder's gates.
    projected: Tensor,
    decoder: GridState,
    /// `[M, C, H, W]`.
    canvas: Tensor,
}

/// Frames told by latents.
struct Reconstruction {
    /// Of each step.
    steps: Vec<Told>,
    /// r_n, `[M, C, H, W]`.
    canvas: Tensor,
}

/// What a step tells; all `[M, latent_channels, h, w]`.
struct Told {
    posterior: Gaussian,
    prior: Gaussian,
}

impl Reconstruction {
    /// Σ_t KL(q_t ‖ p_t) of each frame, nats, `[M]`.
    fn kl(&self) -> Tensor {
        let divergences: Vec<Tensor> = self.steps.iter().map(|step| step.posterior.kl(&step.prior)).collect();
        let all = Tensor::cat(&divergences, 1).flatten(1, -1);
        all.sum_dim_intlist(1, false, all.kind())
    }
}

impl ConvDraw {
    /// For conditions of `inputs` numbers and pictures of `height` × `width`.
    pub(crate) fn new(mut scope: Scope<'_>, config: &ConvDrawConfig, inputs: i64, [height, width]: [usize; 2]) -> Self {
        let ConvDrawConfig { hidden_channels: hidden, latent_channels: latent, downscale, .. } = *config;
        let size = [height as i64, width as i64];
        let grid = size.map(|side| (side + downscale - 1) / downscale);
        let canvas = config.likelihood.canvas_channels();
        Self {
            config: config.clone(),
            size,
            grid,
            condition: Linear::new(scope.sub("condition"), inputs, hidden * grid[0] * grid[1], 1.0),
            read_frame: Conv2d::new(scope.sub("read_frame"), 3, hidden, downscale, downscale, 0),
            read_error: Conv2d::new(scope.sub("read_error"), 3, hidden, downscale, downscale, 0),
            encoder: ConvLstm::new(scope.sub("encoder"), hidden, 2 * hidden, hidden),
            decoder: ConvLstm::new(scope.sub("decoder"), hidden, latent, hidden),
            posterior: Conv2d::new(scope.sub("posterior"), hidden, 2 * latent, 3, 1, 1),
            prior: Conv2d::new(scope.sub("prior"), hidden, 2 * latent, 3, 1, 1),
            write: upscaling(scope.sub("write"), hidden, canvas, downscale).scaled(FIRST_WRITING),
            multiplier: Multiplier::new(scope.sub("geco"), &config.geco),
        }
    }

    /// Noise for `num` frames: one `[num, latent_channels, h, w]` a step.
    fn noise(&self, conditions: &Tensor, generator: &mut ChaCha8Rng) -> Vec<Tensor> {
        let ([rows, columns], num) = (self.grid, conditions.size()[0]);
        let shape = [self.config.steps as i64, num, self.config.latent_channels, rows, columns];
        standard_normal(&shape, conditions.device(), generator).unbind(0)
    }

    /// Nothing drawn yet but the ground, `[M, 3, H, W]`, or without one what the condition writes.
    fn begin(&self, conditions: &Tensor, ground: Option<&Tensor>) -> Drawing {
        let [rows, columns] = self.grid;
        let map = self.condition.forward(conditions).view([-1, self.config.hidden_channels, rows, columns]).tanh();
        let canvas = self.written(&map);
        // Grey in the middle of all colours; what else a canvas holds begins at 0.
        let colors = ground.map_or_else(|| canvas.narrow(1, 0, 3) + 0.5, Tensor::shallow_clone);
        let rest = canvas.narrow(1, 3, canvas.size()[1] - 3);
        Drawing {
            projected: self.decoder.project(&map),
            decoder: GridState::begin(map),
            canvas: Tensor::cat(&[colors, rest], 1),
        }
    }

    /// What a decoder's output `[M, N, h, w]` adds to the canvas, `[M, C, H, W]`.
    fn written(&self, hidden: &Tensor) -> Tensor {
        let whole = upscale(&self.write, hidden, self.config.downscale);
        whole.narrow(2, 0, self.size[0]).narrow(3, 0, self.size[1])
    }

    /// Draws a step whose latents are known.
    fn draw(&self, drawing: &mut Drawing, latents: &Tensor) {
        drawing.decoder = self.decoder.step(&drawing.projected, &[latents], &drawing.decoder);
        drawing.canvas = &drawing.canvas + self.written(&drawing.decoder.hidden);
    }

    /// Tells frames `[M, 3, H, W]` with latents drawn from their posteriors by `noise`.
    fn reconstruct(
        &self,
        conditions: &Tensor,
        ground: Option<&Tensor>,
        frames: &Tensor,
        noise: &[Tensor],
    ) -> Reconstruction {
        let [rows, columns] = self.grid;
        let mut drawing = self.begin(conditions, ground);
        let read = self.read_frame.forward(&self.padded(&(frames - 0.5))).relu();
        let projected = self.encoder.project(&read);
        let mut encoder = self.encoder.zero_state(frames.size()[0], rows, columns);
        let mut steps = Vec::with_capacity(noise.len());
        for noise in noise {
            let error = frames - self.config.likelihood.picture(&drawing.canvas);
            let error = self.read_error.forward(&self.padded(&error));
            encoder = self.encoder.step(&projected, &[&error, &drawing.decoder.hidden], &encoder);
            let posterior = distribution(&self.posterior, &encoder.hidden);
            let prior = distribution(&self.prior, &drawing.decoder.hidden);
            self.draw(&mut drawing, &posterior.sample(noise));
            steps.push(Told { posterior, prior });
        }
        Reconstruction { steps, canvas: drawing.canvas }
    }

    /// Zeros to the right and below, up to whole cells.
    fn padded(&self, pictures: &Tensor) -> Tensor {
        let missing = |axis: usize| self.grid[axis] * self.config.downscale - self.size[axis];
        match (missing(0), missing(1)) {
            (0, 0) => pictures.shallow_clone(),
            (rows, columns) => pictures.constant_pad_nd([0, columns, 0, rows]),
        }
    }

    /// `Decoder::loss` on a canvas that begins as `ground`, `[M, 3, H, W]`, where there is one.
    pub(super) fn loss_over(
        &self,
        conditions: &Tensor,
        ground: Option<&Tensor>,
        frames: &Tensor,
        generator: &mut ChaCha8Rng,
    ) -> PredictiveOutput {
        let noise = self.noise(conditions, generator);
        let reconstruction = self.reconstruct(conditions, ground, frames, &noise);
        let (likelihood, target) = (self.config.likelihood, self.config.geco.target);
        let (kl, canvas) = (reconstruction.kl().mean(Kind::Float), &reconstruction.canvas);
        let excess = likelihood.excess(canvas, frames, target).mean(Kind::Float);
        let multiplier = self.multiplier.state().multiplier();
        let num_values = (3 * self.size[0] * self.size[1]) as f64;
        let loss = lagrangian(&kl, &(&excess * num_values), multiplier) * self.config.weight;

        let figures = Tensor::stack(&[kl.detach(), excess.detach(), likelihood.typical_error(canvas, frames)], 0);
        let figures: Vec<f64> = groundling_nn::to_host(&figures).into_iter().map(f64::from).collect();
        self.multiplier.advance(figures[1]);
        let series = vec![
            ("kl", figures[0]),
            ("constraint", figures[1]),
            ("reconstruction_error", figures[2]),
            ("multiplier", multiplier),
        ];
        PredictiveOutput { loss, series }
    }

    /// `Decoder::sample` on a canvas that begins as `ground`, where there is one.
    pub(super) fn sample_over(
        &self,
        conditions: &Tensor,
        ground: Option<&Tensor>,
        generator: &mut ChaCha8Rng,
    ) -> Tensor {
        let mut drawing = self.begin(conditions, ground);
        for noise in self.noise(conditions, generator) {
            let prior = distribution(&self.prior, &drawing.decoder.hidden);
            self.draw(&mut drawing, &prior.sample(&noise));
        }
        self.config.likelihood.picture(&drawing.canvas).clamp(0.0, 1.0)
    }
}

/// The latents' distribution that `head` reads from `[M, N, h, w]`.
fn distribution(head: &Conv2d, hidden: &Tensor) -> Gaussian {
    let parts = head.forward(hidden).chunk(2, 1);
    let (least, most) = LATENT_LOG_STD;
    Gaussian { mean: parts[0].shallow_clone(), log_std: parts[1].clamp(least, most) }
}

impl Decoder for ConvDraw {
    fn loss(&self, conditions: &Tensor, frames: &Tensor, generator: &mut ChaCha8Rng) -> PredictiveOutput {
        self.loss_over(conditions, None, frames, generator)
    }

    fn sample(&self, conditions: &Tensor, generator: &mut ChaCha8Rng) -> Tensor {
        self.sample_over(conditions, None, generator)
    }
}

#[cfg(test)]
mod tests;
