//! Rooms sampled for counting what they hold.

use groundling_interface::derive_seed;
use groundling_room::{RoomConfig, RoomError, RoomSpec, WorldFacts};

/// The facts of `num_rooms` rooms as placed, none of them the room of an episode that anyone plays: their seeds are derived
/// under a name of their own.
pub(crate) fn sample(config: &RoomConfig, num_rooms: usize, seed: u64) -> Result<Vec<WorldFacts>, RoomError> {
    let room = |index: usize| {
        let spec = RoomSpec::sample(config, derive_seed(seed, "question census", &[index as u64]))?;
        Ok(WorldFacts::as_placed(&spec, config.near_distance))
    };
    (0..num_rooms).map(room).collect()
}
