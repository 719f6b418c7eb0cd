use groundling_interface::derive;
use groundling_nn::{Optimizer, OptimizerConfig, Parameters};
use groundling_ops::gaussian_entropy;
use tch::Device;

use super::*;
use crate::predictive::decoder::DeterministicDecoder;
use crate::predictive::geco::GecoConfig;
use crate::predictive::likelihood::Likelihood;
use crate::predictive::residual_draw::ResidualDraw;

mod slow;

const INPUTS: i64 = 3;

fn conv_draw(config: &ConvDrawConfig, size: [usize; 2]) -> (Parameters, ConvDraw) {
    let mut parameters = Parameters::new(Device::Cpu);
    let model = ConvDraw::new(parameters.scope(5).sub("decoder"), config, INPUTS, size);
    (parameters, model)
}

fn wave(shape: &[i64], offset: f64) -> Tensor {
    let num_values: i64 = shape.iter().product();
    ((Tensor::arange(num_values, (Kind::Float, Device::Cpu)) * 0.7 + offset).sin() * 0.4 + 0.5).view(shape)
}

/// Few enough numbers for loops, and a picture that is no multiple of a cell.
fn tiny() -> ConvDrawConfig {
    ConvDrawConfig { steps: 3, latent_channels: 2, hidden_channels: 3, downscale: 4, ..ConvDrawConfig::default() }
}

#[test]
fn the_recursion_equals_loops_over_numbers() {
    for likelihood in [Likelihood::Gaussian, Likelihood::LearntGaussian, Likelihood::Laplace] {
        let config = ConvDrawConfig { likelihood, ..tiny() };
        let (parameters, model) = conv_draw(&config, [6, 9]);
        let (conditions, frames) = (wave(&[2, INPUTS], 0.3), wave(&[2, 3, 6, 9], 1.1));
        let noise = model.noise(&conditions, &mut derive(1, "noise", &[]));
        let reconstruction = model.reconstruct(&conditions, None, &frames, &noise);
        let (kl, excess) =
            (reconstruction.kl(), likelihood.excess(&reconstruction.canvas, &frames, config.geco.target));
        for frame in 0..2 {
            let expected = slow::bound(&parameters.values(), &config, [6, 9], &conditions, &frames, &noise, frame);
            let found = (kl.double_value(&[frame]), excess.double_value(&[frame]));
            assert!((found.0 - expected.kl).abs() < 1e-4 * expected.kl, "{likelihood:?}: {found:?} {expected:?}");
            assert!((found.1 - expected.excess).abs() < 1e-4 * expected.excess.abs(), "{found:?} {expected:?}");
            assert!(expected.kl > 1e-2 && expected.excess.abs() > 1e-2, "both parts are put to the test: {expected:?}");
        }
    }
}

/// Side of the square of noise over which integrals are taken, in deviations to each side, and its points a side.
const REACH: f64 = 7.0;
const POINTS: i64 = 281;

/// Two latents in all, so that every integral over them is a sum over a grid of noise: the log likelihood is exact, and
/// so is the bound, once with the analytic divergence and once with the ratio of the densities.
#[test]
fn the_bound_by_two_ways_and_the_exact_likelihood_above_it() {
    let _guard = tch::no_grad_guard();
    let config = ConvDrawConfig { steps: 2, latent_channels: 1, ..tiny() };
    let (_, model) = conv_draw(&config, [3, 4]);
    let num = POINTS * POINTS;
    let conditions = wave(&[1, INPUTS], 0.3).expand([num, INPUTS], false);
    let frames = wave(&[1, 3, 3, 4], 1.1).expand([num, 3, 3, 4], false);
    let steps = Tensor::linspace(-REACH, REACH, POINTS, (Kind::Double, Device::Cpu));
    let pair = [steps.repeat([POINTS]), steps.repeat_interleave_self_int(POINTS, 0, None)];
    let noise: Vec<Tensor> = pair.iter().map(|noise| noise.to_kind(Kind::Float).view([num, 1, 1, 1])).collect();
    let area = (2.0 * REACH / (POINTS - 1) as f64).powi(2);
    // The log of the density of the noise times the area of a point.
    let log_share = (pair[0].square() + pair[1].square()) * -0.5 + (area / std::f64::consts::TAU).ln();
    let mean = |values: &Tensor| (log_share.exp() * values).sum(Kind::Double).double_value(&[]);

    let (target, num_values) = (0.3, 36.0);
    let log_likelihood = |canvas: &Tensor| -> Tensor {
        let excess = Likelihood::Gaussian.excess(canvas, &frames, target).to_kind(Kind::Double);
        -(excess + gaussian_entropy(target)) * num_values
    };
    let told = model.reconstruct(&conditions, None, &frames, &noise);
    // log p(z) − log q(z) of each step's latents.
    let log_ratio = |step: usize| {
        let Told { posterior, prior } = &told.steps[step];
        let latents = posterior.sample(&noise[step]);
        let under = |gaussian: &Gaussian| -gaussian.negative_log_likelihood(&latents).to_kind(Kind::Double);
        (under(prior) - under(posterior)).view([-1])
    };
    let analytic = mean(&(log_likelihood(&told.canvas) - told.kl()));
    let by_ratio = mean(&(log_likelihood(&told.canvas) + log_ratio(0) + log_ratio(1)));
    assert!((mean(&log_share.ones_like()) - 1.0).abs() < 1e-6, "the grid is wide and fine enough");
    assert!((analytic - by_ratio).abs() < 1e-3, "{analytic} against {by_ratio}");
    assert!(mean(&told.kl()) > 0.1, "a divergence that counts");

    // The likelihood itself, by latents from the prior; no posterior has a part in it.
    let mut drawing = model.begin(&conditions, None);
    for noise in &noise {
        let prior = distribution(&model.prior, &drawing.decoder.hidden);
        model.draw(&mut drawing, &prior.sample(noise));
    }
    let exact = (log_likelihood(&drawing.canvas) + &log_share).logsumexp(0, false).double_value(&[]);
    assert!(analytic < exact, "{analytic} is a bound of {exact}");
    // And again by the posterior's latents, weighted: what the bound leaves out is what the weights vary by.
    let log_weights = log_likelihood(&told.canvas) + log_ratio(0) + log_ratio(1);
    let weighted = (log_weights + &log_share).logsumexp(0, false).double_value(&[]);
    assert!((weighted - exact).abs() < 1e-2, "{weighted} against {exact}");
}

#[test]
fn any_size_of_picture() {
    let mut generator = derive(1, "noise", &[]);
    for size in [[12, 16], [13, 17], [24, 32], [72, 96]] {
        for downscale in [2, 4, 8, 16] {
            let (_, model) = conv_draw(&ConvDrawConfig { downscale, steps: 1, ..tiny() }, size);
            let conditions = wave(&[2, INPUTS], 0.0);
            let frames = wave(&[2, 3, size[0] as i64, size[1] as i64], 0.0);
            assert!(model.loss(&conditions, &frames, &mut generator).loss.double_value(&[]).is_finite());
            assert_eq!(model.sample(&conditions, &mut generator).size(), frames.size());
        }
    }
}

#[test]
fn gradients_reach_the_condition_through_prior_and_canvas_and_every_parameter() {
    let config = ConvDrawConfig { likelihood: Likelihood::LearntGaussian, ..tiny() };
    let (parameters, model) = conv_draw(&config, [6, 9]);
    let conditions = wave(&[2, INPUTS], 0.3).set_requires_grad(true);
    let frames = wave(&[2, 3, 6, 9], 1.1);
    let noise = model.noise(&conditions, &mut derive(1, "noise", &[]));
    let told = model.reconstruct(&conditions, None, &frames, &noise);
    for part in [told.kl(), config.likelihood.excess(&told.canvas, &frames, 0.1)] {
        let gradient = Tensor::run_backward(&[part.sum(Kind::Float)], &[&conditions], true, false);
        assert!(gradient[0].norm().double_value(&[]) > 1e-3);
    }
    model.loss(&conditions, &frames, &mut derive(1, "noise", &[])).loss.backward();
    for (name, tensor) in parameters.iter().filter(|(_, tensor)| tensor.requires_grad()) {
        assert!(tensor.grad().norm().double_value(&[]) > 0.0, "{name}");
    }
}

#[test]
fn the_multiplier_moves_once_a_call_and_weighs_the_next() {
    let geco = GecoConfig { target: 1.0, step_size: 0.5, ..GecoConfig::default() };
    let (_, model) = conv_draw(&ConvDrawConfig { geco, weight: 0.1, ..tiny() }, [6, 9]);
    let (conditions, frames) = (wave(&[2, INPUTS], 0.3), wave(&[2, 3, 6, 9], 1.1));
    let call = || model.loss(&conditions, &frames, &mut derive(1, "noise", &[]));
    let read = |output: &PredictiveOutput, name: &str| output.series.iter().find(|entry| entry.0 == name).unwrap().1;
    let (first, second) = (call(), call());
    let constraint = read(&first, "constraint");
    assert_eq!(constraint, read(&second, "constraint"), "the same frames and noise");
    let log_moved = (read(&second, "multiplier") / read(&first, "multiplier")).ln();
    assert!(constraint.abs() < 1.0, "not clipped: {constraint}");
    assert!((log_moved - 0.5 * constraint).abs() < 1e-6, "{log_moved} {constraint}");
    for output in [&first, &second] {
        let excess = constraint * 3.0 * 6.0 * 9.0 * read(output, "multiplier");
        let expected = 0.1 * (read(output, "kl") + excess);
        assert!((output.loss.double_value(&[]) - expected).abs() < 1e-4 * expected.abs());
    }
}

/// Four conditions and their frames, 12×16: a bright bar in another place of another colour each.
fn four_frames() -> (Tensor, Tensor) {
    let frames = Tensor::full([4, 3, 12, 16], 0.2, (Kind::Float, Device::Cpu));
    for frame in 0..4 {
        let _ = frames.get(frame).get(frame % 3).narrow(1, 4 * frame, 4).fill_(0.9);
    }
    (Tensor::eye(4, (Kind::Float, Device::Cpu)).narrow(1, 0, INPUTS), frames)
}

/// Root mean square of what frames drawn from the prior differ by from the truth.
fn sampled_error(decoder: &dyn Decoder, conditions: &Tensor, frames: &Tensor) -> f64 {
    let _guard = tch::no_grad_guard();
    let samples = decoder.sample(conditions, &mut derive(9, "sample", &[]));
    (samples - frames).square().mean(Kind::Float).sqrt().double_value(&[])
}

/// Trains on the four frames; returns each update's series.
fn train(parameters: &Parameters, decoder: &dyn Decoder, num_updates: u64) -> Vec<Vec<(&'static str, f64)>> {
    tch::set_num_threads(1);
    let (conditions, frames) = four_frames();
    let config = OptimizerConfig { max_gradient_norm: 1.0, ..OptimizerConfig::default() };
    let mut optimizer = Optimizer::new(config, parameters);
    let step = |update| {
        let output = decoder.loss(&conditions, &frames, &mut derive(4, "train", &[update]));
        output.loss.backward();
        optimizer.step(parameters, 5e-3);
        output.series
    };
    (0..num_updates).map(step).collect()
}

#[test]
fn every_decoder_overfits_and_its_prior_then_draws_the_frames() {
    let (conditions, frames) = four_frames();
    let mut parameters = Parameters::new(Device::Cpu);
    let deterministic = DeterministicDecoder::new(parameters.scope(5).sub("decoder"), INPUTS, 16, 0.1, [12, 16]);
    let config = ConvDrawConfig { steps: 2, hidden_channels: 12, ..tiny() };
    let (own, generative) = conv_draw(&config, [12, 16]);
    let (mut both, draw) = conv_draw(&config, [12, 16]);
    let painter = DeterministicDecoder::new(both.scope(5).sub("painter"), INPUTS, 16, 0.1, [12, 16]);
    let residual = ResidualDraw { painter, draw };
    let cases: [(&Parameters, &dyn Decoder); 3] =
        [(&parameters, &deterministic), (&own, &generative), (&both, &residual)];
    for (parameters, decoder) in cases {
        let before = sampled_error(decoder, &conditions, &frames);
        train(parameters, decoder, 400);
        let after = sampled_error(decoder, &conditions, &frames);
        assert!(before > 0.25 && after < 0.08, "{decoder:?}: {before} then {after}");
    }
}

#[test]
fn geco_reaches_its_target_and_the_divergence_then_falls() {
    // The condition says nothing (always zeros): every frame must be told by latents.
    struct Blind(ConvDraw);
    let geco = GecoConfig { target: 0.1, decay: 0.9, step_size: 0.03, first_multiplier: 1.0, ..GecoConfig::default() };
    let config = ConvDrawConfig { steps: 2, hidden_channels: 12, geco, ..tiny() };
    let (parameters, model) = conv_draw(&config, [12, 16]);
    impl std::fmt::Debug for Blind {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("Blind")
        }
    }
    impl Decoder for Blind {
        fn loss(&self, conditions: &Tensor, frames: &Tensor, generator: &mut ChaCha8Rng) -> PredictiveOutput {
            self.0.loss(&conditions.zeros_like(), frames, generator)
        }
        fn sample(&self, conditions: &Tensor, generator: &mut ChaCha8Rng) -> Tensor {
            self.0.sample(conditions, generator)
        }
    }
    let log = train(&parameters, &Blind(model), 900);
    let mean = |name: &str, updates: std::ops::Range<usize>| {
        let num = updates.len() as f64;
        log[updates].iter().flatten().filter(|entry| entry.0 == name).map(|entry| entry.1).sum::<f64>() / num
    };
    assert!(mean("constraint", 0..10) > 1.0);
    assert!(mean("constraint", 800..900).abs() < 0.2, "{}", mean("constraint", 800..900));
    assert!((mean("reconstruction_error", 800..900) - 0.1).abs() < 0.03);
    let highest = (0..850).step_by(50).map(|at| mean("kl", at..at + 50)).fold(0.0, f64::max);
    assert!(mean("kl", 800..900) < 0.7 * highest, "{} after {highest}", mean("kl", 800..900));
    // Four frames that nothing announces take about log 4 nats to tell apart.
    assert!(mean("kl", 800..900) > 1.0);
}
