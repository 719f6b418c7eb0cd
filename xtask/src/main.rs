//! The command line of `cargo xtask`.

use std::process::ExitCode;

use xtask::cargo::workspace_root;
use xtask::failure::Failure;
use xtask::{borders, demo, interrupt, kills, setup, test, tracked_text};

const HELP: &str = "\
cargo xtask setup           find or download libtorch, and tell Cargo where it is
cargo xtask demo [--fresh]  set up, train two small agents, probe them, report; goes on where it stopped
cargo xtask test            set up, then formatting, borders, lints, documentation and all tests
cargo xtask test python     the Python package only: its wheel in a fresh environment, and its tests there
cargo xtask kills [--times N [--seed S]]
                            kill a run in training N times (30) at moments drawn from S (1); it must end with the same bits
cargo xtask check borders   no forbidden dependency between packages
cargo xtask check text      no tracked file speaks of one machine's folders

LIBTORCH          folder of a libtorch 2.11.0 (or of an installed PyTorch 2.11) to use
GROUNDLING_CACHE  where a downloaded libtorch is kept (else $XDG_CACHE_HOME/groundling, ~/.cache/groundling)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match interrupt::watch().and_then(|()| run(&words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(words: &[&str]) -> Result<(), Failure> {
    let workspace = workspace_root();
    match words {
        ["setup"] => setup::setup(&workspace).map(drop),
        ["demo"] => demo::demo(&workspace, false),
        ["demo", "--fresh"] => demo::demo(&workspace, true),
        ["test"] => test::test(&workspace),
        ["test", "python"] => test::test_python(&workspace),
        ["kills"] => kills::kills(&workspace, "30", "1"),
        ["kills", "--times", times] => kills::kills(&workspace, times, "1"),
        ["kills", "--times", times, "--seed", seed] => kills::kills(&workspace, times, seed),
        ["check", "borders"] => borders::check(&workspace).map(|()| println!("every border between packages is kept")),
        ["check", "text"] => tracked_text::check(&workspace).map(|()| println!("tracked files speak to every reader")),
        [] | ["--help" | "-h" | "help"] => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Failure::usage(format!("there is no `cargo xtask {}`", other.join(" ")))),
    }
}
