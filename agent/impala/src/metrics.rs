//! `metrics.jsonl`: one JSON object a line, `update`, `frames`, `seconds` and any number of named series.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::FileError;

/// Sums what happens between two lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Averages {
    sums: BTreeMap<String, (f64, u64)>,
}

impl Averages {
    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64) {
        let entry = self.sums.entry(name.into()).or_default();
        *entry = (entry.0 + value, entry.1 + 1);
    }

    /// Of this series the largest value is told.
    pub(crate) fn add_to_largest(&mut self, name: impl Into<String>, value: f64) {
        let entry = self.sums.entry(name.into()).or_insert((value, 1));
        entry.0 = entry.0.max(value);
    }

    /// The mean of each series since the last call, or its largest value.
    pub(crate) fn take(&mut self) -> BTreeMap<String, f64> {
        let sums = std::mem::take(&mut self.sums);
        sums.into_iter().map(|(name, (sum, count))| (name, sum / count as f64)).collect()
    }
}

/// As whole numbers, the bits of each sum and its count: text would round some sums, and JSON has no word for others.
impl Serialize for Averages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.sums.iter().map(|(name, (sum, count))| (name, (sum.to_bits(), count))))
    }
}

impl<'de> Deserialize<'de> for Averages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sums = BTreeMap::<String, (u64, u64)>::deserialize(deserializer)?;
        let exact = |(name, (bits, count)): (String, (u64, u64))| (name, (f64::from_bits(bits), count));
        Ok(Self { sums: sums.into_iter().map(exact).collect() })
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
            let bytes = std::fs::read(path).map_err(FileError::at("read", path))?;
            // Bytes and not text: a line that a crash spoilt is dropped like any other that is no JSON.
            let belongs = |line: &&[u8]| {
                let value: Option<serde_json::Value> = serde_json::from_slice(line).ok();
                value.and_then(|value| value.get("update")?.as_u64()).is_some_and(|logged| logged <= update)
            };
            let lines = bytes.split(|&byte| byte == b'\n').filter(belongs);
            let kept: Vec<u8> = lines.flat_map(|line| [line, b"\n"]).flatten().copied().collect();
            crate::write_atomically(path, &kept)?;
        }
        Ok(Self { path: path.to_path_buf() })
    }

    /// Makes the lines so far survive a power cut; those behind a checkpoint would not be made again.
    pub(crate) fn sync(&self) -> Result<(), FileError> {
        match std::fs::File::open(&self.path).and_then(|file| file.sync_all()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(FileError::at("sync", &self.path)(error)),
            _ => Ok(()),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_stored_to_the_last_bit() {
        let mut averages = Averages::default();
        for value in [0.1, 0.2, 1e-300, f64::INFINITY] {
            averages.add("sum", value);
            averages.add(format!("{value}"), value);
        }
        let text = serde_json::to_vec(&averages).unwrap();
        assert_eq!(serde_json::from_slice::<Averages>(&text).unwrap(), averages);
    }

    #[test]
    fn resuming_drops_later_and_spoilt_lines_and_keeps_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        let text = b"{\"update\":1}\nrubbish\n\xff\xfe\n{\"update\":2}\n{\"update\":3}\n{\"upd";
        std::fs::write(&path, text).unwrap();
        MetricsFile::resume(&path, 2).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"update\":1}\n{\"update\":2}\n");
    }
}
