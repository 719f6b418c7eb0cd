//! One question at several steps: which of them counts for the headline, and which for what is known when.

use groundling_stored::StoredBeliefs;

use crate::tables::{Cell, Kind, Table, numbers};

/// In episode 2 (row 4, step 9), question 0 is asked at steps 3 and 6 too (rows 6 and 7).
fn asked_again() -> Table {
    let mut table = Table::good();
    for (step, belief) in [(3, 0.0), (6, 1.0)] {
        table.ask("test", 2, 0, "is there a bed", "yes", &[belief; 3]);
        let row = table.rows.len();
        table = table.with(row, "step", Cell::Whole(step));
    }
    table
}

/// Steps of episode 2's questions, with the two marks.
fn marks(stored: &StoredBeliefs) -> Vec<(u32, bool, bool)> {
    let episode = stored.episodes.iter().find(|episode| episode.episode == 2).unwrap();
    episode.questions.iter().map(|asked| (episode.beliefs[asked.at].0, asked.headline, asked.timeline)).collect()
}

fn flags(marked: &[(usize, bool)]) -> Vec<Cell> {
    let flag = |row| marked.iter().find(|(of, _)| *of == row).map_or(Cell::Null, |(_, flag)| Cell::Flag(*flag));
    (1..=7).map(flag).collect()
}

#[test]
fn the_latest_step_is_the_headline_unless_the_file_says_otherwise() {
    let stored = asked_again().read().unwrap();
    assert_eq!(marks(&stored), [(3, false, true), (6, false, true), (9, true, true)]);
    // Asked once each, no curve can be drawn.
    assert_eq!(marks(&Table::good().read().unwrap()), [(9, true, false)]);
    let marked = |rows| marks(&asked_again().with_column("headline", Kind::Flag, flags(rows)).read().unwrap());
    assert_eq!(marked(&[(7, true)]), [(3, false, true), (6, true, true), (9, false, true)]);
    assert_eq!(marked(&[(4, false)]), [(3, false, true), (6, true, true), (9, false, true)]);
    let timed = asked_again().with_column("timeline", Kind::Flag, flags(&[(4, false)])).read().unwrap();
    assert_eq!(marks(&timed), [(3, false, true), (6, false, true), (9, true, false)]);
}

#[test]
fn a_question_is_scored_once() {
    let twice = asked_again().with_column("headline", Kind::Flag, flags(&[(4, true), (6, true)]));
    assert_eq!(
        twice.refusal(),
        "row 6, column `headline`: is true, as in row 4 for the same question of the episode; score a question once"
    );
    let never = flags(&[(4, false), (5, false), (6, false), (7, false)]);
    assert_eq!(
        asked_again().with_column("headline", Kind::Flag, never).refusal(),
        "no row asks a question for the headline in split test; a probe needs train, validation and test"
    );
}

#[test]
fn a_step_has_one_belief_whatever_is_asked_there() {
    let refusal = asked_again().with(7, "step", Cell::Whole(3)).with(7, "question", Cell::Whole(1)).refusal();
    assert!(refusal.starts_with("row 7, column `belief`: differs from row 6"), "{refusal}");
    let shared = asked_again().with(7, "step", Cell::Whole(3)).with(7, "question", Cell::Whole(1));
    let stored = shared.with(7, "belief", numbers(&[0.0; 3])).read().unwrap();
    assert_eq!(stored.episodes.iter().find(|episode| episode.episode == 2).unwrap().beliefs.len(), 2);
}
