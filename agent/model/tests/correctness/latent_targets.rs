//! Latent targets whole: they are learnt, they do not fall together, and a checkpoint continues them exactly, the slow
//! encoder too.

use groundling_interface::{StepKind, derive};
use groundling_model::{Agent, AgentOptimizer, LossScales, LossSettings, PredictiveConfig, PredictiveName, Unroll};
use groundling_nn::{NamedValues, OptimizerConfig};

use crate::world::{agent, predictive, settings, trajectory, unroll_of};

fn config() -> PredictiveConfig {
    let mut config = predictive(PredictiveName::LatentTargets, 3);
    config.latent_targets.momentum = 0.9;
    config
}

fn one_episode(agent: &Agent) -> Unroll {
    unroll_of(agent, &trajectory(3, |t, _| if t == 0 { StepKind::First } else { StepKind::Mid }))
}

/// The loss and its series in each of some updates.
fn train(agent: &Agent, optimizer: &mut AgentOptimizer, updates: std::ops::Range<u64>) -> Vec<(f64, f64)> {
    // Alone: what the other losses make of the encoder is not the question.
    let scales = LossScales { imitation: 0.0, baseline: 0.0, ..LossScales::default() };
    let settings = LossSettings { scales, ..settings(true) };
    let step = |update| {
        let loss = agent.loss(&[one_episode(agent)], &settings, &mut derive(1, "loss", &[update]));
        let figures = (loss.report().predictive.unwrap(), loss.predictive_series()[0].1);
        optimizer.step(agent, loss, 3e-3);
        figures
    };
    updates.map(step).collect()
}

fn new() -> (Agent, AgentOptimizer) {
    let agent = agent(&config());
    let optimizer = AgentOptimizer::new(&OptimizerConfig::default(), &agent);
    (agent, optimizer)
}

fn values_of(agent: &Agent, place: &str) -> Vec<f32> {
    agent.values().get(&format!("{place}.features.bias"), &[32]).unwrap().to_vec()
}

#[test]
fn they_overfit_one_batch_without_falling_together() {
    // With the default momentum.
    let agent = agent(&predictive(PredictiveName::LatentTargets, 3));
    let mut optimizer = AgentOptimizer::new(&OptimizerConfig::default(), &agent);
    let figures = train(&agent, &mut optimizer, 0..300);
    let mean = |figures: &[(f64, f64)]| figures.iter().map(|figure| figure.0).sum::<f64>() / figures.len() as f64;
    let (first, last) = (mean(&figures[..1]), mean(&figures[290..]));
    assert!((1.6..2.4).contains(&first), "it begins by knowing nothing: {first}");
    assert!(last < 0.1 * first, "{last} after {first}");
    let (spread_first, spread_last) = (figures[0].1, figures[299].1);
    assert!(spread_last > spread_first, "targets fell together: {spread_last} after {spread_first}");
    assert_ne!(values_of(&agent, "encoder"), values_of(&agent, "predictive.slow_encoder"));
}

#[test]
fn the_slow_encoder_begins_as_the_encoder() {
    let (agent, _) = new();
    let values = agent.values();
    let mut num_compared = 0;
    for (name, _, slow) in values.iter() {
        let Some(rest) = name.strip_prefix("predictive.slow_encoder.") else { continue };
        let same = values.iter().any(|(other, _, fast)| other == format!("encoder.{rest}") && fast == slow);
        assert!(same, "{name}");
        num_compared += 1;
    }
    assert_eq!(num_compared, 4, "weights and biases of one convolution and of the features");
}

#[test]
fn a_checkpoint_continues_them_and_the_slow_encoder_bit_for_bit() {
    let (whole, mut whole_optimizer) = new();
    let undisturbed = train(&whole, &mut whole_optimizer, 0..6);

    let (before, mut optimizer) = new();
    train(&before, &mut optimizer, 0..3);
    let saved = NamedValues::from_safetensors(&before.values().to_safetensors().unwrap()).unwrap();
    let (moments, num_steps) = optimizer.values(&before);
    let (after, mut optimizer) = new();
    after.set_values(&saved).unwrap();
    optimizer.set_values(&after, &moments, num_steps).unwrap();
    assert_eq!(train(&after, &mut optimizer, 3..6), undisturbed[3..]);
    assert_eq!(after.values(), whole.values());
    assert_ne!(values_of(&before, "predictive.slow_encoder"), values_of(&after, "predictive.slow_encoder"));
}

#[test]
fn in_shares_the_slow_encoder_follows_as_it_does_alone() {
    let slow_after_one_step = |num_shares: usize| {
        let (others, mut agent) = ((1..num_shares).map(|_| new().0).collect::<Vec<_>>(), new().0);
        agent = agent.with_replicas(others);
        let loss = |agent: &Agent| agent.loss(&[one_episode(agent)], &settings(true), &mut derive(1, "loss", &[]));
        let mut optimizer = AgentOptimizer::new(&OptimizerConfig::default(), &agent);
        let first = loss(&agent);
        optimizer.step(&agent, first, 3e-3);
        let encoder = values_of(&agent, "encoder");
        let before = values_of(&agent, "predictive.slow_encoder");
        let _ = loss(&agent);
        (encoder, before, values_of(&agent, "predictive.slow_encoder"))
    };
    for num_shares in [1, 2] {
        let (encoder, before, after) = slow_after_one_step(num_shares);
        assert_ne!(encoder, before);
        for ((fast, before), after) in encoder.iter().zip(&before).zip(&after) {
            let expected = 0.9 * before + 0.1 * fast;
            assert!((after - expected).abs() < 1e-7, "{num_shares} shares: {after} and not {expected}");
        }
    }
}
