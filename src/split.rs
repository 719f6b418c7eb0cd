//! The parts of an evaluation, and the rooms of each.

use groundling_questions::QuestionSetSource;
pub use groundling_questions::SplitPart;
use groundling_room::{HeldOut, RoomConfig};
use groundling_sim::WorldConfig;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::examples::{question_seed, split_seed};

/// Which rooms a probe is scored on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Rooms drawn as those of the training are, with other seeds.
    #[default]
    Random,
    /// Rooms that each hold an object of a held-out pair, and only questions that involve one; the shape and the colour
    /// were each trained on, never together.
    Compositional,
}

impl Config {
    /// The rooms of a part: held-out pairs are absent but from the test of a compositional split, where every room has
    /// one.
    pub fn room_of(&self, part: SplitPart) -> RoomConfig {
        let held_out = match (self.evaluation.split, part) {
            (Split::Compositional, SplitPart::Test) => HeldOut::Present,
            _ => HeldOut::Absent,
        };
        RoomConfig { held_out, ..self.room.clone() }
    }

    /// The sections a world of a part is made from.
    pub fn world_of(&self, part: SplitPart) -> WorldConfig {
        WorldConfig { room: self.room_of(part), ..self.world() }
    }

    /// The rooms and questions of a part, with the seeds of an evaluation: the first rooms of a set are those of the first
    /// episodes that are played, and its questions those that are asked of them as they were placed.
    pub fn question_set_source(&self, part: SplitPart, num_rooms: u64) -> QuestionSetSource {
        QuestionSetSource {
            part,
            num_rooms,
            room_seed: split_seed(self, part),
            question_seed: question_seed(self),
            room: self.room_of(part),
            questions: self.questions.clone(),
        }
    }

    /// How many episodes of a part an evaluation plays.
    pub fn num_episodes(&self, part: SplitPart) -> u64 {
        let evaluation = &self.evaluation;
        let num_episodes = match part {
            SplitPart::Train => evaluation.train_episodes,
            SplitPart::Validation => evaluation.validation_episodes,
            SplitPart::Test => evaluation.test_episodes,
        };
        num_episodes as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(settings: &[&str]) -> Config {
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        Config::from_settings(&settings).unwrap()
    }

    #[test]
    fn held_out_pairs_are_present_in_a_compositional_test_only() {
        let held_out = |config: &Config| SplitPart::ALL.map(|part| config.room_of(part).held_out);
        let random = config(&["room.held_out_share=0.1"]);
        assert_eq!(held_out(&random), [HeldOut::Absent; 3]);
        let compositional = config(&["room.held_out_share=0.1", "evaluation.split=compositional"]);
        assert_eq!(held_out(&compositional), [HeldOut::Absent, HeldOut::Absent, HeldOut::Present]);
        for part in SplitPart::ALL {
            assert_eq!(compositional.world_of(part).room, compositional.room_of(part));
            compositional.world_of(part).validate().unwrap();
        }
        // Rooms that are made to be looked at do not become those of a measurement.
        let shown = config(&["room.held_out_share=0.1", "room.held_out=present"]);
        assert_eq!(held_out(&shown), [HeldOut::Absent; 3]);
    }
}
