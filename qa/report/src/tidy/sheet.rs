//! A table as fields of text under a header.

use crate::statistics::Estimate;

/// A table of text; every row has as many fields as the header.
pub(super) struct Sheet {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// The columns that [`estimate`] fills, the first of which a table names by what is estimated.
pub(super) const INTERVAL: [&str; 5] = ["low", "high", "num_questions", "num_episodes", "num_seeds"];

impl Sheet {
    pub(super) fn new(header: &[&'static str]) -> Self {
        Self { header: header.to_vec(), rows: Vec::new() }
    }

    /// Columns, and those of an interval behind them.
    pub(super) fn with_interval(header: &[&'static str]) -> Self {
        Self { header: [header, &INTERVAL].concat(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        debug_assert_eq!(row.len(), self.header.len());
        self.rows.push(row);
    }

    /// As CSV: fields quoted where they need it, lines ending in CR LF.
    pub(super) fn text(self) -> Result<Vec<u8>, std::io::Error> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(&self.header)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Value, and what [`INTERVAL`] names.
pub(super) fn estimate(estimate: &Estimate) -> Vec<String> {
    let Estimate { value, interval, num_questions, num_episodes, num_seeds } = estimate;
    vec![
        number(*value),
        number(interval.low),
        number(interval.high),
        num_questions.to_string(),
        num_episodes.to_string(),
        num_seeds.to_string(),
    ]
}

/// Eight digits, which is more than any figure is good for and the same on every machine.
pub(super) fn number(value: f64) -> String {
    format!("{value:.7e}").parse::<f64>().map_or_else(|_| String::new(), |rounded| rounded.to_string())
}

/// What can be told as text, or an empty field.
pub(super) fn optional(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// The one word by which a value is told in JSON.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
