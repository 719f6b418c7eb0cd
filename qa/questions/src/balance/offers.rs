//! What rooms offer of one template, counted.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::template::Candidate;
use crate::word::Word;

/// Preferences are fitted by this many rounds of proportional fitting; the fit is within one per cent long before.
const ROUNDS: usize = 40;

/// An answer that can be had by a telling question counts as much as this many that cannot.
const TELLING: f64 = 32.0;

/// Candidates counted at most. Enough for any balance; pairs of fifty shapes reach it after some thousand rooms.
const CANDIDATES: usize = 1_000_000;

/// One answer's candidates in one room: the telling ones alone, if there are any.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    pub(super) answer: usize,
    pub(super) candidates: Vec<&'a Candidate>,
    is_telling: bool,
}

impl<'a> Choice<'a> {
    /// The choices that a room's candidates give, in the order of `answers`, which ascend.
    pub(super) fn all(candidates: &'a [Candidate], answers: &[Word]) -> impl Iterator<Item = Self> {
        let mut found: BTreeMap<usize, Self> = BTreeMap::new();
        for candidate in candidates {
            let Ok(answer) = answers.binary_search(&candidate.answer) else { continue };
            let none = || Choice { answer, candidates: Vec::new(), is_telling: candidate.is_telling };
            let choice = found.entry(answer).or_insert_with(none);
            if candidate.is_telling && !choice.is_telling {
                choice.candidates.clear();
                choice.is_telling = true;
            }
            if candidate.is_telling == choice.is_telling {
                choice.candidates.push(candidate);
            }
        }
        found.into_values()
    }

    /// How likely it is chosen, relative to the room's others.
    pub(super) fn weight(&self, preferences: &[f64]) -> f64 {
        weight(preferences, self.answer, self.is_telling)
    }
}

fn weight(preferences: &[f64], answer: usize, is_telling: bool) -> f64 {
    preferences[answer] * if is_telling { TELLING } else { 1.0 }
}

/// One template's candidates in the rooms of the census, as numbers.
pub(super) struct Offers {
    num_answers: usize,
    pub(super) arguments: Vec<Vec<Word>>,
    /// Each room's groups.
    rooms: Vec<Range<usize>>,
    groups: Vec<Group>,
    /// Numbers of arguments.
    members: Vec<usize>,
}

/// A [`Choice`], as numbers.
struct Group {
    answer: usize,
    is_telling: bool,
    members: Range<usize>,
}

/// A choice, and how likely it is made in its room.
pub(super) struct Chosen<'a> {
    pub(super) answer: usize,
    pub(super) is_telling: bool,
    /// Arguments of its candidates, as numbers; each is as likely as another.
    pub(super) arguments: &'a [usize],
    /// Of each candidate.
    pub(super) probability: f64,
}

impl Offers {
    /// Counts rooms until there are no more, or until enough candidates were counted.
    pub(super) fn count(rooms: impl Iterator<Item = Vec<Candidate>>, answers: &[Word]) -> Self {
        let mut numbers: HashMap<Vec<Word>, usize> = HashMap::new();
        let (mut ends, mut groups, mut members) = (Vec::new(), Vec::new(), Vec::new());
        let mut num_candidates = 0;
        for candidates in rooms {
            let first = groups.len();
            for choice in Choice::all(&candidates, answers) {
                let start = members.len();
                for candidate in &choice.candidates {
                    let next = numbers.len();
                    let number = match numbers.get(&candidate.arguments) {
                        Some(number) => *number,
                        None => *numbers.entry(candidate.arguments.clone()).or_insert(next),
                    };
                    members.push(number);
                }
                let Choice { answer, is_telling, .. } = choice;
                groups.push(Group { answer, is_telling, members: start..members.len() });
            }
            ends.push(first..groups.len());
            num_candidates += candidates.len();
            if num_candidates >= CANDIDATES {
                break;
            }
        }
        let mut arguments: Vec<(Vec<Word>, usize)> = numbers.into_iter().collect();
        arguments.sort_by_key(|(_, number)| *number);
        let arguments = arguments.into_iter().map(|(words, _)| words).collect();
        Self { num_answers: answers.len(), arguments, rooms: ends, groups, members }
    }

    pub(super) fn num_rooms(&self) -> usize {
        self.rooms.len()
    }

    /// Which answers can be asked for in at least `rare` times as many rooms as the commonest one.
    pub(super) fn common_answers(&self, rare: f64) -> Vec<bool> {
        let mut available = vec![0usize; self.num_answers];
        self.groups.iter().for_each(|group| available[group.answer] += 1);
        let threshold = rare * available.iter().copied().max().unwrap_or(0) as f64;
        available.into_iter().map(|count| count > 0 && count as f64 >= threshold).collect()
    }

    /// Preferences under which the kept answers are chosen as equally often as the rooms allow; 0 for the others.
    pub(super) fn fit_preferences(&self, keep: &[bool]) -> Vec<f64> {
        let mut preferences: Vec<f64> = keep.iter().map(|&kept| if kept { 1.0 } else { 0.0 }).collect();
        for _ in 0..ROUNDS {
            let mut totals = vec![0.0; self.num_answers];
            self.for_each_chosen(&preferences, |chosen| {
                totals[chosen.answer] += chosen.probability * chosen.arguments.len() as f64;
            });
            for (preference, total) in preferences.iter_mut().zip(totals) {
                if *preference > 0.0 && total > 0.0 {
                    *preference /= total;
                }
            }
            let largest = preferences.iter().copied().fold(0.0, f64::max);
            preferences.iter_mut().filter(|p| **p > 0.0).for_each(|p| *p = (*p / largest).max(1e-9));
        }
        preferences
    }

    /// Every choice that is made with these preferences with a chance above 0, room by room.
    pub(super) fn for_each_chosen(&self, preferences: &[f64], mut visit: impl FnMut(Chosen<'_>)) {
        for room in &self.rooms {
            let groups = &self.groups[room.clone()];
            let weight = |group: &Group| weight(preferences, group.answer, group.is_telling);
            let sum: f64 = groups.iter().map(weight).sum();
            for group in groups.iter().filter(|group| weight(group) > 0.0) {
                let arguments = &self.members[group.members.clone()];
                let probability = weight(group) / sum / arguments.len() as f64;
                visit(Chosen { answer: group.answer, is_telling: group.is_telling, arguments, probability });
            }
        }
    }
}
