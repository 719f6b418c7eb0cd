//! Promise: the answer given is the one a person would read off the room, and no question has two.

use groundling_room::{Color, ObjectFacts, Shape};

use super::rooms::{domain, facts, maker, object, room};
use crate::{Question, QuestionConfig};

/// Answers a question from its English text, knowing nothing of templates. `None` where there is not one answer.
fn read(text: &str, objects: &[ObjectFacts]) -> Option<String> {
    let text = text.strip_suffix('?')?;
    let only = |fit: &dyn Fn(&ObjectFacts) -> bool| {
        let mut found = objects.iter().filter(|object| fit(object));
        found.next().filter(|_| found.next().is_none())
    };
    if let Some(shape) = text.strip_prefix("What is the color of the ") {
        return only(&|object| object.shape.name() == shape).map(|object| object.color.name().into());
    }
    if let Some(color) = text.strip_prefix("What shape is the ").and_then(|rest| rest.strip_suffix(" object")) {
        return only(&|object| object.color.name() == color).map(|object| object.shape.name().into());
    }
    if let Some(shape) = text.strip_prefix("Is there a ").or(text.strip_prefix("Is there an ")) {
        let exists = objects.iter().any(|object| object.shape.name() == shape);
        return Some(if exists { "yes" } else { "no" }.into());
    }
    let color = text.strip_prefix("How many ")?.strip_suffix(" objects are there")?;
    Some(objects.iter().filter(|object| object.color.name() == color).count().to_string())
}

#[test]
fn answers_are_what_the_text_asks_for() {
    let domain = domain(7, 6, 6);
    let maker = maker(&domain, &QuestionConfig { census_rooms: 2_000, ..QuestionConfig::default() });
    let vocabulary = maker.vocabulary();
    let mut checked = vec![0; vocabulary.templates().len()];
    for index in 0..2_000 {
        let facts = room(&domain, index);
        for question in maker.all_questions(&facts).into_iter().chain(maker.ask(&facts, 2)) {
            let answer = &vocabulary.answers()[usize::from(question.answer)];
            assert_eq!(read(&question.text, &facts.objects).as_ref(), Some(answer), "{}", question.text);
            checked[usize::from(question.template)] += 1;
        }
    }
    assert!(checked.iter().all(|&count| count > 2_000), "{checked:?}");
}

#[test]
fn every_question_with_one_answer_is_offered_once() {
    let domain = domain(7, 6, 6);
    let maker = maker(&domain, &QuestionConfig { census_rooms: 1_000, ..QuestionConfig::default() });
    for index in 0..300 {
        let facts = room(&domain, index);
        let shapes = (0..7).map(|shape| Shape(shape).name());
        let mut expected: Vec<String> = shapes.map(|name| format!("What is the color of the {name}?")).collect();
        expected.extend((0..6).map(|color| format!("What shape is the {} object?", Color(color).name())));
        expected.retain(|text| read(text, &facts.objects).is_some());
        expected.extend((0..7).map(|shape| {
            let name = Shape(shape).name();
            let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("Is there {article} {name}?")
        }));
        expected.extend((0..6).map(|color| format!("How many {} objects are there?", Color(color).name())));
        expected.sort();
        let mut offered: Vec<String> = maker.all_questions(&facts).into_iter().map(|question| question.text).collect();
        offered.sort();
        assert_eq!(offered, expected);
    }
}

#[test]
fn absent_and_ambiguous_things_are_not_asked_after() {
    let domain = domain(4, 4, 3);
    let maker = maker(&domain, &QuestionConfig { census_rooms: 1_000, ..QuestionConfig::default() });
    // Shape 0 twice, in two colours of which one is shared; shapes 2 and 3 and colours 2 and 3 absent.
    let facts = facts(vec![object(0, 0), object(0, 1), object(1, 1)]);
    let texts_of = |template: &str| {
        let index = maker.vocabulary().templates().iter().position(|name| name == template).unwrap();
        let questions = maker.all_questions(&facts);
        let of_template = questions.into_iter().filter(|question| usize::from(question.template) == index);
        of_template.map(|question: Question| question.text).collect::<Vec<_>>()
    };
    assert_eq!(texts_of("color"), [format!("What is the color of the {}?", Shape(1).name())]);
    assert_eq!(texts_of("shape"), [format!("What shape is the {} object?", Color(0).name())]);
    assert_eq!((texts_of("exist").len(), texts_of("count_color").len()), (4, 4));
    assert!(maker.ask(&super::rooms::facts(Vec::new()), 4).iter().all(|question| question.template >= 2));
}
