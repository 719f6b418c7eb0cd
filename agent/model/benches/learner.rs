//! Frames a second of the learner alone: losses, backward and optimiser step on made-up unrolls of the demo's size.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use groundling_interface::{Action, EnvironmentSpec, Motion, Observation, StepKind, TimeStep, derive};
use groundling_model::{
    Agent, AgentConfig, AgentOptimizer, ConvLayer, DecoderName, LossScales, LossSettings, PredictiveConfig,
    PredictiveName, SimCoreConfig, Unroll, UnrollShape, VTraceConfig,
};
use groundling_nn::OptimizerConfig;
use rand::Rng;
use tch::Device;

const LENGTH: usize = 49;
const ROOMS: usize = 16;

fn unroll(spec: &EnvironmentSpec, agent: &Agent) -> Unroll {
    let mut generator = derive(1, "bench", &[]);
    let state = agent.zero_state(ROOMS);
    let beliefs = (0..ROOMS).map(|room| state.freeze(room)).collect();
    let mut unroll = Unroll::begin(UnrollShape::new(LENGTH, ROOMS, spec), beliefs);
    for t in 0..=LENGTH {
        for _ in 0..ROOMS {
            let mut rgb = vec![0; spec.num_bytes()];
            generator.fill_bytes(&mut rgb);
            let kind = match t % LENGTH {
                0 => StepKind::First,
                48 => StepKind::Truncated,
                _ => StepKind::Mid,
            };
            let last_action = (kind != StepKind::First).then_some(Action(1));
            unroll
                .push_observation(&TimeStep { kind, observation: Observation { rgb, last_action, last_reward: 0.0 } });
            if t < LENGTH {
                unroll.push_action(Action(1), &vec![0.0; spec.num_actions()]);
            }
        }
    }
    unroll
}

fn learner(criterion: &mut Criterion) {
    tch::set_num_threads(1);
    let action_names = (0..9).map(|index| index.to_string()).collect();
    let spec = EnvironmentSpec { height: 24, width: 32, action_names, motions: vec![Motion::default(); 9] };
    let conv = vec![ConvLayer { channels: 32, kernel: 4, stride: 4 }, ConvLayer { channels: 64, kernel: 3, stride: 2 }];
    let config = AgentConfig { conv, ..AgentConfig::default() };
    let settings = LossSettings {
        scales: LossScales::default(),
        vtrace: VTraceConfig::default(),
        scripted: true,
        carried_state: true,
    };
    let mut group = criterion.benchmark_group("learner");
    group.throughput(Throughput::Elements((LENGTH * ROOMS) as u64)).sample_size(10);
    let losses = [
        ("lstm", PredictiveName::None, DecoderName::Deterministic),
        ("cpc_a", PredictiveName::CpcA, DecoderName::Deterministic),
        ("simcore", PredictiveName::SimCore, DecoderName::Deterministic),
        ("other_views", PredictiveName::OtherViews, DecoderName::Deterministic),
        ("simcore_conv_draw", PredictiveName::SimCore, DecoderName::ConvDraw),
    ];
    for (name, loss, decoder) in losses {
        let simcore = SimCoreConfig { decoder, ..SimCoreConfig::default() };
        let predictive = PredictiveConfig { loss, simcore, ..PredictiveConfig::default() };
        let Ok(agent) = Agent::new(&spec, &config, &predictive, 1.0, 1, Device::Cpu) else { continue };
        let mut optimizer = AgentOptimizer::new(&OptimizerConfig::default(), &agent);
        let unrolls = [unroll(&spec, &agent)];
        let mut generator = derive(1, "loss", &[]);
        group.bench_function(name, |bencher| {
            bencher.iter(|| optimizer.step(&agent, agent.loss(&unrolls, &settings, &mut generator), 1e-4));
        });
    }
    group.finish();
}

criterion_group!(benches, learner);
criterion_main!(benches);
