//! Which of a room's candidates is asked, so that every answer of a template is equally likely, whatever the words of
//! the question.
//!
//! Rooms do not offer answers equally: with five objects in ten colours, "none" is the answer to most counts. Two
//! things are found from a sample of rooms. *Preferences*: when a room offers several answers, one is chosen with
//! probability proportional to its preference, which is raised until the answers are chosen equally often, as far as
//! the rooms allow. *Acceptances*: what is chosen too often all the same, over all questions or among those with the
//! same words, is asked only with some probability, and otherwise nothing is asked. Acceptances alone make the balance;
//! preferences keep them high.

mod acceptances;
mod margin;
mod offers;

use rand::{Rng, RngExt};

use self::acceptances::Acceptances;
use self::offers::{Choice, Offers};
use crate::template::Candidate;
use crate::word::Word;

/// What is made equally likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Balanced {
    /// The answers over all questions of a template, whatever their words.
    Overall,
    /// The answers over all questions, given each word, and given all words.
    GivenWords,
}

/// How the questions of one template are chosen.
#[derive(Debug, Clone)]
pub(crate) struct Balance {
    /// Every answer the template can have, ascending.
    answers: Vec<Word>,
    /// How much each is preferred; 0 for those that are not asked for.
    preferences: Vec<f64>,
    acceptances: Acceptances,
    /// Whether each is ever asked for.
    is_asked: Vec<bool>,
    chance: f64,
    asked_share: f64,
    telling_share: f64,
}

impl Balance {
    /// Counts `rooms`, each given as the template's candidates in it. Answers rarer than `rare` times the commonest
    /// one are dropped; where fewer than two are left, nothing is asked.
    pub(crate) fn of(
        balanced: Balanced,
        mut answers: Vec<Word>,
        rooms: impl Iterator<Item = Vec<Candidate>>,
        rare: f64,
    ) -> Self {
        answers.sort_unstable();
        answers.dedup();
        let offers = Offers::count(rooms, &answers);
        let mut keep = offers.common_answers(rare);
        if keep.iter().filter(|kept| **kept).count() < 2 {
            keep.fill(false);
        }
        let preferences = offers.fit_preferences(&keep);
        let acceptances = Acceptances::fit(balanced, &offers, &preferences);
        let (mut asked, mut telling, mut guessed) = (0.0, 0.0, 0.0);
        let mut is_asked = vec![false; answers.len()];
        offers.for_each_chosen(&preferences, |chosen| {
            for &argument in chosen.arguments {
                let words = &offers.arguments[argument];
                let share = chosen.probability * acceptances.of(words, chosen.answer);
                asked += share;
                is_asked[chosen.answer] |= share > 0.0;
                guessed += share / acceptances.num_possible(words).max(1) as f64;
                telling += if chosen.is_telling { share } else { 0.0 };
            }
        });
        let asked_share = asked / offers.num_rooms().max(1) as f64;
        let of_asked = |sum: f64| if asked > 0.0 { sum / asked } else { 0.0 };
        let (chance, telling_share) = (of_asked(guessed), of_asked(telling));
        Self { answers, preferences, acceptances, is_asked, chance, asked_share, telling_share }
    }

    /// The answers that are asked for.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Word> {
        self.answers.iter().zip(&self.is_asked).filter(|(_, is_asked)| **is_asked).map(|(answer, _)| *answer)
    }

    /// Expected accuracy of a uniform guess among the answers that the words of a question allow.
    pub(crate) fn chance(&self) -> f64 {
        self.chance
    }

    /// Expected share of draws that ask something.
    pub(crate) fn asked_share(&self) -> f64 {
        self.asked_share
    }

    /// Expected share of telling questions among those asked.
    pub(crate) fn telling_share(&self) -> f64 {
        self.telling_share
    }

    /// One of the candidates, or none.
    pub(crate) fn choose<'a>(&self, candidates: &'a [Candidate], generator: &mut impl Rng) -> Option<&'a Candidate> {
        let choices: Vec<Choice<'a>> = Choice::all(candidates, &self.answers).collect();
        let weight = |choice: &Choice<'_>| choice.weight(&self.preferences);
        let mut left = generator.random::<f64>() * choices.iter().map(weight).sum::<f64>();
        let acceptance_draw = generator.random::<f64>();
        let mut offered = None;
        for choice in choices.iter().filter(|choice| weight(choice) > 0.0) {
            left -= weight(choice);
            offered = Some(choice);
            if left < 0.0 {
                break;
            }
        }
        let Choice { answer, candidates, .. } = offered?;
        let chosen = *candidates.get(generator.random_range(0..candidates.len()))?;
        (acceptance_draw < self.acceptances.of(&chosen.arguments, *answer)).then_some(chosen)
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
