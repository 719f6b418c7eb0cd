//! Promise: a question set is the same bytes whenever it is made again, and whatever is wrong with a file is told with its
//! line.

use groundling_room::{Color, RoomConfig, Shape};

use crate::{QuestionConfig, QuestionMaker, QuestionSet, QuestionSetError, QuestionSetSource, SetQuestion, SplitPart};

pub(super) fn source(part: SplitPart, num_rooms: u64) -> QuestionSetSource {
    let room = RoomConfig {
        shapes: Shape::all().take(6).map(|shape| shape.name().into()).collect(),
        colors: Color::all().take(6).map(|color| color.name().into()).collect(),
        num_objects: [3, 5],
        object_radius: Some(0.1),
        ..RoomConfig::default()
    };
    let questions = QuestionConfig { census_rooms: 1_000, ..QuestionConfig::default() };
    QuestionSetSource { part, num_rooms, room_seed: 5 + part as u64, question_seed: 7, room, questions }
}

fn made() -> (QuestionMaker, QuestionSet, String) {
    let source = source(SplitPart::Test, 30);
    let maker = source.maker().unwrap();
    let set = QuestionSet::make(source, &maker, &mut |_| {}).unwrap();
    let text = set.to_file().unwrap().text;
    (maker, set, text)
}

/// The text with one question changed.
pub(super) fn altered(text: &str, line: usize, change: impl FnOnce(&mut SetQuestion)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut question: SetQuestion = serde_json::from_str(&lines[line - 1]).unwrap();
    change(&mut question);
    lines[line - 1] = serde_json::to_string(&question).unwrap();
    lines.join("\n") + "\n"
}

#[test]
fn a_set_is_made_again_bit_for_bit_and_read_back() {
    let (maker, set, text) = made();
    let (_, _, again) = made();
    assert_eq!(text, again);
    let mut num_rooms = 0;
    let read = QuestionSet::read(&text).unwrap();
    read.check(&maker, &mut |_| num_rooms += 1).unwrap();
    assert_eq!((&read, num_rooms), (&set, 30));
    let name = set.to_file().unwrap().name;
    let hash = serde_json::from_str::<serde_json::Value>(text.lines().next().unwrap()).unwrap()["sha256"].clone();
    assert_eq!(name, format!("questions-test-{}.jsonl", &hash.as_str().unwrap()[..12]));
    // Rooms are those of their seeds; a question has its words.
    let question = &set.questions()[0];
    assert_eq!(question.seed, set.source().seed_of(question.room));
    let words = question.tokens.join(" ");
    assert_eq!(format!("{words}?").to_lowercase(), question.question.to_lowercase());
}

#[test]
fn another_seed_makes_another_set() {
    let (maker, set, _) = made();
    let other = QuestionSetSource { room_seed: 99, ..set.source().clone() };
    let difference = other.difference(set.source()).unwrap();
    assert_eq!(difference, "room_seed is 99, not 7");
    let other = QuestionSet::make(other, &maker, &mut |_| {}).unwrap();
    assert_ne!(other.questions(), set.questions());
    assert_eq!(set.source().difference(set.source()), None);
    let mut nearer = set.source().clone();
    nearer.room.near_distance = 0.5;
    assert_eq!(nearer.difference(set.source()).unwrap(), "room.near_distance is 0.5, not 1.0");
}

#[test]
fn a_damaged_file_is_told_with_its_line() {
    let (_, set, text) = made();
    let told = |text: &str| {
        let error = QuestionSet::read(text).unwrap_err();
        (error.line(), error.to_string())
    };
    let lines = text.lines().count();
    assert_eq!(told("").1, "the file is empty; a question set begins with a header line");
    let cut = told(&text[..text.len() - 9]);
    let found = format!("the file is truncated: it ends after {} of the {} questions", lines - 2, lines - 1);
    assert!(cut.0.is_none() && cut.1.starts_with(&found), "{cut:?}");
    let shorter: String = text.split_inclusive('\n').take(10).collect();
    assert!(told(&shorter).1.starts_with("the file is truncated: it ends after 9 of"));
    let longer = told(&format!("{text}{}\n", text.lines().last().unwrap()));
    assert_eq!(longer.0, Some(lines + 1));
    assert!(longer.1.starts_with("the file goes on behind the"), "{longer:?}");

    for foreign in ["{\"format\": \"other\", \"version\": 1}\n", "episode,template\n", "\u{1}\u{2}\n", "[1]\n", "{}\n"]
    {
        let (line, reason) = told(foreign);
        assert_eq!(line, Some(1));
        assert!(reason.starts_with("this is no header of a question set: ") && reason.lines().count() == 1, "{reason}");
    }
    let endless = told(&text.replacen("\"num_rooms\":30", "\"num_rooms\":9000000000", 1));
    assert!(endless.1.ends_with("num_rooms = 9000000000: must lie between 1 and 1000000"), "{endless:?}");
    let newer = told(&text.replacen("\"version\":1", "\"version\":2", 1));
    assert_eq!(newer, (Some(1), "the question set has version 2; this program reads version 1".into()));
    let broken = text.replacen("\"answer\":\"", "\"anwser\":\"", 1);
    let (line, reason) = told(&broken);
    assert_eq!(line, Some(2));
    assert!(reason.starts_with("this is no question: unknown field `anwser`"), "{reason}");

    let text = altered(&text, 4, |question| question.answer = "nothing".into());
    let expected = set.to_file().unwrap().text;
    assert_ne!(text, expected);
    let (line, reason) = told(&text);
    assert!(line.is_none() && reason.starts_with("the file was altered: its questions have the SHA-256 "), "{reason}");
}

#[test]
fn what_the_rooms_do_not_bear_out_is_told_with_its_line() {
    let (maker, set, text) = made();
    let told = |text: &str| {
        let (read, hash) = QuestionSet::read_suspect(text).unwrap();
        assert!(matches!(hash, Err(QuestionSetError::Altered { .. })));
        let error = read.check(&maker, &mut |_| {}).unwrap_err();
        (error.line().unwrap(), error.to_string())
    };
    let line_of = |fits: &dyn Fn(&SetQuestion) -> bool| set.questions().iter().position(fits).unwrap() + 2;
    let color = line_of(&|question| question.template == "color");
    let exist = line_of(&|question| question.template == "exist");

    let (line, what) = told(&altered(&text, color, |question| {
        question.answer = if question.answer == "red" { "green".into() } else { "red".into() };
    }));
    assert!(line == color && what.contains("has not the one right answer"), "{what}");
    let (line, what) = told(&altered(&text, exist, |question| {
        question.answer = if question.answer == "no" { "yes".into() } else { "no".into() };
    }));
    assert!(line == exist && what.contains("has not the one right answer"), "{what}");
    let (line, what) = told(&altered(&text, color, |question| question.evidence[0].color = "mauve".into()));
    assert!(line == color && what.contains("is told to be a mauve"), "{what}");
    let (line, what) = told(&altered(&text, color, |question| question.evidence[0].object = 40));
    assert!(line == color && what.starts_with("object 40 is not in its room of "), "{what}");
    let (line, what) = told(&altered(&text, color, |question| question.evidence.clear()));
    assert!(line == color && what.starts_with("its evidence is \"\", settings and seeds give \""), "{what}");
    let (line, what) = told(&altered(&text, color, |question| question.seed += 1));
    assert!(line == color && what.starts_with("its seed is "), "{what}");
    let (line, what) = told(&altered(&text, color, |question| question.room = 1_000));
    assert!(line == color && what.contains(" of room "), "{what}");
    let (line, what) = told(&altered(&text, color, |question| question.number = 9));
    assert!(line == color && what.starts_with("its number is \"9\", settings and seeds give"), "{what}");
    let (line, what) = told(&altered(&text, color, |question| question.template = "hue".into()));
    assert!((line, what.as_str()) == (color, "there is no template `hue`"), "{what}");
    let (line, what) = told(&altered(&text, color, |question| question.tokens[0] = "which".into()));
    assert!(line == color && what.starts_with("its list of tokens is \"which, is"), "{what}");

    // A true question of the same room, but not the one that is due: a set is not a choice of the writer.
    let source = set.source();
    let facts = source.facts(&source.room(set.questions()[color - 2].room).unwrap());
    let asked: Vec<&str> = set.questions().iter().map(|question| question.question.as_str()).collect();
    let all = maker.all_questions(&facts);
    let other = all.iter().find(|other| other.template == 0 && !asked[color - 2].eq(&other.text)).unwrap();
    let other = SetQuestion::new(0, 0, other, maker.vocabulary(), &facts);
    let (line, what) = told(&altered(&text, color, |question| {
        (question.question, question.tokens) = (other.question, other.tokens);
        (question.arguments, question.answer) = (other.arguments, other.answer);
        question.evidence = other.evidence;
    }));
    assert!(line == color && what.starts_with("its question is \""), "{what}");
}

#[test]
fn left_out_and_doubled_questions_are_found() {
    let (maker, set, text) = made();
    let header = |text: &str, count: usize| {
        let from = format!("\"num_questions\":{}", set.questions().len());
        text.replacen(&from, &format!("\"num_questions\":{count}"), 1)
    };
    let told = |text: &str| {
        let (read, _) = QuestionSet::read_suspect(text).unwrap();
        read.check(&maker, &mut |_| {}).unwrap_err()
    };
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for left_out in [1, 7, lines.len() - 1] {
        let text: String =
            lines.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, line)| *line).collect();
        let error = told(&header(&text, set.questions().len() - 1));
        let place = error.line().unwrap();
        assert!(place.abs_diff(left_out + 1) <= 20, "{left_out}: {error} at {place}");
    }
    let doubled: String = lines.iter().chain(&lines[lines.len() - 1..]).copied().collect();
    let error = told(&header(&doubled, set.questions().len() + 1));
    assert_eq!(error.line(), Some(lines.len() + 1));
    assert_eq!(error.to_string(), "its room has no further question");
}

#[test]
fn counts_add_up() {
    let (_, set, _) = made();
    let summary = set.summary();
    let names: Vec<&str> = summary.iter().map(|counts| counts.template.as_str()).collect();
    assert_eq!(names, set.source().questions.templates);
    assert_eq!(summary.iter().map(|counts| counts.num_questions).sum::<usize>(), set.questions().len());
    for counts in summary.iter().filter(|counts| counts.num_questions > 0) {
        let largest = *counts.answers.values().max().unwrap() as f64;
        assert_eq!(counts.majority_accuracy(), Some(largest / counts.num_questions as f64));
        assert!(counts.rarest_share() <= counts.majority_accuracy());
    }
}
