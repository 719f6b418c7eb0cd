//! Promise: attention finds what only an earlier belief holds, and nobody else can; histories of any length are read in
//! pieces of bounded size, with the same answers.

use std::sync::Arc;

use groundling_belief::FrozenBelief;
use tch::Device;

use super::rooms::{BELIEF_SIZE, remembered, spec_of};
use crate::batch::pieces;
use crate::{BeliefsRead, DecoderName, EpisodeBeliefs, ProbeError, ProbeExample, ProbeTrainer, Reading, mean_accuracy};

/// Mean accuracy on unseen rooms of a decoder that was trained on fresh ones.
fn accuracy(decoder: DecoderName, is_present: bool) -> f64 {
    let mut trainer = ProbeTrainer::new(spec_of(decoder, Reading::Belief), Device::Cpu).unwrap();
    let train = remembered(0, 12_000, is_present);
    for batch in train.chunks_exact(128).take(600) {
        trainer.step(batch).unwrap();
    }
    let test = remembered(1 << 40, 300, is_present);
    mean_accuracy(&test, &trainer.evaluate(&test).unwrap())
}

#[test]
fn what_was_known_once_is_found_by_attention_alone() {
    let (attention, lstm) = (accuracy(DecoderName::Attention, false), accuracy(DecoderName::Lstm, false));
    assert!(attention > 0.75 && lstm < 0.45, "{attention} {lstm}");
}

#[test]
fn among_earlier_beliefs_the_present_one_is_found_too() {
    let attention = accuracy(DecoderName::Attention, true);
    assert!(attention > 0.8, "{attention}");
}

fn attention(max_beliefs: usize) -> ProbeTrainer {
    let mut spec = spec_of(DecoderName::Attention, Reading::Belief);
    spec.config.decoders.attention.max_beliefs = max_beliefs;
    ProbeTrainer::new(spec, Device::Cpu).unwrap()
}

#[test]
fn answers_do_not_depend_on_what_else_is_asked() {
    let (examples, trainer) = (remembered(0, 40, false), attention(128));
    let together = trainer.answer_examples(&examples).unwrap();
    for (example, together) in examples.iter().zip(&together) {
        let alone = trainer.answer_examples(std::slice::from_ref(example)).unwrap();
        assert!(alone[0].iter().zip(together).all(|(one, other)| (one - other).abs() < 1e-5));
    }
}

/// A question asked at every step of an episode of so many.
fn asked_all_along(length: u32) -> Vec<ProbeExample> {
    let question = remembered(0, 1, true).swap_remove(0).question;
    let mut beliefs = EpisodeBeliefs::default();
    for step in 0..length {
        let number = (f64::from(step) * 1.7).sin() as f32;
        beliefs.push(step, FrozenBelief::new(vec![number; BELIEF_SIZE], vec![0.0; BELIEF_SIZE]));
    }
    let beliefs = Arc::new(beliefs);
    (0..length as usize).flat_map(|at| ProbeExample::of_belief(0, 0, &beliefs, at, vec![question.clone()])).collect()
}

#[test]
fn pieces_are_bounded_and_leave_nothing_out() {
    let examples = asked_all_along(900);
    for (reads, most_beliefs) in [(BeliefsRead::Present, 1), (BeliefsRead::History { most: 512 }, 512)] {
        let pieces = pieces(&examples, reads);
        assert_eq!(pieces.first().unwrap().start, 0);
        assert_eq!(pieces.last().unwrap().end, 900);
        assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(pieces.iter().all(|piece| !piece.is_empty() && piece.len() * most_beliefs.min(piece.end) <= 16_384));
    }
    assert!(pieces(&[], BeliefsRead::Present).is_empty());
    let read_one_by_one = BeliefsRead::History { most: 4_096 };
    assert!(pieces(&examples, read_one_by_one).len() < 60, "short histories share a piece");
}

#[test]
fn of_a_long_history_both_ends_are_read() {
    let (examples, trainer) = (asked_all_along(200), attention(8));
    let answers = trainer.answer_examples(&examples[199..]).unwrap();
    let with_changed = |index: usize| {
        let mut beliefs = EpisodeBeliefs::default();
        for (at, (step, belief)) in examples[0].beliefs.steps().iter().zip(examples[0].beliefs.beliefs()).enumerate() {
            let changed = FrozenBelief::new(vec![3.0; BELIEF_SIZE], vec![0.0; BELIEF_SIZE]);
            beliefs.push(*step, if at == index { changed } else { belief.clone() });
        }
        let changed = ProbeExample { beliefs: Arc::new(beliefs), ..examples[199].clone() };
        trainer.answer_examples(&[changed]).unwrap()
    };
    for (index, is_read) in [(0, true), (1, false), (28, true), (100, false), (198, false), (199, true)] {
        assert_eq!(with_changed(index) != answers, is_read, "{index}");
    }
}

#[test]
fn a_bad_belief_anywhere_in_a_history_is_refused() {
    let good = remembered(0, 1, false).swap_remove(0);
    let with_first = |belief: FrozenBelief| {
        let mut beliefs = EpisodeBeliefs::of_step(0, belief);
        let at = beliefs.push(3, good.belief().unwrap().clone());
        let example = ProbeExample { beliefs: Arc::new(beliefs), at, ..good.clone() };
        (attention(128).evaluate(std::slice::from_ref(&example)), attention(1).evaluate(&[example]))
    };
    let of = |size: usize, number: f32| FrozenBelief::new(vec![number; size], vec![0.0; size]);
    let (all, last) = with_first(of(BELIEF_SIZE, f32::INFINITY));
    assert_eq!(all.unwrap_err(), ProbeError::BeliefNotFinite);
    assert!(last.is_ok(), "what is not read is not looked at");
    let size = ProbeError::BeliefSize { hidden: 2, cell: 2, expected: BELIEF_SIZE };
    assert_eq!(with_first(of(2, 0.0)).0.unwrap_err(), size);
    let beyond = ProbeExample { at: 9, ..good.clone() };
    assert_eq!(attention(128).evaluate(&[beyond]).unwrap_err(), ProbeError::NoBelief);
}
