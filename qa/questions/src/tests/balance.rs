//! Promise: whoever reads only the question answers at chance, in rooms of three sizes and in rooms whose objects
//! depend on each other. Seen to fail without balance, and with a balance of the answers alone.
//!
//! Chance is a uniform guess among the answers that the words allow: the answer to "what is the red object near the
//! bed" is never the bed.

use groundling_interface::derive;
use groundling_room::{Layout, RoomConfig, RoomSpec, Shape, Size, Variation, WorldFacts};
use rand::RngExt;

use super::blind::{Asked, BlindAccuracies, blind_accuracies};
use super::rooms::{domain, maker, object, placed, room};
use crate::balance::{Balance, Balanced};
use crate::{Domain, QuestionConfig, QuestionMaker, RoomView, Template, TemplateSummary, registry};

/// Questions of each template in each of the two sets.
const QUESTIONS: usize = 20_000;

/// More than a blind reader may be above chance, and a little for what 20,000 questions leave to chance.
const ADVANTAGE: f64 = 0.05;

/// Asks of each template until it has enough questions, and scores who reads only those.
fn score(maker: &QuestionMaker, room: impl Fn(u64) -> WorldFacts) -> Vec<(TemplateSummary, BlindAccuracies)> {
    let summaries = maker.summary();
    let mut asked: Vec<Vec<Asked>> = vec![Vec::new(); summaries.len()];
    for index in 0.. {
        for question in maker.ask(&room(index), 6) {
            let answers = &summaries[usize::from(question.template)].answers;
            assert!(answers.contains(&question.answer), "{} is not among the answers asked for", question.text);
            asked[usize::from(question.template)].push((question.tokens, question.answer));
        }
        if asked.iter().all(|questions| questions.len() >= 2 * QUESTIONS) {
            break;
        }
        assert!(index < 10 * QUESTIONS as u64, "too few questions are asked: {summaries:?}");
    }
    let scores = asked.iter().map(|asked| blind_accuracies(&asked[..QUESTIONS], &asked[asked.len() - QUESTIONS..]));
    summaries.into_iter().zip(scores).collect()
}

fn assert_at_chance(name: &str, scores: Vec<(TemplateSummary, BlindAccuracies)>) {
    for (summary, BlindAccuracies { majority, best }) in scores {
        let TemplateSummary { name: template, answers, chance, asked_share, telling_share, .. } = summary;
        let answers = answers.len();
        // `cargo test a_blind_reader -- --nocapture` shows the table.
        println!("{name} {template}: {answers} answers, asked {asked_share:.3}, telling {telling_share:.3}");
        println!("    chance {chance:.3}, majority {majority:.3}, best blind {best:.3}");
        assert!(best < chance + ADVANTAGE, "{name}, {template}: {chance} {majority} {best}");
    }
}

fn sampled(name: &str, config: &RoomConfig) {
    let maker = QuestionMaker::new(config, &QuestionConfig::default(), 1).unwrap();
    let facts = |index| WorldFacts::as_placed(&RoomSpec::sample(config, index).unwrap(), config.near_distance);
    assert_at_chance(name, score(&maker, facts));
}

/// The room of `configs/demo`.
fn demo() -> RoomConfig {
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    RoomConfig {
        layout: Layout::Square,
        side: [4.0, 4.0],
        walls: Variation::Fixed,
        floor: Variation::Fixed,
        light: Variation::Fixed,
        num_windows: [0, 0],
        door_chance: 0.0,
        shapes: names(&["ball", "crate", "cone", "table", "ring", "bottle"]),
        colors: names(&["red", "green", "blue", "yellow", "purple", "white"]),
        sizes: vec![Size::Medium],
        num_objects: [3, 3],
        object_radius: Some(0.4),
        ..RoomConfig::default()
    }
}

#[test]
fn a_blind_reader_is_at_chance_in_default_rooms() {
    sampled("default", &RoomConfig::default());
}

#[test]
fn a_blind_reader_is_at_chance_in_the_demos_rooms() {
    sampled("demo", &demo());
}

#[test]
fn a_blind_reader_is_at_chance_between_the_two() {
    let shapes = Shape::all().take(9).map(|shape| shape.name().to_string()).collect();
    sampled("between", &RoomConfig { side: [5.0, 5.0], num_objects: [4, 6], shapes, ..demo() });
}

#[test]
fn a_blind_reader_is_at_chance_where_pairs_are_held_out() {
    let shapes = Shape::all().take(8).map(|shape| shape.name().to_string()).collect();
    let side = [5.0, 5.0];
    sampled("held out", &RoomConfig { side, num_objects: [4, 5], shapes, held_out_share: 0.25, ..demo() });
}

/// Rooms in which every other object of shape 0 has colour 0, and shape 1 is mostly there twice or not at all.
fn partial_room(domain: &Domain, index: u64) -> WorldFacts {
    let mut generator = derive(8, "partial room", &[index]);
    let mut facts = room(domain, index);
    for object in &mut facts.objects {
        if object.shape.0 == 0 && generator.random_bool(0.5) {
            object.color = domain.colors[0];
        }
    }
    if let Some(one) = facts.objects.iter().find(|object| object.shape.0 == 1).cloned()
        && generator.random_bool(0.8)
    {
        let mut place = || generator.random_range(-2.0..2.0);
        let place = [place(), place()];
        facts.objects.push(placed(one, place));
    }
    facts
}

/// Best blind accuracies above chance over single templates, with a balance of this kind.
fn advantages(domain: &Domain, balanced: Balanced) -> Vec<(&'static str, f64)> {
    let candidates = |template: &dyn Template, index| {
        template.candidates(&RoomView::new(&partial_room(domain, index), domain, 0.15))
    };
    let advantage = |template: &&'static dyn Template| {
        let census = (0..10_000).map(|index| candidates(*template, 1 << 32 | index));
        let balance = Balance::of(balanced, template.answers(domain), census, 0.1);
        let mut asked: Vec<Asked> = Vec::new();
        for index in 0.. {
            let candidates = candidates(*template, index);
            for draw in 0..4 {
                let mut generator = derive(9, template.name(), &[index, draw]);
                let Some(chosen) = balance.choose(&candidates, &mut generator) else { continue };
                let words = chosen.arguments.iter().map(|word| number(&word.text())).collect();
                asked.push((words, number(&chosen.answer.text())));
            }
            if asked.len() >= 20_000 {
                break;
            }
            assert!(index < 40_000, "`{}` asks too little", template.name());
        }
        let (known, unknown) = asked.split_at(10_000);
        (template.name(), blind_accuracies(known, unknown).best - balance.chance())
    };
    registry().iter().map(advantage).collect()
}

/// A word's own number does where there is no vocabulary.
fn number(text: &str) -> u16 {
    text.bytes().fold(7u16, |sum, byte| sum.wrapping_mul(31).wrapping_add(u16::from(byte)))
}

#[test]
fn a_balance_of_answers_alone_is_caught_where_rooms_favour_some_words() {
    let domain = domain(6, 6, 5);
    let exceeding = |advantages: Vec<(&'static str, f64)>| -> Vec<&str> {
        advantages.into_iter().filter(|(_, advantage)| *advantage >= ADVANTAGE).map(|(name, _)| name).collect()
    };
    assert_eq!(exceeding(advantages(&domain, Balanced::GivenWords)), [""; 0]);
    let caught = exceeding(advantages(&domain, Balanced::Overall));
    println!("{caught:?}");
    assert!(caught.contains(&"color") && caught.contains(&"count_shape"), "{caught:?}");
}

#[test]
fn without_balance_a_blind_reader_is_far_above_chance() {
    let domain = domain(8, 8, 5);
    let mut exceeded = Vec::new();
    for template in registry() {
        let mut asked = Vec::new();
        for index in 0..20_000 {
            let facts = room(&domain, index);
            let candidates = template.candidates(&RoomView::new(&facts, &domain, 0.15));
            let mut generator = derive(9, template.name(), &[index]);
            let chosen = Balance::choose_unbalanced(&candidates, &mut generator);
            let words = |words: &[crate::Word]| words.iter().map(|word| number(&word.text())).collect();
            asked.extend(chosen.map(|c| (words(&c.arguments), number(&c.answer.text()))));
        }
        let (known, unknown) = asked.split_at(asked.len() / 2);
        let chance = 1.0 / template.answers(&domain).len() as f64;
        if blind_accuracies(known, unknown).majority > chance + ADVANTAGE {
            exceeded.push(template.name());
        }
    }
    assert_eq!(exceeded, ["count_shape", "count_color", "exist", "compare_n_color", "compare_n_shape"]);
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

#[test]
fn where_there_is_only_one_answer_nothing_is_asked() {
    // One object: of any two colours, or shapes, there are never as many, and nothing is near anything.
    let facts = |index: u64| WorldFacts {
        episode_seed: index,
        ..super::rooms::facts(vec![object((index % 3) as u8, (index / 3 % 3) as u8)])
    };
    let census: Vec<WorldFacts> = (0..1_000).map(facts).collect();
    let maker = QuestionMaker::from_census(domain(3, 3, 1), &census, &QuestionConfig::default(), 1).unwrap();
    let summaries = maker.summary();
    let asked: Vec<&str> = summaries.iter().filter(|s| s.asked_share > 0.0).map(|s| s.name.as_str()).collect();
    assert_eq!(asked, ["color", "shape", "count_shape", "count_color", "exist"]);
    assert!(summaries.iter().all(|summary| (summary.asked_share > 0.0) == (summary.answers.len() >= 2)));
    for index in 0..100 {
        assert!(maker.ask(&facts(index), 4).iter().all(|question| question.template < 5));
    }
}

#[test]
fn words_that_give_the_answer_away_are_not_asked() {
    // Shape 0 is always of colour 0, which nothing else is; the others may have any other colour.
    let facts = |index: u64| {
        let mut generator = derive(4, "given away", &[index]);
        let mut objects = vec![object(0, 0)];
        objects.extend((1..4).map(|shape| object(shape, generator.random_range(1..4))));
        WorldFacts { episode_seed: index, ..super::rooms::facts(objects) }
    };
    let asked_of = |facts: &dyn Fn(u64) -> WorldFacts| {
        let census: Vec<WorldFacts> = (0..2_000).map(facts).collect();
        let config = QuestionConfig { templates: vec!["color".into()], ..QuestionConfig::default() };
        let maker = QuestionMaker::from_census(domain(4, 4, 4), &census, &config, 1).unwrap();
        let questions: Vec<_> = (5_000..5_200).flat_map(|index| maker.ask(&facts(index), 4)).collect();
        (maker.summary().remove(0), questions)
    };
    let (summary, questions) = asked_of(&facts);
    let (answers, chance) = (summary.answers, summary.chance);
    assert!(answers == [1, 2, 3] && (chance - 1.0 / 3.0).abs() < 1e-9, "{answers:?} {chance}");
    assert!(questions.len() > 500 && questions.iter().all(|question| answers.contains(&question.answer)));
    assert!(questions.iter().all(|question| question.arguments != [Shape(0).name()]));

    // Each shape has its own colour: whoever knows that needs no room.
    let (summary, questions) = asked_of(&|index| WorldFacts {
        episode_seed: index,
        ..super::rooms::facts((0..4).map(|kind| object(kind, kind)).collect())
    });
    assert!(summary.answers.is_empty() && summary.asked_share == 0.0 && questions.is_empty());
}
