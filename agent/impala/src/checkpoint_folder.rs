//! A checkpoint's folder as files: each with its SHA-256 in the manifest, and the manifest's in a file of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::checkpoint::CheckpointError;
use crate::{CheckpointFiles, FileError, durable};

/// Raised with every change of what is stored. 1 had all parameters in `behavior.safetensors`, and no file of averages.
pub(crate) const FORMAT: u32 = 2;
const MANIFEST: &str = "manifest.json";
const MANIFEST_SUM: &str = "manifest.sha256";

/// Where a checkpoint stands, and what its files must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// Of the program that wrote it.
    pub(crate) version: String,
    pub(crate) update: u64,
    pub(crate) frames: u64,
    pub(crate) seconds: f64,
    pub(crate) optimizer_steps: u64,
    pub(crate) num_rooms: usize,
    pub(crate) core_size: usize,
    /// Filled in when it is written.
    pub(crate) sha256: BTreeMap<String, String>,
}

/// Writes `files` and the manifest into `folder`, whole or not at all.
pub(crate) fn write(folder: &Path, mut files: CheckpointFiles, manifest: Manifest) -> Result<(), CheckpointError> {
    let sha256 = files.iter().map(|(name, bytes)| (name.clone(), digest(bytes))).collect();
    let manifest = to_json(&Manifest { sha256, ..manifest });
    files.insert(MANIFEST_SUM.into(), digest(&manifest).into_bytes());
    files.insert(MANIFEST.into(), manifest);
    Ok(durable::write_folder(folder, &files)?)
}

/// The manifest in `folder` and the files it names, each checked against its sum.
pub(crate) fn read(folder: &Path) -> Result<(Manifest, CheckpointFiles), CheckpointError> {
    let text = read_checked(folder, MANIFEST, &read_file(folder, MANIFEST_SUM)?, MANIFEST_SUM)?;
    let wrong = |error: serde_json::Error| damaged(folder, MANIFEST, error.to_string());
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(wrong)?;
    let format = value.get("format").and_then(serde_json::Value::as_u64);
    if format != Some(u64::from(FORMAT)) {
        return Err(CheckpointError::Format { folder: folder.into(), found: format.unwrap_or_default() });
    }
    let manifest: Manifest = serde_json::from_value(value).map_err(wrong)?;
    let mut files = CheckpointFiles::new();
    for (name, sum) in &manifest.sha256 {
        files.insert(name.clone(), read_checked(folder, name, sum.as_bytes(), MANIFEST)?);
    }
    Ok((manifest, files))
}

fn read_file(folder: &Path, name: &str) -> Result<Vec<u8>, CheckpointError> {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    let path: PathBuf = folder.join(name);
    std::fs::read(&path).map_err(|error| match error.kind() {
        NotFound => damaged(folder, name, "missing".into()),
        IsADirectory | NotADirectory => damaged(folder, name, error.to_string()),
        _ => FileError::at("read", &path)(error).into(),
    })
}

fn read_checked(folder: &Path, name: &str, sum: &[u8], place: &str) -> Result<Vec<u8>, CheckpointError> {
    let bytes = read_file(folder, name)?;
    if digest(&bytes).as_bytes() == sum {
        return Ok(bytes);
    }
    let reason = format!("cut short or altered (its SHA-256 is not the one in {place})");
    Err(damaged(folder, name, reason))
}

/// The error of a file that is not what it should be.
pub(crate) fn damaged(folder: &Path, name: &str, reason: String) -> CheckpointError {
    CheckpointError::Damaged { path: folder.join(name), reason, folder: folder.into() }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// For plain structs of strings, whole numbers and finite ones, which always serialise.
pub(crate) fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).unwrap_or_default()
}
