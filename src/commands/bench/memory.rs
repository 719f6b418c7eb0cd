//! `groundling bench memory`: does a process that steps room after room keep to the memory it began with?

use std::time::Instant;

use anyhow::Result;
use groundling_interface::Environment;
use groundling_sim::RoomEnvironment;
use serde_json::{Value, json};

use super::walk::RandomWalk;
use super::{Configured, print_json};
use crate::failure::wrong_input;
use crate::host::Host;
use crate::memory::resident_bytes;
use crate::say;

/// How often memory is looked at.
const LOOKS: u64 = 20;

/// Options of `bench memory`.
#[derive(Debug, clap::Args)]
pub(super) struct MemoryArgs {
    #[command(flatten)]
    configured: Configured,
    /// Steps in all, with random actions, in rooms of ever other seeds.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(20..=1_000_000_000_000))]
    steps: u64,
    /// Prints one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// Memory at one moment.
struct Look {
    steps: u64,
    rooms: u64,
    seconds: f64,
    resident_bytes: u64,
}

/// Runs the command.
pub(super) fn run(args: &MemoryArgs) -> Result<()> {
    let config = args.configured.config(&[])?;
    let (mut environment, _) = RoomEnvironment::new(config.world()).map_err(wrong_input)?;
    let mut walk = RandomWalk::new(config.seed);
    if !args.json {
        say!("{:>15} {:>12} {:>9} {:>14}", "steps", "rooms", "seconds", "resident MiB");
    }
    let (start, mut rooms, mut is_last) = (Instant::now(), 0, true);
    let mut looks = Vec::new();
    for step in 1..=args.steps {
        if is_last {
            environment.reset(walk.next_episode())?;
            rooms += 1;
        }
        is_last = environment.step(walk.action())?.kind.is_last();
        let due = u128::from(args.steps) * (looks.len() as u128 + 1);
        if u128::from(step) * u128::from(LOOKS) >= due {
            let look =
                Look { steps: step, rooms, seconds: start.elapsed().as_secs_f64(), resident_bytes: resident_bytes()? };
            if !args.json {
                let mebibytes = look.resident_bytes as f64 / f64::from(1 << 20);
                say!("{step:>15} {rooms:>12} {:>9.1} {mebibytes:>14.2}", look.seconds);
            }
            looks.push(look);
        }
    }
    if args.json {
        let looks: Vec<Value> = looks.iter().map(Look::to_json).collect();
        print_json("memory", &Host::find()?, json!({ "looks": looks }))?;
    }
    Ok(())
}

impl Look {
    fn to_json(&self) -> Value {
        let Self { steps, rooms, seconds, resident_bytes } = self;
        json!({ "steps": steps, "rooms": rooms, "seconds": seconds, "resident_bytes": resident_bytes })
    }
}
