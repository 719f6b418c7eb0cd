//! `cargo xtask kills`: kills a run in training as often as asked, and compares its end with that of an undisturbed one.

use std::path::Path;

use crate::cargo::cargo;
use crate::failure::Failure;
use crate::setup;
use crate::stages::run_command;

/// Kills `times` times; `seed` decides the moments.
pub fn kills(workspace: &Path, times: &str, seed: &str) -> Result<(), Failure> {
    for (flag, value) in [("--times", times), ("--seed", seed)] {
        if !value.parse::<u64>().is_ok_and(|value| value > 0) {
            return Err(Failure::usage(format!("{flag} {value}: it must be a whole number above 0")));
        }
    }
    let home = setup::setup(workspace)?;
    let mut command = cargo(workspace);
    command.args(["test", "--package", "groundling", "--test", "running", "kills::", "--", "--nocapture"]);
    command.env("LIBTORCH", &home).env("GROUNDLING_KILLS", times).env("GROUNDLING_KILLS_SEED", seed);
    run_command(&mut command, "the message above names the moments after which the end was another")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_told_before_anything_is_built() {
        for (times, seed, told) in [("many", "1", "--times many"), ("0", "1", "--times 0"), ("5", "-1", "--seed -1")] {
            let failure = kills(Path::new("/nowhere"), times, seed).unwrap_err();
            assert_eq!(failure.exit_code(), 2);
            assert!(failure.what().starts_with(told), "{failure}");
        }
    }
}
