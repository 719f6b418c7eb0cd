//! Promise: controls know nothing of the room.

use std::collections::BTreeSet;

use tch::Device;

use super::rooms::{Holds, examples, maker, spec};
use crate::{ProbeTrainer, Reading, majority_outcomes, mean_accuracy, with_other_beliefs};

#[test]
fn the_majority_answer_is_at_chance_on_balanced_questions() {
    let (train, test) = (examples(0, 2_000, Holds::Room), examples(1 << 40, 2_000, Holds::Room));
    let outcomes = majority_outcomes(&train, &test);
    assert_eq!(outcomes.len(), test.len());
    for (index, summary) in maker().summary().iter().enumerate() {
        let of_template: Vec<_> = outcomes.iter().filter(|outcome| usize::from(outcome.template) == index).collect();
        let share = of_template.iter().filter(|outcome| outcome.correct()).count() as f64 / of_template.len() as f64;
        assert!((share - summary.chance).abs() < 0.05, "{} {share}", summary.name);
    }
}

#[test]
fn the_majority_is_of_the_training_questions() {
    let mut train = examples(0, 4, Holds::Room);
    train.iter_mut().for_each(|example| example.question.answer = 2);
    let test = examples(9, 20, Holds::Room);
    for (outcome, example) in majority_outcomes(&train, &test).iter().zip(&test) {
        assert_eq!(outcome.correct(), example.question.answer == 2);
    }
    assert!(majority_outcomes(&[], &test).iter().all(|outcome| outcome.predicted == 0));
}

#[test]
fn another_episodes_belief_is_never_ones_own() {
    let own = examples(0, 50, Holds::Noise);
    let other = with_other_beliefs(&own, 1);
    assert_eq!(other, with_other_beliefs(&own, 1));
    assert_ne!(other, with_other_beliefs(&own, 2));
    let mut used = BTreeSet::new();
    for (own_example, other_example) in own.iter().zip(&other) {
        assert_ne!(own_example.belief(), other_example.belief());
        assert_eq!(own_example.question, other_example.question);
        let from = own.iter().find(|example| example.belief() == other_example.belief()).unwrap().episode;
        used.insert((own_example.episode, from));
    }
    assert_eq!(used.len(), own.iter().map(|example| example.episode).collect::<BTreeSet<_>>().len());

    let alone: Vec<_> = own.iter().filter(|example| example.episode == 3).cloned().collect();
    assert_eq!(with_other_beliefs(&alone, 1), alone);
}

#[test]
fn another_episodes_belief_spoils_what_was_known() {
    let train = examples(0, 9_000, Holds::Room);
    let mut trainer = ProbeTrainer::new(spec(Reading::Belief), Device::Cpu).unwrap();
    for batch in train.chunks_exact(128).take(400) {
        trainer.step(batch).unwrap();
    }
    let test = examples(1 << 40, 500, Holds::Room);
    let accuracy = |examples: &[crate::ProbeExample]| mean_accuracy(examples, &trainer.evaluate(examples).unwrap());
    assert!(accuracy(&test) > 0.8 && accuracy(&with_other_beliefs(&test, 1)) < 0.45);
}
