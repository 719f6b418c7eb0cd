//! Promise: beliefs and questions that do not fit are refused by name, and change nothing.

use std::sync::Arc;

use groundling_belief::FrozenBelief;
use tch::Device;

use super::rooms::{BELIEF_SIZE, Holds, examples, spec};
use crate::{EpisodeBeliefs, ProbeError, ProbeExample, ProbeSpec, ProbeTrainer, Reading};

#[test]
fn misfits_are_refused() {
    let good = examples(0, 10, Holds::Room);
    let mut trainer = ProbeTrainer::new(spec(Reading::Belief), Device::Cpu).unwrap();
    let before = trainer.evaluate(&good).unwrap();
    let mut refused = |change: &dyn Fn(&mut ProbeExample)| {
        let mut bad = good.clone();
        change(&mut bad[3]);
        assert_eq!(trainer.evaluate(&bad).unwrap_err(), trainer.step(&bad).unwrap_err());
        trainer.step(&bad).unwrap_err()
    };
    let belief = |size: usize, value: f32| {
        Arc::new(EpisodeBeliefs::of_step(8, FrozenBelief::new(vec![value; size], vec![0.0; size])))
    };
    let size = refused(&|example| example.beliefs = belief(3, 0.0));
    assert_eq!(size, ProbeError::BeliefSize { hidden: 3, cell: 3, expected: BELIEF_SIZE });
    let not_finite = refused(&|example| example.beliefs = belief(BELIEF_SIZE, f32::NAN));
    assert_eq!(not_finite, ProbeError::BeliefNotFinite);
    assert_eq!(refused(&|example| example.at = 1), ProbeError::NoBelief);
    let foreign = |error| assert!(matches!(error, ProbeError::ForeignQuestion(_)));
    foreign(refused(&|example| example.question.tokens[1] = 500));
    foreign(refused(&|example| example.question.tokens = vec![0; 65]));
    foreign(refused(&|example| example.question.answer = u16::MAX));
    assert_eq!(trainer.evaluate(&good).unwrap(), before);

    assert_eq!(trainer.step(&[]).unwrap_err(), ProbeError::NoExamples("training"));
    assert!(trainer.answer_examples(&[]).unwrap().is_empty());
    assert_eq!(trainer.evaluate(&[]).unwrap(), []);
}

#[test]
fn a_probe_needs_a_belief_to_read() {
    let spec = ProbeSpec { belief_size: 0, ..spec(Reading::Belief) };
    assert_eq!(ProbeTrainer::new(spec, Device::Cpu).unwrap_err(), ProbeError::NoSuchBeliefSize(0));
}
