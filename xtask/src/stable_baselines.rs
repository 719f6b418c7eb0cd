//! Stable-Baselines3 with a PyTorch for the CPU, kept in the cache: agents of others, that the Python package is tested with.
//!
//! The wheel of PyTorch that the Python Package Index has for x86-64 is linked to CUDA's libraries, which pip would
//! fetch too (2 GB). On the CPU nothing of theirs is called. So only the wheel and the two small ones that are read while
//! it is loaded are fetched, and empty libraries stand in for the rest. Their symbols are then missing, which nobody
//! notices as long as each is looked up when it is first called and not before: `BIND_LATE` asks PyTorch for that.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::setup;
use crate::stages::run_command;

/// Every package, with none of those that it would pull in beside them. PyTorch's first two are those of `recipe`.
const PACKAGES: [&str; 14] = [
    "nvidia-cuda-runtime==13.0.96",
    "nvidia-cuda-cupti==13.0.85",
    "torch==2.11.0",
    "stable-baselines3==2.9.2",
    "sb3-contrib==2.9.2",
    "cloudpickle>=3",
    "filelock",
    "fsspec",
    "jinja2",
    "markupsafe>=2",
    "mpmath>=1.1,<1.4",
    "networkx>=2.5.1",
    "sympy>=1.13.3",
    "typing-extensions>=4.10",
];

/// What the wheel of PyTorch is linked to beside those.
const EMPTY_LIBRARIES: [&str; 10] = [
    "libcublas.so.13",
    "libcublasLt.so.13",
    "libcudnn.so.9",
    "libcufft.so.12",
    "libcufile.so.0",
    "libcurand.so.10",
    "libcusparse.so.12",
    "libcusparseLt.so.0",
    "libnccl.so.2",
    "libnvshmem_host.so.3",
];

/// The environment variable, and its value, by which PyTorch looks symbols up when they are first called.
pub const BIND_LATE: (&str, &str) = ("TORCH_USE_RTLD_GLOBAL", "1");

/// How its folders in the cache begin.
const FOLDER: &str = "stable-baselines3";

/// Bytes needed free for a moment: the wheel, and what it unpacks to twice.
const SPACE_NEEDED: u64 = 3_500_000_000;

/// The folder to put on the path of `python`; it is made at the first time. `None` where there is no such wheel.
pub fn installed_for(python: &Path) -> Result<Option<PathBuf>, Failure> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok(None);
    }
    let cache = setup::cache_folder()?;
    let home = cache.join(folder_name(&version_of(python)?));
    if !home.exists() {
        fs::create_dir_all(&cache).map_err(|error| Failure::in_cache("make the folder", &cache, &error))?;
        let _locked = setup::lock(&cache.join(format!("{FOLDER}.lock")))?;
        if !home.exists() {
            make(python, &cache, &home)?;
        }
    }
    check(python, &home)?;
    Ok(Some(home))
}

/// Imports it, so that no test is left out because something is missing.
fn check(python: &Path, home: &Path) -> Result<(), Failure> {
    let mut import = Command::new(python);
    import.args(["-c", "import sb3_contrib"]).env("PYTHONPATH", home).env(BIND_LATE.0, BIND_LATE.1);
    run_command(&mut import, &format!("delete {}, then run the same command again", home.display()))
}

fn make(python: &Path, cache: &Path, home: &Path) -> Result<(), Failure> {
    println!("making Stable-Baselines3 for the CPU in {} (about 2 minutes: 560 MB)", home.display());
    setup::remove_unfinished(cache, FOLDER)?;
    setup::check_space(cache, SPACE_NEEDED, "making Stable-Baselines3")?;
    let name = home.file_name().unwrap_or_default().to_string_lossy();
    let unfinished = setup::unfinished_folder(cache, &name)?;
    let (made, temporary) = (unfinished.path().join("site"), unfinished.path().join("temporary"));
    fs::create_dir(&temporary).map_err(|error| Failure::in_cache("make the folder", &temporary, &error))?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir"]);
    pip.args(["--no-deps", "--only-binary=:all:", "--target"]).arg(&made).args(PACKAGES).env("TMPDIR", &temporary);
    let remedy = "see what pip says above; it needs a package index, or PIP_NO_INDEX=1 with PIP_FIND_LINKS=folder";
    run_command(&mut pip, remedy)?;
    for library in EMPTY_LIBRARIES {
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-x", "c", "/dev/null", &format!("-Wl,-soname,{library}"), "-o"]);
        run_command(cc.arg(made.join("torch/lib").join(library)), "`apt-get install -y g++`")?;
    }
    check(python, &made)?;
    fs::rename(&made, home).map_err(|error| Failure::in_cache("rename into place", home, &error))
}

/// Such as `3.11`.
fn version_of(python: &Path) -> Result<String, Failure> {
    let script = "import sys; print('%d.%d' % sys.version_info[:2])";
    let said =
        Command::new(python).args(["-c", script]).output().map_err(|error| Failure::at("start", python, &error))?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

fn folder_name(version: &str) -> String {
    let mut hasher = Sha256::new();
    for part in PACKAGES.iter().chain(&EMPTY_LIBRARIES) {
        hasher.update(part);
        hasher.update([0]);
    }
    let short_hash: String = hasher.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{FOLDER}-python{version}-{short_hash}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::WHEELS;

    #[test]
    fn pytorch_is_that_of_libtorch() {
        for wheel in WHEELS {
            assert!(PACKAGES.contains(&format!("{}=={}", wheel.package, wheel.version).as_str()), "{}", wheel.package);
        }
    }

    #[test]
    fn each_python_has_a_folder_of_its_own() {
        assert!(folder_name("3.11").starts_with("stable-baselines3-python3.11-"));
        assert_ne!(folder_name("3.11"), folder_name("3.12"));
    }
}
