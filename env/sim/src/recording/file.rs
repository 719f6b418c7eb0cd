//! Writing and reading `.episode` files. Nothing that was there is lost, and no half-written file is ever there.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::bytes::{PREFIX, check_length, expected_length};
use super::{FormatError, Recording};

/// What to do when there is a file of that name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Keep it, and fail.
    Keep,
    /// Replace it.
    Replace,
}

/// Why a recording could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is such a file already.
    #[error("{} is there already and was kept", path.display())]
    AlreadyThere {
        /// The file.
        path: PathBuf,
    },
    /// The folder it should be written to is not there.
    #[error("{} could not be written: there is no folder {}; make it first", path.display(), folder.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// The recording makes no sense, or is too long; nothing was written.
    #[error("the recording cannot be kept: {0}")]
    Contradiction(String),
    /// The system refused.
    #[error("{} could not be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Error,
    },
}

/// Why a recording could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refused.
    #[error("{} could not be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Error,
    },
    /// What was read is no recording.
    #[error("{}: {source}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Why.
        source: FormatError,
    },
}

impl Recording {
    /// Writes the recording beside `path` and renames it into place.
    pub fn write(&self, path: &Path, existing: Existing) -> Result<(), WriteError> {
        let bytes = self.to_bytes().map_err(WriteError::Contradiction)?;
        let io = |source| WriteError::Io { path: path.to_owned(), source };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(WriteError::NoFolder { path: path.to_owned(), folder: folder.to_owned() });
        }
        let mut file = open_beside(folder).map_err(io)?;
        // Through the file itself, whose errors do not name the temporary path.
        file.as_file_mut().write_all(&bytes).map_err(io)?;
        file.as_file().sync_all().map_err(io)?;
        let persisted = match existing {
            Existing::Keep => file.persist_noclobber(path),
            Existing::Replace => file.persist(path),
        };
        match persisted {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                Err(WriteError::AlreadyThere { path: path.to_owned() })
            }
            Err(error) => Err(io(error.error)),
        }
    }

    /// Reads a recording and checks that it is whole and unchanged. Never reads more than its first bytes ask for.
    pub fn read(path: &Path) -> Result<Recording, ReadError> {
        let io = |source| ReadError::Io { path: path.to_owned(), source };
        let format = |source| ReadError::Format { path: path.to_owned(), source };
        // Looked at before it is opened: to open a pipe would wait for somebody to write to it.
        if !std::fs::metadata(path).map_err(io)?.is_file() {
            return Err(io(Error::new(ErrorKind::InvalidInput, "it is no file")));
        }
        let mut file = File::open(path).map_err(io)?;
        let found = file.metadata().map_err(io)?.len();
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take(PREFIX as u64).read_to_end(&mut bytes).map_err(io)?;
        let expected = expected_length(&bytes).map_err(format)?;
        check_length(found, expected).map_err(format)?;
        file.take(expected - PREFIX as u64).read_to_end(&mut bytes).map_err(io)?;
        Recording::from_bytes(&bytes).map_err(format)
    }
}

/// A file that others may read, unlike most temporary ones.
fn open_beside(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".episode-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
