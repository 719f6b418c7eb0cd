//! Promised: whatever fails, the run ends in order: the cause is named with actor and room, what was learnt is saved, and
//! nobody is left waiting. A thread that is would show as a test that does not end.

use super::counting_room::Fault;
use super::trial::{Events, ROOMS_PER_ACTOR, Trial, latest};
use crate::{Exploring, InferencePlace, Schedule, TrainError, TrainOutcome};

/// Both schedules, both ways of inference, a thread for each of three actors or one for all.
fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for schedule in [Schedule::Lockstep, Schedule::Async] {
        for actor_threads in [1, 3] {
            let own = Trial { schedule, actor_threads, ..Trial::lockstep(Exploring::Learned, 3) };
            trials.extend([own, own.shared(2 * ROOMS_PER_ACTOR), own.shared(1024)]);
        }
    }
    // So many that in async, too, the failing actor's turn comes, however late its thread is.
    let longer = |trial| Trial { num_updates: 100_000, checkpoint_interval: 100_000, ..trial };
    trials.into_iter().map(longer).collect()
}

/// Trains until it fails, checks what it leaves, and mends it; the message.
fn failing(trial: &Trial, events: Events) -> String {
    let folder = tempfile::tempdir().unwrap();
    let error = trial.go(folder.path(), events).unwrap_err();
    let saved = latest(folder.path());
    assert_eq!(saved.cursors.len(), 3 * ROOMS_PER_ACTOR, "every room has its place");
    if trial.actor_threads == 1 || trial.schedule == Schedule::Async {
        return error.to_string();
    }
    let mended = Trial { num_updates: saved.update + 3, ..*trial };
    assert!(matches!(mended.go(folder.path(), Events::default()), Ok(TrainOutcome::Finished { .. })), "{trial:?}");
    assert_eq!(latest(folder.path()).update, saved.update + 3);
    error.to_string()
}

#[test]
fn a_room_that_fails_is_named() {
    for (fault, after, cause) in [
        (Fault::Error, 17, "the roof fell in"),
        (Fault::Panic, 17, "panicked while being stepped: the floor gave way"),
        (Fault::ResetError, 0, "the door is locked"),
        (Fault::ResetPanic, 17, "panicked while being reset: the walls fell over"),
    ] {
        for trial in trials() {
            let events = Events { fault: Some((fault, after)), ..Events::default() };
            assert_eq!(failing(&trial, events), format!("actor 2: room 5: {cause}"), "{fault:?} in {trial:?}");
        }
    }
}

#[test]
fn an_observer_that_panics_is_named_with_the_room_it_looked_at() {
    for trial in trials() {
        let events = Events { observer_fault: Some(17), ..Events::default() };
        let expected = "actor 2: room 5: panicked while being observed: I have seen enough";
        assert_eq!(failing(&trial, events), expected, "{trial:?}");
    }
}

#[test]
fn inference_that_panics_is_named() {
    for trial in trials() {
        // Who looks asks for beliefs in between.
        let events = Events { fault: Some((Fault::WrongPicture, 17)), observed: true, ..Events::default() };
        let message = failing(&trial, events);
        let who = if trial.inference == InferencePlace::Shared { "the inference thread" } else { "actor 2" };
        assert!(message.starts_with(&format!("{who}: panicked: ")), "{trial:?}: {message}");
        assert!(message.contains("shape") && message.lines().count() == 1, "{message}");
    }
}

#[test]
fn a_network_that_does_not_fit_is_told_by_whoever_was_given_it() {
    for trial in trials() {
        let folder = tempfile::tempdir().unwrap();
        trial.go(folder.path(), Events { stop_after: Some(2), ..Events::default() }).unwrap();
        let misfit = trial.with_setup(folder.path(), Events::default(), |mut setup| {
            let resume = setup.resume.as_mut().unwrap();
            // The learner's own are whole, so that only who acts can notice.
            resume.behavior = groundling_nn::NamedValues::default();
            crate::train(setup, &mut Nothing)
        });
        let error = misfit.unwrap_err();
        let told = matches!(&error, TrainError::Actor { .. } | TrainError::Inference(_));
        assert!(told && error.to_string().contains("is missing"), "{trial:?}: {error}");
    }
}

struct Nothing;

impl crate::TrainHooks for Nothing {}
