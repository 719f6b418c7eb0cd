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
    /// Standard deviation between seeds.
    pub(super) of_seeds: f64,
    /// Standard deviation between rooms, the same for every seed.
    pub(super) of_rooms: f64,
    /// Standard deviation between the rooms of a seed.
    pub(super) of_both: f64,
}

impl World {
    /// Mean over templates of the true accuracy.
    pub(super) fn truth(&self) -> f64 {
        self.means.iter().map(|mean| self.share(*mean)).sum::<f64>() / self.means.len() as f64
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
        let one_seed = |seed: u64| {
            let mut generator = derive(5, row, &[repetition, seed]);
            let mut draw = || normal(&mut generator);
            let ability = self.of_seeds * draw();
            let mut outcomes = Vec::new();
            for (episode, room) in (0..).zip(&rooms) {
                let level = ability + self.of_rooms * room + self.of_both * draw();
                for (template, mean) in (0..).zip(self.means) {
                    for number in 0..self.num_questions {
                        let is_right = mean + level + draw() > 0.0;
                        outcomes.push(Outcome {
                            template,
                            episode,
                            question: u32::from(template) * self.num_questions + number,
                            predicted: u16::from(!is_right),
                            ..Outcome::default()
                        });
                    }
                }
            }
            outcomes
        };
        (0..self.num_seeds).map(one_seed).collect()
    }
}

/// A normal number by the method of Box and Muller.
fn normal(generator: &mut impl Rng) -> f64 {
    let mut uniform = || (f64::from(generator.next_u32()) + 0.5) / 4_294_967_296.0;
    (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
}
