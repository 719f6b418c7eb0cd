//! Promise: what is asked is a function of configuration, seeds, step and room, and says what it said before.

use super::rooms::{domain, facts, maker, object, placed, room};
use crate::{AskedStep, Domain, InvalidVocabulary, QuestionConfig, QuestionVocabulary, registry};

fn small() -> Domain {
    domain(7, 6, 5)
}

fn quick() -> QuestionConfig {
    QuestionConfig { census_rooms: 2_000, ..QuestionConfig::default() }
}

#[test]
fn a_room_and_its_questions() {
    let maker = maker(&small(), &quick());
    let mut objects = vec![object(0, 1), object(3, 2), object(4, 1), object(0, 5)];
    objects[1].last_seen = Some(31);
    objects[1].most_pixels = 55;
    let places = [[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [9.0, 0.0]];
    let objects = objects.into_iter().zip(places).map(|(object, place)| placed(object, place)).collect();
    let facts = facts(objects);
    insta::assert_json_snapshot!("vocabulary", maker.vocabulary());
    insta::assert_json_snapshot!("questions", maker.ask(&facts, 2));
}

#[test]
fn the_order_of_episodes_and_other_templates_change_nothing() {
    let all = maker(&small(), &quick());
    let again = maker(&small(), &quick());
    let forward: Vec<_> = (0..50).map(|index| all.ask(&room(&small(), index), 2)).collect();
    let mut backward: Vec<_> = (0..50).rev().map(|index| again.ask(&room(&small(), index), 2)).collect();
    backward.reverse();
    assert_eq!(forward, backward);

    let one = maker(&small(), &QuestionConfig { templates: vec!["exist".into()], ..quick() });
    let exist = all.vocabulary().templates().iter().position(|name| name == "exist").unwrap() as u16;
    for (index, questions) in (0..50).zip(forward) {
        let texts = |questions: Vec<crate::Question>| questions.into_iter().map(|q| q.text).collect::<Vec<_>>();
        let exist = questions.into_iter().filter(|question| question.template == exist).collect();
        assert_eq!(texts(one.ask(&room(&small(), index), 2)), texts(exist));
    }
}

#[test]
fn steps_and_episodes_get_questions_of_their_own() {
    let maker = maker(&small(), &quick());
    let here = room(&small(), 1);
    let later = groundling_room::WorldFacts { step: here.step + 1, ..here.clone() };
    let elsewhere = groundling_room::WorldFacts { episode_seed: here.episode_seed + 1, ..here.clone() };
    let asked = |facts| maker.ask(facts, 4).into_iter().map(|question| question.text).collect::<Vec<_>>();
    assert_ne!(asked(&here), asked(&later));
    assert_ne!(asked(&here), asked(&elsewhere));
}

#[test]
fn questions_fall_in_the_second_half_and_on_the_last_step() {
    let maker = maker(&small(), &QuestionConfig { earlier_steps: 3, ..quick() });
    let mut met = std::collections::BTreeSet::new();
    for episode in 0..500 {
        let steps = maker.asked_steps(episode, 20);
        assert_eq!((steps.len(), steps[3]), (4, AskedStep { step: 20, draws: 2 }));
        assert!(steps.windows(2).all(|pair| pair[0].step < pair[1].step));
        assert_eq!(steps, maker.asked_steps(episode, 20));
        met.extend(steps[..3].iter().map(|asked| (asked.step, asked.draws)));
    }
    assert_eq!(met, (10..20).map(|step| (step, 1)).collect());
    assert_eq!(maker.asked_steps(1, 1).len(), 1);
    assert_eq!(maker.asked_steps(1, 0), [AskedStep { step: 0, draws: 2 }]);
}

#[test]
fn a_vocabulary_survives_the_disk_and_damage_is_named() {
    let vocabulary = QuestionVocabulary::new(registry(), &small()).unwrap();
    let text = serde_json::to_string(&vocabulary).unwrap();
    assert_eq!(serde_json::from_str::<QuestionVocabulary>(&text).unwrap(), vocabulary);

    let parse = |text: &str| serde_json::from_str::<QuestionVocabulary>(text).unwrap_err().to_string();
    let empty = r#"{"templates": [], "tokens": ["a"], "answers": ["b"], "max_tokens": 2}"#;
    assert!(parse(empty).contains(&InvalidVocabulary::Empty { list: "templates" }.to_string()));
    let repeated = r#"{"templates": ["t"], "tokens": ["a", "a"], "answers": ["b"], "max_tokens": 2}"#;
    assert!(parse(repeated).contains(&InvalidVocabulary::Repeated { list: "tokens" }.to_string()));
    let long = r#"{"templates": ["t"], "tokens": ["a"], "answers": ["b"], "max_tokens": 2000000000}"#;
    assert!(parse(long).contains(&InvalidVocabulary::QuestionLength(2_000_000_000).to_string()));
}

#[test]
fn all_templates_have_names_of_their_own_and_answers_in_the_vocabulary() {
    let vocabulary = QuestionVocabulary::new(registry(), &small()).unwrap();
    for template in registry() {
        assert_eq!(registry().iter().filter(|other| other.name() == template.name()).count(), 1);
        for answer in template.answers(&small()) {
            assert!(vocabulary.answer(&answer.text()).is_some());
        }
    }
}

#[test]
fn a_question_is_asked_again_while_it_has_the_same_answer() {
    let maker = maker(&small(), &quick());
    let before = facts(vec![object(0, 1), object(3, 2), object(4, 1)]);
    let mut seen = before.clone();
    seen.objects[1].last_seen = Some(31);
    let mut repainted = before.clone();
    repainted.objects[1].color = groundling_room::Color(4);
    let mut twice = before.clone();
    twice.objects[0].shape = groundling_room::Shape(3);
    let of_third = |question: &crate::Question| question.text.starts_with("What is the color of the table");
    let question = maker.all_questions(&before).into_iter().find(of_third).unwrap();
    assert_eq!(question.arguments, ["table"]);
    assert_eq!(maker.again(&question, &before).as_ref(), Some(&question));
    let later = maker.again(&question, &seen).unwrap();
    assert_eq!((later.text, later.evidence.steps_since_seen), (question.text.clone(), Some(9)));
    assert_eq!(maker.again(&question, &repainted), None);
    assert_eq!(maker.again(&question, &twice), None);
    assert_eq!(maker.again(&crate::Question { template: 99, ..question }, &before), None);
}

#[test]
fn the_longest_question_has_as_many_tokens_as_the_vocabulary_says() {
    let maker = maker(&small(), &quick());
    let asked = (0..200).flat_map(|index| maker.all_questions(&room(&small(), index)));
    assert_eq!(asked.map(|question| question.tokens.len()).max(), Some(maker.vocabulary().max_tokens()));
    let shuffled = Domain { shapes: small().shapes.into_iter().rev().collect(), ..small() };
    let vocabulary = |domain: &Domain| QuestionVocabulary::new(registry(), domain).unwrap();
    assert_eq!(vocabulary(&small()), vocabulary(&small()));
    assert_eq!(vocabulary(&small()).answers(), vocabulary(&shuffled).answers());
}
