//! Promise: the answer given is the one a person would read off the room, no question has two, and every question that
//! has one is offered.

use std::collections::BTreeMap;

use groundling_room::{Color, ObjectFacts, RoomConfig, RoomSpec, Shape, WorldFacts};
use proptest::prelude::*;

use super::reader::{MARGIN, all_sentences, many, read};
use super::rooms::{domain, facts, maker, object, placed, room};
use crate::{Domain, Example, Question, QuestionConfig, QuestionMaker, RoomView, registry};

fn quick(domain: &Domain) -> QuestionMaker {
    maker(domain, &QuestionConfig { census_rooms: 1_000, near_margin: MARGIN, ..QuestionConfig::default() })
}

/// Sentences and answers of all questions about a room.
fn offered(maker: &QuestionMaker, facts: &WorldFacts) -> Vec<(String, String)> {
    let answers = maker.vocabulary().answers();
    let questions = maker.all_questions(facts).into_iter();
    questions.map(|question| (question.text, answers[usize::from(question.answer)].clone())).collect()
}

/// The same for one template.
fn texts_of(maker: &QuestionMaker, template: &str, facts: &WorldFacts) -> Vec<String> {
    let index = maker.vocabulary().templates().iter().position(|name| name == template).unwrap();
    let of_template = |question: &Question| usize::from(question.template) == index;
    maker.all_questions(facts).into_iter().filter(of_template).map(|question| question.text).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn all_that_can_be_asked_is_offered_once_and_answered_as_read(
        objects in prop::collection::vec((0u8..5, 0u8..4, -2.0f32..2.0, -1.0f32..1.0, 0.1f32..0.5), 0..7),
        near_distance in 0.0f32..2.0,
    ) {
        let objects = objects.into_iter().map(|(shape, color, x, z, radius)| {
            placed(ObjectFacts { radius, ..object(shape, color) }, [x, z])
        });
        let facts = WorldFacts { near_distance, ..facts(objects.collect()) };
        let domain = domain(5, 4, 6);
        let sentences = all_sentences(&domain.colors, &domain.shapes).into_iter();
        let mut expected: Vec<_> =
            sentences.filter_map(|text| read(&text, &facts).map(|answer| (text, answer))).collect();
        let mut offered = offered(quick_shared(), &facts);
        expected.sort();
        offered.sort();
        prop_assert_eq!(offered, expected);
    }
}

/// One maker for all cases.
fn quick_shared() -> &'static QuestionMaker {
    static MAKER: std::sync::OnceLock<QuestionMaker> = std::sync::OnceLock::new();
    MAKER.get_or_init(|| quick(&domain(5, 4, 6)))
}

#[test]
fn questions_asked_in_sampled_rooms_are_answered_as_read() {
    let config = RoomConfig::default();
    let maker = QuestionMaker::new(&config, &QuestionConfig { census_rooms: 2_000, ..QuestionConfig::default() }, 5);
    let maker = maker.unwrap();
    let vocabulary = maker.vocabulary();
    let mut checked: BTreeMap<&str, usize> = BTreeMap::new();
    for index in 0..600 {
        let facts = WorldFacts::as_placed(&RoomSpec::sample(&config, index).unwrap(), config.near_distance);
        for question in maker.ask(&facts, 3) {
            let answer = &vocabulary.answers()[usize::from(question.answer)];
            assert_eq!(read(&question.text, &facts).as_ref(), Some(answer), "{}", question.text);
            *checked.entry(&vocabulary.templates()[usize::from(question.template)]).or_default() += 1;
        }
    }
    assert!(checked.len() == 9 && checked.values().all(|&count| count > 1_000), "{checked:?}");
}

#[test]
fn questions_asked_are_among_those_offered() {
    let domain = domain(7, 6, 6);
    let maker = quick(&domain);
    for index in 0..500 {
        let facts = room(&domain, index);
        let offered = maker.all_questions(&facts);
        assert!(maker.ask(&facts, 2).iter().all(|question| offered.contains(question)));
    }
}

#[test]
fn absent_and_ambiguous_things_are_not_asked_after() {
    let domain = domain(4, 4, 3);
    let maker = quick(&domain);
    // Shape 0 twice, in two colours of which one is shared; shapes 2 and 3 and colours 2 and 3 absent.
    let facts = facts(vec![object(0, 0), object(0, 1), object(1, 1)]);
    let number = |template| texts_of(&maker, template, &facts).len();
    assert_eq!(texts_of(&maker, "color", &facts), [format!("What is the color of the {}?", Shape(1).name())]);
    assert_eq!(texts_of(&maker, "shape", &facts), [format!("What shape is the {} object?", Color(0).name())]);
    assert_eq!((number("exist"), number("count_color"), number("count_shape")), (4, 4, 4));
    // Of twelve ordered pairs of four, the two of which neither is there are no questions.
    assert_eq!((number("compare_n_color"), number("compare_n_shape")), (10, 10));
    let absent = format!("Are there the same number of {} as {}?", many(Shape(2)), many(Shape(3)));
    assert!(!texts_of(&maker, "compare_n_shape", &facts).contains(&absent));
    // In an empty room only what exists and how many can be asked.
    let empty = super::rooms::facts(Vec::new());
    let templates: Vec<u16> = maker.all_questions(&empty).into_iter().map(|question| question.template).collect();
    assert!(templates.iter().all(|template| (2..=4).contains(template)) && templates.len() == 12);
}

#[test]
fn near_is_asked_only_where_it_is_clear() {
    let (landmark, kind, other_kind) = (object(0, 0), object(1, 1), object(2, 2));
    // All have radius 0.3, and what is within 1 m is near: the gap is the distance less 0.6 m.
    let at_gap = |object: &ObjectFacts, gap: f32| placed(object.clone(), [gap + 0.6, 0.0]);
    let behind = |object: &ObjectFacts, gap: f32| placed(object.clone(), [-(gap + 0.6), 0.0]);
    let maker = quick(&domain(4, 4, 4));
    let color_near = format!("What is the color of the {} near the {}?", Shape(1).name(), Shape(0).name());
    let shape_near = format!("What is the {} object near the {}?", Color(1).name(), Shape(0).name());
    let asks = |objects: Vec<ObjectFacts>| {
        let facts = facts(objects);
        let has = |template, text: &String| texts_of(&maker, template, &facts).contains(text);
        (has("near_color", &color_near), has("near_shape", &shape_near))
    };
    let both = (true, true);
    let neither = (false, false);
    assert_eq!(asks(vec![landmark.clone(), at_gap(&kind, 0.5)]), both);
    assert_eq!(asks(vec![landmark.clone(), at_gap(&kind, 0.84)]), both, "near by the margin");
    assert_eq!(asks(vec![landmark.clone(), at_gap(&kind, 0.9)]), neither, "within the margin");
    assert_eq!(asks(vec![landmark.clone(), at_gap(&kind, 1.1)]), neither, "within the margin, beyond");
    assert_eq!(asks(vec![landmark.clone(), at_gap(&kind, 2.0)]), neither, "far");
    assert_eq!(asks(vec![landmark.clone(), at_gap(&kind, 0.5), behind(&kind, 1.5)]), both, "another far away");
    assert_eq!(asks(vec![landmark.clone(), at_gap(&kind, 0.5), behind(&kind, 1.1)]), neither, "another perhaps near");
    assert_eq!(asks(vec![landmark.clone(), at_gap(&kind, 0.5), behind(&kind, 0.3)]), neither, "two near");
    assert_eq!(
        asks(vec![landmark.clone(), at_gap(&kind, 0.5), behind(&other_kind, 0.95)]),
        both,
        "others do not matter"
    );
    let twice = vec![landmark.clone(), at_gap(&kind, 0.5), behind(&landmark, 5.0)];
    assert_eq!(asks(twice), neither, "the landmark must be the only one of its shape");
    let red = ObjectFacts { color: Color(1), ..landmark.clone() };
    assert_eq!(asks(vec![red, at_gap(&kind, 0.5)]), both, "nothing is near itself");
    assert_eq!(asks(vec![at_gap(&kind, 0.5)]), neither, "no landmark");
}

#[test]
fn the_whole_question_is_needed_where_it_is_called_telling() {
    let telling = |template: &str, objects: &[ObjectFacts]| {
        let (facts, domain) = (facts(objects.to_vec()), domain(3, 3, 4));
        let template = registry().iter().find(|other| other.name() == template).unwrap();
        let candidates = template.candidates(&RoomView::new(&facts, &domain, MARGIN));
        candidates.iter().map(|candidate| candidate.is_telling).collect::<Vec<_>>()
    };
    let near = [object(0, 0), placed(object(1, 1), [1.0, 0.0])];
    assert_eq!(telling("near_color", &near), [false, false]);
    let with_another = [&near[..], &[placed(object(1, 1), [5.0, 0.0])]].concat();
    assert_eq!((telling("near_color", &with_another), telling("near_shape", &with_another)), (vec![true], vec![true]));
    // Colours 0 and 1 are there, 2 is not: of six pairs, two have both.
    let compared = telling("compare_n_color", &near);
    assert_eq!((compared.len(), compared.iter().filter(|telling| **telling).count()), (6, 2));
    assert!(telling("count_color", &near).iter().all(|telling| *telling));
}

/// The room of an example.
fn example_room(example: &Example) -> Vec<ObjectFacts> {
    let object = |(words, place): &(&str, [f32; 2])| {
        let (color, shape) = words.split_once(' ').unwrap();
        let (color, shape) = (Color::from_name(color).unwrap(), Shape::from_name(shape).unwrap());
        placed(ObjectFacts { radius: 0.25, ..object(shape.0, color.0) }, *place)
    };
    example.objects.iter().map(object).collect()
}

#[test]
fn every_templates_example_holds() {
    let domain = Domain::from(&RoomConfig::default());
    let config = QuestionConfig { census_rooms: 1_000, ..QuestionConfig::default() };
    for template in registry() {
        let example = template.example();
        let facts = facts(example_room(&example));
        let config = QuestionConfig { templates: vec![template.name().into()], ..config.clone() };
        let maker = QuestionMaker::from_census(domain.clone(), &[], &config, 1).unwrap();
        let expected = (example.question.to_string(), example.answer.to_string());
        assert!(offered(&maker, &facts).contains(&expected), "{}: {example:?}", template.name());
    }
}
