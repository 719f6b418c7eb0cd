//! A batch computed in shares of its rooms, each by a replica of the networks on a thread of its own.
//!
//! Rooms are independent of each other up to the losses' means, so that a batch's loss is the weighted sum of its shares'
//! and the gradient the sum of theirs. The replicas' parameters lie in the same memory and their gradients do not. Which
//! rooms are in which share, and the order in which gradients are added, depend on the number of shares and on nothing
//! else: two runs compute the same bits.
//!
//! Predictive losses see their share as the batch. What they keep for themselves (buffers, as GECO's multiplier) begins
//! in each share as the agent has it, and the mean of the shares is what the agent has afterwards.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};

use groundling_interface::derive;
use groundling_nn::set_threads_of_this_thread;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use tch::Tensor;

use crate::LossReport;
use crate::replica::{LossSettings, Part, Replica};
use crate::unroll::Batch;

/// The replicas of the second share and of all further ones; those of the first are the agent's own networks.
#[derive(Default)]
pub(crate) struct Replicas(Vec<Mutex<Replica>>);

impl Replicas {
    /// Each of `others`, made like `first`, gives up its parameters for those of `first`.
    pub(crate) fn new(first: &Replica, others: impl IntoIterator<Item = Replica>) -> Self {
        let alias = |mut replica: Replica| {
            replica.parameters.share_memory_of(&first.parameters);
            Mutex::new(replica)
        };
        Self(others.into_iter().map(alias).collect())
    }

    /// The losses of each share of `batch`, weighted such that their scaled ones add up to those of the batch.
    pub(crate) fn losses(
        &self,
        first: &Replica,
        batch: Batch,
        settings: &LossSettings,
        generator: &mut ChaCha8Rng,
    ) -> Vec<Part> {
        if self.0.is_empty() {
            return vec![first.losses(&batch, settings, generator)];
        }
        let seed: u64 = generator.random();
        let generator_of = |share: u64| derive(seed, "share of a batch", &[share]);
        let buffers = first.parameters.buffers();
        let mut shares = batch.split(1 + self.0.len()).into_iter();
        let Some(own) = shares.next() else { return Vec::new() };
        let mut parts = std::thread::scope(|scope| {
            let threads = self.0.iter().zip(shares).enumerate().map(|(index, (replica, share))| {
                let buffers = &buffers;
                spawn(scope, move || {
                    let replica = lock(replica);
                    replica.parameters.copy_buffers(buffers);
                    replica.losses(&share, settings, &mut generator_of(index as u64 + 1))
                })
            });
            let threads: Vec<_> = threads.collect();
            let part = first.losses(&own, settings, &mut generator_of(0));
            std::iter::once(part).chain(threads.into_iter().map(join)).collect::<Vec<_>>()
        });
        let used: Vec<MutexGuard<'_, Replica>> = self.0.iter().take(parts.len() - 1).map(lock).collect();
        first.parameters.average_buffers(used.iter().map(|replica| &replica.parameters));
        Part::weigh(&mut parts);
        parts
    }

    /// Adds the gradients of all parts to those that `first` holds.
    pub(crate) fn backward(&self, first: &Replica, parts: Vec<Part>) {
        let mut parts = parts.into_iter();
        let Some(own) = parts.next() else { return };
        std::thread::scope(|scope| {
            let threads: Vec<_> = parts.map(|part| spawn(scope, move || part.scaled.total().backward())).collect();
            own.scaled.total().backward();
            threads.into_iter().for_each(join);
        });
        for replica in &self.0 {
            first.parameters.take_gradients(&lock(replica).parameters);
        }
    }

    /// For each loss, the norm of its gradient at the parameters whose names begin with `prefix`.
    pub(crate) fn gradient_norms(&self, first: &Replica, parts: &[Part], prefix: &str) -> LossReport {
        let others: Vec<MutexGuard<'_, Replica>> = self.0.iter().map(lock).collect();
        let replicas = std::iter::once(first).chain(others.iter().map(|replica| &**replica));
        let shares: Vec<(&Part, Vec<&Tensor>)> =
            parts.iter().zip(replicas.map(|replica| replica.below(prefix))).collect();
        let norm_of = |loss: usize| {
            let mut sums: Vec<Option<Tensor>> = Vec::new();
            let mut is_there = false;
            for (part, parameters) in &shares {
                sums.resize_with(parameters.len(), || None);
                let Some(scaled) = part.scaled.all()[loss] else { continue };
                is_there = true;
                let gradients = Tensor::run_backward(&[scaled], parameters, true, false);
                // A parameter that the loss does not reach has no gradient.
                for (sum, gradient) in sums.iter_mut().zip(gradients).filter(|(_, gradient)| gradient.defined()) {
                    *sum = Some(sum.as_ref().map_or_else(|| gradient.shallow_clone(), |sum| sum + &gradient));
                }
            }
            let squares = sums.iter().flatten().map(|sum| sum.norm().double_value(&[]).powi(2));
            is_there.then(|| squares.sum::<f64>().sqrt())
        };
        LossReport::of([0, 1, 2, 3, 4, 5].map(norm_of))
    }
}

fn lock(replica: &Mutex<Replica>) -> MutexGuard<'_, Replica> {
    replica.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A thread for one share, which has one thread for its tensor operations.
fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> ScopedJoinHandle<'scope, T> {
    let work = move || {
        set_threads_of_this_thread(1);
        work()
    };
    scope.spawn(work)
}

fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
