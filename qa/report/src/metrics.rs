//! `metrics.jsonl`: the numbers a run logged, one JSON object a line.
//!
//! Each line has `update`, `frames` and `seconds`, and any further named numbers. A run that was stopped may have left
//! its last line cut short, and a run that was resumed from an older checkpoint logs some updates again: the last line
//! for an update counts, and lines after it that an earlier attempt had left are forgotten.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The log of one run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metrics {
    /// The lines in order of their updates.
    pub records: Vec<MetricsRecord>,
    /// Lines that could not be read, and why.
    pub bad_lines: Vec<BadLine>,
    /// Whether the last line had been cut short, which is no defect.
    pub last_line_cut: bool,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricsRecord {
    /// Updates of the learner so far.
    pub update: u64,
    /// Environment frames learnt from so far.
    pub frames: u64,
    /// Seconds of training so far.
    pub seconds: f64,
    /// The further numbers, all finite; a name such as `loss/simcore`. What was not a number is left out.
    pub values: BTreeMap<String, f64>,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, the first being 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// Why no metrics could be read at all.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot be read ({source}); a training run writes it", path.display())]
pub struct MetricsUnreadable {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    pub source: std::io::Error,
}

impl Metrics {
    /// Reads a log; bad lines are passed over and listed.
    pub fn read(path: &Path) -> Result<Self, MetricsUnreadable> {
        let unreadable = |source| MetricsUnreadable { path: path.to_owned(), source };
        let mut reader = BufReader::new(std::fs::File::open(path).map_err(unreadable)?);
        let mut metrics = Self::default();
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
                break;
            }
            metrics.add_line(number, &line);
        }
        Ok(metrics)
    }

    fn add_line(&mut self, line: usize, bytes: &[u8]) {
        if bytes.trim_ascii().is_empty() {
            return;
        }
        match parse(bytes) {
            Ok(record) => {
                while self.records.last().is_some_and(|last| last.update >= record.update) {
                    self.records.pop();
                }
                self.records.push(record);
            }
            Err(_) if !bytes.ends_with(b"\n") => self.last_line_cut = true,
            Err(reason) => self.bad_lines.push(BadLine { line, reason }),
        }
    }

    /// The names of all series, in order.
    pub fn names(&self) -> Vec<&str> {
        let names: std::collections::BTreeSet<&str> =
            self.records.iter().flat_map(|record| record.values.keys().map(String::as_str)).collect();
        names.into_iter().collect()
    }

    /// The points (frames, value) of one series.
    pub fn series(&self, name: &str) -> Vec<(f64, f64)> {
        self.records.iter().filter_map(|r| Some((r.frames as f64, *r.values.get(name)?))).collect()
    }
}

fn parse(bytes: &[u8]) -> Result<MetricsRecord, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("not JSON ({error})"))?;
    let Value::Object(fields) = value else { return Err("not a JSON object".into()) };
    let whole = |key: &str| fields.get(key).and_then(Value::as_u64).ok_or_else(|| format!("no whole number {key:?}"));
    let (update, frames) = (whole("update")?, whole("frames")?);
    let seconds = fields.get("seconds").and_then(Value::as_f64).ok_or("no number \"seconds\"")?;
    let values = fields
        .iter()
        .filter(|(name, _)| !["update", "frames", "seconds"].contains(&name.as_str()))
        .filter_map(|(name, value)| Some((name.clone(), value.as_f64().filter(|number| number.is_finite())?)))
        .collect();
    Ok(MetricsRecord { update, frames, seconds, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Metrics {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        std::fs::write(&path, text).unwrap();
        Metrics::read(&path).unwrap()
    }

    #[test]
    fn reads_series_by_name() {
        let metrics = read(
            b"{\"update\":1,\"frames\":100,\"seconds\":0.5,\"loss/policy\":2.5,\"stage\":\"warm\"}\n\n\
              {\"update\":2,\"frames\":200,\"seconds\":1,\"loss/policy\":null,\"loss/simcore\":-1}\n",
        );
        assert_eq!(metrics.names(), ["loss/policy", "loss/simcore"]);
        assert_eq!(metrics.series("loss/policy"), [(100.0, 2.5)]);
        assert_eq!(metrics.series("loss/simcore"), [(200.0, -1.0)]);
        assert!(metrics.bad_lines.is_empty() && !metrics.last_line_cut);
    }

    #[test]
    fn a_cut_last_line_is_no_defect_but_bad_lines_are_told() {
        let metrics = read(
            b"{\"update\":1,\"frames\":1,\"seconds\":0}\nnoise\n[1]\n{\"update\":2,\"frames\":2}\n\xff\n{\"update\":3,\"fra",
        );
        assert_eq!(metrics.records.len(), 1);
        assert!(metrics.last_line_cut);
        assert_eq!(metrics.bad_lines.iter().map(|bad| bad.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert_eq!(metrics.bad_lines[2].reason, "no number \"seconds\"");
    }

    #[test]
    fn a_resumed_run_replaces_what_it_repeats() {
        let line = |update: u64, loss: f64| {
            format!("{{\"update\":{update},\"frames\":{update},\"seconds\":0,\"loss\":{loss}}}\n")
        };
        let metrics = read([line(1, 1.0), line(2, 2.0), line(3, 3.0), line(2, 9.0)].concat().as_bytes());
        assert_eq!(metrics.series("loss"), [(1.0, 1.0), (2.0, 9.0)]);
        assert_eq!(read(b""), Metrics::default());
    }

    #[test]
    fn a_missing_log_names_its_path() {
        let message = Metrics::read(Path::new("/nowhere/metrics.jsonl")).unwrap_err().to_string();
        assert!(message.starts_with("/nowhere/metrics.jsonl: cannot be read"), "{message}");
    }
}
