//! `groundling bench env`: whole steps on one core and on all, and what a step is made of.

use std::hint::black_box;

use anyhow::Result;
use groundling_interface::{Environment, TimeStep};
use groundling_render::Renderer;
use groundling_sim::{Act, Privileged, RoomEnvironment, StepDigest, World, WorldConfig};
use serde_json::{Value, json};

use super::case::{self, Size};
use super::rate::{Clock, Rate};
use super::walk::{RandomWalk, views};
use super::{Measured, print_json, print_rates};
use crate::config::Config;
use crate::failure::wrong_input;
use crate::host::Host;
use crate::say;

/// Steps between two looks at the clock.
const BATCH: u64 = 32;
/// Steps in which whatever moves comes to rest.
const SETTLING: u64 = 60;

/// Options of `bench env`.
#[derive(Debug, clap::Args)]
pub(super) struct EnvArgs {
    #[command(flatten)]
    measured: Measured,
    /// Columns and rows of pictures to measure; may be given again [default: 96x72, and 64x64 and 160x120].
    #[arg(long, value_name = "WxH")]
    size: Vec<Size>,
    /// Number of objects to measure; may be given again [default: 12, and 4 and 40].
    #[arg(long, value_name = "NUMBER")]
    objects: Vec<u32>,
    /// Threads for "all cores", each with its own room [default: as many as there are cores].
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// Measures pictures of 96x72 with 12 objects only.
    #[arg(long)]
    quick: bool,
}

/// Figures of one configuration.
struct Case {
    config: Config,
    rates: Vec<Rate>,
    scaling: f64,
}

/// Runs the command.
pub(super) fn run(args: &EnvArgs) -> Result<()> {
    let (clock, host) = (args.measured.clock()?, Host::find()?);
    let threads = args.threads.map_or(host.cores, |threads| threads as usize);
    let configs = case::configs(&args.measured.configured, &args.size, &args.objects, args.quick)?;
    if !args.measured.json {
        say!("{}", host.in_words());
        say!("{} runs of {} s; one core unless it says otherwise", clock.runs, clock.seconds);
    }
    let mut cases: Vec<Value> = Vec::new();
    for config in configs {
        let case = measure(config, &clock, threads)?;
        if args.measured.json {
            cases.push(case.to_json());
        } else {
            print_rates(&case::in_words(&case.config), &case.rates)?;
            say!("  {threads} threads do {:.2} times as many whole steps as one", case.scaling);
        }
    }
    if args.measured.json {
        let figures = json!({ "threads": threads, "seconds": clock.seconds, "cases": cases });
        print_json("env", &host, figures)?;
    }
    Ok(())
}

impl Case {
    fn to_json(&self) -> Value {
        json!({
            "width": self.config.camera.width,
            "height": self.config.camera.height,
            "num_objects": self.config.room.num_objects,
            "action_repeat": self.config.control.action_repeat,
            "rate_hz": self.config.control.rate_hz,
            "rates": self.rates,
            "scaling": self.scaling,
        })
    }
}

fn measure(config: Config, clock: &Clock, threads: usize) -> Result<Case> {
    let world = config.world();
    let seed = config.seed;
    let whole = clock.rate("whole step, with resets", "steps", &mut whole_steps(&world, seed)?)?;
    let workers = (0..threads as u64).map(|thread| whole_steps(&world, seed.wrapping_add(thread)));
    let mut workers = workers.collect::<Result<Vec<_>>>()?;
    let name = format!("whole step, {threads} threads");
    let together = clock.rate_of_threads(&name, "steps", &mut workers)?;
    let scaling = together.median / whole.median.max(1e-9);
    let mut rates = vec![whole, together];
    if world.control.action_repeat != 1 {
        let mut one_tick = world.clone();
        one_tick.control.action_repeat = 1;
        let name = "whole step, action_repeat 1";
        rates.push(clock.rate(name, "steps", &mut whole_steps(&one_tick, seed)?)?);
    }
    rates.extend(parts(&world, seed, clock)?);
    Ok(Case { config, rates, scaling })
}

/// Random steps in one room after the other.
fn whole_steps(world: &WorldConfig, seed: u64) -> Result<impl FnMut() -> Result<u64> + Send + use<>> {
    let (mut environment, _) = RoomEnvironment::new(world.clone()).map_err(wrong_input)?;
    let mut walk = RandomWalk::new(seed);
    let mut is_last = true;
    Ok(move || {
        for _ in 0..BATCH {
            if is_last {
                environment.reset(walk.next_episode())?;
            }
            is_last = environment.step(walk.action())?.kind.is_last();
        }
        Ok(BATCH)
    })
}

fn parts(config: &WorldConfig, seed: u64, clock: &Clock) -> Result<Vec<Rate>> {
    let (mut environment, _) = RoomEnvironment::new(config.clone()).map_err(wrong_input)?;
    let mut walk = RandomWalk::new(seed);
    let reset = clock.rate("reset alone, with its picture", "resets", &mut || {
        environment.reset(walk.next_episode())?;
        Ok(1)
    })?;

    // Without an end, so that nothing but physics is measured.
    let endless = |mut config: WorldConfig| {
        config.task.episode_steps = 100_000;
        config
    };
    let mut world = World::new(endless(config.clone()), walk.next_episode())?;
    for _ in 0..SETTLING {
        world.act(Act::Noop);
    }
    let mut rested = world.clone();
    let at_rest = clock.rate("physics alone, all at rest", "steps", &mut || {
        if rested.end().is_some() {
            rested = world.clone();
        }
        for _ in 0..BATCH {
            rested.act(Act::Noop);
        }
        Ok(BATCH)
    })?;
    let mut world = World::new(endless(config.clone()), walk.next_episode())?;
    let pushing = clock.rate("physics alone, walking and pushing", "steps", &mut || {
        if world.end().is_some() {
            world = World::new(endless(config.clone()), walk.next_episode())?;
        }
        for step in 0..BATCH {
            // Straight ahead into whatever is there, then another way.
            world.act(if step % 8 == 7 { walk.act() } else { Act::Forward });
        }
        Ok(BATCH)
    })?;

    let views = views(config, seed)?;
    let mut renderer = Renderer::new(config.camera.width, config.camera.height)?;
    let mut next = views.iter().cycle();
    let pictures = clock.rate("picture alone, RGB and ids", "pictures", &mut || {
        for (scene, camera) in next.by_ref().take(BATCH as usize) {
            renderer.render(scene, camera);
        }
        Ok(BATCH)
    })?;

    let (privileged, step) = midway(config, seed)?;
    let facts = clock.rate("facts and information alone", "facts", &mut || {
        for _ in 0..BATCH {
            black_box((privileged.facts(), privileged.information()));
        }
        Ok(BATCH)
    })?;
    let digests = clock.rate("digests of a recording alone", "digests", &mut || {
        for _ in 0..BATCH {
            black_box(StepDigest::of(&step, &privileged));
        }
        Ok(BATCH)
    })?;
    Ok(vec![reset, at_rest, pushing, pictures, facts, digests])
}

/// A room after some steps, and the last of them.
fn midway(config: &WorldConfig, seed: u64) -> Result<(Privileged, TimeStep)> {
    let (mut environment, privileged) = RoomEnvironment::new(config.clone()).map_err(wrong_input)?;
    let mut walk = RandomWalk::new(seed);
    let mut step = environment.reset(walk.next_episode())?;
    for _ in 0..BATCH {
        if step.kind.is_last() {
            break;
        }
        step = environment.step(walk.action())?;
    }
    Ok((privileged, step))
}
