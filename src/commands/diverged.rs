//! `groundling diverged`: makes an update that diverged again, from what the run kept of it, and shows its figures.

use std::path::PathBuf;

use anyhow::Result;
use groundling_impala::{Divergence, DivergenceError};
use groundling_model::Unroll;
use serde_json::{Value, json};
use tch::Device;

use crate::config::Config;
use crate::failure::wrong_input;
use crate::say;

/// Options of `diverged`.
#[derive(Debug, clap::Args)]
pub struct DivergedArgs {
    /// The folder `diverged-…` of a run.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Changes one setting, to see what it would have done; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    pub set: Vec<String>,
    /// Print the figures as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(args: &DivergedArgs) -> Result<()> {
    let path = Divergence::config_path(&args.folder);
    if !Divergence::is_kept_in(&args.folder) {
        return Err(wrong_input(format!(
            "{} holds no update that diverged (no divergence.json); `groundling train` names the folder when one does",
            args.folder.display()
        )));
    }
    let config = Config::load(&path, &args.set)?;
    let blueprint = config.blueprint()?;
    let divergence = Divergence::load(&args.folder, &blueprint.spec).map_err(|error| match error {
        DivergenceError::File(_) => error.into(),
        DivergenceError::Damaged { .. } => wrong_input(error),
    })?;
    groundling_nn::set_threads_of_this_thread(1);
    let agent = blueprint.build_in_shares(Device::Cpu, config.training.num_shares(Device::Cpu))?;
    let now = divergence
        .recompute(&agent, &config.loss_settings())
        .map_err(|error| wrong_input(format!("{}: {error}", args.folder.display())))?;
    let figures: Vec<Figure> = now
        .into_iter()
        .map(|(name, now)| Figure { recorded: divergence.series.get(&name).copied(), name, now })
        .collect();
    let ranges = ranges(&divergence);
    if args.json {
        let figures: Vec<Value> = figures.iter().map(Figure::json).collect();
        let ranges: Vec<Value> = ranges.iter().map(Range::json).collect();
        let Divergence { update, cause, learning_rate, .. } = &divergence;
        let all = json!({
            "update": update, "cause": cause, "learning_rate": learning_rate, "figures": figures, "ranges": ranges,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    say!("update {} diverged: {}", divergence.update, divergence.cause);
    say!("{:<40} {:>22} {:>22}", "", "when it diverged", "computed now");
    for figure in &figures {
        let recorded = figure.recorded.map_or_else(|| "not asked for".into(), |value| format!("{value:.9e}"));
        say!("{:<40} {recorded:>22} {:>22.9e}", figure.name, figure.now);
    }
    say!("{:<40} {:>16} {:>16} {:>10}", "", "least", "largest", "no number");
    for Range { name, least, largest, num_broken } in &ranges {
        say!("{name:<40} {least:>16.6e} {largest:>16.6e} {num_broken:>10}");
    }
    Ok(())
}

/// One figure, then and now.
struct Figure {
    name: String,
    recorded: Option<f64>,
    now: f64,
}

impl Figure {
    fn json(&self) -> Value {
        json!({ "name": self.name, "recorded": self.recorded.map(number), "now": number(self.now) })
    }
}

/// JSON has no word for what is no number.
fn number(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { json!(value.to_string()) }
}

/// What the finite values of something lie between, and how many others there are.
struct Range {
    name: String,
    least: f64,
    largest: f64,
    num_broken: usize,
}

impl Range {
    fn of(name: impl Into<String>, values: impl Iterator<Item = f32>) -> Self {
        let mut range = Self { name: name.into(), least: f64::INFINITY, largest: f64::NEG_INFINITY, num_broken: 0 };
        for value in values.map(f64::from) {
            if value.is_finite() {
                (range.least, range.largest) = (range.least.min(value), range.largest.max(value));
            } else {
                range.num_broken += 1;
            }
        }
        range
    }

    fn json(&self) -> Value {
        let Self { name, least, largest, num_broken } = self;
        json!({ "name": name, "least": number(*least), "largest": number(*largest), "num_broken": num_broken })
    }
}

/// Of what was fed in, and of every parameter.
fn ranges(divergence: &Divergence) -> Vec<Range> {
    let cells = |unroll: &Unroll, rows: usize| {
        let num_rooms = unroll.shape().num_rooms;
        (0..rows).flat_map(move |t| (0..num_rooms).map(move |room| (t, room)))
    };
    let unrolls = || divergence.unrolls.iter();
    let rewards = unrolls().flat_map(|unroll| {
        cells(unroll, unroll.shape().length + 1).map(|(t, room)| unroll.time_step(t, room).observation.last_reward)
    });
    let logits = unrolls().flat_map(|unroll| {
        cells(unroll, unroll.shape().length).flat_map(|(t, room)| unroll.action(t, room).1.iter().copied())
    });
    let states = unrolls().flat_map(|unroll| {
        unroll.initial_beliefs().iter().flat_map(|belief| belief.hidden().iter().chain(belief.cell()).copied())
    });
    let fed = [
        Range::of("batch/rewards", rewards),
        Range::of("batch/behavior_logits", logits),
        Range::of("batch/initial_states", states),
    ];
    let parameters = divergence.agent.iter().map(|(name, _, values)| Range::of(name, values.iter().copied()));
    fed.into_iter().chain(parameters).collect()
}
