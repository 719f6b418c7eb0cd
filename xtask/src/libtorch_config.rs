//! `.cargo/libtorch.toml`: where Cargo, and through it every build script and program, finds libtorch.
//!
//! Ignored by git and included by `.cargo/config.toml`. Written only when it changes, because Cargo builds what depends
//! on libtorch again when `LIBTORCH` does.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

const HEADER: &str = "# Written by `cargo xtask setup`; delete it to have libtorch looked for again.\n";
const KEY: &str = "LIBTORCH = ";

/// The file, below the root of the workspace.
pub fn path(workspace: &Path) -> PathBuf {
    workspace.join(".cargo/libtorch.toml")
}

/// The folder of libtorch that the file names, if there is a file and it names one.
pub fn read(workspace: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(path(workspace)).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(KEY))?;
    // A TOML basic string without control characters is also a JSON string.
    let home: String = serde_json::from_str(value.trim()).ok()?;
    Some(PathBuf::from(home))
}

/// Makes the file name `home`.
pub fn write(workspace: &Path, home: &Path) -> Result<(), Failure> {
    let Some(name) = home.to_str().filter(|name| !name.chars().any(char::is_control)) else {
        return Err(Failure::new(
            format!("the path of libtorch, {}, is not plain UTF-8", home.display()),
            "set GROUNDLING_CACHE or LIBTORCH to a folder with a plain name",
        ));
    };
    let quoted = serde_json::Value::from(name).to_string();
    let text = format!("{HEADER}[env]\n{KEY}{quoted}\n");
    let path = path(workspace);
    if read(workspace).as_deref() == Some(home) {
        return Ok(());
    }
    let beside = path.with_extension("toml.new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, &path))
        .map_err(|error| Failure::at("write", &path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let workspace = tempfile::tempdir().unwrap();
        fs::create_dir(workspace.path().join(".cargo")).unwrap();
        assert_eq!(read(workspace.path()), None);
        for home in ["/plain/path", r#"/with "quotes", back\slash and ü"#] {
            write(workspace.path(), Path::new(home)).unwrap();
            assert_eq!(read(workspace.path()), Some(PathBuf::from(home)));
        }
        assert!(write(workspace.path(), Path::new("/two\nlines")).is_err());
    }

    #[test]
    fn an_unchanged_file_is_left_alone() {
        let workspace = tempfile::tempdir().unwrap();
        fs::create_dir(workspace.path().join(".cargo")).unwrap();
        let by_hand = "[env]\nLIBTORCH = \"/opt/x\"\nOTHER = \"kept\"\n";
        fs::write(path(workspace.path()), by_hand).unwrap();
        write(workspace.path(), Path::new("/opt/x")).unwrap();
        assert_eq!(fs::read_to_string(path(workspace.path())).unwrap(), by_hand);
    }
}
