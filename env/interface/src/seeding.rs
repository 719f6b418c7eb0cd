//! Every generator is derived from a seed by name and indices, so that none depends on what another has drawn.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

fn hash(seed: u64, name: &str, indices: &[u64]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_le_bytes());
    hasher.update((name.len() as u64).to_le_bytes());
    hasher.update(name.as_bytes());
    for index in indices {
        hasher.update(index.to_le_bytes());
    }
    hasher.finalize().into()
}

/// The generator that `(seed, name, indices)` names.
pub fn derive(seed: u64, name: &str, indices: &[u64]) -> ChaCha8Rng {
    ChaCha8Rng::from_seed(hash(seed, name, indices))
}

/// The seed that `(seed, name, indices)` names, for things that take a `u64` such as an episode.
pub fn derive_seed(seed: u64, name: &str, indices: &[u64]) -> u64 {
    let bytes = hash(seed, name, indices);
    u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn names_and_indices_separate_generators() {
        let draw = |name: &str, indices: &[u64]| derive(7, name, indices).next_u64();
        assert_eq!(draw("room", &[1, 2]), draw("room", &[1, 2]));
        let others = [draw("room", &[2, 1]), draw("rooms", &[1, 2]), draw("room", &[1]), draw("room", &[1, 2, 0])];
        for other in others {
            assert_ne!(draw("room", &[1, 2]), other);
        }
        assert_ne!(derive_seed(7, "room", &[]), derive_seed(8, "room", &[]));
    }
}
