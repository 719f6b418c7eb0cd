//! What commands write: folders, and whose fault it is when something cannot be written.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use groundling_film::FilmError;

use crate::failure::wrong_input;

/// Makes a folder for output, with those above it.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    if let Some(file) = path.ancestors().find(|folder| folder.exists()).filter(|folder| !folder.is_dir()) {
        return Err(wrong_input(format!("{} is a file; give a folder with --out", file.display())));
    }
    std::fs::create_dir_all(path)
        .with_context(|| format!("cannot create the folder {}; choose one that you may write to", path.display()))
}

/// Makes the folder of a file and tries whether it can be written to, before long work is done for it.
pub(crate) fn prepare_folder_of(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(wrong_input(format!("{} is a folder; give the name of a file", path.display())));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder)?;
    let trial = tempfile::tempfile_in(folder);
    trial.map(drop).with_context(|| format!("cannot write to the folder {}; make it writable", folder.display()))
}

/// Refuses to go on when something would be overwritten that the user did not give up.
pub(crate) fn refuse_existing<'a>(paths: impl IntoIterator<Item = &'a PathBuf>, force: bool) -> Result<()> {
    match paths.into_iter().find(|path| !force && path.symlink_metadata().is_ok()) {
        Some(path) => Err(exists_already(path)),
        None => Ok(()),
    }
}

/// Refuses a file in a folder that is not there, before any work is done for it.
pub(crate) fn require_folder_of(path: &Path) -> Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        Some(folder) => Err(wrong_input(format!("there is no folder {}; make it first", folder.display()))),
        None => Ok(()),
    }
}

fn exists_already(path: &Path) -> anyhow::Error {
    wrong_input(format!(
        "{} exists already; give another name with --out, or overwrite it with --force",
        path.display()
    ))
}

/// What `replay` has overwritten with a flag of its own: `--force` draws what differs there.
pub(crate) fn film_exists_already(path: &Path) -> anyhow::Error {
    wrong_input(format!(
        "{} exists already; give another name with --out, or overwrite it with --overwrite",
        path.display()
    ))
}

/// The exit code of a film that could not be made: names, sizes and rates are the user's, the rest is not.
pub(crate) fn film_failure(error: FilmError) -> anyhow::Error {
    match error {
        FilmError::AlreadyExists { path } if path.is_dir() && path.extension().is_some() => {
            wrong_input(format!("{} is a folder; give another name with --out", path.display()))
        }
        FilmError::AlreadyExists { path } => film_exists_already(&path),
        FilmError::UnknownExtension { .. }
        | FilmError::FolderHoldsOtherThings { .. }
        | FilmError::FilmSize { .. }
        | FilmError::StorySize { .. }
        | FilmError::FrameRate { .. } => wrong_input(error),
        FilmError::Io { path, source } => {
            let remedy = match source.kind() {
                std::io::ErrorKind::StorageFull => "free some space",
                _ => "give another place with --out",
            };
            // The source's own text names a temporary file that nobody knows.
            anyhow!("cannot write {}: {}; {remedy}", path.display(), source.kind())
        }
        _ => error.into(),
    }
}
