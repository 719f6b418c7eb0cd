//! Promise: questions come through as they are, and numbers that are no questions are known.

use groundling_questions::{Evidence, Question};

use super::world::{question, vocabulary};
use crate::targets::{encode, reads, width};

#[test]
fn questions_are_numbers_of_one_width() {
    let vocabulary = vocabulary();
    let evidence = Evidence { objects: Vec::new(), seen: true, in_view: false, steps_since_seen: None, most_pixels: 3 };
    let ask = |template, tokens: &[u16], answer| Question {
        template,
        text: String::new(),
        tokens: tokens.to_vec(),
        arguments: Vec::new(),
        answer,
        evidence: evidence.clone(),
    };
    let values = encode(&[ask(1, &[4, 2], 5), ask(0, &[3], 0)], &vocabulary);
    let (width, nothing) = (width(&vocabulary), vocabulary.tokens().len() as i64);
    let at = |position: i64, word: i64| position * (nothing + 1) + word;
    assert_eq!(values.len(), 2 * width);
    assert_eq!(values[..5], [1, 5, at(0, 4), at(1, 2), at(2, nothing)]);
    assert_eq!(values[width..width + 4], [0, 0, at(0, 3), at(1, nothing)]);
    assert!(reads(&values, &vocabulary));
    let unknown = ask(0, &[u16::MAX], 0);
    assert!(encode(&[unknown], &vocabulary).is_empty());
}

#[test]
fn what_is_no_question_is_known() {
    let (vocabulary, good) = (vocabulary(), question(1));
    assert!(reads(&good, &vocabulary));
    let spoilt = |at: usize, value: i64| {
        let mut values = good.clone();
        values[at] = value;
        values
    };
    let (num_templates, num_answers) = (vocabulary.templates().len() as i64, vocabulary.answers().len() as i64);
    for (at, most) in [(0, num_templates - 1), (1, num_answers - 1), (2, vocabulary.tokens().len() as i64)] {
        assert!(reads(&spoilt(at, most), &vocabulary));
        assert!(!reads(&spoilt(at, most + 1), &vocabulary) && !reads(&spoilt(at, -1), &vocabulary), "{at}");
    }
    assert!(!reads(&good[1..], &vocabulary) && !reads(&[], &vocabulary));
}
