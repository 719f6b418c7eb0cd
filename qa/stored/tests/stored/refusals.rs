//! Every cell that would spoil a measurement is refused with its row, its column and the remedy.

use crate::tables::{Cell, Kind, Table, numbers, text, words};

/// Refuses `table` by exactly this line.
fn refuses(table: Table, told: &str) {
    assert_eq!(table.refusal(), told);
}

#[test]
fn what_the_other_tests_spoil_is_whole() {
    assert!(Table::good().read().is_ok());
}

#[test]
fn a_null_where_none_may_be() {
    for column in ["split", "episode", "step"] {
        refuses(
            Table::good().with(3, column, Cell::Null),
            &format!("row 3, column `{column}`: is null; every row needs it"),
        );
    }
    for column in ["question", "template", "tokens", "answer"] {
        let told =
            "is null in a row that asks a question; give question, template, tokens and answer together, or none";
        refuses(Table::good().with(2, column, Cell::Null), &format!("row 2, column `{column}`: {told}"));
    }
    let only_text = Table::good().without("tokens").with_column(
        "text",
        Kind::Text,
        vec![
            text("Is there a bed?"),
            Cell::Null,
            text("Is there a bed?"),
            text("Is there a bed?"),
            text("Is there a bed?"),
        ],
    );
    assert!(only_text.refusal().starts_with("row 2, column `text`: is null in a row that asks a question"));
}

#[test]
fn numbers_that_count_nothing() {
    refuses(
        Table::good().with(2, "episode", Cell::Whole(-1)),
        "row 2, column `episode`: is -1; it must lie between 0 and 18446744073709551615",
    );
    refuses(
        Table::good().with(4, "step", Cell::Whole(1 << 32)),
        "row 4, column `step`: is 4294967296; it must lie between 0 and 4294967295",
    );
    let fractions = |value| (1..=5).map(|row| Cell::Fraction(if row == 5 { value } else { f64::from(row) })).collect();
    let table = |value| Table::good().with_column("question", Kind::Fraction, fractions(value));
    assert!(table(7.0).read().is_ok());
    refuses(table(0.5), "row 5, column `question`: is 0.5; give a whole number or null");
    refuses(table(f64::NAN), "row 5, column `question`: is NaN; give a whole number or null");
    assert!(table(1e300).refusal().starts_with("row 5, column `question`: is "), "{}", table(1e300).refusal());
}

#[test]
fn splits_and_leaks() {
    refuses(
        Table::good().with(1, "split", text("training")),
        "row 1, column `split`: is \"training\"; it must be \"train\", \"validation\" or \"test\"",
    );
    refuses(
        Table::good().with(4, "episode", Cell::Whole(0)),
        "row 4, column `split`: is test, but train in row 1 of the same episode; an episode must stay in one split",
    );
}

#[test]
fn beliefs_of_another_length() {
    refuses(
        Table::good().with(4, "belief", numbers(&[1.0, 2.0])),
        "row 4, column `belief`: has 2 numbers, but 3 in row 1; all must be equally long",
    );
    refuses(
        Table::good().with(4, "belief", numbers(&[])),
        "row 4, column `belief`: is empty; give at least one number",
    );
    let long = vec![0.0; 65_537];
    refuses(
        Table::good().with(1, "belief", numbers(&long)),
        "row 1, column `belief`: has 65537 numbers; a belief has at most 65536",
    );
}

#[test]
fn beliefs_that_are_no_numbers() {
    refuses(
        Table::good().with(5, "belief", numbers(&[1.0, f64::NAN, 2.0])),
        "row 5, column `belief`: is NaN at place 1; beliefs must be finite numbers of 32 bits",
    );
    refuses(
        Table::good().with(3, "belief", numbers(&[f64::NEG_INFINITY, 1.0, 2.0])),
        "row 3, column `belief`: is -inf at place 0; beliefs must be finite numbers of 32 bits",
    );
    refuses(
        Table::good().with(3, "belief", Cell::Numbers(vec![Some(1.0), Some(2.0), None])),
        "row 3, column `belief`: has a null at place 2; fill it in",
    );
    let mut doubles = Table::good();
    let place = doubles.place("belief");
    doubles.columns[place].1 = Kind::Doubles;
    assert!(doubles.read().is_ok());
    refuses(
        doubles.with(3, "belief", numbers(&[1.0, 2.0, 1e39])),
        "row 3, column `belief`: is inf at place 2; beliefs must be finite numbers of 32 bits",
    );
}

#[test]
fn beliefs_that_are_missing_or_twice() {
    refuses(
        Table::good().with(3, "belief", Cell::Null),
        "row 3, column `belief`: is null in all rows of step 9 of episode 1; give it in one of them",
    );
    refuses(
        Table::good().with(2, "belief", numbers(&[1.0, 2.0, 3.5])),
        "row 2, column `belief`: differs from row 1 of the same episode and step; give one belief a step",
    );
}

#[test]
fn halves_of_beliefs() {
    let cells = |spoilt: Cell| (1..=5).map(|row| if row == 3 { spoilt.clone() } else { numbers(&[0.0; 3]) }).collect();
    let table = |spoilt| Table::good().with_column("cell", Kind::Floats, cells(spoilt));
    assert!(table(numbers(&[1.0, 1.0, 1.0])).read().is_ok());
    refuses(table(Cell::Null), "row 3, column `cell`: is null beside a `belief` that is not; give both or neither");
    refuses(table(numbers(&[1.0])), "row 3, column `cell`: has 1 numbers, but 3 in row 1; all must be equally long");
    refuses(
        table(numbers(&[1.0; 3])).with(3, "belief", Cell::Null),
        "row 3, column `belief`: is null beside a `cell` that is not; give both or neither",
    );
    refuses(
        table(numbers(&[0.0, 0.0, f64::NAN])),
        "row 3, column `cell`: is NaN at place 2; beliefs must be finite numbers of 32 bits",
    );
}

#[test]
fn questions_without_words() {
    refuses(Table::good().with(2, "tokens", words("")), "row 2, column `tokens`: is empty; give at least one word");
    refuses(Table::good().with(2, "answer", text("")), "row 2, column `answer`: is empty; give at least one letter");
    refuses(
        Table::good().with(2, "tokens", Cell::Words(vec![Some("is".into()), None])),
        "row 2, column `tokens`: has a null at place 1; fill it in",
    );
    refuses(
        Table::good().with(2, "tokens", words(&"very ".repeat(65))),
        "row 2, column `tokens`: has 65 tokens, more than 64; ask in fewer",
    );
}

#[test]
fn words_that_would_break_a_table() {
    refuses(
        Table::good().with(3, "answer", text("no\n")),
        "row 3, column `answer`: is \"no\\n\", which holds a control character; write plain words",
    );
}

#[test]
fn bytes_that_are_no_text() {
    let bytes = |row| Cell::Bytes(if row == 4 { vec![0xff, 0xfe] } else { b"yes".to_vec() });
    refuses(
        Table::good().with_column("answer", Kind::Bytes, (1..=5).map(bytes).collect()),
        "row 4, column `answer`: is not UTF-8 text; write strings",
    );
}

#[test]
fn questions_that_contradict_each_other() {
    let twice = Table::good().with(2, "question", Cell::Whole(0));
    refuses(
        twice.clone(),
        "row 2, column `question`: is 0, as in row 1 of the same episode and step; number questions anew",
    );
    let later = twice.with(2, "step", Cell::Whole(10));
    refuses(
        later.clone(),
        "row 2, column `template`: is \"color\", but \"exist\" in row 1, the same question of the episode; number questions anew",
    );
    let same_template = later.with(2, "template", text("exist"));
    refuses(
        same_template.clone(),
        "row 2, column `tokens`: is \"what is the color of the bed\", but \"is there a bed\" in row 1, the same question of \
         the episode; number questions anew",
    );
    let same_words = same_template.with(2, "tokens", words("is there a bed"));
    refuses(
        same_words.clone(),
        "row 2, column `answer`: is \"red\", but \"yes\" in row 1, the same question of the episode; number questions anew",
    );
    assert!(same_words.with(2, "answer", text("yes")).read().is_ok());
}

#[test]
fn words_outside_the_vocabulary() {
    let vocabulary = r#"{"format": "groundling-stored-beliefs", "version": 1, "header": {"vocabulary": {
        "templates": [{"name": "exist", "wording": "Is there a <shape>?", "chance": 0.5, "answers": ["yes"]},
                      {"name": "color", "wording": "What is the color of the <shape>?", "chance": 0.5, "answers": ["yes"]}],
        "tokens": ["is", "there", "a", "bed", "what", "the", "color", "of"],
        "answers": ["red", "blue", "yes", "no"], "max_tokens": 7}}}"#;
    let mut table = Table::good();
    table.metadata = Some(vocabulary.into());
    assert!(table.read().is_ok());
    let remedy = "which is not in the vocabulary of the file's metadata; add it there, or leave the vocabulary out";
    for (column, cell, shown) in [
        ("template", text("count"), "\"count\""),
        ("answer", text("Red"), "\"Red\""),
        ("tokens", words("is there a sofa"), "\"sofa\""),
    ] {
        refuses(table.clone().with(4, column, cell), &format!("row 4, column `{column}`: has {shown}, {remedy}"));
    }
    refuses(
        table.with(4, "tokens", words("is there a bed what is the color")),
        "row 4, column `tokens`: has 8 tokens, more than 7; ask in fewer",
    );
}

#[test]
fn a_long_value_is_told_in_short() {
    let refusal = Table::good().with(1, "split", text(&"x\n".repeat(10_000))).refusal();
    assert!(refusal.len() < 300 && refusal.contains('…'), "{refusal}");
}

#[test]
fn rows_are_counted_through_the_groups_of_the_file() {
    let mut table = Table::empty();
    for episode in 0..700 {
        let split = ["train", "validation", "test"][episode as usize % 3];
        table.ask(split, episode, 0, "is there a bed", "yes", &[1.0, 2.0]);
    }
    table.rows_a_group = 300;
    assert!(table.read().is_ok());
    let told = table.with(650, "answer", Cell::Null).refusal();
    assert!(told.starts_with("row 650, column `answer`: is null in a row"), "{told}");
}
