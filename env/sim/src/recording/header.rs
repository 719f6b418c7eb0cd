//! The part of a recording that people can read, as JSON.

use serde::{Deserialize, Serialize};

use super::Recording;
use crate::config::WorldConfig;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) program: String,
    pub(super) agent: String,
    /// JSON's numbers are not safe above 2^53 in every reader, and so the seed is a string of digits.
    #[serde(with = "digits")]
    pub(super) episode_seed: u64,
    pub(super) config: WorldConfig,
}

/// Who wrote it; read first, so that the error about a setting that only another version knows can say so.
#[derive(Deserialize)]
struct Writer {
    program: String,
}

impl Header {
    pub(super) fn of(recording: &Recording) -> Self {
        Self {
            program: recording.program.clone(),
            agent: recording.agent.clone(),
            episode_seed: recording.episode_seed,
            config: recording.config.clone(),
        }
    }

    /// The error says what is wrong and which program wrote it.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, String> {
        let writer: Writer = serde_json::from_slice(bytes).map_err(|error| format!("its header: {error}"))?;
        let program = writer.program;
        serde_json::from_slice(bytes).map_err(|error| format!("its header, written by {program:?}: {error}"))
    }
}

mod digits {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
