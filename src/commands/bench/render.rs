//! `groundling bench render`.

use anyhow::Result;
use groundling_render::Renderer;

use super::walk::views;
use super::{Measured, Rate};
use crate::config::Config;
use crate::failure::wrong_input;

/// Columns and rows of the sizes that are always measured.
const SIZES: [(usize, usize); 4] = [(32, 24), (96, 72), (160, 120), (640, 480)];
/// Pictures between two looks at the clock.
const BATCH: u64 = 16;

/// Pictures of the configured size and of the usual sizes.
pub(super) fn rates(config: &Config, measured: &Measured) -> Result<Vec<Rate>> {
    let views = views(&config.world(), config.seed).map_err(wrong_input)?;
    let mut sizes = SIZES.to_vec();
    sizes.push((config.camera.width, config.camera.height));
    sizes.sort_unstable();
    sizes.dedup();
    let rate = |(width, height): (usize, usize)| {
        let mut renderer = Renderer::new(width, height)?;
        let mut next = views.iter().cycle();
        measured.rate(&format!("{width}x{height}"), "pictures", &mut || {
            for (scene, camera) in next.by_ref().take(BATCH as usize) {
                renderer.render(scene, camera);
            }
            Ok(BATCH)
        })
    };
    sizes.into_iter().map(rate).collect()
}
