//! A film as a folder of numbered PNG pictures.

use std::path::{Path, PathBuf};

use crate::canvas::Canvas;
use crate::error::FilmError;
use crate::pending::PendingFolder;

/// `film.png` becomes the folder `film` with `00000.png`, `00001.png` and so on.
#[derive(Debug)]
pub(crate) struct Sequence {
    folder: PendingFolder,
    num_frames: usize,
}

/// The folder that `path` names.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    path.with_extension("")
}

fn is_numbered_png(name: &Path) -> bool {
    let digits = |stem: &std::ffi::OsStr| stem.to_str().is_some_and(|stem| stem.bytes().all(|b| b.is_ascii_digit()));
    name.extension().is_some_and(|extension| extension == "png") && name.file_stem().is_some_and(digits)
}

impl Sequence {
    pub(crate) fn create(path: &Path, overwrite: bool) -> Result<Self, FilmError> {
        let folder = PendingFolder::create(&folder_of(path), overwrite, is_numbered_png)?;
        Ok(Self { folder, num_frames: 0 })
    }

    pub(crate) fn push(&mut self, canvas: &Canvas) -> Result<(), FilmError> {
        let path = self.folder.path().join(format!("{:05}.png", self.num_frames));
        let png = canvas.to_png()?;
        // The folder has another name until it is complete, which is of no use in an error.
        std::fs::write(&path, png).map_err(FilmError::io(self.folder.target()))?;
        self.num_frames += 1;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), FilmError> {
        self.folder.finish(is_numbered_png)
    }
}
