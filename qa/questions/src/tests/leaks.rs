//! Promise: an evaluation without leaks passes, and each sort of leak, planted, is found where it is.

use std::sync::OnceLock;

use groundling_room::{Color, HeldOut, RoomConfig, Shape};

use super::question_sets::{altered, source};
use crate::{
    CheckedPart, Leak, LeakReport, QuestionSet, QuestionSetSource, RoomRecord, SetQuestion, SplitPart, TrainedEpisode,
    check_leaks,
};

/// A part with its rooms, before anything is planted.
#[derive(Clone)]
struct Part {
    set: QuestionSet,
    rooms: Vec<RoomRecord>,
}

fn part(part: SplitPart, num_rooms: u64, room: RoomConfig) -> Part {
    let source = QuestionSetSource { room, ..source(part, num_rooms) };
    let maker = source.maker().unwrap();
    let mut rooms = Vec::new();
    let set = QuestionSet::make(source, &maker, &mut |spec| rooms.push(RoomRecord::of(spec))).unwrap();
    Part { set, rooms }
}

fn held_out(held_out: HeldOut) -> RoomConfig {
    RoomConfig { held_out_share: 0.2, held_out, ..source(SplitPart::Train, 1).room }
}

/// Train, validation and test of a compositional split.
fn compositional() -> [Part; 3] {
    static PARTS: OnceLock<[Part; 3]> = OnceLock::new();
    let parts = || {
        [
            part(SplitPart::Train, 80, held_out(HeldOut::Absent)),
            part(SplitPart::Validation, 20, held_out(HeldOut::Absent)),
            part(SplitPart::Test, 40, held_out(HeldOut::Present)),
        ]
    };
    PARTS.get_or_init(parts).clone()
}

fn check(parts: &[Part; 3], trained: &[u64]) -> Result<LeakReport, Leak> {
    let named = parts.iter().zip(SplitPart::ALL);
    let parts: Vec<_> =
        named.map(|(part, name)| CheckedPart { name: name.name(), set: &part.set, rooms: &part.rooms }).collect();
    let episodes = trained.iter().zip(0..).map(|(&seed, episode)| TrainedEpisode { seed, room: 3, episode });
    let leak_free = check_leaks(&parts)?;
    assert_eq!(leak_free.check_training(episodes)?, trained.len());
    Ok(leak_free.report().clone())
}

/// Changes a question as an altered file would have it.
fn plant(part: &mut Part, index: usize, change: impl FnOnce(&mut SetQuestion)) {
    let text = altered(&part.set.to_file().unwrap().text, index + 2, change);
    part.set = QuestionSet::read_suspect(&text).unwrap().0;
}

fn pair() -> (Shape, Color) {
    held_out(HeldOut::Absent).held_out_pairs().into_iter().next().unwrap()
}

/// A colour with which the shape is not held out.
fn other_color(shape: Shape) -> Color {
    let config = held_out(HeldOut::Absent);
    let pairs = config.held_out_pairs();
    config.color_choices().into_iter().find(|&color| !pairs.contains(&(shape, color))).unwrap()
}

#[test]
fn parts_without_leaks_pass() {
    let parts = compositional();
    let report = check(&parts, &[1, 2, 3]).unwrap();
    let num_questions = parts.iter().map(|part| part.set.questions().len()).sum();
    let expected = LeakReport { num_rooms: 140, num_questions, num_held_out_pairs: 7 };
    assert_eq!(report, expected);
    let plain = || source(SplitPart::Train, 1).room;
    let random = SplitPart::ALL.map(|name| part(name, 20, plain()));
    assert_eq!(check(&random, &[]).unwrap().num_held_out_pairs, 0);
}

#[test]
fn a_room_of_two_parts_is_found() {
    let mut parts = compositional();
    parts[2].rooms[4] = parts[0].rooms[11].clone();
    let seed = parts[0].rooms[11].seed;
    let (part, other) = ("test".into(), "train".into());
    assert_eq!(check(&parts, &[]).unwrap_err(), Leak::SameSeed { part, room: 4, other, other_room: 11, seed });
}

#[test]
fn a_room_of_one_part_twice_is_found() {
    let mut parts = compositional();
    parts[1].rooms[9] = parts[1].rooms[8].clone();
    assert!(matches!(check(&parts, &[]), Err(Leak::SameSeed { room: 9, other_room: 8, .. })));
}

#[test]
fn an_equal_room_of_another_seed_is_found() {
    let mut parts = compositional();
    parts[1].rooms[4] = RoomRecord { seed: 77, ..parts[0].rooms[11].clone() };
    let (part, other) = ("validation".into(), "train".into());
    assert_eq!(check(&parts, &[]).unwrap_err(), Leak::SameRoom { part, room: 4, other, other_room: 11 });
}

#[test]
fn the_content_of_a_room_is_all_but_its_seed() {
    let source = source(SplitPart::Train, 1);
    let spec = source.room(0).unwrap();
    let record = RoomRecord::of(&spec);
    let of = |change: &dyn Fn(&mut groundling_room::RoomSpec)| {
        let mut other = spec.clone();
        change(&mut other);
        RoomRecord::of(&other).content
    };
    assert_eq!(of(&|spec| spec.seed += 1), record.content);
    assert_ne!(of(&|spec| spec.objects[0].position[0] += 1e-6), record.content);
    assert_ne!(of(&|spec| spec.spawn.yaw += 1e-6), record.content);
    assert_ne!(of(&|spec| spec.objects.swap(0, 1)), record.content);
}

#[test]
fn a_room_that_the_agent_was_trained_in_is_found() {
    let parts = compositional();
    for (part, name) in parts.iter().zip(SplitPart::ALL) {
        let seed = part.rooms[7].seed;
        let found = check(&parts, &[1, 2, seed]).unwrap_err();
        assert_eq!(found, Leak::TrainedEpisode { seed, part: name.name().into(), room: 7, place: 3, episode: 2 });
    }
}

#[test]
fn parts_that_hold_out_other_pairs_are_found() {
    let mut parts = compositional();
    parts[2] = part(SplitPart::Test, 5, RoomConfig { held_out_draw: 9, ..held_out(HeldOut::Present) });
    assert_eq!(check(&parts, &[]).unwrap_err(), Leak::OtherPairs { part: "train".into(), other: "test".into() });
}

#[test]
fn a_held_out_pair_in_a_training_room_is_found() {
    for (index, name) in [(0, "train"), (1, "validation")] {
        let mut parts = compositional();
        parts[index].rooms[2].pairs.insert(pair());
        let found = check(&parts, &[]).unwrap_err();
        assert!(matches!(&found, Leak::PairInRoom { part, room: 2, .. } if part == name), "{found}");
        let (shape, color) = pair();
        assert!(
            found.to_string().ends_with(&format!("the held-out pair {} {}", color.name(), shape.name())),
            "{found}"
        );
    }
}

/// Plants a change into question 6 of the training, which must be found there.
fn found_in_training(change: impl FnOnce(&mut SetQuestion)) {
    let mut parts = compositional();
    plant(&mut parts[0], 6, change);
    let found = check(&parts, &[]).unwrap_err();
    let (shape, color) = pair();
    let expected = format!("{} {}", color.name(), shape.name());
    assert!(matches!(&found, Leak::PairInQuestion { line: 8, pair, .. } if *pair == expected), "{found}");
}

fn evidence(shape: Shape, color: Color) -> crate::EvidenceObject {
    crate::EvidenceObject { object: 0, shape: shape.name().into(), color: color.name().into() }
}

#[test]
fn a_held_out_pair_as_object_of_a_training_question_is_found() {
    let (shape, color) = pair();
    found_in_training(|question| {
        question.arguments = vec![color.name().into()];
        question.answer = "2".into();
        question.evidence = vec![evidence(shape, color)];
    });
}

#[test]
fn a_held_out_pair_as_answer_of_a_training_question_is_found() {
    let (shape, color) = pair();
    // The evidence says nothing of it.
    found_in_training(|question| {
        question.arguments = vec![shape.name().into()];
        question.answer = color.name().into();
        question.evidence = vec![evidence(shape, other_color(shape))];
    });
    found_in_training(|question| {
        question.arguments = vec![color.name().into()];
        question.answer = shape.name().into();
        question.evidence.clear();
    });
}

#[test]
fn a_held_out_pair_as_landmark_of_a_training_question_is_found() {
    let (shape, color) = pair();
    let asked = Shape(if shape.0 == 0 { 1 } else { 0 });
    found_in_training(|question| {
        let answer = other_color(asked);
        question.arguments = vec![asked.name().into(), shape.name().into()];
        question.answer = answer.name().into();
        question.evidence = vec![evidence(asked, answer), evidence(shape, color)];
    });
}

#[test]
fn a_compositional_test_without_its_pairs_is_found() {
    let mut parts = compositional();
    parts[2].rooms[5].pairs = [(pair().0, other_color(pair().0))].into();
    assert!(matches!(check(&parts, &[]), Err(Leak::NoPairInRoom { room: 5, .. })));
    let mut parts = compositional();
    let is_count = |question: &SetQuestion| question.template == "count_color";
    let index = parts[2].set.questions().iter().position(is_count).unwrap();
    plant(&mut parts[2], index, |question| question.evidence.clear());
    let found = check(&parts, &[]).unwrap_err();
    assert!(matches!(found, Leak::NoPairInQuestion { line, .. } if line == index + 2), "{found}");
}

#[test]
fn a_shape_or_color_that_was_never_trained_on_is_found() {
    let (shape, color) = pair();
    for (word, fits) in [
        (shape.name(), Box::new(move |pair: &(Shape, Color)| pair.0 != shape) as Box<dyn Fn(&(Shape, Color)) -> bool>),
        (color.name(), Box::new(move |pair: &(Shape, Color)| pair.1 != color)),
    ] {
        let mut parts = compositional();
        parts[0].rooms.iter_mut().for_each(|room| room.pairs.retain(|pair| fits(pair)));
        let found = check(&parts, &[]).unwrap_err();
        assert_eq!(found, Leak::NeverTrained { part: "train".into(), word: word.into() });
    }
}
