//! How much of its rooms the scripted explorer visits, and how long it thinks about it.
//!
//! `cargo run --release -p groundling-sim --example explored_rooms -- 1000 'explorer.order = "random"'`: the number of
//! rooms, then any settings of a world as lines of TOML.

use std::error::Error;
use std::time::{Duration, Instant};

use groundling_interface::{Environment, ScriptedPolicy, derive_seed};
use groundling_sim::{RoomEnvironment, ScriptedExplorer, WorldConfig};

/// Actions an episode lasts here, at most.
const MOST_ACTIONS: u32 = 900;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let num_rooms: u64 = arguments.next().as_deref().unwrap_or("1000").parse()?;
    let lines: Vec<String> = arguments.collect();
    let mut config: WorldConfig = toml::from_str(&lines.join("\n"))?;
    config.task.episode_steps = MOST_ACTIONS;
    (config.camera.width, config.camera.height) = (16, 12);

    let actions_in_time = 900 / config.control.action_repeat;
    let (mut environment, privileged) = RoomEnvironment::new(config)?;
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    let (mut thinking, mut longest, mut num_actions) = (Duration::ZERO, Duration::ZERO, 0_u32);
    let mut needed = Vec::new();
    let (mut num_visited, mut num_objects) = (0, 0);
    for room in 0..num_rooms {
        let seed = derive_seed(11, "explored room", &[room]);
        environment.reset(seed)?;
        explorer.begin(seed);
        for action in 1..=MOST_ACTIONS {
            let begin = Instant::now();
            let chosen = explorer.action();
            let thought = begin.elapsed();
            (thinking, longest, num_actions) = (thinking + thought, longest.max(thought), num_actions + 1);
            let step = environment.step(chosen)?;
            let information = privileged.information();
            let are_all_visited = information.num_refreshes > 0;
            if action == actions_in_time || are_all_visited && action < actions_in_time {
                let objects = privileged.facts().objects;
                num_objects += objects.len();
                num_visited += objects.iter().filter(|object| object.visits > 0).count();
            }
            if are_all_visited {
                needed.push(action);
                break;
            }
            if step.kind.is_last() {
                println!("room {room} (seed {seed}): {information:?}");
                break;
            }
        }
    }
    needed.sort_unstable();
    let share = |most: u32| 100.0 * needed.iter().filter(|&&actions| actions <= most).count() as f64 / num_rooms as f64;
    let quantile = |part: f64| needed.get((part * num_rooms as f64) as usize).map_or("-".into(), u32::to_string);
    println!("rooms of which every object was visited");
    println!("  within {actions_in_time} actions (900 physics steps): {:.1} %", share(actions_in_time));
    println!("  within {MOST_ACTIONS} actions: {:.1} %", share(MOST_ACTIONS));
    println!("actions needed: half of the rooms {}, 95 % {}", quantile(0.5), quantile(0.95));
    println!(
        "objects visited within {actions_in_time} actions: {:.2} %",
        100.0 * num_visited as f64 / num_objects as f64
    );
    let (mean, longest) = (thinking.as_secs_f64() * 1e6 / f64::from(num_actions), longest.as_secs_f64() * 1e3);
    println!("thinking: {mean:.1} us an action, at most {longest:.1} ms");
    Ok(())
}
