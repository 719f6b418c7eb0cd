//! The two halves of training alone, for benchmarks: actors whose unrolls nobody learns from, and a learner that never
//! waits for one.

use std::ops::ControlFlow;
use std::sync::Arc;

use groundling_model::Unroll;

use crate::actor::ActorUnroll;
use crate::actor_thread::{Threads, start_threads};
use crate::learner::Learner;
use crate::{Schedule, TrainError, TrainSetup};

/// Is told the frames of each unroll or update; says when to stop.
pub type OnFrames<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

/// Runs the actors of `setup`, with the first parameters, as if the learner took no time: their unrolls are thrown away.
/// `taken` is called for each unroll. Nothing is learnt and no checkpoint is written.
pub fn run_actors_alone(setup: &TrainSetup<'_>, taken: &mut OnFrames<'_>) -> Result<(), TrainError> {
    let learner = Learner::new(setup)?;
    let frames = (setup.training.rooms_per_actor * setup.training.unroll_length) as u64;
    with_actors(setup, &learner, &mut |_| taken(frames))
}

/// Updates a learner with `num_batches` batches over and over, which the actors of `setup` recorded before. `updated` is
/// called for each update. No checkpoint is written.
pub fn run_learner_alone(
    setup: &TrainSetup<'_>,
    num_batches: usize,
    updated: &mut OnFrames<'_>,
) -> Result<(), TrainError> {
    let mut learner = Learner::new(setup)?;
    let (size, mut unrolls) = (setup.training.unrolls_per_batch(), Vec::new());
    with_actors(setup, &learner, &mut |unroll| {
        unrolls.push(unroll);
        if unrolls.len() < num_batches * size { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let mut batches: Vec<Vec<Unroll>> = Vec::new();
    while unrolls.len() >= size {
        let rest = unrolls.split_off(size);
        let mut batch = std::mem::replace(&mut unrolls, rest);
        batch.sort_by_key(|unroll| unroll.actor);
        batches.push(batch.into_iter().map(|unroll| unroll.unroll).collect());
    }
    for batch in batches.iter().cycle() {
        learner.begin_update();
        learner.learn(setup, batch)?;
        learner.undo = None;
        // What would be published.
        learner.behavior = Arc::new(learner.agent.acting_values());
        if updated(setup.training.frames_per_update()).is_break() {
            break;
        }
    }
    Ok(())
}

/// Gives `take` the unrolls of the actors, in the order they come, until it has had enough.
fn with_actors(
    setup: &TrainSetup<'_>,
    learner: &Learner,
    take: &mut dyn FnMut(ActorUnroll) -> ControlFlow<()>,
) -> Result<(), TrainError> {
    std::thread::scope(|scope| {
        let first = learner.published(0);
        let threads = start_threads(scope, setup, &learner.places, first)?;
        let Threads { publisher, intake, .. } = &threads;
        let lockstep = setup.training.schedule == Schedule::Lockstep;
        loop {
            if lockstep {
                publisher.publish(&learner.published(0));
            }
            for _ in 0..setup.training.num_actors {
                if take(intake.next()?).is_break() {
                    return Ok(());
                }
            }
        }
    })
}
