//! Which folder is a libtorch that Groundling can be built with, and where one may already be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::recipe::VERSION;

/// Fails with what is wrong unless `home` looks like a libtorch 2.11. Looks at files only, so it takes no time.
pub fn check_shape(home: &Path) -> Result<(), String> {
    if !home.is_dir() {
        return Err("there is no such folder".into());
    }
    for needed in ["include/torch", "lib/libtorch.so", "lib/libtorch_cpu.so", "lib/libc10.so"] {
        if !home.join(needed).exists() {
            return Err(format!("it has no {needed}"));
        }
    }
    // torch-sys refuses another patch version here; it does not look at the header.
    if let Ok(version) = fs::read_to_string(home.join("build-version")) {
        let version = version.trim().split('+').next().unwrap_or_default().to_owned();
        return if version == VERSION { Ok(()) } else { Err(format!("its version is {version}, not {VERSION}")) };
    }
    let header = fs::read_to_string(home.join("include/torch/headeronly/version.h")).unwrap_or_default();
    let number = |name: &str| {
        let line = header.lines().find_map(|line| line.strip_prefix("#define ")?.strip_prefix(name))?;
        line.trim().parse::<u32>().ok()
    };
    match (number("TORCH_VERSION_MAJOR"), number("TORCH_VERSION_MINOR")) {
        (Some(2), Some(11)) => Ok(()),
        (Some(major), Some(minor)) => Err(format!("its version is {major}.{minor}, not 2.11")),
        _ => Err("it does not say its version (no build-version, no include/torch/headeronly/version.h)".into()),
    }
}

/// The folder and version of the PyTorch that `python3` would import, if it has one.
///
/// The package is found, not imported: that takes seconds, and the libraries are tried anyway.
pub fn installed_pytorch() -> Option<(PathBuf, String)> {
    let program = "import importlib.util, importlib.metadata\n\
                   found = importlib.util.find_spec('torch')\n\
                   if found and found.submodule_search_locations:\n    \
                       print(found.submodule_search_locations[0])\n    \
                       print(importlib.metadata.version('torch'))\n";
    // From the root folder, so that a folder `torch` where we are is not taken for it.
    let output = Command::new("python3").args(["-c", program]).current_dir("/").output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let mut lines = said.lines();
    Some((PathBuf::from(lines.next()?), lines.next()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up_libtorch(header: &str) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("include/torch/headeronly")).unwrap();
        fs::create_dir(home.path().join("lib")).unwrap();
        for library in ["libtorch.so", "libtorch_cpu.so", "libc10.so"] {
            fs::write(home.path().join("lib").join(library), "").unwrap();
        }
        fs::write(home.path().join("include/torch/headeronly/version.h"), header).unwrap();
        home
    }

    #[test]
    fn the_version_is_read_from_either_place() {
        let header = "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 11\n";
        let home = made_up_libtorch(header);
        assert_eq!(check_shape(home.path()), Ok(()));
        fs::write(home.path().join("build-version"), "2.11.0+cu130\n").unwrap();
        assert_eq!(check_shape(home.path()), Ok(()));
        fs::write(home.path().join("build-version"), "2.10.0\n").unwrap();
        assert!(check_shape(home.path()).unwrap_err().contains("2.10.0, not 2.11.0"));
        let home = made_up_libtorch(&header.replace("MINOR 11", "MINOR 9"));
        assert!(check_shape(home.path()).unwrap_err().contains("2.9, not 2.11"));
        assert!(check_shape(made_up_libtorch("").path()).unwrap_err().contains("does not say"));
    }

    #[test]
    fn a_missing_library_is_named() {
        let home = made_up_libtorch("");
        fs::remove_file(home.path().join("lib/libc10.so")).unwrap();
        assert!(check_shape(home.path()).unwrap_err().contains("lib/libc10.so"));
        assert!(check_shape(&home.path().join("nowhere")).unwrap_err().contains("no such folder"));
    }
}
