//! `groundling bench env`.

use anyhow::Result;
use groundling_interface::Environment;
use groundling_render::Renderer;
use groundling_sim::{RoomEnvironment, World};

use super::walk::{RandomWalk, views};
use super::{Measured, Rate};
use crate::config::Config;
use crate::failure::wrong_input;

/// Steps between two looks at the clock.
const BATCH: u64 = 32;

/// Whole steps, pictures alone, physics alone.
pub(super) fn rates(config: &Config, measured: &Measured) -> Result<Vec<Rate>> {
    let (mut environment, _) = RoomEnvironment::new(config.world()).map_err(wrong_input)?;
    let mut walk = RandomWalk::new(config.seed);
    let mut is_last = true;
    let whole = measured.rate("whole step, with resets", "steps", &mut || {
        for _ in 0..BATCH {
            if is_last {
                environment.reset(walk.next_episode())?;
            }
            is_last = environment.step(walk.action())?.kind.is_last();
        }
        Ok(BATCH)
    })?;

    let views = views(&config.world(), config.seed)?;
    let mut renderer = Renderer::new(config.camera.width, config.camera.height)?;
    let mut next = views.iter().cycle();
    let pictures = measured.rate("picture alone", "pictures", &mut || {
        for (scene, camera) in next.by_ref().take(BATCH as usize) {
            renderer.render(scene, camera);
        }
        Ok(BATCH)
    })?;

    let mut walk = RandomWalk::new(config.seed);
    let mut world = World::new(config.world(), walk.next_episode())?;
    let physics = measured.rate("physics alone, with resets", "steps", &mut || {
        for _ in 0..BATCH {
            if world.end().is_some() {
                world = World::new(config.world(), walk.next_episode())?;
            }
            world.act(walk.act());
        }
        Ok(BATCH)
    })?;
    Ok(vec![whole, pictures, physics])
}
