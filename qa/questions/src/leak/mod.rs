//! Leaks: anything by which a test would ask about what was trained on. The check looks at the data themselves, the rooms
//! and the questions, and trusts no setting.
//!
//! Proven of the parts of an evaluation, given together with the episodes that an agent was trained in:
//! - no room seed occurs twice, neither in two parts, nor in a part and the agent's training;
//! - no two parts have a room of the same content, whatever its seed;
//! - where pairs of a shape and a colour are held out, no room of a part without them has such an object, and no question
//!   of it involves one, as object asked about, as landmark or by its answer;
//! - of a part that is made of held-out pairs, every room has one and every question involves one;
//! - each shape and each colour that a held-out pair is made of stands in some room of the part trained on.

mod error;
mod rooms;

use std::collections::{BTreeSet, HashMap};

use groundling_room::{Color, HeldOut, Shape};
use serde::Serialize;

pub use self::error::Leak;
pub use self::rooms::RoomRecord;
use crate::question_set::{QuestionSet, SetQuestion};
use crate::split_part::SplitPart;

/// A part of an evaluation, as it is checked.
#[derive(Debug, Clone, Copy)]
pub struct CheckedPart<'a> {
    /// What messages call it: a file, or the name of the part.
    pub name: &'a str,
    /// Its questions, and what they are made from.
    pub set: &'a QuestionSet,
    /// Its rooms, in their order.
    pub rooms: &'a [RoomRecord],
}

/// An episode in which an agent was trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainedEpisode {
    /// Seed of its room.
    pub seed: u64,
    /// Number of the place in which the agent was trained, among all that ran side by side.
    pub room: usize,
    /// Number of the episode in that place.
    pub episode: u64,
}

/// What a check without a finding has looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeakReport {
    /// Rooms of all parts.
    pub num_rooms: usize,
    /// Questions of all parts.
    pub num_questions: usize,
    /// Held-out pairs of a shape and a colour.
    pub num_held_out_pairs: usize,
}

/// Parts that leak nothing into each other.
#[derive(Debug, Clone)]
pub struct LeakFreeParts {
    /// The part and the number of the room of each seed.
    seeds: HashMap<u64, (String, usize)>,
    report: LeakReport,
}

/// Checks the parts, each against each. The first leak is the error.
pub fn check_leaks(parts: &[CheckedPart<'_>]) -> Result<LeakFreeParts, Leak> {
    let pairs = held_out_pairs(parts)?;
    let seeds = check_rooms(parts)?;
    for part in parts {
        check_pairs(part, &pairs)?;
    }
    if !pairs.is_empty() {
        check_words(parts, &pairs)?;
    }
    let report = LeakReport {
        num_rooms: seeds.len(),
        num_questions: parts.iter().map(|part| part.set.questions().len()).sum(),
        num_held_out_pairs: pairs.len(),
    };
    Ok(LeakFreeParts { seeds, report })
}

impl LeakFreeParts {
    /// Checks that an agent was trained in none of the rooms; `trained` are all its episodes, whose number is returned.
    pub fn check_training(&self, trained: impl Iterator<Item = TrainedEpisode>) -> Result<usize, Leak> {
        let mut num_trained = 0;
        for TrainedEpisode { seed, room: place, episode } in trained {
            num_trained += 1;
            if let Some((part, room)) = self.seeds.get(&seed) {
                return Err(Leak::TrainedEpisode { seed, part: part.clone(), room: *room, place, episode });
            }
        }
        Ok(num_trained)
    }

    /// What was looked at.
    pub fn report(&self) -> &LeakReport {
        &self.report
    }
}

/// The pairs that are held out, the same for all parts.
fn held_out_pairs(parts: &[CheckedPart<'_>]) -> Result<BTreeSet<(Shape, Color)>, Leak> {
    let mut all = parts.iter().map(|part| (part.name, part.set.source().room.held_out_pairs()));
    let Some((name, pairs)) = all.next() else { return Ok(BTreeSet::new()) };
    match all.find(|(_, other)| *other != pairs) {
        Some((other, _)) => Err(Leak::OtherPairs { part: name.into(), other: other.into() }),
        None => Ok(pairs),
    }
}

/// That no two rooms are one; where each seed is, as part and number.
fn check_rooms(parts: &[CheckedPart<'_>]) -> Result<HashMap<u64, (String, usize)>, Leak> {
    let mut seeds: HashMap<u64, (String, usize)> = HashMap::new();
    let mut contents: HashMap<[u8; 32], (&str, usize)> = HashMap::new();
    for part in parts {
        for (room, record) in part.rooms.iter().enumerate() {
            if let Some((other, other_room)) = seeds.insert(record.seed, (part.name.into(), room)) {
                let (part, seed) = (part.name.into(), record.seed);
                return Err(Leak::SameSeed { part, room, other, other_room, seed });
            }
            let (other, other_room) = *contents.entry(record.content).or_insert((part.name, room));
            // Two equal rooms of one part teach nothing about another.
            if other != part.name {
                return Err(Leak::SameRoom { part: part.name.into(), room, other: other.into(), other_room });
            }
        }
    }
    Ok(seeds)
}

fn check_pairs(part: &CheckedPart<'_>, pairs: &BTreeSet<(Shape, Color)>) -> Result<(), Leak> {
    let is_about_pairs = part.set.source().room.held_out == HeldOut::Present;
    for (room, record) in part.rooms.iter().enumerate() {
        match record.pairs.intersection(pairs).next() {
            Some(pair) if !is_about_pairs => {
                return Err(Leak::PairInRoom { part: part.name.into(), room, seed: record.seed, pair: words(*pair) });
            }
            None if is_about_pairs => {
                return Err(Leak::NoPairInRoom { part: part.name.into(), room, seed: record.seed });
            }
            _ => {}
        }
    }
    for (line, question) in (2..).zip(part.set.questions()) {
        let involved = involved(question);
        let found = pairs.iter().map(|pair| words(*pair)).find(|pair| involved.contains(pair));
        let (part, text) = (part.name.to_owned(), question.question.clone());
        match found {
            Some(pair) if !is_about_pairs => return Err(Leak::PairInQuestion { part, line, question: text, pair }),
            None if is_about_pairs => return Err(Leak::NoPairInQuestion { part, line, question: text }),
            _ => {}
        }
    }
    Ok(())
}

/// That each shape and each colour of a held-out pair was trained on.
fn check_words(parts: &[CheckedPart<'_>], pairs: &BTreeSet<(Shape, Color)>) -> Result<(), Leak> {
    for part in parts.iter().filter(|part| part.set.source().part == SplitPart::Train) {
        let met: BTreeSet<(Shape, Color)> = part.rooms.iter().flat_map(|room| room.pairs.iter().copied()).collect();
        for &(shape, color) in pairs {
            if !met.iter().any(|pair| pair.0 == shape) {
                return Err(Leak::NeverTrained { part: part.name.into(), word: shape.name().into() });
            }
            if !met.iter().any(|pair| pair.1 == color) {
                return Err(Leak::NeverTrained { part: part.name.into(), word: color.name().into() });
            }
        }
    }
    Ok(())
}

fn words((shape, color): (Shape, Color)) -> String {
    format!("{} {}", color.name(), shape.name())
}

/// The pairs that a question involves, by its own words: the objects of its evidence that it names (see
/// `Question::involved_pairs`), and the first thing it names together with its answer, so that neither hides the other.
fn involved(question: &SetQuestion) -> BTreeSet<String> {
    let is_named = |name: &String| question.arguments.contains(name);
    let evidence = question.evidence.iter().filter(|object| is_named(&object.shape) || is_named(&object.color));
    let mut pairs: BTreeSet<String> = evidence.map(|object| format!("{} {}", object.color, object.shape)).collect();
    if let Some(asked) = question.arguments.first() {
        let answer = &question.answer;
        pairs.insert(format!("{answer} {asked}"));
        pairs.insert(format!("{asked} {answer}"));
    }
    pairs
}
