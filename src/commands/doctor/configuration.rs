//! What a configuration comes to: rooms that can be drawn, parameters of each part, frames and bytes.

use groundling_impala::{Schedule, TrainingConfig};
use groundling_interface::derive_seed;
use groundling_model::{Agent, UnrollShape};
use groundling_nn::DeviceName;
use groundling_room::RoomSpec;
use serde::Serialize;
use tch::Device;

use super::{Finding, Status};
use crate::config::Config;
use crate::devices::find_device;

/// Rooms drawn to see whether a configuration can be had.
const NUM_ROOMS: u64 = 100;

/// Parameters of an agent, and what passes between its actors and its learner.
#[derive(Debug, Serialize)]
pub(super) struct Sizes {
    parameters: Parameters,
    training: Training,
}

#[derive(Debug, Serialize)]
struct Parameters {
    all: usize,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    name: String,
    parameters: usize,
}

#[derive(Debug, Serialize)]
struct Training {
    rooms: usize,
    frames_per_update: u64,
    updates: u64,
    /// One actor's unroll.
    unroll_bytes: usize,
    /// All unrolls of an update.
    batch_bytes: usize,
    /// All unrolls that may wait for the learner.
    queue_bytes: usize,
}

/// Looks at a configuration; sizes are those of an agent that can be made.
pub(super) fn examine(config: &Config) -> (Vec<Finding>, Option<Sizes>) {
    let picture = format!("pictures of {}x{}", config.camera.width, config.camera.height);
    let mut findings = vec![Finding::good("configuration", picture), device(config), rooms(config)];
    // An agent is made for an environment, so without rooms its error would be theirs once more.
    if findings.last().is_some_and(|rooms| rooms.status != Status::Good) {
        return (findings, None);
    }
    match config.blueprint().and_then(|blueprint| Ok(blueprint.build(Device::Cpu)?)) {
        Ok(agent) => {
            let sizes = Sizes::of(config, &agent);
            findings.extend([sizes.parameters.finding(), sizes.training.finding()]);
            (findings, Some(sizes))
        }
        Err(error) => {
            let remedy = "change the sections `agent` and `camera` of the configuration";
            findings.push(Finding::lacking("agent", Status::Problem, format!("{error:#}"), remedy));
            (findings, None)
        }
    }
}

/// Whether training could compute where it shall.
fn device(config: &Config) -> Finding {
    let TrainingConfig { device, precision, .. } = config.training;
    let found = format!("training on {device} in {}", precision.name());
    match find_device(device) {
        Ok(_) => Finding::good("device", found),
        Err(_) => {
            let remedy = format!("see `devices` above, or set training.device={}", DeviceName::Cpu);
            Finding::lacking("device", Status::Problem, format!("{found}, which is not there"), &remedy)
        }
    }
}

fn rooms(config: &Config) -> Finding {
    let seeds = (0..NUM_ROOMS).map(|index| derive_seed(config.seed, "doctor's room", &[index]));
    let failures: Vec<_> = seeds.filter_map(|seed| RoomSpec::sample(&config.room, seed).err()).collect();
    match failures.first() {
        None => Finding::good("rooms", format!("{NUM_ROOMS} of {NUM_ROOMS} drawn")),
        Some(error) => {
            let found = format!("{} of {NUM_ROOMS} could not be drawn: {error}", failures.len());
            let remedy = "fewer objects, a larger room or smaller clearances in the section `room`";
            Finding::lacking("rooms", Status::Problem, found, remedy)
        }
    }
}

impl Sizes {
    fn of(config: &Config, agent: &Agent) -> Self {
        let parts = agent.num_parameters_by_part().into_iter().map(|(name, parameters)| Part { name, parameters });
        let training = &config.training;
        let shape = UnrollShape::new(training.unroll_length, training.rooms_per_actor, agent.spec());
        let unroll_bytes = shape.num_bytes(config.agent.core_size as usize);
        let num_waiting = match training.schedule {
            Schedule::Async => training.queue_capacity,
            Schedule::Lockstep => training.num_actors,
        };
        Self {
            parameters: Parameters { all: agent.num_parameters(), parts: parts.collect() },
            training: Training {
                rooms: training.num_rooms(),
                frames_per_update: training.frames_per_update(),
                updates: training.num_updates(),
                unroll_bytes,
                batch_bytes: training.unrolls_per_batch() * unroll_bytes,
                queue_bytes: num_waiting * unroll_bytes,
            },
        }
    }
}

impl Parameters {
    fn finding(&self) -> Finding {
        let parts: Vec<String> = self.parts.iter().map(|part| format!("{} {}", part.name, part.parameters)).collect();
        Finding::good("agent", format!("{} parameters: {}", self.all, parts.join(", ")))
    }
}

impl Training {
    fn finding(&self) -> Finding {
        let mebibytes = |bytes: usize| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
        let Self { rooms, frames_per_update, updates, .. } = self;
        let found = format!(
            "{rooms} rooms, {frames_per_update} frames an update, {updates} updates; an unroll has {}, a batch {}, the queue \
             at most {}",
            mebibytes(self.unroll_bytes),
            mebibytes(self.batch_bytes),
            mebibytes(self.queue_bytes)
        );
        Finding::good("training", found)
    }
}
