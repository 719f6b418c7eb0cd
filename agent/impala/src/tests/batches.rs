//! Promised: every unroll that actors make reaches the learner once and whole: in lockstep one of each actor a batch, in
//! their order; in async as they come, those of one actor in the order they were made. The core states that come with an
//! unroll are those before its row 0. What waits is bounded.
//!
//! Told by rooms that count, through real actors, the real queue and the real learner, which learns from them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, Environment, EnvironmentError, EnvironmentSpec, TimeStep};
use groundling_model::{Inputs, Unroll};
use groundling_nn::NamedValues;
use tch::Device;

use super::counting::{check_rows, joined};
use super::trial::{Events, ROOMS_PER_ACTOR, Trial, UNROLL_LENGTH, blueprint, latest, seat};
use crate::actor_thread::start_threads;
use crate::learner::Learner;
use crate::{Exploring, Schedule, Seat, TrainError, TrainSetup};

const NUM_ACTORS: usize = 3;

/// What a learner took for each update, and the parameters with which the unrolls of lockstep were made.
struct Learnt {
    batches: Vec<Vec<Unroll>>,
    behaviors: Vec<Arc<NamedValues>>,
    agent: NamedValues,
}

/// Learns as `train` does, and looks.
fn learn(setup: &TrainSetup<'_>) -> Result<Learnt, TrainError> {
    let lockstep = setup.training.schedule == Schedule::Lockstep;
    let num_updates = setup.training.num_updates();
    let mut learner = Learner::new(setup)?;
    let (mut batches, mut behaviors) = (Vec::new(), vec![Arc::clone(&learner.behavior)]);
    std::thread::scope(|scope| {
        let threads = start_threads(scope, setup, &learner.places, learner.published(0))?;
        threads.publisher.publish(&learner.published(0));
        for update in 0..num_updates {
            let unrolls = learner.take_unrolls(setup, &threads.intake)?;
            if lockstep && update + 1 < num_updates {
                learner.behavior = Arc::new(learner.agent.acting_values());
                threads.publisher.publish(&learner.published(update));
                behaviors.push(Arc::clone(&learner.behavior));
            }
            learner.learn(setup, &unrolls)?;
            if !lockstep {
                learner.behavior = Arc::new(learner.agent.acting_values());
                threads.publisher.publish(&learner.published(update + 1));
            }
            batches.push(unrolls);
        }
        Ok(Learnt { batches, behaviors, agent: learner.agent.values() })
    })
}

/// Checks the unrolls of one actor, all there are from the first on: every row, and every core state, with the parameters
/// of each unroll. `tolerance` is for core states that were inferred in batches of another size.
fn check(actor: usize, unrolls: &[Unroll], behaviors: &[&NamedValues], tolerance: f32) -> BTreeMap<String, usize> {
    let mut ends = BTreeMap::new();
    for room in 0..ROOMS_PER_ACTOR {
        let (steps, actions) = joined(unrolls, room);
        check_rows(actor * ROOMS_PER_ACTOR + room, &steps, &actions, &mut ends);
    }
    let agent = blueprint(8).build_actor(Device::Cpu).unwrap();
    let mut carried = agent.zero_state(ROOMS_PER_ACTOR);
    for (unroll, behavior) in unrolls.iter().zip(behaviors) {
        agent.set_values(behavior).unwrap();
        let pairs = unroll.initial_beliefs().iter().zip(carried.freeze_all());
        assert!(pairs.into_iter().all(|(belief, own)| distance(belief, &own) <= tolerance), "actor {actor}");
        for t in 0..UNROLL_LENGTH {
            let steps: Vec<TimeStep> = (0..ROOMS_PER_ACTOR).map(|room| unroll.time_step(t, room)).collect();
            carried = agent.act(&Inputs { steps: &steps.iter().collect::<Vec<_>>() }, &carried).state;
        }
    }
    ends
}

fn distance(one: &FrozenBelief, other: &FrozenBelief) -> f32 {
    let values = |belief: &FrozenBelief| belief.hidden().iter().chain(belief.cell()).copied().collect::<Vec<f32>>();
    values(one).iter().zip(values(other)).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}

#[test]
fn in_lockstep_a_batch_is_one_unroll_of_each_actor_in_their_order() {
    let own = Trial { num_updates: 15, checkpoint_interval: 100, ..Trial::lockstep(Exploring::Learned, NUM_ACTORS) };
    for (trial, tolerance) in [
        (own, 0.0),
        (Trial { actor_threads: 2, ..own }, 0.0),
        (Trial { actor_threads: 1, ..own.shared(ROOMS_PER_ACTOR) }, 0.0),
        (own.shared(1024), 1e-5),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let learnt = trial.with_setup(folder.path(), Events::default(), |setup| learn(&setup)).unwrap();
        assert!(learnt.batches.iter().all(|batch| batch.len() == NUM_ACTORS));
        let behaviors: Vec<&NamedValues> = learnt.behaviors.iter().map(Arc::as_ref).collect();
        assert_eq!(behaviors.len(), 15);
        assert!(behaviors[0] == behaviors[1] && behaviors[1] != behaviors[2]);
        let mut num_ends = 0;
        for actor in 0..NUM_ACTORS {
            let unrolls: Vec<Unroll> = learnt.batches.iter().map(|batch| batch[actor].clone()).collect();
            let ends = check(actor, &unrolls, &behaviors, tolerance);
            num_ends += usize::from(ends.contains_key("Terminated") && ends.contains_key("Truncated"));
        }
        assert_eq!(num_ends, NUM_ACTORS, "both ends of episodes went through the learner");

        // What was looked at is what `train` does.
        let folder = tempfile::tempdir().unwrap();
        trial.go(folder.path(), Events::default()).unwrap();
        let trained = latest(folder.path()).agent;
        for (name, shape, values) in learnt.agent.iter() {
            assert!(trained.get(name, shape).unwrap() == values, "{name} in {trial:?}");
        }
    }
}

/// Puts each unroll behind those of its actor, which its first row tells: every picture is of one moment of one room.
fn by_actor(batches: &[Vec<Unroll>]) -> Vec<Vec<Unroll>> {
    let first_rows = |actor: usize| {
        let mut room = seat(None).environment;
        let seed = groundling_interface::derive_seed(5, "training episode", &[(actor * ROOMS_PER_ACTOR) as u64, 0]);
        room.reset(seed).unwrap()
    };
    let mut last_rows: Vec<TimeStep> = (0..NUM_ACTORS).map(first_rows).collect();
    let mut actors = vec![Vec::new(); NUM_ACTORS];
    for batch in batches {
        let mut before = 0;
        for unroll in batch {
            let first = unroll.time_step(0, 0);
            let behind = (0..NUM_ACTORS).filter(|&actor| last_rows[actor] == first).collect::<Vec<_>>();
            let [actor] = behind[..] else { panic!("an unroll that is behind those of the actors {behind:?}") };
            assert!(actor >= before, "a batch is in the order of actors");
            before = actor;
            last_rows[actor] = unroll.time_step(UNROLL_LENGTH, 0);
            actors[actor].push(unroll.clone());
        }
    }
    actors
}

#[test]
fn in_async_no_unroll_is_lost_or_doubled() {
    let own = Trial { schedule: Schedule::Async, ..Trial::lockstep(Exploring::Learned, NUM_ACTORS) };
    for (trial, tolerance) in [
        (own, 0.0),
        (Trial { actor_threads: 2, ..own }, 0.0),
        (own.shared(ROOMS_PER_ACTOR), 0.0),
        (own.shared(1024), 1e-5),
        (Trial { actor_threads: 2, ..own.shared(2 * ROOMS_PER_ACTOR) }, 1e-5),
    ] {
        for batch_unrolls in [1, 0, 5] {
            let folder = tempfile::tempdir().unwrap();
            let learnt = trial.with_setup(folder.path(), Events::default(), |mut setup| {
                setup.training.batch_unrolls = batch_unrolls;
                setup.training.num_frames = 30 * (ROOMS_PER_ACTOR * UNROLL_LENGTH) as u64;
                // The same parameters throughout, so that one knows what every core state must be.
                setup.optimizer.learning_rate = 0.0;
                assert_eq!(setup.training.num_updates() as usize * setup.training.unrolls_per_batch(), 30);
                learn(&setup)
            });
            let learnt = learnt.unwrap();
            for (actor, unrolls) in by_actor(&learnt.batches).iter().enumerate() {
                let behavior = learnt.behaviors[0].as_ref();
                if !unrolls.is_empty() {
                    check(actor, unrolls, &vec![behavior; unrolls.len()], tolerance);
                }
            }
        }
    }
}

/// A room that counts the steps of all rooms.
struct Counted(Box<dyn Environment>, Arc<AtomicUsize>);

impl Environment for Counted {
    fn spec(&self) -> &EnvironmentSpec {
        self.0.spec()
    }

    fn reset(&mut self, seed: u64) -> Result<TimeStep, EnvironmentError> {
        self.0.reset(seed)
    }

    fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.step(action)
    }
}

#[test]
fn actors_wait_for_a_learner_that_takes_nothing() {
    let own = Trial { schedule: Schedule::Async, ..Trial::lockstep(Exploring::Learned, NUM_ACTORS) };
    for trial in [own, Trial { actor_threads: 1, ..own }, own.shared(1024)] {
        let num_steps = Arc::new(AtomicUsize::new(0));
        let folder = tempfile::tempdir().unwrap();
        let seats = |_| {
            let Seat { environment, scripted } = seat(None);
            Ok(Seat { environment: Box::new(Counted(environment, Arc::clone(&num_steps))), scripted })
        };
        let counted = trial.with_setup(folder.path(), Events::default(), |setup| {
            let setup = TrainSetup { seats: &seats, ..setup };
            let learner = Learner::new(&setup)?;
            std::thread::scope(|scope| {
                let threads = start_threads(scope, &setup, &learner.places, learner.published(0))?;
                while !threads.intake.unrolls.is_full() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                // Long enough for many more steps, if nothing held the actors back.
                std::thread::sleep(Duration::from_millis(100));
                assert_eq!(threads.intake.unrolls.len(), setup.training.queue_capacity);
                Ok((num_steps.load(Ordering::SeqCst), setup.training.queue_capacity))
            })
        });
        let (num_steps, queue_capacity) = counted.unwrap();
        assert!(num_steps <= (queue_capacity + NUM_ACTORS) * ROOMS_PER_ACTOR * UNROLL_LENGTH, "{num_steps}: {trial:?}");
    }
}
