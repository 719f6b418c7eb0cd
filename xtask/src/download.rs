//! Fetching a wheel with pip, and making sure that it is the one we mean.
//!
//! pip, because every machine that can reach a package index at all has it set up for that (proxies, mirrors,
//! certificates), and because `PIP_NO_INDEX=1 PIP_FIND_LINKS=folder` installs from files carried in by hand.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::recipe::Wheel;

/// How often the growing file is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Fails, with the remedy, unless `python3 -m pip` runs.
pub fn check_pip() -> Result<(), Failure> {
    let runs = |arguments: &[&str]| {
        Command::new("python3")
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !runs(&["--version"]) {
        return Err(Failure::new(
            "python3 is missing, and libtorch is downloaded with it",
            "`apt-get install -y python3 python3-pip`, or set LIBTORCH to the folder of a libtorch 2.11.0",
        ));
    }
    if !runs(&["-m", "pip", "--version"]) {
        return Err(Failure::new(
            "pip is missing (`python3 -m pip` does not run), and libtorch is downloaded with it",
            "`apt-get install -y python3-pip`, or set LIBTORCH to the folder of a libtorch 2.11.0",
        ));
    }
    Ok(())
}

/// Downloads `wheel` into a folder of its own inside `folder`, verifies it, and returns its path.
pub fn fetch(wheel: &Wheel, folder: &Path) -> Result<PathBuf, Failure> {
    let folder = folder.join(format!("download-{}", wheel.package));
    let (to, temporary) = (folder.join("wheel"), folder.join("temporary"));
    for made in [&to, &temporary] {
        fs::create_dir_all(made).map_err(|error| Failure::in_cache("make the folder", made, &error))?;
    }
    let messages = folder.join("pip.txt");
    let messages_file = File::create(&messages).map_err(|error| Failure::in_cache("write to", &messages, &error))?;

    let mut pip = Command::new("python3")
        .args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"])
        .args(["--disable-pip-version-check", "--no-input", "--progress-bar=off", "--python-version=3.11"])
        .arg(format!("--platform={}", wheel.platform))
        .arg("--dest")
        .arg(&to)
        .arg(format!("{}=={}", wheel.package, wheel.version))
        // Beside the cache, where space was checked; removed with the rest.
        .env("TMPDIR", &temporary)
        .env("PIP_REQUIRE_VIRTUALENV", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(messages_file)
        .spawn()
        .map_err(|error| Failure::new(format!("cannot start python3: {error}"), "`apt-get install -y python3`"))?;

    let mut progress = Progress::of_bytes(&format!("{} {}", wheel.package, wheel.version), wheel.num_bytes);
    let status = loop {
        let ended = pip
            .try_wait()
            .map_err(|error| Failure::new(format!("cannot wait for pip: {error}"), "run the same command again"))?;
        if let Some(status) = ended {
            break status;
        }
        progress.set(num_bytes_in(&folder));
        thread::sleep(LOOK_EVERY);
    };
    drop(progress);
    interrupt::check()?;
    if !status.success() {
        let said = fs::read_to_string(&messages).unwrap_or_default();
        return Err(pip_failed(wheel, &said));
    }
    let path = only_wheel_in(&to).ok_or_else(|| {
        Failure::new(
            format!("pip said it had downloaded {} and left no file", wheel.package),
            "run the same command again",
        )
    })?;
    verify(wheel, &path)?;
    Ok(path)
}

/// Why pip could not download, from what it wrote: its last line of error, and the remedy for that.
fn pip_failed(wheel: &Wheel, said: &str) -> Failure {
    let last_error = said.lines().rev().find_map(|line| line.strip_prefix("ERROR: ")).unwrap_or("no reason given");
    // After attempts that met no server, pip's last line only says that it found nothing.
    let unreachable = said.lines().any(|line| line.starts_with("WARNING: Retrying"));
    let last_error = if unreachable { "no package index could be reached" } else { last_error };
    let remedy = if said.contains("No space left") {
        "free some space, or set GROUNDLING_CACHE to a folder on another disk"
    } else if said.contains("no such option") {
        "this pip is too old: `python3 -m pip install --upgrade pip`"
    } else {
        "check the network and pip's settings (`python3 -m pip config list`), then run the same command again; \
         it takes files carried in by hand with PIP_NO_INDEX=1 PIP_FIND_LINKS=their-folder"
    };
    Failure::new(format!("pip could not download {} {}: {last_error}", wheel.package, wheel.version), remedy)
}

/// Fails unless the file is `wheel`, to the bit.
fn verify(wheel: &Wheel, path: &Path) -> Result<(), Failure> {
    let found = sha256_of(path).map_err(|error| Failure::in_cache("read", path, &error))?;
    if found == wheel.sha256 {
        return Ok(());
    }
    Err(Failure::new(
        format!(
            "the downloaded {} {} is not the published file: its SHA-256 is {found}, and should be {}",
            wheel.package, wheel.version, wheel.sha256
        ),
        "run the same command again; if that does not help, look which index pip reads (`python3 -m pip config list`)",
    ))
}

fn sha256_of(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let num_read = file.read(&mut buffer)?;
        if num_read == 0 {
            break;
        }
        if let Some(read) = buffer.get(..num_read) {
            hasher.update(read);
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn only_wheel_in(folder: &Path) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    entries.find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}

/// Bytes in all files below `folder`; files may come and go meanwhile.
fn num_bytes_in(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .filter_map(Result::ok)
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => num_bytes_in(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHEEL: Wheel = Wheel {
        package: "something",
        version: "1.0",
        platform: "any",
        num_bytes: 3,
        // Of the three bytes "abc" (FIPS 180-2, appendix B.1).
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        parts: &[],
    };

    #[test]
    fn an_altered_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("something.whl");
        fs::write(&path, "abc").unwrap();
        assert_eq!(verify(&WHEEL, &path), Ok(()));
        fs::write(&path, "abd").unwrap();
        let failure = verify(&WHEEL, &path).unwrap_err().to_string();
        assert!(failure.contains("is not the published file") && failure.contains("Remedy"), "{failure}");
    }

    #[test]
    fn pip_is_quoted_by_its_last_error() {
        let said = "ERROR: Could not find a version\nERROR: No matching distribution found for torch\n";
        let failure = pip_failed(&WHEEL, &format!("WARNING: Retrying (Retry(total=4))\n{said}")).to_string();
        assert!(failure.contains("no package index could be reached"), "{failure}");
        let failure = pip_failed(&WHEEL, said).to_string();
        assert!(failure.contains("No matching distribution found for torch"), "{failure}");
        assert!(failure.contains("check the network"), "{failure}");
        let failure = pip_failed(&WHEEL, "ERROR: [Errno 28] No space left on device").to_string();
        assert!(failure.contains("free some space"), "{failure}");
    }
}
