//! Promised: `play` shows every listed episode once and whole, whatever the number of threads and rooms; for the same
//! number of rooms a thread the beliefs are the same bits for any number of threads.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, StepKind, TimeStep};
use groundling_model::Inputs;

use super::counting_room::{Fault, num_steps, read};
use super::trial::{blueprint, seat};
use crate::{BeliefObserver, Exploring, ObservedStep, PlayError, PlaySetup, RoomError, play};

/// One observed step: what the picture counts, what was done, the belief, what the picture alone gave, and all
/// that was seen.
type Seen = (u32, Option<Action>, FrozenBelief, FrozenBelief, TimeStep);
/// The steps of each episode, by its seed.
type Episodes = BTreeMap<u64, Vec<Seen>>;

struct Notes(Arc<Mutex<Episodes>>);

impl BeliefObserver for Notes {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        let (count, seed) = read(&step.time_step.observation.rgb);
        assert_eq!((count, seed), (step.step, step.episode_seed as u8));
        assert_eq!(step.action.is_none(), step.time_step.kind.is_last());
        assert_eq!(step.time_step.kind == StepKind::First, count == 0);
        let mut episodes = self.0.lock().unwrap();
        episodes.entry(step.episode_seed).or_default().push((
            count,
            step.action,
            (step.belief)(),
            (step.features.unwrap())(),
            step.time_step.clone(),
        ));
    }
}

struct Party {
    num_threads: usize,
    rooms_per_thread: usize,
    exploring: Exploring,
    fault: Option<(Fault, u32)>,
    stopped: bool,
}

impl Party {
    fn of(num_threads: usize, rooms_per_thread: usize) -> Self {
        Self { num_threads, rooms_per_thread, exploring: Exploring::Learned, fault: None, stopped: false }
    }

    fn play(&self, seeds: &[u64]) -> Result<Episodes, PlayError> {
        let notes = Arc::new(Mutex::new(Episodes::new()));
        let values = blueprint(8).build(tch::Device::Cpu).unwrap().values();
        play(&PlaySetup {
            blueprint: &blueprint(8),
            values: Some(&values),
            exploring: self.exploring,
            seed: 9,
            episode_seeds: seeds,
            num_threads: self.num_threads,
            rooms_per_thread: self.rooms_per_thread,
            seats: &|_| Ok(seat(self.fault)),
            observers: &|_| Box::new(Notes(Arc::clone(&notes))),
            stop: &AtomicBool::new(self.stopped),
        })?;
        Ok(std::mem::take(&mut *notes.lock().unwrap()))
    }
}

#[test]
fn every_episode_is_seen_once_and_whole() {
    let seeds: Vec<u64> = (100..111).collect();
    for exploring in [Exploring::Learned, Exploring::Scripted] {
        for (num_threads, rooms_per_thread) in [(1, 1), (1, 4), (2, 3), (3, 2), (2, 16), (4, 11)] {
            let party = Party { exploring, ..Party::of(num_threads, rooms_per_thread) };
            let episodes = party.play(&seeds).unwrap();
            assert_eq!(episodes.keys().copied().collect::<Vec<_>>(), seeds, "{num_threads} x {rooms_per_thread}");
            for (seed, steps) in &episodes {
                let counts: Vec<u32> = steps.iter().map(|step| step.0).collect();
                assert_eq!(counts, (0..=num_steps(*seed)).collect::<Vec<_>>(), "{num_threads} x {rooms_per_thread}");
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let seeds: Vec<u64> = (100..111).collect();
    for rooms_per_thread in [1, 3, 4] {
        let one = Party::of(1, rooms_per_thread).play(&seeds).unwrap();
        assert!(one.values().flatten().any(|(.., belief, _, _)| belief.hidden().iter().any(|value| *value != 0.0)));
        for num_threads in [2, 3] {
            assert!(Party::of(num_threads, rooms_per_thread).play(&seeds).unwrap() == one, "{num_threads} threads");
        }
    }
}

#[test]
fn an_episode_does_not_depend_on_the_others() {
    let party = Party::of(1, 3);
    let all = party.play(&[100, 101, 102, 103, 104, 105]).unwrap();
    // Row 1 of the batch again, among others.
    let few = party.play(&[7, 104]).unwrap();
    assert!(few[&104] == all[&104] && few[&104] != few[&7]);
}

#[test]
fn features_are_of_the_picture_alone() {
    let episodes = Party::of(1, 1).play(&[100, 101]).unwrap();
    let agent = blueprint(8).build(tch::Device::Cpu).unwrap();
    for (count, .., belief, features, time_step) in episodes.values().flatten() {
        // An agent that has seen nothing before.
        let output = agent.act(&Inputs { steps: &[time_step] }, &agent.zero_state(1));
        assert!(output.features.freeze(0) == *features && features.cell().iter().all(|value| *value == 0.0));
        assert_eq!(output.state.freeze(0) == *belief, *count == 0, "a belief is of all that was seen");
    }
}

#[test]
fn no_episodes_are_no_trouble() {
    assert!(Party::of(2, 2).play(&[]).unwrap().is_empty());
}

#[test]
fn what_goes_wrong_is_told() {
    let seeds: Vec<u64> = (0..8).collect();
    let error = Party { fault: Some((Fault::Error, 3)), ..Party::of(2, 2) }.play(&seeds).unwrap_err();
    assert!(matches!(error, PlayError::Room(RoomError::Environment { .. })), "{error}");
    let error = Party { fault: Some((Fault::Panic, 3)), ..Party::of(2, 2) }.play(&seeds).unwrap_err();
    let PlayError::Room(RoomError::Panic { text, .. }) = error else { panic!("{error:?}") };
    assert_eq!(text, "the floor gave way");
    let error = Party { stopped: true, ..Party::of(2, 2) }.play(&seeds).unwrap_err();
    assert!(matches!(error, PlayError::Interrupted), "{error}");
}
