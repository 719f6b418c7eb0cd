//! Playing a frozen agent: nothing is learnt, somebody looks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use groundling_interface::EnvironmentError;
use groundling_model::{AgentError, Inputs};
use groundling_nn::{NamedValues, ValuesError};
use tch::Device;

use crate::room_error::panic_text;
use crate::room_group::{Acting, Copies, RoomGroup};
use crate::seat::Onlookers;
use crate::{AgentBlueprint, BeliefObserver, Exploring, ObservedStep, RoomCursor, RoomError, Seat};

/// What is played, by whom.
pub struct PlaySetup<'a> {
    /// Which agent.
    pub blueprint: &'a AgentBlueprint,
    /// Its parameters; none for an untrained one.
    pub values: Option<&'a NamedValues>,
    /// Who decides where to go.
    pub exploring: Exploring,
    /// The agent's own choices are derived from it and the episode's seed.
    pub seed: u64,
    /// The episodes.
    pub episode_seeds: &'a [u64],
    /// Threads, each with its own copy of the network.
    pub num_threads: usize,
    /// Rooms a thread infers in one batch.
    pub rooms_per_thread: usize,
    /// Makes the seat of a room, by its index among all rooms.
    pub seats: &'a (dyn Fn(usize) -> Result<Seat, EnvironmentError> + Sync),
    /// Makes the observer of a thread, by the thread's index.
    pub observers: &'a (dyn Fn(usize) -> Box<dyn BeliefObserver> + Sync),
    /// Set from outside to end early.
    pub stop: &'a AtomicBool,
}

/// Why playing failed.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The agent cannot be made.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// The parameters belong to another network.
    #[error("the checkpoint does not fit this configuration: {0}")]
    Misfit(#[from] ValuesError),
    /// A room failed, or who observes it.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// Asked to stop before all episodes were played.
    #[error("interrupted")]
    Interrupted,
    /// A thread panicked.
    #[error("a playing thread panicked: {0}")]
    Panic(String),
}

/// Plays every episode once and shows each step to the observer of its thread. Room `r` of `R`, the number of threads
/// times the rooms of each, plays the episodes `r`, `r + R`, `r + 2 R` … of the list.
///
/// For the same `rooms_per_thread`, beliefs are the same bits for any number of threads: an episode always has the same
/// row in a batch of the same size. Another size may change their last bits, since libtorch then multiplies matrices in
/// another order.
pub fn play(setup: &PlaySetup<'_>) -> Result<(), PlayError> {
    std::thread::scope(|scope| {
        let spawn = |thread| {
            std::thread::Builder::new()
                .name(format!("player-{thread}"))
                .spawn_scoped(scope, move || play_on_thread(setup, thread))
                .map_err(|error| PlayError::Panic(error.to_string()))
        };
        let threads = (0..setup.num_threads).map(spawn).collect::<Result<Vec<_>, _>>()?;
        let results = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| Err(PlayError::Panic(panic_text(&*panic)))));
        // Every thread is waited for; the first failure is told.
        results.collect::<Vec<_>>().into_iter().collect()
    })
}

fn play_on_thread(setup: &PlaySetup<'_>, thread: usize) -> Result<(), PlayError> {
    groundling_nn::set_threads_of_this_thread(1);
    let num_rooms = setup.num_threads * setup.rooms_per_thread;
    let first_room = thread * setup.rooms_per_thread;
    if first_room >= setup.episode_seeds.len() {
        return Ok(());
    }
    // All rooms, also where fewer episodes are left: the size of a batch decides the last bits of a belief.
    let agent = setup.blueprint.build(Device::Cpu)?;
    if let Some(values) = setup.values {
        agent.set_values(values)?;
    }
    let seeds: Arc<[u64]> = setup.episode_seeds.into();
    let rounds = (seeds.len() - first_room).div_ceil(num_rooms) as u64;
    let listed = Arc::clone(&seeds);
    // A room that has played its share repeats some listed episode, unobserved, until the others are done.
    let episode_seeds = Arc::new(move |room: usize, episode: u64| {
        let index = room + episode as usize * num_rooms;
        listed.get(index).or_else(|| listed.get(room % listed.len())).copied().unwrap_or_default()
    });
    let acting = Acting { exploring: setup.exploring, seed: setup.seed, episode_seeds };
    let cursors = vec![RoomCursor::default(); setup.rooms_per_thread];
    let mut group = RoomGroup::new(setup.seats, first_room, &cursors, acting)?;
    let mut state = agent.zero_state(group.len());
    let inner = (setup.observers)(thread);
    let listed_only = ListedOnly { inner, num_rooms, num_episodes: seeds.len() };
    let mut onlookers = Onlookers { observer: Some(Box::new(listed_only)), targets: None };
    while group.least_episode() < rounds {
        if setup.stop.load(Ordering::Relaxed) {
            return Err(PlayError::Interrupted);
        }
        let steps = group.take_steps();
        let output = agent.act(&Inputs { steps: &steps.iter().collect::<Vec<_>>() }, &state);
        state = output.state;
        let (belief, features) = (|room: usize| state.freeze(room), |room: usize| output.features.freeze(room));
        let copies = Copies { belief: &belief, features: Some(&features) };
        group.advance(steps, &output.logits, copies, None, &mut onlookers)?;
    }
    Ok(())
}

/// Passes on the steps of episodes that are on the list.
struct ListedOnly {
    inner: Box<dyn BeliefObserver>,
    num_rooms: usize,
    num_episodes: usize,
}

impl BeliefObserver for ListedOnly {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        if step.room + step.episode as usize * self.num_rooms < self.num_episodes {
            self.inner.observe(step);
        }
    }
}
