//! The one error of files: what could not be done, with which, and what to do about it.

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
    use std::io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match error.kind() {
        StorageFull | QuotaExceeded => " (free some space there and run the same command again)",
        FileTooLarge => " (raise the limit on the size of files, `ulimit -f`, and run the same command again)",
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
