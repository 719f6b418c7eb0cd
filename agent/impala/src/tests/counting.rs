//! Promised: what actors record is what happened, row by row, and the core state they carry is the one the agent has
//! after exactly those rows, across the seams of unrolls and forgotten at those of episodes.
//!
//! Told by rooms that count, through the real actors, with other parameters for each unroll.

use std::collections::BTreeMap;
use std::sync::Arc;

use crossbeam::channel::bounded;
use groundling_interface::{Action, StepKind, TimeStep, derive_seed};
use groundling_model::{Agent, Inputs, Unroll};
use groundling_nn::NamedValues;
use tch::Device;

use super::counting_room::{end, num_steps, read, reward};
use super::trial::{ROOMS_PER_ACTOR, UNROLL_LENGTH, blueprint, seat};
use crate::room_group::{EpisodeSeeds, RoomGroup};
use crate::schedule::{Actor, ParameterSource, Published};
use crate::{AgentBlueprint, Exploring};

const NUM_UNROLLS: usize = 12;
const NUM_ACTORS: usize = 2;

fn episode_seed(room: usize, episode: u64) -> u64 {
    derive_seed(3, "episode", &[room as u64, episode])
}

/// The parameters with which unroll `index` is made.
fn parameters(index: usize) -> NamedValues {
    AgentBlueprint { seed: 20 + index as u64, ..blueprint(8) }.build(Device::Cpu).unwrap().acting_values()
}

/// What each of two actors records, unroll by unroll.
fn record(exploring: Exploring) -> Vec<Vec<Unroll>> {
    let (sender, receiver) = bounded(NUM_ACTORS);
    std::thread::scope(|scope| {
        let mut orders = Vec::new();
        for index in 0..NUM_ACTORS {
            let agent = blueprint(8).build_actor(Device::Cpu).unwrap();
            let seats = (0..ROOMS_PER_ACTOR).map(|_| seat(None)).collect();
            let (first_room, seeds) = (index * ROOMS_PER_ACTOR, Arc::new(episode_seed) as EpisodeSeeds);
            let group = RoomGroup::new(seats, first_room, exploring, 5, seeds, &agent, None).unwrap();
            let actor = Actor { index, agent, group, observer: None, length: UNROLL_LENGTH };
            let (order, ordered) = bounded(1);
            orders.push(order);
            let sender = sender.clone();
            scope.spawn(move || {
                tch::set_num_threads(1);
                actor.run(&ParameterSource::Orders(ordered), &sender);
            });
        }
        let mut unrolls = vec![Vec::new(); NUM_ACTORS];
        for index in 0..NUM_UNROLLS {
            let published = Arc::new(Published { version: index as u64, values: Arc::new(parameters(index)) });
            orders.iter().for_each(|order| order.send(Arc::clone(&published)).unwrap());
            for _ in 0..NUM_ACTORS {
                let taken = receiver.recv().unwrap().unwrap();
                assert_eq!(taken.version, index as u64);
                unrolls[taken.actor].push(taken.unroll);
            }
        }
        unrolls
    })
}

/// The rows of one room, those that unrolls share counted once, and the actions between them.
fn joined(unrolls: &[Unroll], room: usize) -> (Vec<TimeStep>, Vec<Action>) {
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

#[test]
fn rows_actions_and_rewards_line_up_across_every_seam() {
    let mut ends = BTreeMap::new();
    for exploring in [Exploring::Learned, Exploring::Scripted] {
        for (actor, unrolls) in record(exploring).iter().enumerate() {
            for room in 0..ROOMS_PER_ACTOR {
                let (steps, actions) = joined(unrolls, room);
                assert_eq!(
                    (steps.len(), actions.len()),
                    (NUM_UNROLLS * UNROLL_LENGTH + 1, NUM_UNROLLS * UNROLL_LENGTH)
                );
                let (mut episode, mut count) = (0, 0);
                for (row, step) in steps.iter().enumerate() {
                    let seed = episode_seed(actor * ROOMS_PER_ACTOR + room, episode);
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
        }
    }
    assert!(ends["Terminated"] > 5 && ends["Truncated"] > 5, "both ends occur: {ends:?}");
}

#[test]
fn the_core_state_is_carried_across_unrolls() {
    for unrolls in record(Exploring::Learned) {
        let agent = blueprint(8).build_actor(Device::Cpu).unwrap();
        let mut carried = agent.zero_state(ROOMS_PER_ACTOR);
        for (index, unroll) in unrolls.iter().enumerate() {
            agent.set_values(&parameters(index)).unwrap();
            for (room, belief) in unroll.initial_beliefs().iter().enumerate() {
                assert_eq!(*belief, carried.freeze(room), "room {room} before unroll {index}");
            }
            for t in 0..UNROLL_LENGTH {
                let steps: Vec<TimeStep> = (0..ROOMS_PER_ACTOR).map(|room| unroll.time_step(t, room)).collect();
                let output = agent.act(&Inputs { steps: &steps.iter().collect::<Vec<_>>() }, &carried);
                for (room, logits) in output.logits.iter().enumerate() {
                    assert_eq!(unroll.action(t, room).1, logits, "room {room}, row {t} of unroll {index}");
                }
                carried = output.state;
            }
        }
    }
}

/// Logits of one room's rows from `first` on, until the unroll or the episode ends, by an agent that knows nothing yet.
fn from_nothing(agent: &Agent, unroll: &Unroll, room: usize, first: usize) -> Vec<Vec<f32>> {
    let mut state = agent.zero_state(ROOMS_PER_ACTOR);
    let mut logits = Vec::new();
    for t in first..UNROLL_LENGTH {
        // The same step in every row of the batch, since the size of a batch decides the last bits.
        let step = unroll.time_step(t, room);
        let output = agent.act(&Inputs { steps: &[&step; ROOMS_PER_ACTOR] }, &state);
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
    let mut num_within = 0;
    for (index, unroll) in record(Exploring::Learned).iter().flat_map(|unrolls| unrolls.iter().enumerate()) {
        agent.set_values(&parameters(index)).unwrap();
        for room in 0..ROOMS_PER_ACTOR {
            for first in (0..UNROLL_LENGTH).filter(|&t| unroll.time_step(t, room).kind == StepKind::First) {
                num_within += usize::from(first > 0);
                for (offset, logits) in from_nothing(&agent, unroll, room, first).iter().enumerate() {
                    assert_eq!(unroll.action(first + offset, room).1, logits, "room {room} of unroll {index}");
                }
            }
        }
    }
    assert!(num_within > 5, "episodes begin in the middle of unrolls: {num_within}");
}
