//! What the tests of predictive losses share: batches made by hand, and what a network might give for them.

mod cpc_a;
mod registry;
mod template;

use groundling_interface::{EnvironmentSpec, Motion, StepKind};
use tch::{Device, Kind, Tensor};

use crate::encoder::EncoderPlan;
use crate::network::UnrollOutput;
use crate::unroll::Batch;
use crate::{AgentConfig, ConvLayer};

pub(crate) const NUM_ACTIONS: i64 = 3;
pub(crate) const NUM_FEATURES: i64 = 5;
pub(crate) const CORE_SIZE: i64 = 4;

/// A batch with episodes as `kind(t, room)` says. Pictures are of one black pixel, rewards 0, and each action's number is
/// that of its row.
pub(crate) fn batch_of(length: usize, num_rooms: usize, kind: impl Fn(usize, usize) -> StepKind) -> Batch {
    let (rows, rooms) = (length as i64 + 1, num_rooms as i64);
    let zeros = |shape: &[i64], kind| Tensor::zeros(shape, (kind, Device::Cpu));
    Batch {
        length,
        num_rooms,
        rgb: zeros(&[rows, rooms, 1, 1, 3], Kind::Uint8),
        kinds: (0..=length).map(|t| (0..num_rooms).map(|room| kind(t, room)).collect()).collect(),
        last_actions: zeros(&[rows, rooms], Kind::Int64),
        last_rewards: zeros(&[rows, rooms], Kind::Float),
        actions: Tensor::arange((rows - 1) * rooms, (Kind::Int64, Device::Cpu)).view([-1, rooms]),
        behavior_logits: zeros(&[rows - 1, rooms, NUM_ACTIONS], Kind::Float),
        initial_beliefs: Vec::new(),
        carried_state: true,
        targets: Vec::new(),
    }
}

/// Nothing, and a step aside and a turn either way.
fn motions() -> Vec<Motion> {
    let motion = |side: f32| Motion { forward: 0.1, left: 0.3 * side, turn: 0.4 * side, tilt: 0.0 };
    vec![Motion::default(), motion(1.0), motion(-1.0)]
}

pub(crate) fn spec() -> EnvironmentSpec {
    EnvironmentSpec {
        height: 1,
        width: 1,
        action_names: ["stay", "left", "right"].map(String::from).to_vec(),
        motions: motions(),
    }
}

/// How an encoder of `NUM_FEATURES` features is made for such pictures.
pub(crate) fn plan() -> EncoderPlan {
    let conv = vec![ConvLayer { channels: 2, kernel: 1, stride: 1 }];
    let config = AgentConfig { conv, features: NUM_FEATURES, ..AgentConfig::default() };
    EncoderPlan::new(&config, 1, 1).unwrap()
}

/// Features and core states that want gradients, neither regular nor random.
pub(crate) fn output_of(batch: &Batch) -> UnrollOutput {
    let (rows, rooms) = (batch.length as i64 + 1, batch.num_rooms as i64);
    let wave = |shape: &[i64], offset: f64| {
        let count = Tensor::arange(shape.iter().product::<i64>(), (Kind::Float, Device::Cpu));
        (&count * &count * 0.7 + offset).sin().view(shape).set_requires_grad(true)
    };
    UnrollOutput {
        logits: wave(&[rows, rooms, NUM_ACTIONS], 0.1),
        values: wave(&[rows, rooms], 0.2),
        features: wave(&[rows, rooms, NUM_FEATURES], 0.3),
        hidden: wave(&[rows, rooms, CORE_SIZE], 0.4),
        cell: wave(&[rows, rooms, CORE_SIZE], 0.5),
    }
}
