//! Files and folders that are there whole or not at all, also after a power cut: written beside their place, synced, renamed
//! there, and the folder that holds the new name synced too.
//!
//! Whatever a process that was killed leaves behind has a name that begins with `UNFINISHED`, so that the next one knows
//! it for rubbish.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::FileError;

/// How names of things begin that nobody shall read.
pub(crate) const UNFINISHED: &str = ".unfinished-";

/// Writes a file beside its place and renames it there, so that a reader finds the old one or the new one.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = parent_of(path);
    let write = || {
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED);
        // As files are made that are not temporary: others may read it, as far as the user's umask lets them.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync_folder(folder)
    };
    write().map_err(FileError::at("write", path))
}

/// Writes a folder of files beside its place and renames it there. A folder that is there already is replaced; there is a
/// moment in which neither is.
pub(crate) fn write_folder(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), FileError> {
    let parent = parent_of(folder);
    let temporary = unfinished_name(folder);
    remove(&temporary)?;
    let written = write_files(&temporary, files);
    if written.is_err() {
        // What it has taken of a full disk is given back; the error is what counts.
        let _ = std::fs::remove_dir_all(&temporary);
    }
    written?;
    remove_folder(folder)?;
    std::fs::rename(&temporary, folder).map_err(FileError::at("rename to", folder))?;
    sync_folder(parent).map_err(FileError::at("sync", parent))
}

fn write_files(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), FileError> {
    std::fs::create_dir(folder).map_err(FileError::at("create", folder))?;
    for (name, bytes) in files {
        let path = folder.join(name);
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(FileError::at("write", &path))?;
    }
    sync_folder(folder).map_err(FileError::at("sync", folder))
}

/// Removes a folder if it is there. It is renamed first: one that is half removed has no name that anybody reads.
pub(crate) fn remove_folder(folder: &Path) -> Result<(), FileError> {
    if std::fs::symlink_metadata(folder).is_err() {
        return Ok(());
    }
    let mut name = unfinished_name(folder).into_os_string();
    name.push("-removed");
    let aside = PathBuf::from(name);
    remove(&aside)?;
    std::fs::rename(folder, &aside).map_err(FileError::at("remove", folder))?;
    remove(&aside)
}

/// Removes what processes that were killed have left in `folder`.
pub(crate) fn remove_unfinished(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten().filter(|entry| is_unfinished(&entry.file_name())) {
        // What cannot be removed only takes space.
        let _ = remove(&entry.path());
    }
}

/// Whether a file of this name is rubbish.
pub(crate) fn is_unfinished(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with(UNFINISHED)
}

fn unfinished_name(path: &Path) -> PathBuf {
    parent_of(path).join(format!("{UNFINISHED}{}", path.file_name().unwrap_or_default().to_string_lossy()))
}

fn remove(path: &Path) -> Result<(), FileError> {
    let Ok(metadata) = std::fs::symlink_metadata(path) else { return Ok(()) };
    let removed = if metadata.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    removed.map_err(FileError::at("remove", path))
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the names in `folder` survive a power cut. Only Unix knows how, and not on every file system.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    use std::io::ErrorKind::{InvalidInput, Unsupported};
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), InvalidInput | Unsupported) => Ok(()),
        synced => synced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_replaced_whole_and_rubbish_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("step");
        let files = |name: &str| BTreeMap::from([(name.to_string(), b"bytes".to_vec())]);
        write_folder(&place, &files("one")).unwrap();
        // What a killed process leaves at either moment is no obstacle, be it a folder or a file.
        std::fs::create_dir(folder.path().join(".unfinished-step")).unwrap();
        std::fs::write(folder.path().join(".unfinished-step/stray"), "").unwrap();
        std::fs::write(folder.path().join(".unfinished-step-removed"), "").unwrap();
        write_folder(&place, &files("other")).unwrap();
        assert_eq!((names(folder.path()), names(&place)), (vec!["step".to_string()], vec!["other".to_string()]));
        std::fs::write(folder.path().join(".unfinished-abc"), "").unwrap();
        remove_unfinished(folder.path());
        assert_eq!(names(folder.path()), ["step"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_written_file_has_the_rights_of_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (plain, atomic) = (folder.path().join("plain"), folder.path().join("atomic"));
        std::fs::write(&plain, "").unwrap();
        write_atomically(&atomic, b"").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&plain), mode(&atomic));
        assert_eq!(names(folder.path()), ["atomic", "plain"]);
    }
}
