//! A probe as one file: safetensors, whose metadata hold the spec, the vocabulary and a checksum of the numbers.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Write;
use std::path::Path;

use groundling_nn::{NamedValues, ValuesError};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tch::Device;

use crate::error::SavedProbeError;
use crate::trainer::{ProbeSpec, ProbeTrainer};

const VERSION: u32 = 2;
const KEY: &str = "groundling-saved-probe";
const PARAMETERS: &str = "parameters.";
const OPTIMIZER: &str = "optimizer.";

#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    num_updates: u64,
    sha256: String,
    spec: ProbeSpec,
}

/// Read before the rest, so that a file of another version is not called damaged.
#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

impl ProbeTrainer {
    /// Writes the probe with the state of its optimiser, as a whole or not at all; what was there is replaced.
    pub fn save(&self, path: &Path) -> Result<(), SavedProbeError> {
        let unwritable = |source| SavedProbeError::Unwritable { path: path.to_owned(), source };
        let bytes = self.to_bytes().map_err(|reason| unwritable(std::io::Error::other(reason)))?;
        let beside = path.with_extension(format!("{}.part", std::process::id()));
        let written = write_synced(&beside, &bytes).and_then(|()| std::fs::rename(&beside, path));
        if written.is_err() {
            // The first error is the one to tell; a leftover that cannot be removed adds nothing to it.
            let _ = std::fs::remove_file(&beside);
        }
        written.map_err(unwritable)
    }

    /// Reads a probe back: the same answers, and training goes on as if it had not stopped.
    pub fn load(path: &Path, device: Device) -> Result<Self, SavedProbeError> {
        let path = path.to_owned();
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) => return Err(SavedProbeError::Unreadable { path, source }),
        };
        let damaged = |reason: String| SavedProbeError::Damaged { path: path.clone(), reason };
        let (header_length, metadata) =
            SafeTensors::read_metadata(&bytes).map_err(|error| damaged(error.to_string()))?;
        let text = metadata.metadata().as_ref().and_then(|entries| entries.get(KEY));
        let text = text.ok_or_else(|| damaged(format!("its metadata have no entry `{KEY}`")))?;
        let VersionOnly { version } = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        if version != VERSION {
            return Err(SavedProbeError::WrongVersion { path, found: version, expected: VERSION });
        }
        let header: Header = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        let values = NamedValues::from_safetensors(&bytes).map_err(|error| damaged(error.to_string()))?;
        if checksum(bytes.get(8 + header_length..).unwrap_or_default()) != header.sha256 {
            return Err(SavedProbeError::Altered { path });
        }
        let mut trainer = match ProbeTrainer::new(header.spec, device) {
            Ok(trainer) => trainer,
            Err(source) => return Err(SavedProbeError::Probe { path, source }),
        };
        match trainer.set_values(&values, header.num_updates) {
            Ok(()) => Ok(trainer),
            Err(source) => Err(SavedProbeError::Values { path, source }),
        }
    }

    fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let mut arrays: BTreeMap<String, (Vec<usize>, Vec<u8>)> = BTreeMap::new();
        let sources = [(PARAMETERS, self.parameter_values()), (OPTIMIZER, self.optimizer().state_values())];
        for (prefix, values) in &sources {
            for (name, shape, numbers) in values.iter() {
                let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                arrays.insert(format!("{prefix}{name}"), (shape.to_vec(), bytes));
            }
        }
        let serialize = |metadata: Option<HashMap<String, String>>| {
            let views = arrays.iter().map(|(name, (shape, bytes))| {
                let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
                view.map(|view| (name.as_str(), view)).map_err(|error| error.to_string())
            });
            let views = views.collect::<Result<Vec<_>, String>>()?;
            safetensors::serialize(views, metadata).map_err(|error| error.to_string())
        };
        // The checksum is of the numbers as they lie in the file, which metadata do not change.
        let bare = serialize(None)?;
        let (header_length, _) = SafeTensors::read_metadata(&bare).map_err(|error| error.to_string())?;
        let header = Header {
            version: VERSION,
            num_updates: self.num_updates(),
            sha256: checksum(bare.get(8 + header_length..).unwrap_or_default()),
            spec: self.spec().clone(),
        };
        let text = serde_json::to_string(&header).map_err(|error| error.to_string())?;
        serialize(Some(HashMap::from([(KEY.to_string(), text)])))
    }

    fn set_values(&mut self, values: &NamedValues, num_updates: u64) -> Result<(), ValuesError> {
        let (mut parameters, mut state) = (NamedValues::default(), NamedValues::default());
        for (name, shape, numbers) in values.iter() {
            if let Some(name) = name.strip_prefix(PARAMETERS) {
                parameters.push(name, shape.to_vec(), numbers.to_vec());
            } else if let Some(name) = name.strip_prefix(OPTIMIZER) {
                state.push(name, shape.to_vec(), numbers.to_vec());
            } else {
                return Err(ValuesError::Unknown(name.to_string()));
            }
        }
        self.optimizer().set_parameter_values(&parameters)?;
        self.optimizer_mut().set_state_values(&state, num_updates)
    }
}

fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
