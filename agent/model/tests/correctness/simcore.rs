//! SimCore whole, with either decoder: how far it looks, what it imagines, and that a checkpoint continues it exactly.

use groundling_interface::{Action, StepKind, derive};
use groundling_model::{Agent, AgentOptimizer, DecoderName, PredictiveConfig, PredictiveName, Unroll};
use groundling_nn::{NamedValues, OptimizerConfig};

use crate::world::{agent, predictive, settings, trajectory, unroll_of};

fn simcore(decoder: DecoderName, overshoot: usize) -> PredictiveConfig {
    let mut config = predictive(PredictiveName::SimCore, 3);
    (config.simcore.decoder, config.simcore.overshoot, config.simcore.conv_draw.steps) = (decoder, overshoot, 2);
    config
}

fn one_episode(agent: &Agent) -> Unroll {
    unroll_of(agent, &trajectory(3, |t, _| if t == 0 { StepKind::First } else { StepKind::Mid }))
}

#[test]
fn any_overshoot_from_none_to_sixty_and_beyond_the_unroll() {
    for decoder in [DecoderName::Deterministic, DecoderName::ConvDraw, DecoderName::ResidualDraw] {
        for overshoot in [0, 1, 60] {
            let config = simcore(decoder, overshoot);
            assert!(config.validate().is_ok());
            let agent = agent(&config);
            let loss = agent.loss(&[one_episode(&agent)], &settings(true), &mut derive(1, "loss", &[]));
            assert!(loss.report().predictive.unwrap().is_finite());
            // Without a future there is nothing to simulate; the state itself must give the present frame.
            let simulated = loss.gradient_norms(&agent, "predictive.core.").predictive.unwrap();
            assert_eq!(simulated > 0.0, overshoot > 0, "{decoder:?}, overshoot {overshoot}: {simulated}");
            assert!(loss.gradient_norms(&agent, "core.").predictive.unwrap() > 0.0);
        }
    }
}

#[test]
fn conv_draw_imagines_anew_at_each_draw_and_the_generator_decides() {
    let actions = [Action(0), Action(2), Action(1)];
    let cases = [(DecoderName::Deterministic, false), (DecoderName::ConvDraw, true), (DecoderName::ResidualDraw, true)];
    for (decoder, draws) in cases {
        let agent = agent(&simcore(decoder, 4));
        let belief = agent.zero_state(1).freeze(0);
        let mut generator = derive(1, "imagine", &[]);
        let mut imagine = || agent.imagine(&belief, &actions, &mut generator).unwrap();
        let (first, second) = (imagine(), imagine());
        assert_eq!(first.len(), actions.len() + 1);
        assert!(first.iter().all(|frame| frame.len() == agent.spec().num_bytes()));
        assert_eq!(first != second, draws, "{decoder:?}");
        assert_eq!(agent.imagine(&belief, &actions, &mut derive(1, "imagine", &[])).unwrap(), first);
    }
}

#[test]
fn a_checkpoint_continues_conv_draw_and_its_multiplier_bit_for_bit() {
    let config = simcore(DecoderName::ConvDraw, 4);
    let train = |agent: &Agent, optimizer: &mut AgentOptimizer, updates: std::ops::Range<u64>| {
        let step = |update| {
            let loss = agent.loss(&[one_episode(agent)], &settings(true), &mut derive(1, "loss", &[update]));
            let series = loss.predictive_series().to_vec();
            optimizer.step(agent, loss, 1e-3);
            series
        };
        updates.map(step).collect::<Vec<_>>()
    };
    let new = || {
        let agent = agent(&config);
        let optimizer = AgentOptimizer::new(&OptimizerConfig::default(), &agent);
        (agent, optimizer)
    };
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
    let state = |agent: &Agent| agent.values().get("predictive.decoder.geco.state", &[3]).unwrap().to_vec();
    assert_ne!(state(&before), state(&after), "the multiplier moved on");
}

#[test]
fn settings_out_of_range_are_named_whole() {
    let mut config = simcore(DecoderName::ConvDraw, 1001);
    assert_eq!(config.validate().unwrap_err().key, "predictive.simcore.overshoot");
    config.simcore.overshoot = 60;
    config.simcore.conv_draw.geco.target = -0.1;
    assert_eq!(config.validate().unwrap_err().key, "predictive.simcore.conv_draw.geco.target");
}
