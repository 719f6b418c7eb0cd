//! Files of others, at random: any order of rows, beliefs repeated or not, with and without evidence.

use std::collections::BTreeMap;

use groundling_questions::SplitPart;
use groundling_stored::StoredBeliefs;
use proptest::prelude::*;
use proptest::sample::select;

use crate::tables::{Cell, Kind, Table, numbers, text, words};

/// One question of an episode, as it should be read back.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    step: u32,
    number: u32,
    tokens: Vec<&'static str>,
    answer: &'static str,
    seen: Option<u32>,
}

/// An episode: its questions, and for each step a number from which its belief is made.
type Episode = (Vec<Asked>, BTreeMap<u32, f32>);

fn asked() -> impl Strategy<Value = Asked> {
    let tokens = prop::collection::vec(select(vec!["is", "there", "a", "bed", "door", "red"]), 1..6);
    let seen = prop::option::of(0..50u32);
    (0..4u32, tokens, select(vec!["yes", "no", "red", "2"]), seen).prop_map(|(step, tokens, answer, seen)| Asked {
        step,
        number: 0,
        tokens,
        answer,
        seen,
    })
}

fn episode() -> impl Strategy<Value = Episode> {
    (prop::collection::vec(asked(), 1..5), prop::collection::vec(-9.0..9.0f32, 6)).prop_map(|(mut asked, values)| {
        (0..).zip(&mut asked).for_each(|(number, asked)| asked.number = number);
        asked.sort_by_key(|asked| (asked.step, asked.number));
        // Steps 4 and 5 are beliefs of which nothing is asked.
        let steps = asked.iter().map(|asked| asked.step).chain(4..6);
        let beliefs = steps.map(|step| (step, values[step as usize])).collect();
        (asked, beliefs)
    })
}

/// A file's rows in an order of their own, and whether each repeats its belief.
fn table(episodes: &[Episode], order: &[u64], repeats: bool, is_double: bool) -> Table {
    let mut table = Table::empty();
    let place = table.place("belief");
    table.columns[place].1 = if is_double { Kind::Doubles } else { Kind::Floats };
    table.columns.push(("seen", Kind::Flag));
    table.columns.push(("steps_since_seen", Kind::Fraction));
    for (number, (asked, beliefs)) in episodes.iter().enumerate() {
        let split = text(SplitPart::ALL[number % 3].name());
        let belief = |value: f32| numbers(&[f64::from(value), 0.5, -1.0]);
        let place = |step: u32| vec![split.clone(), Cell::Whole(number as i64), Cell::Whole(step.into())];
        let mut given: Vec<u32> = Vec::new();
        for asked in asked {
            let is_given = given.contains(&asked.step);
            given.push(asked.step);
            let mut row = place(asked.step);
            row.extend([
                Cell::Whole(asked.number.into()),
                text("any"),
                words(&asked.tokens.join(" ")),
                text(asked.answer),
                if repeats || !is_given { belief(beliefs[&asked.step]) } else { Cell::Null },
                Cell::Flag(asked.seen.is_some()),
                asked.seen.map_or(Cell::Null, |steps| Cell::Fraction(steps.into())),
            ]);
            table.rows.push(row);
        }
        for (step, value) in beliefs.iter().filter(|(step, _)| !given.contains(step)) {
            let mut row = place(*step);
            row.extend([Cell::Null, Cell::Null, Cell::Null, Cell::Null, belief(*value), Cell::Null, Cell::Null]);
            table.rows.push(row);
        }
    }
    let mut keyed: Vec<(u64, Vec<Cell>)> = order.iter().copied().cycle().zip(table.rows).collect();
    keyed.sort_by_key(|(key, _)| *key);
    table.rows = keyed.into_iter().map(|(_, row)| row).collect();
    table.rows_a_group = 5;
    table
}

fn read_back(stored: &StoredBeliefs) -> BTreeMap<u64, Episode> {
    let word = |list: &[String], number: u16| list[usize::from(number)].clone();
    let static_word = |text: String| -> &'static str {
        ["is", "there", "a", "bed", "door", "red", "yes", "no", "2"].into_iter().find(|known| *known == text).unwrap()
    };
    let episodes = stored.episodes.iter().map(|episode| {
        let beliefs: BTreeMap<u32, f32> =
            episode.beliefs.iter().map(|(step, belief)| (*step, belief.hidden()[0])).collect();
        let asked = episode.questions.iter().map(|stored_question| {
            let question = &stored_question.question;
            let tokens = question.tokens.iter().map(|token| static_word(word(stored.vocabulary.tokens(), *token)));
            Asked {
                step: episode.beliefs[stored_question.at].0,
                number: stored_question.number,
                tokens: tokens.collect(),
                answer: static_word(word(stored.vocabulary.answers(), question.answer)),
                seen: question.evidence.steps_since_seen,
            }
        });
        (episode.episode, (asked.collect(), beliefs))
    });
    episodes.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_is_read_whatever_the_order_of_its_rows(
        episodes in prop::collection::vec(episode(), 3..12),
        order in prop::collection::vec(any::<u64>(), 20),
        repeats: bool,
        is_double: bool,
    ) {
        let stored = table(&episodes, &order, repeats, is_double).read().unwrap();
        prop_assert_eq!(stored.belief_size, 3);
        prop_assert!(stored.has_evidence);
        prop_assert!(stored.vocabulary.answers().is_sorted() && stored.vocabulary.tokens().is_sorted());
        let expected: BTreeMap<u64, Episode> = (0..).zip(episodes).collect();
        prop_assert_eq!(read_back(&stored), expected);
        for episode in &stored.episodes {
            prop_assert_eq!(episode.split, SplitPart::ALL[episode.episode as usize % 3]);
            prop_assert!(episode.beliefs.iter().all(|(_, belief)| belief.cell() == [0.0; 3]));
        }
    }
}
