//! Promise: a control task's answers are random, fixed by the wording, and within the template's answers; what a decoder
//! learns by itself is measured in numbers that can be told from what a belief gives.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use groundling_report::Selectivity;
use tch::Device;

use super::rooms::{Holds, examples, maker, spec};
use crate::{OfflineData, ProbeError, Reading, measure_selectivity, with_control_answers, with_random_answers};

fn answers() -> Vec<Vec<u16>> {
    maker().summary().into_iter().map(|summary| summary.answers).collect()
}

#[test]
fn a_wording_has_one_control_answer_everywhere() {
    let (train, test) = (examples(0, 300, Holds::Room), examples(1 << 40, 300, Holds::Room));
    let mut answer_of: BTreeMap<Vec<u16>, u16> = BTreeMap::new();
    let mut used: BTreeMap<u16, BTreeSet<u16>> = BTreeMap::new();
    for (real, control) in
        [train, test].iter().flat_map(|set| set.clone().into_iter().zip(with_control_answers(set, &answers(), 1)))
    {
        let answer = control.question.answer;
        assert!(answers()[usize::from(control.question.template)].contains(&answer));
        assert_eq!(*answer_of.entry(control.question.tokens.clone()).or_insert(answer), answer);
        used.entry(control.question.template).or_default().insert(answer);
        assert_eq!(crate::ProbeExample { question: real.question.clone(), ..control }, real);
    }
    assert!(used.values().filter(|answers| answers.len() > 1).count() >= 3, "{used:?}");
    let set = examples(0, 50, Holds::Room);
    assert_eq!(with_control_answers(&set, &answers(), 1), with_control_answers(&set, &answers(), 1));
    assert_ne!(with_control_answers(&set, &answers(), 1), with_control_answers(&set, &answers(), 2));
}

#[test]
fn random_answers_are_of_the_question_and_its_episode() {
    let set = examples(0, 300, Holds::Room);
    let random = with_random_answers(&set, &answers(), 1);
    let mut answers_of: BTreeMap<Vec<u16>, BTreeSet<u16>> = BTreeMap::new();
    let mut answer_of: BTreeMap<(u64, Vec<u16>), u16> = BTreeMap::new();
    for example in &random {
        let (tokens, answer) = (example.question.tokens.clone(), example.question.answer);
        answers_of.entry(tokens.clone()).or_default().insert(answer);
        assert_eq!(*answer_of.entry((example.episode, tokens)).or_insert(answer), answer);
    }
    assert!(answers_of.values().filter(|answers| answers.len() > 1).count() > answers_of.len() / 2);
    assert_eq!(random, with_random_answers(&set, &answers(), 1));
    let none = vec![Vec::new(); answers().len()];
    assert_eq!(with_random_answers(&set, &none, 1), set, "nothing to choose among");
}

fn measured(num_train: u64) -> Selectivity {
    let (train, validation) = (examples(0, num_train, Holds::Noise), examples(1 << 40, 100, Holds::Noise));
    let test = examples(1 << 41, 100, Holds::Noise);
    let data = OfflineData { train: &train, validation: &validation };
    let mut looks = 0;
    let selectivity = measure_selectivity(&spec(Reading::Belief), Device::Cpu, data, &test, &answers(), &mut |_| {
        looks += 1;
        ControlFlow::Continue(())
    });
    assert!(looks > 2);
    selectivity.unwrap()
}

#[test]
fn words_are_learnt_from_words_and_few_questions_by_heart() {
    // Four shapes and colours have few wordings, which come often; and noise tells forty rooms apart.
    let (few, many) = (measured(40), measured(2_000));
    assert!(many.control_accuracy > 0.9, "{many:?}");
    assert!(few.memorised_accuracy > 0.95 && many.memorised_accuracy < 0.8, "{few:?} {many:?}");
}

#[test]
fn it_ends_when_asked_to_and_needs_a_test() {
    let some = examples(0, 40, Holds::Room);
    let data = OfflineData { train: &some, validation: &some };
    let measure = |test: &[_], after: usize| {
        let mut looks = 0;
        measure_selectivity(&spec(Reading::Belief), Device::Cpu, data, test, &answers(), &mut |_| {
            looks += 1;
            if looks > after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    };
    assert_eq!(measure(&some, 0).unwrap_err(), ProbeError::Interrupted);
    assert_eq!(measure(&[], 0).unwrap_err(), ProbeError::NoExamples("test"));
}
