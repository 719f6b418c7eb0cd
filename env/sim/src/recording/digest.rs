//! A short name of all that an agent is given at one step.

use std::fmt;

use groundling_interface::{StepKind, TimeStep};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The first 64 bits of the SHA-256 of a step's kind, reward and picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDigest(pub u64);

impl StepDigest {
    /// The digest of `step`.
    pub fn of(step: &TimeStep) -> Self {
        let kind = match step.kind {
            StepKind::First => 0_u8,
            StepKind::Mid => 1,
            StepKind::Terminated => 2,
            StepKind::Truncated => 3,
        };
        let hash = Sha256::new()
            .chain_update([kind])
            .chain_update(step.observation.last_reward.to_le_bytes())
            .chain_update(&step.observation.rgb)
            .finalize();
        Self(hash.iter().take(8).fold(0, |bits, &byte| bits << 8 | u64::from(byte)))
    }
}

impl fmt::Display for StepDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
