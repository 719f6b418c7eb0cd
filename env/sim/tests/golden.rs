//! Promised: the way of a body is the same bits on every machine. Held by digests that were written down once; a change
//! here means that every recording made before no longer replays.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::derive;
use groundling_room::{Layout, RoomConfig};
use groundling_sim::{Act, ControlConfig, World, WorldConfig};
use rand::RngExt;
use sha2::{Digest, Sha256};

fn digest(config: WorldConfig, seed: u64) -> String {
    let mut world = World::new(config, seed).unwrap();
    let mut rng = derive(seed, "golden", &[]);
    let mut hash = Sha256::new();
    for _ in 0..500 {
        let reward = world.act(Act::EXPLORE[rng.random_range(0..Act::EXPLORE.len())]);
        let body = world.body();
        for number in [body.position.x, body.position.z, body.yaw, body.pitch, reward] {
            hash.update(number.to_bits().to_le_bytes());
        }
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn bodies_go_the_way_they_always_went() {
    let fast = ControlConfig { move_speed: 6.0, rate_hz: 20, ..ControlConfig::default() };
    let room = RoomConfig { side: [7.0, 8.0], num_objects: [10, 10], layout: Layout::Any, ..RoomConfig::default() };
    let crowd = WorldConfig { room, control: fast, ..WorldConfig::default() };
    let found = [digest(WorldConfig::default(), 1), digest(WorldConfig::default(), 2), digest(crowd, 3)];
    assert_eq!(found, ["295a8993744ff022", "7e45eb6e33bf6267", "6fe5f78f24561ea9"]);
}
