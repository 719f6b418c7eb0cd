//! The parts of an evaluation, and the rooms of each.

use anyhow::Result;
use groundling_interface::derive_seed;
use groundling_questions::QuestionMaker;
use groundling_room::{HeldOut, RoomConfig};
use groundling_sim::WorldConfig;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::failure::wrong_input;

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

/// A part of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum SplitPart {
    /// What a probe learns from.
    Train,
    /// What ends its learning.
    Validation,
    /// What it is scored on, once.
    Test,
}

impl SplitPart {
    /// All parts, in their order of use.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// One plain word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
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

    /// Makes the questions of a part. The words are numbered alike in all parts, and so are the templates.
    ///
    /// Counting the rooms takes a moment; parts whose rooms are alike ([`Config::room_of`]) have equal makers.
    pub fn question_maker_of(&self, part: SplitPart) -> Result<QuestionMaker> {
        let seed = derive_seed(self.evaluation.seed, "questions", &[]);
        QuestionMaker::new(&self.room_of(part), &self.questions, seed).map_err(wrong_input)
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
