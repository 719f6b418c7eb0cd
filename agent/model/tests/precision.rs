//! Promised of an agent in bf16: every loss is nearly what it is in f32, all parameters stay f32, and gradients reach all
//! that they reach in f32.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::{Action, EnvironmentSpec, Motion, Observation, StepKind, TimeStep, derive};
use groundling_model::{
    Agent, AgentConfig, AgentOptimizer, EncoderName, LossReport, LossScales, LossSettings, PredictiveConfig,
    PredictiveName, Unroll, UnrollShape, VTraceConfig,
};
use groundling_nn::{Compute, OptimizerConfig, Precision};
use tch::Device;

const LENGTH: usize = 16;
const ROOMS: usize = 4;

/// Nothing, and a step aside and a turn either way.
fn motions() -> Vec<Motion> {
    let motion = |side: f32| Motion { forward: 0.1, left: 0.3 * side, turn: 0.4 * side, tilt: 0.0 };
    vec![Motion::default(), motion(1.0), motion(-1.0)]
}

fn spec() -> EnvironmentSpec {
    EnvironmentSpec {
        height: 24,
        width: 32,
        action_names: ["stay", "left", "right"].map(String::from).to_vec(),
        motions: motions(),
    }
}

fn unroll(agent: &Agent) -> Unroll {
    let state = agent.zero_state(ROOMS);
    let beliefs = (0..ROOMS).map(|room| state.freeze(room)).collect();
    let mut unroll = Unroll::begin(UnrollShape::new(LENGTH, ROOMS, &spec()), beliefs);
    for t in 0..=LENGTH {
        for room in 0..ROOMS {
            let rgb = (0..spec().num_bytes()).map(|index| ((index * (t + 3) + room * 41) % 251) as u8).collect();
            let kind = if t == 0 { StepKind::First } else { StepKind::Mid };
            let last_action = (t > 0).then_some(Action((t % 3) as u16));
            let last_reward = ((t + room) % 2) as f32;
            unroll.push_observation(&TimeStep { kind, observation: Observation { rgb, last_action, last_reward } });
            if t < LENGTH {
                unroll.push_action(Action(((t + 1) % 3) as u16), &[0.2, -0.1, 0.0]);
            }
        }
    }
    unroll
}

/// Losses, those parameters that one update moved, and the gradient's norm.
fn update(predictive: &PredictiveConfig, encoder: EncoderName, precision: Precision) -> (LossReport, Vec<String>, f64) {
    let config = AgentConfig { encoder, features: 64, core_size: 64, ..AgentConfig::default() };
    let compute = Compute { device: Device::Cpu, precision };
    let agent = Agent::new(&spec(), &config, predictive, 1.0, 3, compute).unwrap();
    let settings = LossSettings {
        scales: LossScales::default(),
        vtrace: VTraceConfig::default(),
        scripted: false,
        carried_state: true,
    };
    let before = agent.values();
    let loss = agent.loss(&[unroll(&agent)], &settings, &mut derive(1, "loss", &[]));
    let report = loss.report();
    let norm = AgentOptimizer::new(&OptimizerConfig::default(), &agent).step(&agent, loss, 1e-3);
    let after = agent.values();
    let moved = before.iter().zip(after.iter()).filter(|(one, other)| one.2 != other.2);
    (report, moved.map(|(one, _)| one.0.to_string()).collect(), norm)
}

#[test]
fn every_loss_is_nearly_what_it_is_in_f32() {
    tch::set_num_threads(1);
    let mut cases: Vec<(PredictiveConfig, EncoderName)> = Vec::new();
    for name in PredictiveName::ALL {
        let loss = PredictiveName::try_from(name.to_string()).unwrap();
        let mut predictive = PredictiveConfig { loss, ..PredictiveConfig::default() };
        cases.push((predictive.clone(), EncoderName::Shallow));
        if loss == PredictiveName::SimCore {
            predictive.simcore.decoder = groundling_model::DecoderName::ConvDraw;
            cases.push((predictive, EncoderName::Deep));
        }
    }
    assert!(cases.len() >= 3);
    for (predictive, encoder) in cases {
        let (exact, exact_moved, exact_norm) = update(&predictive, encoder, Precision::F32);
        let (reduced, reduced_moved, reduced_norm) = update(&predictive, encoder, Precision::Bf16);
        let name = format!("{:?}, {encoder:?}", predictive.loss);
        assert_ne!(exact, reduced, "{name}: nothing was reduced");
        for ((loss, exact), (_, reduced)) in exact.iter().zip(reduced.iter()) {
            assert!((exact - reduced).abs() < 0.02 + 0.02 * exact.abs(), "{name}, {loss}: {exact} and {reduced}");
        }
        assert_eq!(exact_moved, reduced_moved, "{name}");
        let ratio = reduced_norm / exact_norm;
        assert!((0.9..1.1).contains(&ratio), "{name}: gradients of {exact_norm} and {reduced_norm}");
    }
}
