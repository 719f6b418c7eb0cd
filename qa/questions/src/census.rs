//! Rooms sampled for counting what they hold.

use groundling_interface::derive_seed;
use groundling_room::{ObjectFacts, RoomConfig, RoomError, RoomSpec};

/// The objects of `num_rooms` rooms, none of them the room of an episode that anyone plays: their seeds are derived
/// under a name of their own.
pub(crate) fn sample(config: &RoomConfig, num_rooms: usize, seed: u64) -> Result<Vec<Vec<ObjectFacts>>, RoomError> {
    let room = |index: usize| {
        let spec = RoomSpec::sample(config, derive_seed(seed, "question census", &[index as u64]))?;
        Ok(spec.objects.iter().map(ObjectFacts::as_placed).collect())
    };
    (0..num_rooms).map(room).collect()
}
