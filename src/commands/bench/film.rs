//! `groundling bench film`: how fast `replay` draws, from stepping the room to a finished MP4.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::Result;
use groundling_film::FilmWriter;
use groundling_interface::{Environment, ScriptedPolicy};
use groundling_sim::{Recording, Replay, RoomEnvironment, ScriptedExplorer, WorldConfig};
use serde_json::json;

use super::{Measured, case, print_json, print_rates};
use crate::commands::replay::write_film;
use crate::failure::wrong_input;
use crate::film_painter::FilmPainter;
use crate::host::Host;
use crate::output::film_failure;
use crate::painting::PainterName;
use crate::say;
use crate::scenes::{Composition, FilmStyle, View};

/// Actions of the episode that is drawn again and again.
const ACTIONS: u32 = 23;
/// Pictures a second of the film itself, which decides how often a whole picture is coded.
const FPS: f64 = 8.0;

/// Options of `bench film`.
#[derive(Debug, clap::Args)]
pub(super) struct FilmArgs {
    #[command(flatten)]
    measured: Measured,
    /// What is drawn.
    #[arg(long, value_enum, default_value_t = View::Story)]
    view: View,
    /// Who draws.
    #[arg(long, value_enum, default_value_t = PainterName::DEFAULT)]
    renderer: PainterName,
    /// Columns and rows [default: those of the view].
    #[arg(long, value_name = "WxH")]
    size: Option<case::Size>,
}

/// Films of one short episode, one after the other, by one painter that is warm.
pub(super) fn run(args: &FilmArgs) -> Result<()> {
    let (clock, host) = (args.measured.clock()?, Host::find()?);
    let config = case::configs(&args.measured.configured, &[], &[], true)?.remove(0);
    let recording = episode(config.world(), config.seed)?;
    let mut painter = args.renderer.open()?;
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("film.mp4");
    let composition = || {
        let size = args.size.map(|case::Size { width, height }| (width, height));
        Composition::new(
            &recording,
            FilmStyle { view: args.view, size, viewpoint: None, question: None, warning: None },
        )
    };
    let (width, height) = composition()?.size();
    let mut film = || -> Result<u64> {
        let mut film = FilmPainter::new(composition()?)?;
        let writer = FilmWriter::create(&out, width, height, FPS, true).map_err(film_failure)?;
        let last = recording.actions.len() as u32;
        let replay = Replay::new(recording.clone())?;
        let stop = AtomicBool::new(false);
        let (_, frames) = write_film(replay, (0, last), &mut film, painter.as_mut(), writer, Path::new(&out), &stop)?;
        Ok(frames as u64)
    };
    let rate = clock.rate("stepped, checked, drawn and coded", "pictures", &mut film)?;
    let drawn_by = painter.describe();
    if args.measured.json {
        let figures = json!({ "width": width, "height": height, "seconds": clock.seconds, "renderer": drawn_by, "rates": [rate] });
        return print_json("film", &host, figures);
    }
    say!("{}", host.in_words());
    print_rates(&format!("{width}x{height}, by {drawn_by}, {} runs", clock.runs), &[rate])
}

/// What the scripted explorer does in a room.
fn episode(world: WorldConfig, seed: u64) -> Result<Recording> {
    let (mut environment, privileged) = RoomEnvironment::new(world.clone()).map_err(wrong_input)?;
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    let first = environment.reset(seed)?;
    explorer.begin(seed);
    let mut recording = Recording::begin(world, seed, "the scripted explorer", &first, &privileged);
    for _ in 0..ACTIONS {
        let action = explorer.action();
        let step = environment.step(action)?;
        recording.push(action, &step, &privileged);
        if step.kind.is_last() {
            break;
        }
    }
    Ok(recording)
}
