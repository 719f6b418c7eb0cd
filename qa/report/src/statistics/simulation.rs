//! Made-up answers whose true accuracy is known, for the tests of intervals and p-values.

use groundling_interface::derive;
use rand::Rng;

use super::distribution::normal_p_value;
use crate::outcome::Outcome;

/// Where the spread of answers comes from; a question is answered right where the sum of all is above 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct World {
    pub(super) num_seeds: u64,
    pub(super) num_episodes: u64,
    /// Questions of each template in an episode.
    pub(super) num_questions: u32,
    /// Mean of each template.
    pub(super) means: &'static [f64],
    /// Right answers, each asked for twice as often as the next, and in half of the rooms' questions the room's own.
    pub(super) num_answers: u16,
    /// What each further right answer adds to the mean.
    pub(super) of_answers: f64,
    /// Standard deviation between seeds.
    pub(super) of_seeds: f64,
    /// Standard deviation between rooms, the same for every seed.
    pub(super) of_rooms: f64,
    /// Standard deviation between the rooms of a seed.
    pub(super) of_both: f64,
}

impl World {
    /// Mean over templates of the true balanced accuracy; with one right answer, of the true accuracy.
    pub(super) fn truth(&self) -> f64 {
        let shift = |answer: u16| self.of_answers * f64::from(answer);
        let of_template =
            |mean: &f64| (0..self.num_answers).map(|answer| self.share(mean + shift(answer))).sum::<f64>();
        let sum = self.means.iter().map(of_template).sum::<f64>();
        sum / (self.means.len() * usize::from(self.num_answers)) as f64
    }

    fn share(&self, mean: f64) -> f64 {
        let spread = (1.0 + self.of_seeds.powi(2) + self.of_rooms.powi(2) + self.of_both.powi(2)).sqrt();
        let above = normal_p_value(mean / spread) / 2.0;
        if mean > 0.0 { 1.0 - above } else { above }
    }

    /// The answers of each seed of a row called `row`: rows of one repetition share their rooms.
    pub(super) fn answers(&self, repetition: u64, row: &str) -> Vec<Vec<Outcome>> {
        let mut of_rooms = derive(5, "test/rooms", &[repetition]);
        let rooms: Vec<f64> = (0..self.num_episodes).map(|_| normal(&mut of_rooms)).collect();
        // The same questions for all rows.
        let answers = self.right_answers(repetition);
        let one_seed = |seed: u64| {
            let mut generator = derive(5, row, &[repetition, seed]);
            let mut draw = || normal(&mut generator);
            let ability = self.of_seeds * draw();
            let mut outcomes = Vec::new();
            let mut answers = answers.iter().copied();
            for (episode, room) in (0..).zip(&rooms) {
                let level = ability + self.of_rooms * room + self.of_both * draw();
                for (template, mean) in (0..).zip(self.means) {
                    for number in 0..self.num_questions {
                        let answer = answers.next().unwrap_or_default();
                        let is_right = mean + self.of_answers * f64::from(answer) + level + draw() > 0.0;
                        outcomes.push(Outcome {
                            template,
                            episode,
                            question: u32::from(template) * self.num_questions + number,
                            answer,
                            predicted: if is_right { answer } else { answer + 1 },
                            ..Outcome::default()
                        });
                    }
                }
            }
            outcomes
        };
        (0..self.num_seeds).map(one_seed).collect()
    }

    /// The right answer of every question, in the order in which they are asked.
    fn right_answers(&self, repetition: u64) -> Vec<u16> {
        let mut generator = derive(5, "test/answers", &[repetition]);
        let last = self.num_answers - 1;
        let num_of_room = self.means.len() * self.num_questions as usize;
        let mut answers = Vec::new();
        for _ in 0..self.num_episodes {
            let of_room = (generator.next_u32().trailing_zeros() as u16).min(last);
            answers.extend((0..num_of_room).map(|_| {
                let bits = generator.next_u32();
                if bits.is_multiple_of(2) { of_room } else { ((bits >> 1).trailing_zeros() as u16).min(last) }
            }));
        }
        answers
    }
}

/// A normal number by the method of Box and Muller.
fn normal(generator: &mut impl Rng) -> f64 {
    let mut uniform = || (f64::from(generator.next_u32()) + 0.5) / 4_294_967_296.0;
    (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
}
