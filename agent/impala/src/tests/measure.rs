//! Promised: each half of training runs alone, in every schedule and with every inference, stops when it is told to, tells
//! what fails, and keeps nothing.

use std::ops::ControlFlow;

use super::counting_room::Fault;
use super::trial::{Events, ROOMS_PER_ACTOR, Trial, UNROLL_LENGTH};
use crate::{Exploring, OnFrames, RunDirectory, Schedule, TrainError, TrainSetup, run_actors_alone, run_learner_alone};

/// Runs one half until it has reported seven times; returns what it reported.
fn reports(
    trial: &Trial,
    events: Events,
    half: impl Fn(&TrainSetup<'_>, &mut OnFrames<'_>) -> Result<(), TrainError>,
) -> Result<Vec<u64>, TrainError> {
    let folder = tempfile::tempdir().unwrap();
    let mut reported = Vec::new();
    trial.with_setup(folder.path(), events, |setup| {
        half(&setup, &mut |frames| {
            reported.push(frames);
            if reported.len() < 7 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    })?;
    let checkpoints = RunDirectory::open(folder.path()).unwrap().checkpoints_path();
    assert!(!checkpoints.exists() || std::fs::read_dir(checkpoints).unwrap().next().is_none());
    Ok(reported)
}

#[test]
fn each_half_runs_alone_until_it_is_told_to_stop() {
    for schedule in [Schedule::Lockstep, Schedule::Async] {
        for num_actors in [1, 3] {
            let trial = Trial { schedule, ..Trial::lockstep(Exploring::Learned, num_actors) };
            for trial in [trial, trial.shared(2 * ROOMS_PER_ACTOR)] {
                let unroll = (ROOMS_PER_ACTOR * UNROLL_LENGTH) as u64;
                assert_eq!(reports(&trial, Events::default(), run_actors_alone).unwrap(), [unroll; 7]);
                let learner =
                    |setup: &TrainSetup<'_>, on_frames: &mut OnFrames<'_>| run_learner_alone(setup, 2, on_frames);
                let update = num_actors as u64 * unroll;
                assert_eq!(reports(&trial, Events::default(), learner).unwrap(), [update; 7]);
            }
        }
    }
}

#[test]
fn a_room_that_fails_is_told() {
    let events = Events { fault: Some((Fault::Error, 5)), ..Events::default() };
    let error = reports(&Trial::lockstep(Exploring::Scripted, 2), events, run_actors_alone).unwrap_err();
    assert!(matches!(error, TrainError::Actor { actor: 1, .. }), "{error}");
}
