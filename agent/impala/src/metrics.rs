//! `metrics.jsonl`: one JSON object a line, `update`, `frames`, `seconds` and any number of named series.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::FileError;

/// Sums what happens between two lines.
#[derive(Debug, Default)]
pub(crate) struct Averages {
    sums: BTreeMap<String, (f64, u64)>,
}

impl Averages {
    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64) {
        let entry = self.sums.entry(name.into()).or_default();
        *entry = (entry.0 + value, entry.1 + 1);
    }

    /// The mean of each series since the last call.
    pub(crate) fn take(&mut self) -> BTreeMap<String, f64> {
        let sums = std::mem::take(&mut self.sums);
        sums.into_iter().map(|(name, (sum, count))| (name, sum / count as f64)).collect()
    }
}

/// The file, opened for appending.
#[derive(Debug)]
pub(crate) struct MetricsFile {
    path: PathBuf,
}

impl MetricsFile {
    /// Opens the file of a run; lines behind `update` (made after the checkpoint that is resumed) are dropped.
    pub(crate) fn resume(path: &Path, update: u64) -> Result<Self, FileError> {
        if path.exists() {
            let text = std::fs::read_to_string(path).map_err(FileError::at("read", path))?;
            let belongs = |line: &&str| {
                let value: Option<serde_json::Value> = serde_json::from_str(line).ok();
                value.and_then(|value| value.get("update")?.as_u64()).is_some_and(|logged| logged <= update)
            };
            let kept: String = text.lines().filter(belongs).flat_map(|line| [line, "\n"]).collect();
            crate::write_atomically(path, kept.as_bytes())?;
        }
        Ok(Self { path: path.to_path_buf() })
    }

    /// Adds a line. Values that are not finite are written as null.
    pub(crate) fn append(
        &self,
        update: u64,
        frames: u64,
        seconds: f64,
        series: &BTreeMap<String, f64>,
    ) -> Result<(), FileError> {
        let mut line = serde_json::Map::new();
        line.insert("update".into(), update.into());
        line.insert("frames".into(), frames.into());
        line.insert("seconds".into(), seconds.into());
        for (name, value) in series {
            line.insert(name.clone(), serde_json::json!(value));
        }
        let text = format!("{}\n", serde_json::Value::Object(line));
        let append = || OpenOptions::new().create(true).append(true).open(&self.path)?.write_all(text.as_bytes());
        append().map_err(FileError::at("append to", &self.path))
    }
}
