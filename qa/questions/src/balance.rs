//! Which of a room's candidates is asked, so that every answer of a template is equally likely.
//!
//! Rooms do not offer answers equally: with five objects in ten colours, "none" is the answer to most counts. Two
//! things are found from a sample of rooms. *Preferences*: when a room offers several answers, one is chosen with
//! probability proportional to its preference, which is raised until the answers are chosen equally often, as far as
//! the rooms allow. *Acceptances*: what is chosen too often all the same is asked only with some probability, and
//! otherwise nothing is asked. Acceptances alone make the balance; preferences keep them high.

use std::collections::BTreeMap;

use rand::{Rng, RngExt};

use crate::template::Candidate;
use crate::word::Word;

/// Preferences are fitted by this many rounds of proportional fitting; the fit is within one per cent long before.
const ROUNDS: usize = 40;

/// What is made equally likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Balanced {
    /// The answers over all questions of the template. Enough where rooms treat the arguments alike, and the only
    /// choice where there are too many pairs of argument and answer to count.
    Overall,
    /// The answers to each wording of the question, and so over all of them too.
    GivenArguments,
}

/// How the questions of one template are chosen.
#[derive(Debug, Clone)]
pub(crate) struct Balance {
    preferences: BTreeMap<Word, f64>,
    acceptances: BTreeMap<(Vec<Word>, Word), f64>,
    asked_share: f64,
}

/// One template's candidates in the rooms of the census, as numbers.
struct Offers {
    answers: Vec<Word>,
    arguments: Vec<Vec<Word>>,
    /// For each room its candidates as (argument, answer).
    rooms: Vec<Vec<(usize, usize)>>,
}

impl Offers {
    fn count(rooms: impl Iterator<Item = Vec<Candidate>>) -> Self {
        let mut answers = BTreeMap::new();
        let mut arguments = BTreeMap::new();
        let rooms = rooms.map(|candidates| {
            let number = |candidate: Candidate| {
                let (next_argument, next_answer) = (arguments.len(), answers.len());
                let argument = *arguments.entry(candidate.arguments).or_insert(next_argument);
                (argument, *answers.entry(candidate.answer).or_insert(next_answer))
            };
            candidates.into_iter().map(number).collect()
        });
        let rooms = rooms.collect();
        Self { answers: in_order_of_numbers(answers), arguments: in_order_of_numbers(arguments), rooms }
    }

    /// Number of rooms in which each answer can be asked for.
    fn available(&self) -> Vec<usize> {
        let mut available = vec![0; self.answers.len()];
        let mut last_room = vec![usize::MAX; self.answers.len()];
        for (index, room) in self.rooms.iter().enumerate() {
            for &(_, answer) in room {
                if last_room[answer] != index {
                    last_room[answer] = index;
                    available[answer] += 1;
                }
            }
        }
        available
    }

    /// How often each pair of argument and answer is chosen with these preferences, in expectation over the rooms.
    fn chosen(&self, preferences: &[f64]) -> Vec<Vec<f64>> {
        let mut chosen = vec![vec![0.0; self.answers.len()]; self.arguments.len()];
        let mut multiplicity = vec![0.0; self.answers.len()];
        for room in &self.rooms {
            let mut sum = 0.0;
            for &(_, answer) in room {
                if multiplicity[answer] == 0.0 {
                    sum += preferences[answer];
                }
                multiplicity[answer] += 1.0;
            }
            if sum > 0.0 {
                for &(argument, answer) in room {
                    chosen[argument][answer] += preferences[answer] / sum / multiplicity[answer];
                }
            }
            room.iter().for_each(|&(_, answer)| multiplicity[answer] = 0.0);
        }
        chosen
    }

    /// Preferences under which the kept answers are chosen as equally often as the rooms allow; 0 for the others.
    fn fit_preferences(&self, keep: &[bool]) -> Vec<f64> {
        let mut preferences: Vec<f64> = keep.iter().map(|&kept| if kept { 1.0 } else { 0.0 }).collect();
        for _ in 0..ROUNDS {
            let totals = answer_totals(&self.chosen(&preferences), self.answers.len());
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
}

impl Balance {
    /// Counts `rooms`, each given as the template's candidates in it. Answers rarer than `rare` times the commonest
    /// one are dropped.
    pub(crate) fn of(balanced: Balanced, rooms: impl Iterator<Item = Vec<Candidate>>, rare: f64) -> Self {
        let offers = Offers::count(rooms);
        let available = offers.available();
        let threshold = rare * available.iter().copied().max().unwrap_or(0) as f64;
        let keep: Vec<bool> = available.iter().map(|&count| count as f64 >= threshold).collect();
        let preferences = offers.fit_preferences(&keep);
        let chosen = offers.chosen(&preferences);
        let totals = answer_totals(&chosen, keep.len());
        let rarest_total = smallest(&totals, &keep);

        let mut acceptances = BTreeMap::new();
        let mut asked = 0.0;
        for (argument, counts) in offers.arguments.iter().zip(&chosen) {
            let rarest = smallest(counts, &keep);
            for (index, &answer) in offers.answers.iter().enumerate() {
                let acceptance = match balanced {
                    Balanced::Overall => rarest_total / totals[index],
                    Balanced::GivenArguments => rarest / counts[index],
                };
                if keep[index] && counts[index] > 0.0 && acceptance > 0.0 {
                    asked += acceptance * counts[index];
                    acceptances.insert((argument.clone(), answer), acceptance);
                }
            }
        }
        let kept = offers.answers.into_iter().zip(preferences).filter(|(_, preference)| *preference > 0.0);
        let asked_share = asked / offers.rooms.len().max(1) as f64;
        Self { preferences: kept.collect(), acceptances, asked_share }
    }

    /// The answers that are asked for.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Word> {
        self.preferences.keys().copied()
    }

    /// Expected share of draws that ask something.
    pub(crate) fn asked_share(&self) -> f64 {
        self.asked_share
    }

    /// One of the candidates, or none.
    pub(crate) fn choose<'a>(&self, candidates: &'a [Candidate], generator: &mut impl Rng) -> Option<&'a Candidate> {
        let mut by_answer: BTreeMap<Word, Vec<&Candidate>> = BTreeMap::new();
        for candidate in candidates {
            if self.preferences.contains_key(&candidate.answer) {
                by_answer.entry(candidate.answer).or_default().push(candidate);
            }
        }
        let weight = |answer: &Word| self.preferences.get(answer).copied().unwrap_or(0.0);
        let mut left = generator.random::<f64>() * by_answer.keys().map(weight).sum::<f64>();
        let acceptance_draw = generator.random::<f64>();
        let mut offered = None;
        for (answer, candidates) in by_answer {
            left -= weight(&answer);
            offered = Some(candidates);
            if left < 0.0 {
                break;
            }
        }
        let offered = offered?;
        let chosen = *offered.get(generator.random_range(0..offered.len()))?;
        let acceptance = self.acceptances.get(&(chosen.arguments.clone(), chosen.answer)).copied().unwrap_or(0.0);
        (acceptance_draw < acceptance).then_some(chosen)
    }

    /// Asks any candidate, each as likely as another: what questions would be without balance.
    #[cfg(test)]
    pub(crate) fn choose_unbalanced<'a>(
        candidates: &'a [Candidate],
        generator: &mut impl Rng,
    ) -> Option<&'a Candidate> {
        candidates.get(generator.random_range(0..candidates.len().max(1)))
    }
}

fn in_order_of_numbers<K>(numbers: BTreeMap<K, usize>) -> Vec<K> {
    let mut pairs: Vec<(K, usize)> = numbers.into_iter().collect();
    pairs.sort_by_key(|(_, number)| *number);
    pairs.into_iter().map(|(key, _)| key).collect()
}

fn answer_totals(chosen: &[Vec<f64>], num_answers: usize) -> Vec<f64> {
    (0..num_answers).map(|answer| chosen.iter().map(|counts| counts[answer]).sum()).collect()
}

/// The smallest of the kept counts.
fn smallest(counts: &[f64], keep: &[bool]) -> f64 {
    let kept = counts.iter().zip(keep).filter(|(_, keep)| **keep);
    kept.map(|(count, _)| *count).fold(f64::INFINITY, f64::min)
}
