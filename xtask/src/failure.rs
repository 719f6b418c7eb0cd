//! The one error of this program: what is wrong, and what to do about it.

use std::fmt;
use std::io;
use std::path::Path;

/// What went wrong and its remedy; printed as one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    what: String,
    remedy: String,
    exit_code: u8,
}

impl Failure {
    /// A failure while running (exit code 1).
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into(), exit_code: 1 }
    }

    /// A command line that means nothing (exit code 2).
    pub fn usage(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: "see `cargo xtask --help`".into(), exit_code: 2 }
    }

    /// Ctrl-C (exit code 130, as shells have it).
    pub fn interrupted() -> Self {
        Self { what: "interrupted".into(), remedy: "the same command again goes on".into(), exit_code: 130 }
    }

    /// What an operation on a file or folder met.
    pub fn at(doing: &str, path: &Path, error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space there",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "make it writable",
            _ => "put that right, then run the same command again",
        };
        Self::new(format!("cannot {doing} {}: {error}", path.display()), remedy)
    }

    /// The same for a path in the cache, which can also be put elsewhere.
    pub fn in_cache(doing: &str, path: &Path, error: &io::Error) -> Self {
        let mut failure = Self::at(doing, path, error);
        failure.remedy += ", or set GROUNDLING_CACHE to another folder";
        failure
    }

    /// The code to end the process with.
    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }

    /// What is wrong, without the remedy.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}. Remedy: {}", self.what.trim_end_matches(['.', ' ']), self.remedy)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_line_with_a_remedy() {
        let error = io::Error::from(io::ErrorKind::StorageFull);
        let line = Failure::in_cache("write", Path::new("/cache/libtorch"), &error).to_string();
        assert!(!line.contains('\n'));
        assert!(
            line.contains("/cache/libtorch") && line.contains("Remedy: free some space there, or set GROUNDLING_CACHE"),
            "{line}"
        );
    }
}
