//! `groundling bench`: how many steps, pictures and questions a second, as the median of several runs, and how much memory.

mod case;
mod env;
mod film;
mod memory;
mod planted;
mod probe;
mod rate;
mod render;
mod train;
mod training;
mod walk;
mod windows;

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use serde_json::{Value, json};

use self::rate::{Clock, Rate};
use crate::config::Config;
use crate::failure::wrong_input;
use crate::host::Host;
use crate::say;

/// Options of `bench`.
#[derive(Debug, clap::Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    what: Bench,
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// The room with random actions: whole steps on one core and on all, and what a step is made of.
    Env(env::EnvArgs),
    /// The renderer alone on one core, at several picture sizes.
    Render(render::RenderArgs),
    /// Films as `replay` draws them.
    Film(film::FilmArgs),
    /// Training as configured: frames a second end to end, of the learner alone and of the actors alone, and how busy each is.
    Train(train::TrainArgs),
    /// Questions a second that each decoder learns from and answers, and a whole offline probing, on planted beliefs.
    Probe(probe::ProbeArgs),
    /// Steps many rooms and tells how much memory the process holds on the way.
    Memory(memory::MemoryArgs),
}

/// Options of every benchmark that is timed.
#[derive(Debug, clap::Args)]
struct Measured {
    #[command(flatten)]
    configured: Configured,
    /// Seconds of each run.
    #[arg(long, default_value_t = 0.2, allow_negative_numbers = true)]
    seconds: f64,
    /// Runs, of which the median is told.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// Prints one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// What is measured.
#[derive(Debug, clap::Args)]
struct Configured {
    /// Configuration file (TOML) [default: 12 objects in a room of 8 m, pictures of 96x72].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Changes one setting; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    set: Vec<String>,
}

impl Configured {
    /// `usual` settings lie below those of the user, and count only where there is no file.
    fn config(&self, usual: &[String]) -> Result<Config> {
        if self.config.is_some() {
            return Config::load_or_default(self.config.as_deref(), &self.set);
        }
        Config::from_settings(&[usual, &self.set].concat())
    }
}

impl Measured {
    fn clock(&self) -> Result<Clock> {
        if !(0.001..=3600.0).contains(&self.seconds) {
            return Err(wrong_input(format!("--seconds {:?}: must lie between 0.001 and 3600", self.seconds)));
        }
        Ok(Clock { seconds: self.seconds, runs: self.runs })
    }
}

/// Runs the command.
pub fn run(args: &BenchArgs) -> Result<()> {
    match &args.what {
        Bench::Env(args) => env::run(args),
        Bench::Render(args) => render::run(args),
        Bench::Film(args) => film::run(args),
        Bench::Train(args) => train::run(args),
        Bench::Probe(args) => probe::run(args),
        Bench::Memory(args) => memory::run(args),
    }
}

fn print_json(bench: &str, host: &Host, figures: Value) -> Result<()> {
    let mut whole = json!({ "bench": bench, "host": host });
    if let (Value::Object(whole), Value::Object(figures)) = (&mut whole, figures) {
        whole.extend(figures);
    }
    say!("{}", serde_json::to_string_pretty(&whole)?);
    Ok(())
}

fn print_rates(title: &str, rates: &[Rate]) -> Result<()> {
    say!("\n{title}");
    say!("  {:<34} {:>11} {:>11} {:>11}  a second", "", "median", "min", "max");
    for Rate { name, unit, median, min, max, .. } in rates {
        // Three figures or more of each.
        let digits = if *median < 100.0 { 1 } else { 0 };
        say!("  {name:<34} {median:>11.digits$} {min:>11.digits$} {max:>11.digits$}  {unit}");
    }
    Ok(())
}
