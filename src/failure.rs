//! Exit codes: 1 when something failed while running, 2 when what the user gave was wrong, 130 when the user or the system
//! asked it to stop and what there was is saved.

use std::fmt::Display;

/// Marks an error as the user's input being wrong: exit code 2.
#[derive(Debug)]
pub struct WrongInput(String);

impl Display for WrongInput {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WrongInput {}

/// An error for input that is wrong; `message` says what, where, and the remedy.
pub fn wrong_input(message: impl Display) -> anyhow::Error {
    anyhow::Error::new(WrongInput(message.to_string()))
}

/// Marks a command that ended because it was asked to, by Ctrl-C or SIGTERM: exit code 130.
#[derive(Debug)]
pub struct Interrupted(String);

impl Display for Interrupted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Interrupted {}

/// For a command that was asked to stop before its end; `message` says what is saved.
pub fn interrupted(message: impl Display) -> anyhow::Error {
    anyhow::Error::new(Interrupted(message.to_string()))
}

/// Whether the command was asked to stop.
pub fn is_interruption(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<Interrupted>())
}

/// The exit code for an error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if is_interruption(error) {
        return 130;
    }
    if error.chain().any(|cause| cause.is::<WrongInput>()) { 2 } else { 1 }
}

/// An error and its causes in one line. Libraries name a cause in their own text; it is not told twice.
pub fn in_one_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if line.is_empty() {
            line = text;
        } else if !line.contains(&text) {
            line = format!("{line}: {text}");
        }
    }
    line.replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let cause = std::io::Error::other("disk on fire");
        let error = anyhow::Error::new(cause).context("cannot write: disk on fire").context("run");
        assert_eq!(in_one_line(&error), "run: cannot write: disk on fire");
        assert_eq!(exit_code(&error), 1);
        assert_eq!(exit_code(&wrong_input("no").context("such")), 2);
        assert_eq!(exit_code(&interrupted("saved")), 130);
    }
}
