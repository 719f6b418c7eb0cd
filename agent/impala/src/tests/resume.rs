//! Promised: in lockstep a run that was stopped and resumed, or watched, or that failed and was resumed, ends with the
//! same bits as one that ran through; whatever ends a run leaves a checkpoint and a readable `metrics.jsonl`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::counting_room::Fault;
use super::trial::{Events, LOG_INTERVAL, ROOMS_PER_ACTOR, Trial, UNROLL_LENGTH, latest};
use crate::{ActorError, Checkpoint, Exploring, RoomCall, RoomError, Schedule, TrainError, TrainOutcome};

/// Every line of metrics, without what the clock decides.
pub(super) fn metrics(folder: &Path) -> Vec<BTreeMap<String, Value>> {
    let text = std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap();
    let of_the_clock = |name: &str| {
        ["seconds", "queue/", "inference/"].iter().any(|start| name.starts_with(start)) || name == "frames_per_second"
    };
    let line = |line: &str| {
        let all: BTreeMap<String, Value> = serde_json::from_str(line).unwrap();
        all.into_iter().filter(|(name, _)| !of_the_clock(name)).collect()
    };
    assert!(text.ends_with('\n'));
    text.lines().map(line).collect()
}

fn updates(folder: &Path) -> Vec<u64> {
    metrics(folder).iter().map(|line| line["update"].as_u64().unwrap()).collect()
}

/// The end of a run that nothing happens to.
fn undisturbed(trial: &Trial) -> (Checkpoint, Vec<BTreeMap<String, Value>>) {
    let folder = tempfile::tempdir().unwrap();
    let outcome = trial.go(folder.path(), Events::default()).unwrap();
    assert!(matches!(outcome, TrainOutcome::Finished { .. }), "{outcome:?}");
    (latest(folder.path()), metrics(folder.path()))
}

#[test]
fn stopped_and_resumed_runs_end_with_the_same_bits() {
    for exploring in [Exploring::Learned, Exploring::Scripted] {
        for (num_actors, learner_threads) in [(1, 1), (2, 1), (2, 2)] {
            let trial = Trial { learner_threads, ..Trial::lockstep(exploring, num_actors) };
            let (whole, whole_metrics) = undisturbed(&trial);
            assert_eq!(whole.update, trial.num_updates);
            assert_eq!(whole.cursors.len(), num_actors * ROOMS_PER_ACTOR);
            for (stops, observed) in [([1, 2], true), ([4, 8], false)] {
                let folder = tempfile::tempdir().unwrap();
                for stop_after in stops {
                    let events = Events { stop_after: Some(stop_after), observed, ..Events::default() };
                    let outcome = trial.go(folder.path(), events).unwrap();
                    assert!(matches!(outcome, TrainOutcome::Interrupted { .. }), "{outcome:?}");
                    let saved = latest(folder.path());
                    assert_eq!(saved.update, stop_after);
                    assert!(saved.cursors.iter().any(|cursor| !cursor.actions.is_empty()), "stopped in mid-episode");
                }
                let outcome = trial.go(folder.path(), Events { observed, ..Events::default() }).unwrap();
                assert!(matches!(outcome, TrainOutcome::Finished { .. }), "{outcome:?}");
                assert!(latest(folder.path()) == whole, "{trial:?} stopped after {stops:?} ends with other bits");
                if stops.iter().all(|stop| stop % LOG_INTERVAL == 0) {
                    assert_eq!(metrics(folder.path()), whole_metrics, "{trial:?}");
                }
            }
        }
    }
}

#[test]
fn the_number_of_actor_threads_changes_no_bit_not_even_at_a_resume() {
    let own = Trial::lockstep(Exploring::Learned, 4);
    for trial in [own, own.shared(2 * ROOMS_PER_ACTOR), own.shared(1024)] {
        let threads = |actor_threads| Trial { actor_threads, ..trial };
        let whole = undisturbed(&threads(4));
        assert_eq!(whole.0.cursors.len(), 4 * ROOMS_PER_ACTOR);
        for actor_threads in [1, 2, 3] {
            assert!(undisturbed(&threads(actor_threads)) == whole, "{actor_threads} threads: {trial:?}");
        }
        let folder = tempfile::tempdir().unwrap();
        for (actor_threads, stop_after) in [(1, 2), (4, 6)] {
            let events = Events { stop_after: Some(stop_after), observed: true, ..Events::default() };
            threads(actor_threads).go(folder.path(), events).unwrap();
        }
        threads(2).go(folder.path(), Events::default()).unwrap();
        assert!((latest(folder.path()), metrics(folder.path())) == whole, "{trial:?}");
    }
}

#[test]
fn an_observer_changes_no_bit() {
    let trial = |exploring| Trial::lockstep(exploring, 2);
    for trial in [trial(Exploring::Learned), trial(Exploring::Scripted), trial(Exploring::Learned).shared(1024)] {
        let folder = tempfile::tempdir().unwrap();
        trial.go(folder.path(), Events { observed: true, ..Events::default() }).unwrap();
        assert!(latest(folder.path()) == undisturbed(&trial).0);
    }
}

#[test]
fn training_changes_what_it_should() {
    // So that equal bits above are no wonder: every parameter moves, and exploring decides where to.
    let trial = Trial::lockstep(Exploring::Learned, 1);
    let (learned, _) = undisturbed(&trial);
    let (scripted, _) = undisturbed(&Trial::lockstep(Exploring::Scripted, 1));
    let fresh = super::trial::blueprint(trial.core_size).build(tch::Device::Cpu).unwrap().values();
    for (name, shape, values) in fresh.iter() {
        assert!(learned.agent.get(name, shape).unwrap() != values, "{name} was not trained");
    }
    assert!(learned.agent != scripted.agent && learned.cursors != scripted.cursors);
    let named =
        |name: &str| learned.agent.iter().find(|entry| entry.0 == name).map(|(_, shape, values)| (shape, values));
    let mut num_acting = 0;
    for (name, shape, values) in learned.behavior.iter() {
        let (learned_shape, learned_values) = named(name).unwrap();
        assert_eq!(learned_shape, shape);
        assert!(learned_values != values, "{name}: the last unroll was made with the parameters of before");
        assert!(!name.starts_with("predictive."), "actors are given {name}");
        num_acting += 1;
    }
    let num_predictive = learned.agent.iter().filter(|(name, ..)| name.starts_with("predictive.")).count();
    assert!(num_predictive > 0 && num_acting + num_predictive == learned.agent.iter().count());
}

#[test]
fn asynchronous_runs_finish_and_resume() {
    let own = |num_actors| Trial::lockstep(Exploring::Learned, num_actors);
    let few_threads = |trial: Trial| Trial { actor_threads: 2, ..trial };
    let shared = own(3).shared(2 * ROOMS_PER_ACTOR);
    for trial in [own(1), own(2), few_threads(own(3)), shared, few_threads(shared), own(2).shared(1024)] {
        let (trial, num_actors) = (Trial { schedule: Schedule::Async, ..trial }, trial.num_actors);
        let folder = tempfile::tempdir().unwrap();
        let events = Events { stop_after: Some(3), ..Events::default() };
        assert!(matches!(trial.go(folder.path(), events), Ok(TrainOutcome::Interrupted { .. })));
        assert_eq!(latest(folder.path()).cursors.len(), num_actors * ROOMS_PER_ACTOR);
        assert!(matches!(trial.go(folder.path(), Events::default()), Ok(TrainOutcome::Finished { .. })));
        let end = latest(folder.path());
        let frames = trial.num_updates * (num_actors * ROOMS_PER_ACTOR * UNROLL_LENGTH) as u64;
        assert_eq!((end.update, end.frames), (trial.num_updates, frames));
        assert_eq!(updates(folder.path()), [2, 4, 6, 8, 9]);
        for line in metrics(folder.path()) {
            let lag = |name: &str| line[name].as_f64().unwrap();
            assert!(lag("policy_lag") >= 0.0 && lag("policy_lag_max") >= lag("policy_lag"), "{line:?}");
            assert!(line["loss/predictive"].as_f64().unwrap().is_finite(), "{line:?}");
        }
    }
}

#[test]
fn lockstep_acts_one_update_behind() {
    let (_, lines) = undisturbed(&Trial::lockstep(Exploring::Learned, 2));
    // The very first unroll is made with the parameters it is learnt with.
    let lags: Vec<f64> = lines.iter().map(|line| line["policy_lag"].as_f64().unwrap()).collect();
    assert_eq!(lags, [0.5, 1.0, 1.0, 1.0, 1.0]);
}

#[test]
fn a_run_that_is_finished_stays_as_it_is() {
    let trial = Trial::lockstep(Exploring::Scripted, 1);
    let folder = tempfile::tempdir().unwrap();
    let first = trial.go(folder.path(), Events::default()).unwrap();
    let before = (latest(folder.path()), metrics(folder.path()));
    assert_eq!(trial.go(folder.path(), Events::default()).unwrap(), first);
    assert!((latest(folder.path()), metrics(folder.path())) == before);
}

#[test]
fn a_room_that_fails_ends_the_run_with_its_cause_and_a_checkpoint() {
    // The last room fails in the 19th of its steps, which is in unroll 5 of 9 or later, since seams are none.
    let panic = "panicked while being stepped: the floor gave way";
    for (fault, cause) in [(Fault::Error, "the roof fell in"), (Fault::Panic, panic)] {
        // Running ahead, one of two actors might do all the work before the other fails.
        for (schedule, num_actors) in [(Schedule::Lockstep, 2), (Schedule::Async, 1)] {
            let trial = Trial { schedule, ..Trial::lockstep(Exploring::Learned, num_actors) };
            let folder = tempfile::tempdir().unwrap();
            let events = Events { fault: Some((fault, 18)), ..Events::default() };
            let error = trial.go(folder.path(), events).unwrap_err();
            let last_room = num_actors * ROOMS_PER_ACTOR - 1;
            assert_eq!(error.to_string(), format!("actor {}: room {last_room}: {cause}", num_actors - 1));
            let TrainError::Actor { source: ActorError::Room(source), .. } = &error else { panic!("{error:?}") };
            match (fault, source) {
                (Fault::Error, RoomError::Environment { .. }) => {}
                (Fault::Panic, RoomError::Panic { call: RoomCall::Step, .. }) => {}
                _ => panic!("{error:?}"),
            }
            let saved = latest(folder.path());
            assert_eq!(saved.cursors.len(), num_actors * ROOMS_PER_ACTOR, "every room has its place");
            if schedule == Schedule::Lockstep {
                assert!(
                    saved.update > 3,
                    "what was learnt since the last regular checkpoint is kept: {}",
                    saved.update
                );
            }
            // With the roof mended it goes on, in lockstep as if nothing had been.
            trial.go(folder.path(), Events::default()).unwrap();
            if schedule == Schedule::Lockstep {
                assert!(latest(folder.path()) == undisturbed(&trial).0, "{fault:?}");
            }
            assert_eq!(updates(folder.path()), [2, 4, 6, 8, 9]);
        }
    }
}

#[test]
fn a_room_that_fails_at_once_leaves_a_checkpoint_of_the_beginning() {
    let trial = Trial::lockstep(Exploring::Learned, 2);
    let folder = tempfile::tempdir().unwrap();
    let events = Events { fault: Some((Fault::Error, 0)), ..Events::default() };
    assert!(matches!(trial.go(folder.path(), events), Err(TrainError::Actor { actor: 1, .. })));
    let saved = latest(folder.path());
    assert_eq!((saved.update, saved.cursors.len()), (0, 2 * ROOMS_PER_ACTOR), "every room has its place");
    trial.go(folder.path(), Events::default()).unwrap();
    assert!(latest(folder.path()) == undisturbed(&trial).0);
}
