//! Promise: the probe finds what is in a belief, and nothing where nothing is.

use tch::Device;

use super::rooms::{Holds, examples, maker, remembered, spec, spec_of};
use crate::{DecoderName, ProbeTrainer, Reading, mean_accuracy};

fn chance() -> f64 {
    let summaries = maker().summary();
    summaries.iter().map(|summary| summary.chance).sum::<f64>() / summaries.len() as f64
}

/// Mean accuracy on unseen rooms after `updates` batches of fresh ones.
fn accuracy_after(updates: u64, holds: Holds, reading: Reading) -> f64 {
    let mut trainer = ProbeTrainer::new(spec(reading), Device::Cpu).unwrap();
    let train = examples(0, 20 * updates, holds);
    for batch in train.chunks_exact(128).take(updates as usize) {
        trainer.step(batch).unwrap();
    }
    assert_eq!(trainer.num_updates(), updates);
    let test = examples(1 << 40, 600, holds);
    mean_accuracy(&test, &trainer.evaluate(&test).unwrap())
}

#[test]
fn one_batch_is_learnt_by_heart() {
    let batch = examples(0, 16, Holds::Noise);
    for &decoder in DecoderName::ALL {
        let mut trainer = ProbeTrainer::new(spec_of(decoder, Reading::Belief), Device::Cpu).unwrap();
        let first = trainer.step(&batch).unwrap();
        let mut last = first.clone();
        for _ in 0..150 {
            last = trainer.step(&batch).unwrap();
        }
        assert!(first.loss > 1.5 && last.loss < 0.05, "{decoder:?} {} {}", first.loss, last.loss);
        assert!(last.answered.iter().all(|answered| answered.correct && answered.probability > 0.5), "{decoder:?}");
    }
}

#[test]
fn what_the_belief_holds_is_answered_and_what_it_does_not_hold_is_not() {
    let knowing = accuracy_after(600, Holds::Room, Reading::Belief);
    assert!(knowing > 0.9, "{knowing}");
    let ignorant = accuracy_after(300, Holds::Noise, Reading::Belief);
    assert!((ignorant - chance()).abs() < 0.05, "{ignorant} {}", chance());
}

#[test]
fn without_the_belief_balanced_questions_are_answered_at_chance() {
    // The same rooms that are answered when the belief is read.
    let blind = accuracy_after(300, Holds::Room, Reading::QuestionOnly);
    assert!((blind - chance()).abs() < 0.05, "{blind} {}", chance());
}

#[test]
fn the_same_seed_gives_the_same_probe() {
    let batch = remembered(0, 16, false);
    for &decoder in DecoderName::ALL {
        let train = |seed| {
            let spec = crate::ProbeSpec { seed, ..spec_of(decoder, Reading::Belief) };
            let mut trainer = ProbeTrainer::new(spec, Device::Cpu).unwrap();
            (0..5).map(|_| trainer.step(&batch).unwrap().loss).collect::<Vec<f64>>()
        };
        assert_eq!(train(1), train(1), "{decoder:?}");
        assert_ne!(train(1), train(2), "{decoder:?}");
    }
}

#[test]
fn probabilities_are_those_of_the_scores() {
    let examples = examples(0, 300, Holds::Room);
    let mut trainer = ProbeTrainer::new(spec(Reading::Belief), Device::Cpu).unwrap();
    for batch in examples.chunks(128) {
        trainer.step(batch).unwrap();
    }
    assert!(examples.len() > 1_024, "more than one chunk");
    let probabilities = trainer.answer_examples(&examples).unwrap();
    for ((example, row), answered) in examples.iter().zip(probabilities).zip(trainer.evaluate(&examples).unwrap()) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert!((row[usize::from(example.question.answer)] - answered.probability).abs() < 1e-5);
        assert!(row.iter().all(|&other| other <= row[usize::from(answered.predicted)]));
        assert_eq!(answered.correct, answered.predicted == example.question.answer);
    }
}

#[test]
fn the_order_of_words_matters() {
    let mut both = vec![examples(0, 1, Holds::Room).swap_remove(0); 2];
    both[1].question.tokens.reverse();
    let trainer = ProbeTrainer::new(spec(Reading::Belief), Device::Cpu).unwrap();
    let answers = trainer.answer_examples(&both).unwrap();
    assert_ne!(answers[0], answers[1]);
}
