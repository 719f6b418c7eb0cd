//! Random actions, and the views met on the way.

use anyhow::Result;
use groundling_interface::{Action, derive, derive_seed};
use groundling_room::{Camera, Scene};
use groundling_sim::{Act, World, WorldConfig};
use rand::RngExt;

/// Actions drawn uniformly, and the seeds of episodes.
pub(super) struct RandomWalk {
    generator: Generator,
    seed: u64,
    episode: u64,
}

type Generator = rand_chacha::ChaCha8Rng;

impl RandomWalk {
    pub(super) fn new(seed: u64) -> Self {
        Self { generator: derive(seed, "benchmark actions", &[]), seed, episode: 0 }
    }

    pub(super) fn act(&mut self) -> Act {
        Act::EXPLORE[self.generator.random_range(0..Act::EXPLORE.len())]
    }

    pub(super) fn action(&mut self) -> Action {
        self.act().action()
    }

    pub(super) fn next_episode(&mut self) -> u64 {
        self.episode += 1;
        derive_seed(self.seed, "benchmark episode", &[self.episode])
    }
}

/// What is seen in 16 rooms, 16 steps apart in each.
pub(super) fn views(world: &WorldConfig, seed: u64) -> Result<Vec<(Scene, Camera)>> {
    const ROOMS: usize = 16;
    const VIEWS: usize = 16;
    const STEPS_BETWEEN: usize = 8;
    let mut walk = RandomWalk::new(seed);
    let mut views = Vec::with_capacity(ROOMS * VIEWS);
    for _ in 0..ROOMS {
        let mut world = World::new(world.clone(), walk.next_episode())?;
        for _ in 0..VIEWS {
            views.push((world.scene(), world.eye()));
            for _ in 0..STEPS_BETWEEN {
                world.act(walk.act());
            }
        }
    }
    Ok(views)
}
