//! The `.episode` file: 8 bytes of magic, the format's version (u32), the length of the payload (u64), the payload as
//! JSON, and the SHA-256 of all that. Numbers are little-endian. Every way to be wrong has its own error.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Recording;

/// The format that is written, and the newest that is read.
pub const FORMAT_VERSION: u32 = 1;

/// Not text, and spoilt by a transfer that changes line ends, after the manner of PNG.
const MAGIC: [u8; 8] = *b"\x89GREP\r\n\x1a";
const HEADER: usize = 20;
const CHECKSUM: usize = 32;
/// What no episode reaches; a file that is longer is not read to its end.
const LONGEST: u64 = 1 << 28;

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
    /// The recording makes no sense; nothing was written.
    #[error("the recording contradicts itself: {0}")]
    Contradiction(String),
    /// The system refused.
    #[error("{} could not be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
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
        source: std::io::Error,
    },
    /// It begins with other bytes.
    #[error("{} is not an episode file", path.display())]
    NotAnEpisode {
        /// The file.
        path: PathBuf,
    },
    /// A later version of the program wrote it.
    #[error("{} has episode format {found}, and this program reads formats up to {newest}; use a newer one", path.display())]
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest that is read.
        newest: u32,
    },
    /// It ends too soon.
    #[error("{} is cut short: {found} bytes of {expected}", path.display())]
    CutShort {
        /// The file.
        path: PathBuf,
        /// Its length, bytes.
        found: u64,
        /// The length it should have.
        expected: u64,
    },
    /// The checksum is another: some bits have changed.
    #[error("{} was altered after it was written: its checksum does not match", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// The checksum is right, and yet the content makes no sense.
    #[error("{} does not hold an episode that can be understood: {reason}", path.display())]
    Undecodable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl Recording {
    /// Writes the recording beside `path` and renames it into place, so that no half-written file is ever there.
    pub fn write(&self, path: &Path, existing: Existing) -> Result<(), WriteError> {
        if let Some(contradiction) = self.contradiction() {
            return Err(WriteError::Contradiction(contradiction));
        }
        let io = |source| WriteError::Io { path: path.to_owned(), source };
        let bytes = encode(self).map_err(|error| io(error.into()))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
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
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(WriteError::AlreadyThere { path: path.to_owned() })
            }
            Err(error) => Err(io(error.error)),
        }
    }

    /// Reads a recording and checks that it is whole and unchanged.
    pub fn read(path: &Path) -> Result<Recording, ReadError> {
        let io = |source| ReadError::Io { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take(HEADER as u64).read_to_end(&mut bytes).map_err(io)?;
        let expected = expected_length(&bytes, path)?;
        if expected > length {
            return Err(ReadError::CutShort { path: path.to_owned(), found: length, expected });
        }
        if expected < length {
            return Err(ReadError::Altered { path: path.to_owned() });
        }
        file.take(LONGEST).read_to_end(&mut bytes).map_err(io)?;
        decode(&bytes, path)
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

fn encode(recording: &Recording) -> serde_json::Result<Vec<u8>> {
    let payload = serde_json::to_vec(recording)?;
    let mut bytes = Vec::with_capacity(HEADER + payload.len() + CHECKSUM);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&payload);
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum);
    Ok(bytes)
}

/// The length that the file should have, from its first bytes.
fn expected_length(header: &[u8], path: &Path) -> Result<u64, ReadError> {
    let path = path.to_owned();
    let found = header.len() as u64;
    if header.is_empty() || !MAGIC.starts_with(&header[..header.len().min(MAGIC.len())]) {
        return Err(ReadError::NotAnEpisode { path });
    }
    let (Some(version), Some(payload)) = (number(header, 8), number(header, 12)) else {
        return Err(ReadError::CutShort { path, found, expected: (HEADER + CHECKSUM) as u64 });
    };
    match u32::from_le_bytes(version) {
        0 => return Err(ReadError::Altered { path }),
        version if version > FORMAT_VERSION => {
            return Err(ReadError::NewerVersion { path, found: version, newest: FORMAT_VERSION });
        }
        _ => {}
    }
    Ok(u64::from_le_bytes(payload).saturating_add((HEADER + CHECKSUM) as u64))
}

fn number<const N: usize>(bytes: &[u8], start: usize) -> Option<[u8; N]> {
    bytes.get(start..start + N)?.try_into().ok()
}

fn decode(bytes: &[u8], path: &Path) -> Result<Recording, ReadError> {
    let altered = || ReadError::Altered { path: path.to_owned() };
    let (content, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or_else(altered)?;
    if Sha256::digest(content).as_slice() != checksum {
        return Err(altered());
    }
    let undecodable = |reason: String| ReadError::Undecodable { path: path.to_owned(), reason };
    let payload = content.get(HEADER..).ok_or_else(altered)?;
    let recording: Recording = serde_json::from_slice(payload).map_err(|error| undecodable(error.to_string()))?;
    match recording.contradiction() {
        Some(contradiction) => Err(undecodable(contradiction)),
        None => Ok(recording),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_file_of_nonsense_is_undecodable() {
        let mut bytes = [&MAGIC[..], &FORMAT_VERSION.to_le_bytes(), &2_u64.to_le_bytes(), b"{}"].concat();
        bytes.extend_from_slice(&Sha256::digest(&bytes));
        let error = decode(&bytes, Path::new("x.episode")).unwrap_err();
        assert!(matches!(error, ReadError::Undecodable { .. }), "{error}");
    }
}
