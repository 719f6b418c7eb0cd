//! `groundling bench`: how many steps a second, as the median of several runs.

mod env;
mod render;
mod walk;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Subcommand;
use serde::Serialize;
use serde_json::json;

use crate::config::Config;
use crate::failure::wrong_input;
use crate::say;

/// Options of `bench`.
#[derive(Debug, clap::Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    what: Bench,
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// The room with random actions on one core: whole steps, pictures alone, physics alone.
    Env(Measured),
    /// The renderer alone on one core, at several picture sizes.
    Render(Measured),
}

/// Options of every benchmark.
#[derive(Debug, clap::Args)]
struct Measured {
    /// Configuration file (TOML) [default: 12 objects in a room of 8 m, pictures of 96x72].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Changes one setting; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    set: Vec<String>,
    /// Seconds of each run.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Runs, of which the median is told.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// Prints one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// Times of one thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Rate {
    name: String,
    unit: &'static str,
    median: f64,
    min: f64,
    max: f64,
    runs: Vec<f64>,
}

/// Runs the command.
pub fn run(args: &BenchArgs) -> Result<()> {
    let (name, measured) = match &args.what {
        Bench::Env(measured) => ("env", measured),
        Bench::Render(measured) => ("render", measured),
    };
    if !(0.001..=3600.0).contains(&measured.seconds) {
        return Err(wrong_input(format!("--seconds {}: must lie between 0.001 and 3600", measured.seconds)));
    }
    let config = measured.config()?;
    let rates = match &args.what {
        Bench::Env(_) => env::rates(&config, measured)?,
        Bench::Render(_) => render::rates(&config, measured)?,
    };
    let camera = &config.camera;
    if measured.json {
        let whole = json!({
            "bench": name,
            "width": camera.width,
            "height": camera.height,
            "num_objects": config.room.num_objects,
            "seconds": measured.seconds,
            "rates": rates,
        });
        say!("{}", serde_json::to_string_pretty(&whole)?);
        return Ok(());
    }
    let [least, most] = config.room.num_objects;
    let objects = if least == most { format!("{least}") } else { format!("{least} to {most}") };
    say!(
        "one core, pictures of {}x{}, {objects} objects, {} runs of {} s",
        camera.width,
        camera.height,
        measured.runs,
        measured.seconds
    );
    say!("{:<26} {:>12} {:>12} {:>12}  a second", "", "median", "min", "max");
    for Rate { name, unit, median, min, max, .. } in &rates {
        say!("{name:<26} {median:>12.0} {min:>12.0} {max:>12.0}  {unit}");
    }
    Ok(())
}

impl Measured {
    fn config(&self) -> Result<Config> {
        if self.config.is_some() {
            return Config::load_or_default(self.config.as_deref(), &self.set);
        }
        let mut settings = vec!["room.num_objects=[12, 12]".to_string(), "room.side=[8.0, 8.0]".to_string()];
        settings.extend_from_slice(&self.set);
        Config::from_settings(&settings)
    }

    /// Calls `work`, which returns how many of `unit` it did, for the time of each run.
    fn rate(&self, name: &str, unit: &'static str, work: &mut dyn FnMut() -> Result<u64>) -> Result<Rate> {
        let time = Duration::from_secs_f64(self.seconds);
        let mut once = |time: Duration| -> Result<f64> {
            let (start, mut done) = (Instant::now(), 0);
            loop {
                done += work()?;
                let elapsed = start.elapsed();
                if elapsed >= time {
                    return Ok(done as f64 / elapsed.as_secs_f64().max(1e-9));
                }
            }
        };
        // The first moments pay for memory that is touched for the first time.
        once(time.min(Duration::from_millis(200)))?;
        let runs = (0..self.runs).map(|_| once(time)).collect::<Result<Vec<f64>>>()?;
        let mut sorted = runs.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        let median = 0.5 * (at((sorted.len() - 1) / 2) + at(sorted.len() / 2));
        Ok(Rate { name: name.into(), unit, median, min: at(0), max: at(sorted.len() - 1), runs })
    }
}
