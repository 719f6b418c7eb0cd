//! Promise: the offline protocol chooses by validation, scores the test once, and repeats itself exactly.

use std::ops::ControlFlow;

use tch::Device;

use super::rooms::{Holds, examples, spec};
use crate::{OfflineData, OfflineProbe, ProbeError, Reading, mean_accuracy, outcomes, train_offline};

fn run(holds: Holds, train_episodes: u64) -> OfflineProbe {
    let (train, validation) = (examples(0, train_episodes, holds), examples(1 << 40, 200, holds));
    let test = examples(1 << 41, 300, holds);
    let data = OfflineData { train: &train, validation: &validation };
    let mut reports = Vec::new();
    let trained = train_offline(spec(Reading::Belief), Device::Cpu, data, &mut |report| {
        reports.push(report);
        ControlFlow::Continue(())
    })
    .unwrap();
    let probe = trained.score(&test).unwrap();
    assert_eq!(reports.len(), probe.curve.len());
    assert_eq!(probe.outcomes.len(), test.len());

    // What is returned is what was best on validation, and the test was scored with it.
    let best = probe.curve.iter().map(|point| point.accuracy).fold(0.0, f64::max);
    assert_eq!(probe.best.accuracy, best);
    assert_eq!(mean_accuracy(&validation, &probe.trainer.evaluate(&validation).unwrap()), best);
    assert_eq!(probe.outcomes, outcomes(&test, &probe.trainer.evaluate(&test).unwrap()));
    probe
}

fn share_right(probe: &OfflineProbe) -> f64 {
    probe.outcomes.iter().filter(|outcome| outcome.correct()).count() as f64 / probe.outcomes.len() as f64
}

#[test]
fn a_knowing_belief_scores_and_repeats_exactly() {
    let (first, second) = (run(Holds::Room, 2_000), run(Holds::Room, 2_000));
    assert!(share_right(&first) > 0.85, "{}", share_right(&first));
    assert_eq!((first.outcomes, first.curve, first.best), (second.outcomes, second.curve, second.best));
}

#[test]
fn training_stops_when_validation_no_longer_rises() {
    // So few episodes of noise are learnt by heart, which helps nowhere else.
    let probe = run(Holds::Noise, 20);
    assert!(probe.curve.last().unwrap().updates < 600, "{:?}", probe.curve);
    assert!(share_right(&probe) < 0.5);
}

#[test]
fn empty_sets_are_named() {
    let some = examples(0, 2, Holds::Room);
    let whole = OfflineData { train: &some, validation: &some };
    let train = |data| train_offline(spec(Reading::Belief), Device::Cpu, data, &mut |_| ControlFlow::Continue(()));
    let error = |data| train(data).unwrap_err();
    assert_eq!(error(OfflineData { train: &[], ..whole }), ProbeError::NoExamples("training"));
    assert_eq!(error(OfflineData { validation: &[], ..whole }), ProbeError::NoExamples("validation"));
    assert_eq!(train(whole).unwrap().score(&[]).unwrap_err(), ProbeError::NoExamples("test"));
}

#[test]
fn it_ends_when_asked_to() {
    let examples = examples(0, 40, Holds::Room);
    let data = OfflineData { train: &examples, validation: &examples };
    let stopped = train_offline(spec(Reading::Belief), Device::Cpu, data, &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(ProbeError::Interrupted)));
}
