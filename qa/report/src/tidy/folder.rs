//! The folder of tables beside a page: it appears as a whole or not at all.

use std::fs::{create_dir, read_dir, remove_dir_all, rename};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use super::{NAMES, TidyTable};
use crate::replace_file::write_synced;

/// `report-tables` beside `report.html`.
pub(crate) fn folder_of(page: &Path) -> PathBuf {
    let mut name = page.file_stem().unwrap_or_default().to_owned();
    name.push("-tables");
    page.with_file_name(name)
}

/// Whether nothing is at `folder` but tables of an earlier report: a folder with anything else in it is not replaced.
pub(crate) fn may_replace(folder: &Path) -> bool {
    let Ok(entries) = read_dir(folder) else { return !folder.exists() };
    let is_table = |name: &std::ffi::OsStr| NAMES.iter().any(|table| name == *table);
    entries.into_iter().all(|entry| entry.is_ok_and(|entry| is_table(&entry.file_name())))
}

/// Writes the tables, in the place of an earlier report's. On any error what was there before is still there.
pub(crate) fn write_folder(folder: &Path, tables: &[TidyTable]) -> Result<(), Error> {
    let beside = |ending: &str| {
        let mut name = std::ffi::OsString::from(".");
        name.push(folder.file_name().unwrap_or_default());
        name.push(format!(".{}.{ending}", std::process::id()));
        folder.with_file_name(name)
    };
    let (new, old) = (beside("part"), beside("old"));
    let written = write_all(&new, tables).and_then(|()| exchange(folder, &new, &old));
    if written.is_err() {
        // The first error is the one to tell; a leftover that cannot be removed adds nothing to it.
        let _ = remove_dir_all(&new);
    }
    written
}

fn write_all(folder: &Path, tables: &[TidyTable]) -> Result<(), Error> {
    create_dir(folder)?;
    tables.iter().try_for_each(|table| write_synced(&folder.join(table.name), &table.text))
}

fn exchange(folder: &Path, new: &Path, old: &Path) -> Result<(), Error> {
    if !folder.exists() {
        return rename(new, folder);
    }
    if !may_replace(folder) {
        return Err(Error::new(ErrorKind::AlreadyExists, "the folder holds files that are no tables of a report"));
    }
    rename(folder, old)?;
    if let Err(error) = rename(new, folder) {
        rename(old, folder)?;
        return Err(error);
    }
    remove_dir_all(old)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> [TidyTable; 1] {
        [TidyTable { name: "age.csv", text: text.into() }]
    }

    #[test]
    fn a_folder_is_replaced_as_a_whole() {
        let root = tempfile::tempdir().unwrap();
        let folder = folder_of(&root.path().join("report.html"));
        assert!(folder.ends_with("report-tables") && may_replace(&folder));
        write_folder(&folder, &table("old")).unwrap();
        write_folder(&folder, &table("new")).unwrap();
        assert_eq!(std::fs::read_to_string(folder.join("age.csv")).unwrap(), "new");
        assert_eq!(read_dir(root.path()).unwrap().count(), 1, "something was left beside it");
    }

    #[test]
    fn what_is_no_table_is_not_removed() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("report-tables");
        create_dir(&folder).unwrap();
        std::fs::write(folder.join("thesis.tex"), "years of work").unwrap();
        assert!(!may_replace(&folder));
        assert!(write_folder(&folder, &table("new")).unwrap_err().to_string().contains("no tables of a report"));
        assert!(folder.join("thesis.tex").exists());
        assert_eq!(read_dir(root.path()).unwrap().count(), 1, "a part was left beside it");
        // Nor is a file that bears the folder's name.
        let file = root.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(!may_replace(&file) && write_folder(&file, &table("new")).is_err() && file.is_file());
    }
}
