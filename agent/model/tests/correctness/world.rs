//! A toy world of three actions, agents of a few hundred units, and unrolls made of both.

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, EnvironmentSpec, Motion, Observation, StepKind, TimeStep};
use groundling_model::{
    Agent, AgentConfig, ConvLayer, CpcAConfig, DecoderName, LatentTargetsConfig, LossScales, LossSettings,
    OtherViewsConfig, PredictiveConfig, PredictiveName, SimCoreConfig, Unroll, UnrollShape, VTraceConfig,
};
use tch::Device;

pub(crate) const LENGTH: usize = 12;

/// Nothing, and a step aside and a turn either way.
fn motions() -> Vec<Motion> {
    let motion = |side: f32| Motion { forward: 0.1, left: 0.3 * side, turn: 0.4 * side, tilt: 0.0 };
    vec![Motion::default(), motion(1.0), motion(-1.0)]
}

pub(crate) fn spec() -> EnvironmentSpec {
    EnvironmentSpec {
        height: 12,
        width: 16,
        action_names: ["stay", "left", "right"].map(String::from).to_vec(),
        motions: motions(),
    }
}

/// A predictive loss that looks at most four steps ahead, and back as far as it likes, from rows at least `earliest_start`
/// behind an episode's first.
pub(crate) fn predictive(loss: PredictiveName, earliest_start: usize) -> PredictiveConfig {
    let (cpc_a, simcore) = (CpcAConfig::default(), SimCoreConfig::default());
    let (other_views, latent_targets) = (OtherViewsConfig::default(), LatentTargetsConfig::default());
    PredictiveConfig {
        loss,
        cpc_a: CpcAConfig { horizon: 4, earliest_start, ..cpc_a },
        simcore: SimCoreConfig { overshoot: 4, earliest_start, channels: 8, pixel_weight: 1.0, ..simcore },
        other_views: OtherViewsConfig {
            earlier: LENGTH,
            later: 4,
            earliest_start,
            hidden_units: 64,
            channels: 8,
            pixel_weight: 1.0,
            ..other_views
        },
        latent_targets: LatentTargetsConfig { overshoot: 4, earliest_start, hidden_units: 64, ..latent_targets },
    }
}

/// Each predictive loss, SimCore with either decoder; two steps of ConvDRAW suffice here.
pub(crate) fn each_predictive(earliest_start: usize) -> [PredictiveConfig; 5] {
    let mut conv_draw = predictive(PredictiveName::SimCore, earliest_start);
    conv_draw.simcore.decoder = DecoderName::ConvDraw;
    conv_draw.simcore.conv_draw.steps = 2;
    let [cpc_a, simcore] = [PredictiveName::CpcA, PredictiveName::SimCore].map(|loss| predictive(loss, earliest_start));
    let [other_views, latent_targets] =
        [PredictiveName::OtherViews, PredictiveName::LatentTargets].map(|loss| predictive(loss, earliest_start));
    [cpc_a, simcore, conv_draw, other_views, latent_targets]
}

pub(crate) fn agent(predictive: &PredictiveConfig) -> Agent {
    tch::set_num_threads(1);
    let conv = vec![ConvLayer { channels: 8, kernel: 4, stride: 4 }];
    let config = AgentConfig { conv, features: 32, core_size: 32, ..AgentConfig::default() };
    Agent::new(&spec(), &config, predictive, 1.0, 7, Device::Cpu).unwrap()
}

pub(crate) fn settings(scripted: bool) -> LossSettings {
    let vtrace = VTraceConfig { discount: 0.5, ..VTraceConfig::default() };
    LossSettings { scales: LossScales::default(), vtrace, scripted, carried_state: true }
}

/// What was seen and done in one row of one room.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) kind: StepKind,
    pub(crate) rgb: Vec<u8>,
    pub(crate) last_action: Option<Action>,
    pub(crate) last_reward: f32,
    pub(crate) action: Action,
    pub(crate) behavior_logits: [f32; 3],
}

/// A picture like no other with another `seed`.
pub(crate) fn noise(seed: usize) -> Vec<u8> {
    let mut generator = groundling_interface::derive(seed as u64, "picture", &[]);
    let mut rgb = vec![0; spec().num_bytes()];
    rand::Rng::fill_bytes(&mut generator, &mut rgb);
    rgb
}

/// `LENGTH + 1` rows of each of `num_rooms` rooms, `[t][room]`: episodes as `kind(t, room)` says, a new picture in every
/// row, a reward of 1 for action 0 and of 0 for the others.
pub(crate) fn trajectory(num_rooms: usize, kind: impl Fn(usize, usize) -> StepKind) -> Vec<Vec<Row>> {
    let action = |t: usize, room: usize| (t * 7 + room * 5) % 3;
    let row = |t: usize, room: usize| {
        let kind = kind(t, room);
        let before = (kind != StepKind::First && t > 0).then(|| action(t - 1, room));
        Row {
            kind,
            rgb: noise(t * num_rooms + room),
            last_action: before.map(|action| Action(action as u16)),
            last_reward: if before == Some(0) { 1.0 } else { 0.0 },
            action: Action(action(t, room) as u16),
            behavior_logits: [0.0; 3],
        }
    };
    (0..=LENGTH).map(|t| (0..num_rooms).map(|room| row(t, room)).collect()).collect()
}

/// The rows as an unroll that begins in states of zeros.
pub(crate) fn unroll_of(agent: &Agent, rows: &[Vec<Row>]) -> Unroll {
    let num_rooms = rows[0].len();
    let state = agent.zero_state(num_rooms);
    unroll_from((0..num_rooms).map(|room| state.freeze(room)).collect(), rows)
}

/// The rows as an unroll that begins in these states, one a room.
pub(crate) fn unroll_from(beliefs: Vec<FrozenBelief>, rows: &[Vec<Row>]) -> Unroll {
    let num_rooms = beliefs.len();
    let mut unroll = Unroll::begin(UnrollShape::new(LENGTH, num_rooms, &spec()), beliefs);
    for (t, row) in rows.iter().enumerate() {
        for Row { kind, rgb, last_action, last_reward, .. } in row {
            let observation = Observation { rgb: rgb.clone(), last_action: *last_action, last_reward: *last_reward };
            unroll.push_observation(&TimeStep { kind: *kind, observation });
        }
        for Row { action, behavior_logits, .. } in row.iter().filter(|_| t < LENGTH) {
            unroll.push_action(*action, behavior_logits);
        }
    }
    unroll
}
