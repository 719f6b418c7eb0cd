//! `groundling bench render`.

use anyhow::Result;
use groundling_render::Renderer;
use serde_json::json;

use super::case;
use super::walk::views;
use super::{Measured, print_json, print_rates};
use crate::failure::wrong_input;
use crate::host::Host;
use crate::say;

/// Columns and rows of the sizes that are always measured.
const SIZES: [(usize, usize); 4] = [(32, 24), (96, 72), (160, 120), (640, 480)];
/// Pictures between two looks at the clock.
const BATCH: u64 = 16;

/// Options of `bench render`.
#[derive(Debug, clap::Args)]
pub(super) struct RenderArgs {
    #[command(flatten)]
    measured: Measured,
}

/// Pictures of the configured size and of the usual sizes.
pub(super) fn run(args: &RenderArgs) -> Result<()> {
    let (clock, host) = (args.measured.clock()?, Host::find()?);
    let config = case::configs(&args.measured.configured, &[], &[], true)?.remove(0);
    let views = views(&config.world(), config.seed).map_err(wrong_input)?;
    let mut sizes = SIZES.to_vec();
    sizes.push((config.camera.width, config.camera.height));
    sizes.sort_unstable();
    sizes.dedup();
    let rate = |(width, height): (usize, usize)| {
        let mut renderer = Renderer::new(width, height)?;
        let mut next = views.iter().cycle();
        clock.rate(&format!("{width}x{height}"), "pictures", &mut || {
            for (scene, camera) in next.by_ref().take(BATCH as usize) {
                renderer.render(scene, camera);
            }
            Ok(BATCH)
        })
    };
    let rates = sizes.into_iter().map(rate).collect::<Result<Vec<_>>>()?;
    if args.measured.json {
        let num_objects = config.room.num_objects;
        let figures = json!({ "num_objects": num_objects, "seconds": clock.seconds, "rates": rates });
        return print_json("render", &host, figures);
    }
    say!("{}", host.in_words());
    print_rates(&format!("one core, {} runs of {} s", clock.runs, clock.seconds), &rates)
}
