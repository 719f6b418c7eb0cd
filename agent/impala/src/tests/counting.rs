//! Promised: what actors record is what happened, row by row, and the core state they carry is the one the agent has
//! after exactly those rows, across the seams of unrolls and forgotten at those of episodes; wherever rooms are inferred.
//!
//! Told by rooms that count, through the real actors and queue, with other parameters for each unroll.

use std::collections::BTreeMap;
use std::sync::Arc;

use groundling_interface::{Action, StepKind, TimeStep, derive_seed};
use groundling_model::{Agent, Inputs, Unroll};
use groundling_nn::NamedValues;
use tch::Device;

use super::counting_room::{end, num_steps, read, reward};
use super::trial::{Events, ROOMS_PER_ACTOR, Trial, UNROLL_LENGTH, blueprint};
use crate::actor_thread::start_threads;
use crate::learner::Learner;
use crate::publishing::Published;
use crate::{AgentBlueprint, Exploring};

const NUM_UNROLLS: usize = 12;
const NUM_ACTORS: usize = 3;

/// Every way of inference, with the number of actors inferred in one batch.
fn ways(exploring: Exploring) -> Vec<(Trial, usize)> {
    let own = Trial::lockstep(exploring, NUM_ACTORS);
    let one_thread = |trial: Trial| Trial { actor_threads: 1, ..trial };
    vec![
        (own, 1),
        (Trial { actor_threads: 2, ..own }, 1),
        (one_thread(own.shared(2 * ROOMS_PER_ACTOR + 1)), 2),
        (own.shared(2 * ROOMS_PER_ACTOR), 2),
        (Trial { actor_threads: 2, ..own.shared(ROOMS_PER_ACTOR) }, 1),
        (one_thread(own.shared(1024)), NUM_ACTORS),
    ]
}

/// Of the set-up of every trial.
fn episode_seed(room: usize, episode: u64) -> u64 {
    derive_seed(5, "training episode", &[room as u64, episode])
}

/// The parameters with which unroll `index` is made.
fn parameters(index: usize) -> NamedValues {
    AgentBlueprint { seed: 20 + index as u64, ..blueprint(8) }.build(Device::Cpu).unwrap().acting_values()
}

/// What each actor records, unroll by unroll.
pub(super) fn record(trial: &Trial) -> Vec<Vec<Unroll>> {
    let folder = tempfile::tempdir().unwrap();
    let recorded = trial.with_setup(folder.path(), Events::default(), |setup| {
        let places = Learner::new(&setup)?.places;
        std::thread::scope(|scope| {
            let publish =
                |index: usize| Arc::new(Published { version: index as u64, values: Arc::new(parameters(index)) });
            let threads = start_threads(scope, &setup, &places, publish(0))?;
            let mut unrolls = vec![Vec::new(); NUM_ACTORS];
            for index in 0..NUM_UNROLLS {
                threads.publisher.publish(&publish(index));
                for _ in 0..NUM_ACTORS {
                    let taken = threads.intake.unrolls.recv().unwrap()?;
                    assert_eq!(taken.version, index as u64);
                    unrolls[taken.actor].push(taken.unroll);
                }
            }
            Ok(unrolls)
        })
    });
    recorded.unwrap()
}

/// The rows of one room, those that unrolls share counted once, and the actions between them.
pub(super) fn joined(unrolls: &[Unroll], room: usize) -> (Vec<TimeStep>, Vec<Action>) {
    let (mut steps, mut actions) = (Vec::new(), Vec::new());
    for (index, unroll) in unrolls.iter().enumerate() {
        let first = unroll.time_step(0, room);
        match steps.last() {
            None => steps.push(first),
            Some(last) => assert_eq!(*last, first, "row 0 of unroll {index} is the last row of the one before"),
        }
        steps.extend((1..=UNROLL_LENGTH).map(|t| unroll.time_step(t, room)));
        actions.extend((0..UNROLL_LENGTH).map(|t| unroll.action(t, room).0));
    }
    (steps, actions)
}

/// Checks the rows of room `number` from its first episode on; counts how its episodes end.
pub(super) fn check_rows(number: usize, steps: &[TimeStep], actions: &[Action], ends: &mut BTreeMap<String, usize>) {
    assert_eq!(steps.len(), actions.len() + 1);
    let (mut episode, mut count) = (0, 0);
    for (row, step) in steps.iter().enumerate() {
        let seed = episode_seed(number, episode);
        let observation = &step.observation;
        assert_eq!(read(&observation.rgb), (count, seed as u8), "row {row}");
        if count == 0 {
            assert_eq!(step.kind, StepKind::First);
            assert_eq!((observation.last_action, observation.last_reward), (None, 0.0));
        } else {
            assert_eq!(observation.last_action, Some(actions[row - 1]), "row {row}");
            assert_eq!(observation.last_reward, reward(count, actions[row - 1]), "row {row}");
        }
        if count == num_steps(seed) {
            assert_eq!(step.kind, end(seed));
            *ends.entry(format!("{:?}", step.kind)).or_insert(0) += 1;
            (episode, count) = (episode + 1, 0);
        } else {
            assert!(count == 0 || step.kind == StepKind::Mid);
            count += 1;
        }
    }
}

#[test]
fn rows_actions_and_rewards_line_up_across_every_seam() {
    for exploring in [Exploring::Learned, Exploring::Scripted] {
        for (trial, _) in ways(exploring) {
            let mut ends = BTreeMap::new();
            for (actor, unrolls) in record(&trial).iter().enumerate() {
                assert_eq!(unrolls.len(), NUM_UNROLLS);
                for room in 0..ROOMS_PER_ACTOR {
                    let (steps, actions) = joined(unrolls, room);
                    check_rows(actor * ROOMS_PER_ACTOR + room, &steps, &actions, &mut ends);
                }
            }
            assert!(ends["Terminated"] > 5 && ends["Truncated"] > 5, "both ends occur: {ends:?}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit_of_what_is_recorded() {
    let recorded: Vec<_> =
        ways(Exploring::Learned).iter().map(|(trial, together)| (*together, record(trial))).collect();
    let (own, others) = recorded.split_first().unwrap();
    let same: Vec<bool> = others.iter().map(|(together, unrolls)| (*together, unrolls) == (own.0, &own.1)).collect();
    // A batch of another size may have other last bits; an equal one has not, wherever it is inferred.
    assert_eq!(same, [true, false, false, true, false]);
    assert!(others[1].1 == others[2].1, "two actors in a batch, on one thread or on three");
}

#[test]
fn the_core_state_is_carried_across_unrolls() {
    for (trial, together) in ways(Exploring::Learned) {
        let recorded = record(&trial);
        let agent = blueprint(8).build_actor(Device::Cpu).unwrap();
        for set in recorded.chunks(together) {
            let num_rooms = set.len() * ROOMS_PER_ACTOR;
            let mut carried = agent.zero_state(num_rooms);
            for index in 0..NUM_UNROLLS {
                agent.set_values(&parameters(index)).unwrap();
                let rooms = || set.iter().flat_map(|unrolls| (0..ROOMS_PER_ACTOR).map(move |r| (&unrolls[index], r)));
                let beliefs: Vec<_> = rooms().map(|(unroll, room)| unroll.initial_beliefs()[room].clone()).collect();
                assert!(beliefs == carried.freeze_all(), "{trial:?} before unroll {index}");
                for t in 0..UNROLL_LENGTH {
                    let steps: Vec<TimeStep> = rooms().map(|(unroll, room)| unroll.time_step(t, room)).collect();
                    let output = agent.act(&Inputs { steps: &steps.iter().collect::<Vec<_>>() }, &carried);
                    for ((unroll, room), logits) in rooms().zip(&output.logits) {
                        assert_eq!(unroll.action(t, room).1, logits, "{trial:?}: row {t} of unroll {index}");
                    }
                    carried = output.state;
                }
            }
        }
    }
}

/// Logits of one room's rows from `first` on, until the unroll or the episode ends, by an agent that knows nothing yet.
fn from_nothing(agent: &Agent, unroll: &Unroll, room: usize, first: usize, num_rooms: usize) -> Vec<Vec<f32>> {
    let mut state = agent.zero_state(num_rooms);
    let mut logits = Vec::new();
    for t in first..UNROLL_LENGTH {
        // The same step in every row of the batch, since the size of a batch decides the last bits.
        let step = unroll.time_step(t, room);
        let output = agent.act(&Inputs { steps: &vec![&step; num_rooms] }, &state);
        state = output.state;
        logits.push(output.logits[room].clone());
        if step.kind.is_last() {
            break;
        }
    }
    logits
}

#[test]
fn the_core_state_is_forgotten_where_an_episode_begins() {
    let agent = blueprint(8).build_actor(Device::Cpu).unwrap();
    let own = Trial::lockstep(Exploring::Learned, NUM_ACTORS);
    for (trial, together) in [(own, 1), (own.shared(1024), NUM_ACTORS)] {
        let mut num_within = 0;
        for (index, unroll) in record(&trial).iter().flat_map(|unrolls| unrolls.iter().enumerate()) {
            agent.set_values(&parameters(index)).unwrap();
            for room in 0..ROOMS_PER_ACTOR {
                for first in (0..UNROLL_LENGTH).filter(|&t| unroll.time_step(t, room).kind == StepKind::First) {
                    num_within += usize::from(first > 0);
                    let expected = from_nothing(&agent, unroll, room, first, together * ROOMS_PER_ACTOR);
                    for (offset, logits) in expected.iter().enumerate() {
                        assert_eq!(unroll.action(first + offset, room).1, logits, "room {room} of unroll {index}");
                    }
                }
            }
        }
        assert!(num_within > 5, "episodes begin in the middle of unrolls: {num_within}");
    }
}
