//! Can a shape and a colour be told from the pixels? What the agent cannot tell apart, no probe can read.
//!
//! A small convolutional network learns to name the shape and the colour of the one object of a room, from fresh views
//! that are drawn while it learns, and is scored once on views of rooms it has never seen.
//!
//! ```text
//! cargo run --release --example legibility -- --out legibility.json --pictures confused.png
//! ```

mod learning;
mod network;
mod report;
mod sheet;
mod views;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Parser;

/// Trains a classifier of single-object views and says what it confuses.
#[derive(Debug, Clone, Parser)]
struct Options {
    /// Columns of a view.
    #[arg(long, default_value_t = 96, value_parser = clap::value_parser!(u16).range(16..=640))]
    width: u16,
    /// Rows of a view.
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u16).range(12..=480))]
    height: u16,
    /// Updates of the network.
    #[arg(long, default_value_t = 2600, value_parser = clap::value_parser!(u64).range(1..))]
    updates: u64,
    /// Fresh views an update.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(2..=4096))]
    batch: u64,
    /// Largest step size of Adam.
    #[arg(long, default_value_t = 2e-3)]
    learning_rate: f64,
    /// Views that are scored.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    views: u64,
    /// Seed of rooms, views and the network's first parameters.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads of tensor operations; one more draws the views.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Prints the whole report as JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Writes the whole report to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Draws misnamed views of the most confused pairs, side by side, into this PNG file.
    #[arg(long, value_name = "FILE")]
    pictures: Option<PathBuf>,
}

impl Options {
    /// Before long work: whether what comes of it can be written.
    fn check_paths(&self) -> Result<()> {
        for path in self.out.iter().chain(&self.pictures) {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            ensure!(folder.is_none_or(Path::is_dir), "there is no folder for {}; make it first", path.display());
            ensure!(!path.is_dir(), "{} is a folder; give the name of a file", path.display());
        }
        let is_png = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "png");
        ensure!(self.pictures.as_ref().is_none_or(is_png), "--pictures writes PNG; give a name that ends in .png");
        Ok(())
    }
}

fn main() -> Result<()> {
    groundling::allocator::keep_freed_memory();
    let options = Options::parse();
    options.check_paths()?;
    let classifier = learning::learn(&options)?;
    let scored = learning::score(&options, &classifier)?;
    let report = report::Report::new(&options, &classifier, &scored);
    let json = serde_json::to_string_pretty(&report)?;
    if let Some(path) = &options.out {
        std::fs::write(path, &json).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = &options.pictures {
        sheet::draw(&options, &report.confused_shapes, &scored)?.save_png(path, true)?;
    }
    if options.json {
        println!("{json}");
    } else {
        print!("{report}");
    }
    Ok(())
}
