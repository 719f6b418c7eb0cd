//! Promise: whoever reads only the question answers at chance. Seen to fail with balance switched off.

use std::collections::BTreeMap;

use groundling_interface::derive;
use groundling_room::{RoomConfig, WorldFacts};

use super::rooms::{domain, maker, room};
use crate::balance::Balance;
use crate::{QuestionConfig, QuestionMaker, census, registry};

/// The words of a question and its answer.
type Asked = (Vec<u16>, u16);

/// Accuracy on the second half of always giving the first half's commonest answer, and of giving its commonest
/// answer to each question.
fn blind_accuracies(asked: &[Asked]) -> (f64, f64) {
    let (known, unknown) = asked.split_at(asked.len() / 2);
    let mut overall: BTreeMap<u16, usize> = BTreeMap::new();
    let mut by_question: BTreeMap<&[u16], BTreeMap<u16, usize>> = BTreeMap::new();
    for (tokens, answer) in known {
        *overall.entry(*answer).or_default() += 1;
        *by_question.entry(tokens).or_default().entry(*answer).or_default() += 1;
    }
    let commonest = |counts: &BTreeMap<u16, usize>| counts.iter().max_by_key(|(_, count)| **count).map(|(a, _)| *a);
    let majority = commonest(&overall);
    let right = |answer: u16, guess: Option<u16>| f64::from(u8::from(guess == Some(answer)));
    let by_majority: f64 = unknown.iter().map(|(_, answer)| right(*answer, majority)).sum();
    let look_up = |tokens: &[u16]| by_question.get(tokens).and_then(commonest).or(majority);
    let by_look_up: f64 = unknown.iter().map(|(tokens, answer)| right(*answer, look_up(tokens))).sum();
    (by_majority / unknown.len() as f64, by_look_up / unknown.len() as f64)
}

/// Asks until each template has `num` questions; returns for each (chance, questions).
fn ask_balanced(maker: &QuestionMaker, room: impl Fn(u64) -> WorldFacts, num: usize) -> Vec<(f64, Vec<Asked>)> {
    let summaries = maker.summary();
    let mut asked: Vec<Vec<Asked>> = vec![Vec::new(); summaries.len()];
    for index in 0.. {
        for question in maker.ask(&room(index), 2) {
            let answers = &summaries[usize::from(question.template)].answers;
            assert!(answers.contains(&question.answer), "{} is not among the answers asked for", question.text);
            asked[usize::from(question.template)].push((question.tokens, question.answer));
        }
        if asked.iter().all(|questions| questions.len() >= num) {
            break;
        }
        assert!(index < 40 * num as u64, "too few questions are asked: {:?}", summaries);
    }
    summaries.iter().map(|summary| summary.chance).zip(asked).collect()
}

fn assert_at_chance(asked: Vec<(f64, Vec<Asked>)>, num: usize) {
    for (chance, questions) in asked {
        let (majority, look_up) = blind_accuracies(&questions[..num]);
        assert!(majority < chance + 0.05 && look_up < chance + 0.05, "{chance} {majority} {look_up}");
    }
}

#[test]
fn a_blind_reader_is_at_chance() {
    for domain in [domain(6, 6, 3), domain(8, 8, 5), domain(7, 6, 9)] {
        let maker = maker(&domain, &QuestionConfig::default());
        assert_at_chance(ask_balanced(&maker, |index| room(&domain, index), 20_000), 20_000);
    }
}

#[test]
fn a_blind_reader_is_at_chance_in_sampled_rooms() {
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    let config = RoomConfig {
        colors: names(&["red", "green", "blue", "yellow", "purple", "cyan"]),
        num_objects: [4, 5],
        ..RoomConfig::default()
    };
    let maker = QuestionMaker::new(&config, &QuestionConfig::default(), 1).unwrap();
    let facts = |index| census::sample(&config, 1, index).unwrap().remove(0);
    assert_at_chance(ask_balanced(&maker, facts, 20_000), 20_000);
}

#[test]
fn without_balance_a_blind_reader_is_far_above_chance() {
    let domain = domain(8, 8, 5);
    let mut exceeded = Vec::new();
    for template in registry() {
        let mut asked = Vec::new();
        for index in 0..20_000 {
            let candidates = template.candidates(&room(&domain, index).objects, &domain);
            let mut generator = derive(9, template.name(), &[index]);
            let chosen = Balance::choose_unbalanced(&candidates, &mut generator);
            // Words' own numbers do here, where nothing else is asked for.
            let number = |text: String| text.bytes().fold(7u16, |sum, byte| sum.wrapping_mul(31) + u16::from(byte));
            asked.extend(
                chosen.map(|c| (c.arguments.iter().map(|w| number(w.text())).collect(), number(c.answer.text()))),
            );
        }
        let (majority, _) = blind_accuracies(&asked);
        if majority > 1.0 / template.answers(&domain).len() as f64 + 0.05 {
            exceeded.push(template.name());
        }
    }
    assert_eq!(exceeded, ["exist", "count_color"]);
}

#[test]
fn rare_answers_are_never_asked_for() {
    let domain = domain(6, 6, 3);
    let counts = |rare_answer| {
        let maker = maker(&domain, &QuestionConfig { rare_answer, ..QuestionConfig::default() });
        maker.summary().into_iter().find(|summary| summary.name == "count_color").unwrap()
    };
    // Three objects of one colour of six are in one room of 216 for each colour.
    assert_eq!(counts(0.05).answers.len(), 3);
    assert_eq!(counts(0.001).answers.len(), 4);
    assert!(counts(0.001).asked_share < 0.2 && counts(0.05).asked_share > 0.5);
}
