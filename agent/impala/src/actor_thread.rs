//! The threads that act, and the one that infers for them where there is one.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::{Builder, Scope};

use crossbeam::channel::{Sender, bounded};
use groundling_interface::derive_seed;
use groundling_model::UnrollShape;
use groundling_nn::{Compute, take_urgent_stream};
use tch::Device;

use crate::actor::{Actor, ActorError, ActorUnroll, Stop};
use crate::inference::{Inference, OwnInference, ThreadAgent};
use crate::inference_thread::{InferenceThread, SharedInference, connect};
use crate::intake::Intake;
use crate::place::Place;
use crate::publishing::{ParameterSource, Published, Publisher};
use crate::room_error::{InferenceGone, panic_text};
use crate::room_group::{Acting, RoomGroup};
use crate::seat::Onlookers;
use crate::waits::{InferenceWaits, timed};
use crate::{FileError, Schedule, TrainError, TrainSetup};

/// What goes through the queue. An error is a thread's last message.
pub(crate) type UnrollMessage = Result<ActorUnroll, TrainError>;

/// The threads behind the learner. They end when this is dropped.
pub(crate) struct Threads {
    pub(crate) publisher: Publisher,
    pub(crate) intake: Intake,
    /// Closes when it is dropped, which tells the inference thread to end.
    _learner: Sender<()>,
}

/// Starts everybody who acts, from `places`, one an actor; `first` are the parameters to begin with.
pub(crate) fn start_threads<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    setup: &'env TrainSetup<'env>,
    places: &[Place],
    first: Arc<Published>,
) -> Result<Threads, TrainError> {
    let training = &setup.training;
    let (unrolls, taken) = bounded(match training.schedule {
        Schedule::Async => training.queue_capacity,
        Schedule::Lockstep => training.num_actors,
    });
    let (publisher, sources) = Publisher::new(training.schedule, training.num_actors, first);
    let (learner, ended) = bounded(0);
    let spawn = |name: String, run: Box<dyn FnOnce() + Send + 'scope>| {
        let spawned = Builder::new().name(name).spawn_scoped(scope, run);
        spawned.map(drop).map_err(FileError::at("start a thread for", setup.run.path()))
    };
    let mut shared: Vec<Option<SharedInference>> = (0..training.num_actors).map(|_| None).collect();
    let mut inference = None;
    if training.shares_inference(setup.device) {
        let waits = Arc::<InferenceWaits>::default();
        let (thread, ends) = connect(training, publisher.latest(), ended, Arc::clone(&waits));
        let (unrolls, places) = (unrolls.clone(), places.to_vec());
        spawn("inference".into(), Box::new(move || run_inference(setup, thread, &places, &unrolls)))?;
        shared = ends.into_iter().map(Some).collect();
        inference = Some(waits);
    }
    let parts = places.iter().cloned().zip(sources).zip(shared).enumerate();
    let parts = parts.map(|(index, ((place, source), shared))| ActorParts { index, place, source, shared });
    for (thread, actors) in by_thread(parts.collect(), training.num_actor_threads()).into_iter().enumerate() {
        let unrolls = unrolls.clone();
        spawn(format!("actor-{thread}"), Box::new(move || run_actors(setup, actors, &unrolls)))?;
    }
    Ok(Threads { publisher, intake: Intake { unrolls: taken, inference }, _learner: learner })
}

/// What one actor is made of, on the thread that will run it.
struct ActorParts {
    index: usize,
    place: Place,
    source: ParameterSource,
    /// Where its rooms are inferred, if not on its own thread.
    shared: Option<SharedInference>,
}

/// Shares the actors out to threads: thread `k` of `n` runs the actors `k`, `k + n`, …
fn by_thread(actors: Vec<ActorParts>, num_threads: usize) -> Vec<Vec<ActorParts>> {
    let mut threads: Vec<Vec<ActorParts>> = (0..num_threads).map(|_| Vec::new()).collect();
    for (position, actor) in actors.into_iter().enumerate() {
        threads[position % num_threads].push(actor);
    }
    threads
}

/// Acts until the learner ends, or something fails, which is then sent.
fn run_actors(setup: &TrainSetup<'_>, actors: Vec<ActorParts>, unrolls: &Sender<UnrollMessage>) {
    groundling_nn::set_threads_of_this_thread(1);
    let busy = Cell::new(0);
    let error = match catch_unwind(AssertUnwindSafe(|| act(setup, actors, unrolls, &busy))) {
        Ok(Stop::Over) => return,
        Ok(Stop::Failed(error)) => error,
        Err(panic) if panic.is::<InferenceGone>() => return,
        Err(panic) => ActorError::Panic(panic_text(&*panic)),
    };
    // If nobody takes it, the learner has ended already.
    let _ = unrolls.send(Err(TrainError::Actor { actor: busy.get(), source: error }));
}

/// `busy` is the actor that is acting.
fn act(setup: &TrainSetup<'_>, actors: Vec<ActorParts>, unrolls: &Sender<UnrollMessage>, busy: &Cell<usize>) -> Stop {
    let act = || -> Result<std::convert::Infallible, Stop> {
        // Groups that are inferred elsewhere take turns, so that one steps while another is inferred; those inferred here
        // would only wait for each other.
        let num_together = if actors.iter().any(|actor| actor.shared.is_some()) { actors.len() } else { 1 };
        let mut actors = make_actors(setup, actors, busy)?;
        loop {
            for together in actors.chunks_mut(num_together.max(1)) {
                unroll_together(together, setup.training.unroll_length, unrolls, busy)?;
            }
        }
    };
    match act() {
        Ok(never) => match never {},
        Err(stop) => stop,
    }
}

fn unroll_together(
    actors: &mut [Actor],
    length: usize,
    unrolls: &Sender<UnrollMessage>,
    busy: &Cell<usize>,
) -> Result<(), Stop> {
    for actor in actors.iter_mut() {
        busy.set(actor.index());
        actor.begin()?;
    }
    for t in 0..length {
        for actor in actors.iter_mut() {
            busy.set(actor.index());
            actor.advance(t + 1 < length)?;
        }
    }
    for actor in actors.iter_mut() {
        busy.set(actor.index());
        let unroll = actor.finish()?;
        let mut seconds = 0.0;
        if !timed(&mut seconds, || unrolls.send(Ok(unroll)).is_ok()) {
            return Err(Stop::Over);
        }
        actor.waited_for_queue(seconds);
    }
    Ok(())
}

fn make_actors(setup: &TrainSetup<'_>, actors: Vec<ActorParts>, busy: &Cell<usize>) -> Result<Vec<Actor>, Stop> {
    let mut own = None;
    let mut made = Vec::with_capacity(actors.len());
    for ActorParts { index, place, source, shared } in actors {
        busy.set(index);
        let rooms = make_rooms(setup, index, &place)?;
        let inference: Box<dyn Inference> = match shared {
            Some(shared) => Box::new(shared),
            None => {
                let agent = match &own {
                    Some(agent) => Rc::clone(agent),
                    None => Rc::new(ThreadAgent::new(setup.blueprint.build_actor(Device::Cpu)?)),
                };
                own = Some(Rc::clone(&agent));
                Box::new(OwnInference::new(agent, &place.beliefs))
            }
        };
        let shape = UnrollShape::new(setup.training.unroll_length, rooms.len(), &setup.blueprint.spec);
        let onlookers = Onlookers { observer: (setup.observers)(index), targets: (setup.targets)(index) };
        made.push(Actor::new(index, shape, rooms, inference, source, onlookers, place.beliefs));
    }
    Ok(made)
}

/// The seed of the `episode`-th episode of room `room` in a training with this seed; rooms are counted over all actors.
pub fn training_episode_seed(seed: u64, room: usize, episode: u64) -> u64 {
    derive_seed(seed, "training episode", &[room as u64, episode])
}

fn make_rooms(setup: &TrainSetup<'_>, actor: usize, place: &Place) -> Result<RoomGroup, ActorError> {
    let seed = setup.seed;
    let episode_seeds = Arc::new(move |room, episode| training_episode_seed(seed, room, episode));
    let acting = Acting { exploring: setup.training.exploring, seed, episode_seeds };
    let first_room = actor * setup.training.rooms_per_actor;
    Ok(RoomGroup::new(setup.seats, first_room, &place.cursors, acting)?)
}

/// Infers until every actor is gone or the learner has ended, or something fails, which is then sent.
fn run_inference(
    setup: &TrainSetup<'_>,
    mut thread: InferenceThread,
    places: &[Place],
    unrolls: &Sender<UnrollMessage>,
) {
    groundling_nn::set_threads_of_this_thread(1);
    let compute = Compute { device: setup.device, precision: setup.training.precision };
    let infer = || {
        // The learner's update is long and queued at once; a step of the policy must not wait for it.
        take_urgent_stream(setup.device)?;
        let agent = ThreadAgent::new(setup.blueprint.build_actor(compute)?);
        thread.run(&agent, places)
    };
    let error = match catch_unwind(AssertUnwindSafe(infer)) {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error,
        Err(panic) => ActorError::Panic(panic_text(&*panic)),
    };
    // Sent before `thread` goes, and with it the answers that actors wait for: the cause comes before what follows from it.
    let _ = unrolls.send(Err(TrainError::Inference(error)));
}
