//! Promise: of rooms with held-out pairs only questions that involve one are asked; of rooms without, none does.

use std::collections::BTreeMap;

use groundling_room::{Color, HeldOut, RoomConfig, RoomSpec, Shape, WorldFacts};

use super::rooms::{domain, facts, maker, object};
use crate::{Question, QuestionConfig, QuestionMaker};

fn rooms(held_out: HeldOut) -> RoomConfig {
    RoomConfig {
        shapes: Shape::all().take(6).map(|shape| shape.name().into()).collect(),
        colors: Color::all().take(6).map(|color| color.name().into()).collect(),
        num_objects: [3, 5],
        object_radius: Some(0.1),
        held_out_share: 0.2,
        held_out,
        ..RoomConfig::default()
    }
}

fn quick() -> QuestionConfig {
    QuestionConfig { census_rooms: 3_000, ..QuestionConfig::default() }
}

fn asked(maker: &QuestionMaker, config: &RoomConfig, num_rooms: u64) -> Vec<(WorldFacts, Question)> {
    let room = |seed| WorldFacts::as_placed(&RoomSpec::sample(config, 1 << 40 | seed).unwrap(), config.near_distance);
    (0..num_rooms)
        .map(room)
        .flat_map(|facts| maker.ask(&facts, 2).into_iter().map(move |question| (facts.clone(), question)))
        .collect()
}

#[test]
fn held_out_pairs_are_asked_about_always_or_never() {
    for (held_out, involves_one) in [(HeldOut::Absent, false), (HeldOut::Present, true)] {
        let config = rooms(held_out);
        let maker = QuestionMaker::new(&config, &quick(), 3).unwrap();
        let pairs = config.held_out_pairs();
        let questions = asked(&maker, &config, 400);
        assert!(questions.len() > 1_000, "{}", questions.len());
        for (facts, question) in questions {
            let involved = question.involved_pairs(&facts.objects);
            assert_eq!(!involved.is_disjoint(&pairs), involves_one, "{}", question.text);
        }
    }
}

#[test]
fn answers_about_held_out_pairs_are_balanced_and_never_one_only() {
    let config = rooms(HeldOut::Present);
    let maker = QuestionMaker::new(&config, &quick(), 3).unwrap();
    let mut counts: BTreeMap<u16, BTreeMap<u16, usize>> = BTreeMap::new();
    for (_, question) in asked(&maker, &config, 4_000) {
        *counts.entry(question.template).or_default().entry(question.answer).or_default() += 1;
    }
    let name = |template: &u16| maker.vocabulary().templates()[usize::from(*template)].as_str();
    // It would always be "yes".
    assert!(!counts.keys().any(|template| name(template) == "exist"));
    for (template, answers) in &counts {
        let total: usize = answers.values().sum();
        let largest = *answers.values().max().unwrap() as f64 / total as f64;
        let chance = 1.0 / answers.len() as f64;
        assert!(answers.len() >= 2 && largest < chance + 0.06, "{}: {answers:?}", name(template));
    }
    assert!(counts.len() >= 3, "{counts:?}");
}

#[test]
fn a_question_involves_the_objects_it_names() {
    let domain = domain(4, 4, 3);
    let maker = maker(&domain, &QuestionConfig { census_rooms: 1_000, ..QuestionConfig::default() });
    let facts = facts(vec![object(0, 0), object(1, 0), object(2, 3)]);
    let involved = |start: &str| {
        let question =
            maker.all_questions(&facts).into_iter().find(|question| question.text.starts_with(start)).unwrap();
        let pairs = question.involved_pairs(&facts.objects).into_iter();
        pairs.map(|(shape, color)| (shape.0, color.0)).collect::<Vec<_>>()
    };
    let [first, third, fourth] = [0, 2, 3].map(|shape| Shape(shape).name());
    assert_eq!(involved(&format!("What is the color of the {first}?")), [(0, 0)]);
    assert_eq!(involved(&format!("What shape is the {} object?", Color(3).name())), [(2, 3)]);
    assert_eq!(involved(&format!("How many {} objects", Color(0).name())), [(0, 0), (1, 0)]);
    assert_eq!(involved(&format!("How many {} objects", Color(1).name())), []);
    assert_eq!(involved(&format!("Is there a {third}?")), [(2, 3)]);
    assert_eq!(involved(&format!("Is there a {fourth}?")), []);
}
