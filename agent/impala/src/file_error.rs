//! Files written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

/// What could not be done with which file.
#[derive(Debug, thiserror::Error)]
#[error("cannot {verb} {}: {source}{}", path.display(), remedy(source))]
pub struct FileError {
    verb: &'static str,
    path: PathBuf,
    source: std::io::Error,
}

fn remedy(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
    match error.kind() {
        StorageFull => " (free some space and run the same command again: it resumes)",
        PermissionDenied | ReadOnlyFilesystem => " (choose a folder that you may write to)",
        _ => "",
    }
}

impl FileError {
    /// For use with `map_err`: `verb` completes "cannot … path".
    pub fn at(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self { verb, path, source }
    }
}

/// Writes a file beside its place and renames it there, so that a reader finds the old one or the new one.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(FileError::at("write", path))
}
