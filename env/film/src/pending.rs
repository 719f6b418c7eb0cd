//! Files and folders that appear under their name only when they are complete.

use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use crate::error::FilmError;

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A file written beside its place under another name.
#[derive(Debug)]
pub(crate) struct PendingFile {
    target: PathBuf,
    overwrite: bool,
    writer: BufWriter<NamedTempFile>,
}

impl PendingFile {
    pub(crate) fn create(target: &Path, overwrite: bool) -> Result<Self, FilmError> {
        if target.is_dir() || (!overwrite && is_there(target)) {
            return Err(FilmError::AlreadyExists { path: target.to_path_buf() });
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".film-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any other new file: what the user's mask leaves of it.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(parent(target)).map_err(FilmError::io(parent(target)))?;
        Ok(Self { target: target.to_path_buf(), overwrite, writer: BufWriter::new(file) })
    }

    pub(crate) fn writer(&mut self) -> &mut impl Write {
        &mut self.writer
    }

    /// A second way to the same file, for an encoder that wants to own its writer.
    pub(crate) fn file(&self) -> Result<File, FilmError> {
        self.writer.get_ref().as_file().try_clone().map_err(FilmError::io(&self.target))
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> Result<(), FilmError> {
        let Self { target, overwrite, writer } = self;
        let file = writer.into_inner().map_err(|error| FilmError::io(&target)(error.into_error()))?;
        file.as_file().sync_all().map_err(FilmError::io(&target))?;
        let kept = if overwrite { file.persist(&target) } else { file.persist_noclobber(&target) };
        match kept {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                Err(FilmError::AlreadyExists { path: target })
            }
            Err(error) => Err(FilmError::io(&target)(error.error)),
        }
    }
}

/// A folder filled beside its place under another name.
#[derive(Debug)]
pub(crate) struct PendingFolder {
    target: PathBuf,
    overwrite: bool,
    folder: TempDir,
}

impl PendingFolder {
    /// `ours` says of a name whether it may be replaced; a folder with any other is left alone.
    pub(crate) fn create(target: &Path, overwrite: bool, ours: fn(&Path) -> bool) -> Result<Self, FilmError> {
        check_replaceable(target, overwrite, ours)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".film-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        let folder = builder.tempdir_in(parent(target)).map_err(FilmError::io(parent(target)))?;
        Ok(Self { target: target.to_path_buf(), overwrite, folder })
    }

    /// The name that the folder will have.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder its name. What stood there before is moved away first, and removed last.
    pub(crate) fn finish(self, ours: fn(&Path) -> bool) -> Result<(), FilmError> {
        let Self { target, overwrite, folder } = self;
        check_replaceable(&target, overwrite, ours)?;
        let old = if is_there(&target) {
            let away = tempfile::Builder::new().prefix(".film-").suffix(".old").tempdir_in(parent(&target));
            let away = away.map_err(FilmError::io(parent(&target)))?;
            fs::rename(&target, away.path()).map_err(FilmError::io(&target))?;
            Some(away)
        } else {
            None
        };
        if let Err(error) = fs::rename(folder.path(), &target) {
            if let Some(old) = old {
                // Put back what was there; should that fail too, it stays under the other name.
                let kept = old.keep();
                fs::rename(&kept, &target).map_err(FilmError::io(&kept))?;
            }
            return Err(FilmError::io(&target)(error));
        }
        // Its place is taken under the final name: nothing is left to remove under the old one.
        let _ = folder.keep();
        Ok(())
    }
}

fn check_replaceable(target: &Path, overwrite: bool, ours: fn(&Path) -> bool) -> Result<(), FilmError> {
    if !is_there(target) {
        return Ok(());
    }
    if !overwrite || !target.is_dir() {
        return Err(FilmError::AlreadyExists { path: target.to_path_buf() });
    }
    for entry in fs::read_dir(target).map_err(FilmError::io(target))? {
        let found = PathBuf::from(entry.map_err(FilmError::io(target))?.file_name());
        if !ours(&found) {
            return Err(FilmError::FolderHoldsOtherThings { path: target.to_path_buf(), found });
        }
    }
    Ok(())
}
