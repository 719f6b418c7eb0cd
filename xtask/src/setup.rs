//! `cargo xtask setup`: libtorch found or made, and Cargo told where it is.
//!
//! In this order: the folder that `LIBTORCH` names; the one already in `.cargo/libtorch.toml`; an installed PyTorch
//! 2.11; our own copy in the cache; a new copy made there. What is made is made in a folder beside its place and
//! renamed when it is complete, so that an interrupted set-up leaves nothing half-installed.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::failure::Failure;
use crate::{download, interrupt, libtorch, libtorch_config, proof, recipe, unpack};

/// In the name of every folder that is not complete.
const UNFINISHED: &str = ".unfinished-";

/// Makes sure that libtorch is there and that Cargo knows it; returns its folder.
pub fn setup(workspace: &Path) -> Result<PathBuf, Failure> {
    let configured = libtorch_config::read(workspace);
    // Cargo gives us what the file says as an environment variable: only another value is the user's own.
    let named = env::var_os("LIBTORCH").filter(|named| !named.is_empty()).map(PathBuf::from);
    if let Some(named) = named.filter(|named| Some(named) != configured.as_ref()) {
        return use_named(workspace, &named);
    }
    if let Some(home) = configured {
        match libtorch::check_shape(&home) {
            Ok(()) => {
                println!("set-up: libtorch is in {}", home.display());
                return Ok(home);
            }
            Err(why) => println!("set-up: {} is no libtorch any more ({why}); looking for another", home.display()),
        }
    }
    // Everything from here on tries what it finds with the C++ compiler.
    let folder = folder_for_proofs()?;
    proof::check_compiler(folder.path())?;
    if let Some(home) = usable_pytorch(folder.path()) {
        println!("set-up: using the installed PyTorch in {}", home.display());
        libtorch_config::write(workspace, &home)?;
        return Ok(home);
    }
    let home = cached_or_made(&cache_folder()?, folder.path())?;
    libtorch_config::write(workspace, &home)?;
    println!("set-up: libtorch {} is in {}", recipe::VERSION, home.display());
    Ok(home)
}

/// A folder for the small programs that are compiled as proof; removed when it goes out of scope.
fn folder_for_proofs() -> Result<TempDir, Failure> {
    tempfile::Builder::new().prefix("groundling-").tempdir().map_err(|error| {
        let folder = env::temp_dir();
        let failure = Failure::at("make a folder in", &folder, &error);
        Failure::new(failure.what(), "free some space there, or set TMPDIR to a folder that can be written to")
    })
}

fn use_named(workspace: &Path, named: &Path) -> Result<PathBuf, Failure> {
    let remedy = "set it to the folder of a libtorch 2.11.0, or unset it to have one downloaded";
    let wrong = |why: &str| Failure::new(format!("LIBTORCH is {}, but {why}", named.display()), remedy);
    libtorch::check_shape(named).map_err(|why| wrong(&why))?;
    let home = fs::canonicalize(named).map_err(|error| wrong(&error.to_string()))?;
    let folder = folder_for_proofs()?;
    proof::check_compiler(folder.path())?;
    proof::check_libtorch(folder.path(), &home).map_err(|why| wrong(&why))?;
    libtorch_config::write(workspace, &home)?;
    println!("set-up: using the libtorch that LIBTORCH names, {}", home.display());
    Ok(home)
}

fn usable_pytorch(folder: &Path) -> Option<PathBuf> {
    let (home, version) = libtorch::installed_pytorch()?;
    let tried = match version.starts_with("2.11.") {
        true => libtorch::check_shape(&home).and_then(|()| proof::check_libtorch(folder, &home)),
        false => Err(format!("its version is {version}, not 2.11")),
    };
    if let Err(why) = &tried {
        println!("set-up: not using the PyTorch in {}: {why}", home.display());
    }
    tried.is_ok().then_some(home)
}

/// `$GROUNDLING_CACHE`, else `$XDG_CACHE_HOME/groundling`, else `~/.cache/groundling`.
pub(crate) fn cache_folder() -> Result<PathBuf, Failure> {
    let set = |name: &str| env::var_os(name).filter(|value: &OsString| !value.is_empty()).map(PathBuf::from);
    let folder = set("GROUNDLING_CACHE")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("groundling")))
        .or_else(|| Some(set("HOME")?.join(".cache/groundling")))
        .ok_or_else(|| Failure::new("there is no HOME to keep libtorch in", "set GROUNDLING_CACHE to a folder"))?;
    std::path::absolute(&folder).map_err(|error| Failure::in_cache("use", &folder, &error))
}

fn cached_or_made(cache: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let home = cache.join(recipe::folder_name());
    // Before anything is locked or written: a cache may be shared and read-only.
    if libtorch::check_shape(&home).is_ok() {
        return tried(folder, home);
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(Failure::new(
            "libtorch is only downloaded for Linux on x86-64",
            "`python3 -m pip install torch==2.11.0`, or set LIBTORCH to the folder of a libtorch 2.11.0",
        ));
    }
    download::check_pip()?;
    fs::create_dir_all(cache).map_err(|error| Failure::in_cache("make the folder", cache, &error))?;
    let _locked = lock(&cache.join("libtorch.lock"))?;
    if libtorch::check_shape(&home).is_ok() {
        return tried(folder, home);
    }
    remove_unfinished(cache, "libtorch-")?;
    check_space(cache, recipe::SPACE_NEEDED, "libtorch")?;
    make(&home)?;
    tried(folder, home)
}

fn tried(folder: &Path, home: PathBuf) -> Result<PathBuf, Failure> {
    match proof::check_libtorch(folder, &home) {
        Ok(()) => Ok(home),
        Err(why) => Err(Failure::new(
            format!("the libtorch in {} does not work: {why}", home.display()),
            "delete that folder, then run the same command again",
        )),
    }
}

/// Downloads, unpacks and completes libtorch, and puts it at `home` at once.
fn make(home: &Path) -> Result<(), Failure> {
    println!("set-up: making libtorch {} for the CPU in {} (about a minute: 544 MB)", recipe::VERSION, home.display());
    let cache = home.parent().unwrap_or(home);
    let unfinished = unfinished_folder(cache, &recipe::folder_name())?;
    let made = unfinished.path().join("libtorch");
    for wheel in recipe::WHEELS {
        let path = download::fetch(wheel, unfinished.path())?;
        unpack::unpack(wheel, &path, &made)?;
        fs::remove_file(&path).map_err(|error| Failure::in_cache("remove", &path, &error))?;
    }
    unpack::complete(&made)?;
    interrupt::check()?;
    // A folder that was there and did not have the shape of libtorch: it goes with the unfinished one.
    if home.exists() {
        let old = unfinished.path().join("old");
        fs::rename(home, &old).map_err(|error| Failure::in_cache("move away", home, &error))?;
    }
    fs::rename(&made, home).map_err(|error| Failure::in_cache("rename into place", home, &error))
}

/// A folder in which `name` is made; removed when it goes out of scope.
pub(crate) fn unfinished_folder(cache: &Path, name: &str) -> Result<TempDir, Failure> {
    let made = tempfile::Builder::new().prefix(&format!("{name}{UNFINISHED}")).tempdir_in(cache);
    made.map_err(|error| Failure::in_cache("make a folder in", cache, &error))
}

/// Waits until no other set-up works in the cache; the lock goes with the returned file.
pub(crate) fn lock(path: &Path) -> Result<File, Failure> {
    let failed = |error: &std::io::Error| Failure::in_cache("lock", path, error);
    let file = File::options().create(true).append(true).open(path).map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            println!("set-up: waiting for another set-up that holds {}", path.display());
            file.lock().map_err(|error| failed(&error))?;
            Ok(file)
        }
        Err(TryLockError::Error(error)) => Err(failed(&error)),
    }
}

/// Removes what set-ups of folders that begin like this left when they were killed. Only called while holding their lock.
pub(crate) fn remove_unfinished(cache: &Path, begin: &str) -> Result<(), Failure> {
    let entries = fs::read_dir(cache).map_err(|error| Failure::in_cache("read the folder", cache, &error))?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(begin) && name.contains(UNFINISHED) {
            fs::remove_dir_all(&path).map_err(|error| Failure::in_cache("remove", &path, &error))?;
        }
    }
    Ok(())
}

/// Fails unless so many bytes are free in the cache.
pub(crate) fn check_space(cache: &Path, needed: u64, what: &str) -> Result<(), Failure> {
    let found =
        rustix::fs::statvfs(cache).map_err(|error| Failure::in_cache("measure the space in", cache, &error.into()))?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    if free >= needed {
        return Ok(());
    }
    Err(Failure::new(
        format!(
            "only {} MB are free in {}, and making {what} needs {} MB for a minute",
            free / 1_000_000,
            cache.display(),
            needed / 1_000_000
        ),
        "free some space, or set GROUNDLING_CACHE to a folder on another disk",
    ))
}
