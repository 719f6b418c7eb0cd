//! `groundling replay`: an episode is stepped again, every step checked, and drawn as a film or shown in a window.

mod checking;
mod film;
mod sheet;
#[cfg(feature = "viewer")]
mod window;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::commands::train::stop_on_signal;
use crate::failure::wrong_input;
use crate::painting::PainterName;
use crate::scenes::View;

pub(super) use film::write as write_film;
pub use sheet::SheetFormat;

/// Options of `replay`.
#[derive(Debug, clap::Args)]
#[command(after_help = about_window())]
pub struct ReplayArgs {
    /// Episode files that `groundling record` wrote: one to draw; with --verify any number, and folders of them.
    #[arg(value_name = "FILE", required_unless_present = "all")]
    pub episodes: Vec<PathBuf>,
    /// Film to write: .mp4, .gif, .webp, or .png for a folder of numbered pictures. Without it a window is opened.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Draws every episode of this folder; --out is then a folder, which gets a page, index.html, that shows them all.
    /// One that cannot be drawn is named there and does not stop the others; exit code 1, or 2 if none was drawn.
    #[arg(long, value_name = "DIR", requires = "out", conflicts_with_all = ["episodes", "verify"])]
    pub all: Option<PathBuf>,
    /// What the films of --all are written as.
    #[arg(long, value_enum, requires = "all", default_value_t = SheetFormat::Mp4)]
    pub format: SheetFormat,
    /// Steps and checks the episodes without drawing them, on all cores. Exit code 1 if one differs, 2 if a file cannot
    /// be read; all are checked in any case.
    #[arg(long, conflicts_with = "out")]
    pub verify: bool,
    /// How many episodes are checked at a time [default: the number of cores].
    #[arg(long, value_name = "N", requires = "verify")]
    pub threads: Option<NonZeroUsize>,
    /// Prints what was checked as one JSON object.
    #[arg(long, requires = "verify")]
    pub json: bool,
    /// Pictures a second; one picture is one action of the agent.
    #[arg(long, default_value_t = 8.0)]
    pub fps: f64,
    /// Columns and rows, such as 1920x1080. The eye's vertical angle stays [default: 1280x720 for story and orbit].
    #[arg(long, value_name = "WxH", value_parser = parsed_size)]
    pub size: Option<(usize, usize)>,
    /// First step to draw.
    #[arg(long, value_name = "STEP", default_value_t = 0)]
    pub from: u32,
    /// Last step to draw [default: the episode's last].
    #[arg(long, value_name = "STEP")]
    pub to: Option<u32>,
    /// Number of the question to show, from 1.
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub question: usize,
    /// What is drawn.
    #[arg(long, value_enum, default_value_t = View::Story)]
    pub view: View,
    /// Who draws.
    #[arg(long, value_enum, default_value_t = PainterName::DEFAULT)]
    pub renderer: PainterName,
    /// Overwrites what is there already.
    #[arg(long)]
    pub overwrite: bool,
    /// Draws an episode even though it is not what was recorded; its film says so in every picture.
    #[arg(long)]
    pub force: bool,
}

/// What `--help` says of the window.
#[cfg(feature = "viewer")]
fn about_window() -> String {
    window::about()
}

/// What `--help` says of the window.
#[cfg(not(feature = "viewer"))]
fn about_window() -> &'static str {
    "Without --out a window plays the episode, in a program built with `cargo build --release --features viewer`."
}

/// Runs the command.
pub fn run(args: &ReplayArgs) -> Result<()> {
    if args.verify {
        return checking::verify(&args.episodes, args.threads, args.json);
    }
    // clap waives what a flag requires where that cannot stand beside --out.
    if args.json || args.threads.is_some() {
        return Err(wrong_input("--json and --threads go with --verify"));
    }
    if let (Some(folder), Some(out)) = (&args.all, &args.out) {
        return sheet::draw_all(args, folder, out);
    }
    let [episode] = args.episodes.as_slice() else {
        return Err(wrong_input(
            "one episode is drawn or shown at a time; --all draws a folder, and --verify checks any number",
        ));
    };
    match &args.out {
        Some(out) => {
            let stop = stop_on_signal()?;
            film::Studio::new(args, &stop).draw(episode, out).map(drop)
        }
        None => show(args, episode),
    }
}

#[cfg(feature = "viewer")]
fn show(args: &ReplayArgs, episode: &Path) -> Result<()> {
    window::show(args, episode)
}

#[cfg(not(feature = "viewer"))]
fn show(_: &ReplayArgs, _: &Path) -> Result<()> {
    Err(wrong_input(
        "this program was built without its window; `cargo build --release --features viewer` builds it, --out FILE \
         draws a film (.mp4, .gif, .webp or .png), and --verify checks the episode alone",
    ))
}

fn parsed_size(text: &str) -> Result<(usize, usize), String> {
    let sides = text.split_once(['x', 'X']).and_then(|(width, height)| width.parse().ok().zip(height.parse().ok()));
    sides.filter(|&(width, height)| width > 0 && height > 0).ok_or_else(|| "give columns and rows as 1920x1080".into())
}
