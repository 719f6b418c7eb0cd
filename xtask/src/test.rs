//! `cargo xtask test`: everything that must hold before a change is kept. `.ci/run` runs it.
//!
//! What is quick to find out comes first. Lints, documentation and tests use the same profile and the same flags, so
//! that libraries are compiled once for checking and once for running.

use std::env;
use std::path::Path;

use crate::cargo::cargo;
use crate::failure::Failure;
use crate::stages::{Stages, run_command};
use crate::{borders, python, setup, tracked_text};

/// The package that fuzzes; a workspace of its own.
const FUZZING: &str = "fuzz/Cargo.toml";

/// The feature with which the program has a window. Named with its package, so that the other packages, which are
/// compiled for the whole workspace, stay as they are.
const VIEWER: &str = "groundling/viewer";

/// Runs every check on the workspace; stops after the first stage that fails.
pub fn test(workspace: &Path) -> Result<(), Failure> {
    let mut stages = Stages::new(8);
    let result = run_stages(&mut stages, workspace);
    stages.print_summary();
    result
}

/// Runs the last stage of them alone.
pub fn test_python(workspace: &Path) -> Result<(), Failure> {
    python::test(workspace, Path::new(&target()))
}

/// Where Cargo puts what it makes.
fn target() -> String {
    env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into())
}

fn run_stages(stages: &mut Stages, workspace: &Path) -> Result<(), Failure> {
    let home = stages.run("set-up", "", || setup::setup(workspace))?;
    let target = target();
    let run_cargo =
        |arguments: &[&str], remedy: &str| run_command(cargo(workspace).args(arguments).env("LIBTORCH", &home), remedy);
    stages.run("formatting", "", || {
        run_cargo(&["fmt", "--all", "--check"], "`cargo fmt --all`")?;
        run_cargo(&["fmt", "--manifest-path", FUZZING, "--check"], "`cargo fmt --manifest-path fuzz/Cargo.toml`")
    })?;
    stages.run("borders between crates, and what is written in tracked files", "", || {
        borders::check(workspace)?;
        tracked_text::check(workspace)
    })?;
    stages.run("lints", "about 5 min the first time", || {
        let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        run_cargo(
            &arguments,
            "put right what is named above; `cargo clippy --fix --workspace --all-targets` can do some",
        )?;
        // What only a machine with a display compiles; of the other packages nothing is looked at again.
        let arguments = ["clippy", "--workspace", "--all-targets", "--features", VIEWER, "--", "-D", "warnings"];
        run_cargo(&arguments, "put right what is named above; it is compiled with `--features viewer` only")?;
        // Beside what was compiled already, or everything would be compiled once more.
        let arguments =
            ["clippy", "--all-targets", "--manifest-path", FUZZING, "--target-dir", &target, "--", "-D", "warnings"];
        run_cargo(&arguments, "put right what is named above; it is the package in `fuzz`, which nobody else compiles")
    })?;
    stages.run("documentation", "about 1 min the first time", || {
        let flags = format!("{} -D warnings", env::var("RUSTDOCFLAGS").unwrap_or_default());
        let mut doc = cargo(workspace);
        doc.args(["doc", "--workspace", "--no-deps"]).env("LIBTORCH", &home).env("RUSTDOCFLAGS", flags.trim());
        run_command(&mut doc, "put right the comments named above")
    })?;
    stages.run("tests", "about 8 min the first time", || {
        run_cargo(
            &["test", "--workspace", "--no-fail-fast"],
            "run the failed test alone: `cargo test -p its-package its-name`",
        )
    })?;
    stages.run("the window, on a display without a screen", "about 2 min the first time", || {
        run_cargo(
            &["test", "--workspace", "--features", VIEWER, "--test", "window"],
            "run the failed test alone: `cargo test --features viewer --test window its-name`",
        )
    })?;
    stages.run("the Python package", "about 3 min the first time", || test_python(workspace))
}
