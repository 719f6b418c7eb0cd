//! Rooms sampled for counting what they hold.

use std::thread;

use groundling_interface::derive_seed;
use groundling_room::{RoomConfig, RoomError, RoomSpec, WorldFacts};

/// The facts of `num_rooms` rooms as placed, none of them the room of an episode that anyone plays: their seeds are
/// derived under a name of their own. Sampled on all cores; which they are does not depend on how many there are.
pub(crate) fn sample(config: &RoomConfig, num_rooms: usize, seed: u64) -> Result<Vec<WorldFacts>, RoomError> {
    let room = |index: usize| -> Result<WorldFacts, RoomError> {
        let spec = RoomSpec::sample(config, derive_seed(seed, "question census", &[index as u64]))?;
        Ok(WorldFacts::as_placed(&spec, config.near_distance))
    };
    let num_threads = thread::available_parallelism().map_or(1, usize::from).min(num_rooms.max(1));
    let share = num_rooms.div_ceil(num_threads);
    thread::scope(|scope| {
        let shares: Vec<_> = (0..num_threads)
            .map(|thread| {
                let indices = thread * share..((thread + 1) * share).min(num_rooms);
                scope.spawn(move || indices.map(room).collect::<Result<Vec<_>, _>>())
            })
            .collect();
        let mut rooms = Vec::with_capacity(num_rooms);
        for share in shares {
            rooms.extend(share.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(rooms)
    })
}
