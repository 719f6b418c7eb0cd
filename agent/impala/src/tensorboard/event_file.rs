//! One event file: what it is called, and how it grows.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use prost::Message;

use super::messages::Event;
use super::records::record;
use crate::FileError;

/// What TensorBoard knows event files by.
const PREFIX: &str = "events.out.tfevents.";

/// An event file that this process writes.
#[derive(Debug)]
pub(super) struct EventFile {
    path: PathBuf,
    file: File,
    /// Bytes of whole records.
    length: u64,
}

impl EventFile {
    /// A new file in `folder`, which is made if it is not there.
    pub(super) fn create(folder: &Path) -> Result<Self, FileError> {
        std::fs::create_dir_all(folder).map_err(FileError::at("create", folder))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        // TensorBoard reads files in the order of their names: a later one is named later, whatever the clock says.
        let mut seconds = latest(folder)?.map_or(now, |latest| now.max(latest + 1));
        loop {
            let path = folder.join(format!("{PREFIX}{seconds:010}.groundling"));
            match OpenOptions::new().append(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { path, file, length: 0 }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => seconds += 1,
                Err(error) => return Err(FileError::at("create", &path)(error)),
            }
        }
    }

    /// Adds one record, or nothing.
    pub(super) fn append(&mut self, event: &Event) -> Result<(), FileError> {
        let bytes = record(&event.encode_to_vec());
        if let Err(error) = self.file.write_all(&bytes) {
            // Readers stop at half a record; whoever logs on after the failure shall still be read.
            let _ = self.file.set_len(self.length);
            return Err(FileError::at("append to", &self.path)(error));
        }
        self.length += bytes.len() as u64;
        Ok(())
    }
}

/// The seconds in the name of the last event file in `folder`.
fn latest(folder: &Path) -> Result<Option<u64>, FileError> {
    let entries = std::fs::read_dir(folder).map_err(FileError::at("read", folder))?;
    let seconds = |name: &str| Some(u64::from(name.strip_prefix(PREFIX)?.split('.').next()?.parse::<u32>().ok()?));
    Ok(entries.flatten().filter_map(|entry| seconds(&entry.file_name().to_string_lossy())).max())
}
