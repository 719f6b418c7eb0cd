//! Writing a file as a whole or not at all: beside its place first, then renamed into it.

use std::fs::File;
use std::io::{Error, ErrorKind, Write};
use std::path::Path;

/// What to do about a file that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Replace it.
    Yes,
    /// Refuse.
    No,
}

/// Writes `bytes` to `path`. On any error, what was there before is still there and nothing lies beside it.
pub(crate) fn write_replacing(path: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<(), Error> {
    if overwrite == Overwrite::No && path.exists() {
        return Err(Error::new(ErrorKind::AlreadyExists, "the file is already there"));
    }
    let name = path.file_name().ok_or_else(|| Error::new(ErrorKind::InvalidInput, "the path names no file"))?;
    let mut beside_name = std::ffi::OsString::from(".");
    beside_name.push(name);
    beside_name.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside_name);
    let written = write_synced(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // The first error is the one to tell; a leftover that cannot be removed adds nothing to it.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// Writes a file that is not there yet, or is nobody's.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
