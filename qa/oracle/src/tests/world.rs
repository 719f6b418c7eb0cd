//! Episodes of noise whose first picture has one of four tints. Asked for is the tint, in their last but one row: the last
//! row of an unroll is never asked about.

use groundling_decoder::LstmConfig;
use groundling_interface::{Action, EnvironmentSpec, Observation, StepKind, TimeStep, derive};
use groundling_model::{
    Agent, AgentConfig, ConvLayer, LossScales, LossSettings, PredictiveConfig, Unroll, UnrollShape, VTraceConfig,
};
use groundling_questions::{Domain, QuestionConfig, QuestionVocabulary};
use groundling_room::RoomConfig;
use rand::{Rng, RngExt};
use tch::Device;

use crate::{Oracle, OracleConfig};

pub(super) const NUM_TINTS: i64 = 4;
/// Steps of an unroll, which has one row more.
pub(super) const LENGTH: usize = 10;

pub(super) fn vocabulary() -> QuestionVocabulary {
    let questions = QuestionConfig { templates: vec!["color".into(), "exist".into()], ..QuestionConfig::default() };
    questions.vocabulary(&Domain::from(&RoomConfig::default())).unwrap()
}

pub(super) fn oracle(scale: f64) -> Oracle {
    let lstm = LstmConfig { hidden_size: 32, embedding_size: 8, decode_steps: 2 };
    let config = OracleConfig { scale, lstm, ..OracleConfig::default() };
    Oracle::new(config, vocabulary())
}

pub(super) fn spec() -> EnvironmentSpec {
    EnvironmentSpec {
        height: 12,
        width: 16,
        action_names: ["stay", "turn"].map(String::from).to_vec(),
        motions: Vec::new(),
    }
}

pub(super) fn agent(oracle: Option<&Oracle>) -> Agent {
    tch::set_num_threads(1);
    let conv = vec![ConvLayer { channels: 8, kernel: 4, stride: 4 }];
    let config = AgentConfig { conv, features: 32, core_size: 32, ..AgentConfig::default() };
    let agent = Agent::new(&spec(), &config, &PredictiveConfig::default(), 1.0, 7, Device::Cpu).unwrap();
    match oracle {
        Some(oracle) => agent.with_auxiliary(oracle, 7),
        None => agent,
    }
}

pub(super) fn settings() -> LossSettings {
    LossSettings { scales: LossScales::default(), vtrace: VTraceConfig::default(), scripted: true, carried_state: true }
}

/// The pictures of an episode, and the tint of the first.
pub(super) fn episode(seed: u64) -> (Vec<TimeStep>, i64) {
    let mut generator = derive(seed, "episode of tints", &[]);
    let tint = generator.random_range(0..NUM_TINTS);
    let step = |t: usize| {
        let mut rgb = vec![0u8; spec().num_bytes()];
        generator.fill_bytes(&mut rgb);
        if t == 0 {
            // The fourth tint is none.
            rgb.iter_mut().skip(tint as usize).step_by(3).filter(|_| tint < 3).for_each(|byte| *byte = 128 + *byte / 2);
        }
        let kind = match t {
            0 => StepKind::First,
            _ if t == LENGTH => StepKind::Terminated,
            _ => StepKind::Mid,
        };
        let last_action = (t > 0).then_some(Action(0));
        TimeStep { kind, observation: Observation { rgb, last_action, last_reward: 0.0 } }
    };
    ((0..=LENGTH).map(step).collect(), tint)
}

/// The numbers of a question with this answer.
pub(super) fn question(answer: i64) -> Vec<i64> {
    let words_of_position = vocabulary().tokens().len() as i64 + 1;
    let words = (0..vocabulary().max_tokens() as i64).map(|position| position * words_of_position + 1);
    [0, answer].into_iter().chain(words).collect()
}

/// An unroll of one episode in each room.
pub(super) fn unroll(agent: &Agent, seeds: std::ops::Range<u64>) -> Unroll {
    let episodes: Vec<_> = seeds.map(episode).collect();
    let beliefs = agent.zero_state(episodes.len()).freeze_all();
    let mut unroll = Unroll::begin(UnrollShape::new(LENGTH, episodes.len(), &spec()), beliefs);
    for t in 0..=LENGTH {
        for (steps, tint) in &episodes {
            unroll.push_observation(&steps[t]);
            if t + 1 == LENGTH {
                unroll.push_target(question(*tint));
            }
            if t < LENGTH {
                unroll.push_action(Action(0), &[0.0; 2]);
            }
        }
    }
    unroll
}
