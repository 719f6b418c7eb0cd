//! What a question set is made from.

use groundling_interface::{InvalidSetting, derive_seed};
use groundling_room::{RoomConfig, RoomError, RoomSpec, WorldFacts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SetQuestion;
use crate::config::QuestionConfig;
use crate::maker::{QuestionMaker, QuestionMakerError};
use crate::split_part::SplitPart;

/// A set is made in memory, about 10 kB a room.
const MOST_ROOMS: u64 = 1_000_000;

/// Settings and seeds that name a question set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionSetSource {
    /// The part of an evaluation that is made of these rooms.
    pub part: SplitPart,
    /// Number of rooms, within 1 to 1,000,000. A room of which nothing is asked counts.
    pub num_rooms: u64,
    /// The rooms' seeds are derived from it: number `i` is `derive_seed(room_seed, "episode", [i])`.
    pub room_seed: u64,
    /// The seed of the [`QuestionMaker`].
    pub question_seed: u64,
    /// What rooms are drawn from.
    pub room: RoomConfig,
    /// What is asked; of each template `last_step_draws` times a room.
    pub questions: QuestionConfig,
}

impl QuestionSetSource {
    /// The maker of its questions; counting the rooms takes a moment.
    pub fn maker(&self) -> Result<QuestionMaker, QuestionMakerError> {
        QuestionMaker::new(&self.room, &self.questions, self.question_seed)
    }

    /// Checks every setting.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        let fits = (1..=MOST_ROOMS).contains(&self.num_rooms);
        InvalidSetting::unless(fits, "num_rooms", self.num_rooms, "must lie between 1 and 1000000")?;
        self.room.validate()?;
        self.questions.validate()
    }

    /// The seed of room `index`.
    pub fn seed_of(&self, index: u64) -> u64 {
        derive_seed(self.room_seed, "episode", &[index])
    }

    /// Room `index`.
    pub fn room(&self, index: u64) -> Result<RoomSpec, RoomError> {
        RoomSpec::sample(&self.room, self.seed_of(index))
    }

    pub(crate) fn facts(&self, spec: &RoomSpec) -> WorldFacts {
        WorldFacts::as_placed(spec, self.room.near_distance)
    }

    /// The questions of room `index`, whose facts these are.
    pub(super) fn ask(&self, maker: &QuestionMaker, index: u64, facts: &WorldFacts) -> Vec<SetQuestion> {
        let questions = maker.ask(facts, self.questions.last_step_draws);
        let numbered = (0..).zip(&questions);
        numbered
            .map(|(number, question)| SetQuestion::new(index, number, question, maker.vocabulary(), facts))
            .collect()
    }

    /// The first setting in which `other` differs, with both values: "room.near_distance is 1.0, not 2.0".
    pub fn difference(&self, other: &QuestionSetSource) -> Option<String> {
        // Plain numbers and names always have a JSON value.
        let [here, there] = [self, other].map(|source| serde_json::to_value(source).unwrap_or(Value::Null));
        difference("", &here, &there)
    }
}

fn difference(key: &str, here: &Value, there: &Value) -> Option<String> {
    match (here, there) {
        (Value::Object(here), Value::Object(there)) => here.iter().find_map(|(name, value)| {
            let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            difference(&key, value, there.get(name).unwrap_or(&Value::Null))
        }),
        _ if here == there => None,
        _ => Some(format!("{key} is {here}, not {there}")),
    }
}
