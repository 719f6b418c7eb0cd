//! A file that is written beside its place and renamed into it, so that it is there as a whole or not at all.

use std::fs::File;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// The file beside; removed when it is dropped without having been put in its place.
#[derive(Debug)]
pub(crate) struct PartFile {
    beside: PathBuf,
    place: PathBuf,
    is_done: bool,
}

impl PartFile {
    pub(crate) fn create(place: &Path) -> Result<(Self, File), Error> {
        let name = place.file_name().ok_or_else(|| Error::new(ErrorKind::InvalidInput, "the path names no file"))?;
        let mut beside_name = std::ffi::OsString::from(".");
        beside_name.push(name);
        beside_name.push(format!(".{}.part", std::process::id()));
        let beside = place.with_file_name(beside_name);
        let file = File::create(&beside)?;
        Ok((Self { beside, place: place.into(), is_done: false }, file))
    }

    /// Puts what was written to `file` in its place.
    pub(crate) fn finish(mut self, file: &File) -> Result<(), Error> {
        file.sync_all()?;
        std::fs::rename(&self.beside, &self.place)?;
        self.is_done = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.is_done {
            // Whatever ended the writing is the error to tell; a leftover that cannot be removed adds nothing to it.
            let _ = std::fs::remove_file(&self.beside);
        }
    }
}
