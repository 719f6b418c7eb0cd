//! The error of a setting that parses but cannot be.

/// A setting outside its range. The command line adds the file and line of the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} = {value}: {expected}")]
pub struct InvalidSetting {
    /// Dotted key within the configuration, such as `room.num_objects`.
    pub key: String,
    /// The value found.
    pub value: String,
    /// What is allowed, and so what to do, such as "must lie between 1 and 32".
    pub expected: String,
}

impl InvalidSetting {
    /// An error for `key`, whose `value` is not what was `expected`.
    pub fn new(key: impl Into<String>, value: impl ToString, expected: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.to_string(), expected: expected.into() }
    }

    /// `Ok` when `holds`, else the error.
    pub fn unless(holds: bool, key: &str, value: impl ToString, expected: &str) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::new(key, value, expected)) }
    }
}
