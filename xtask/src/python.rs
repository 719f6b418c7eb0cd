//! The Python package: its wheel, built into a fresh virtual environment, and its tests run there.
//!
//! The wheel has the profile of all other tests. What pip fetches comes from whatever index this machine is set up for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::stable_baselines::{self, BIND_LATE};
use crate::stages::run_command;

/// The package, from the root of the workspace.
const PACKAGE: &str = "python";
/// Folder below the target folder, made anew each time.
const FOLDER: &str = "python";
const OLDEST: &str = "3.10";

/// Builds the wheel, installs it into a virtual environment that has nothing else, and runs its tests.
pub fn test(workspace: &Path, target: &Path) -> Result<(), Failure> {
    let folder = workspace.join(target).join(FOLDER);
    let (environment, wheels) = (folder.join("environment"), folder.join("wheels"));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Failure::at("remove", &folder, &error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| Failure::at("make the folder", &folder, &error))?;
    make_environment(&environment)?;
    let python = environment.join("bin/python");
    let install = |what: &[&str]| {
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]).args(what);
        let remedy = "see what pip says above; it needs a package index, or PIP_NO_INDEX=1 with PIP_FIND_LINKS=folder";
        run_command(&mut pip, remedy)
    };
    install(&["maturin>=1.9,<2"])?;
    build(workspace, target, &python, &wheels)?;
    let wheel = only_wheel(&wheels)?;
    install(&[&format!("{}[test]", wheel.display())])?;
    let baselines = stable_baselines::installed_for(&python)?;
    if baselines.is_none() {
        println!("no PyTorch for the CPU is to be had here: the tests with Stable-Baselines3 are left out");
    }
    // The program and not `python -m`, which would find the sources before the wheel.
    let mut pytest = Command::new(environment.join("bin/pytest"));
    pytest.args(["--quiet", "-p", "no:cacheprovider"]).current_dir(workspace.join(PACKAGE));
    pytest.env("PYTHONDONTWRITEBYTECODE", "1");
    if let Some(baselines) = baselines {
        pytest.env("PYTHONPATH", baselines).env(BIND_LATE.0, BIND_LATE.1);
    }
    run_command(
        &mut pytest,
        "run the failed test alone: `target/python/environment/bin/pytest python/tests -k its_name`",
    )
}

/// A virtual environment by what Python brings along, or by virtualenv, which needs nothing of the system's packages.
fn make_environment(environment: &Path) -> Result<(), Failure> {
    let remedy = format!(
        "`apt-get install -y python3-venv` or `python3 -m pip install virtualenv`, for a Python of {OLDEST} or later"
    );
    let has = |module: &str| {
        let script = format!("import sys, {module}; sys.exit(sys.version_info < ({}))", OLDEST.replace('.', ", "));
        let mut python = Command::new("python3");
        python.args(["-c", &script]).stdout(Stdio::null()).stderr(Stdio::null());
        python.status().is_ok_and(|status| status.success())
    };
    let module = if has("ensurepip, venv") {
        "venv"
    } else if has("virtualenv") {
        "virtualenv"
    } else {
        return Err(Failure::new("python3 cannot make a virtual environment, in which the package is tested", remedy));
    };
    run_command(Command::new("python3").args(["-m", module]).arg(environment), &remedy)
}

fn build(workspace: &Path, target: &Path, python: &Path, wheels: &Path) -> Result<(), Failure> {
    let mut maturin = Command::new(python);
    maturin.args(["-m", "maturin", "build", "--quiet", "--profile", "dev", "--manifest-path", "python/Cargo.toml"]);
    maturin.arg("--out").arg(wheels).arg("--interpreter").arg(python);
    maturin.current_dir(workspace).env("CARGO_TARGET_DIR", target);
    run_command(&mut maturin, "`cargo build -p groundling-python` says what does not compile")
}

fn only_wheel(wheels: &Path) -> Result<PathBuf, Failure> {
    let entries = fs::read_dir(wheels).map_err(|error| Failure::at("read the folder", wheels, &error))?;
    let mut found = entries.filter_map(Result::ok).map(|entry| entry.path());
    found.find(|path| path.extension().is_some_and(|extension| extension == "whl")).ok_or_else(|| {
        Failure::new(format!("maturin left no wheel in {}", wheels.display()), "run this again, and see what it says")
    })
}
