//! Exit codes: 1 when something failed while running, 2 when what the user gave was wrong.

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

/// The exit code for an error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if error.chain().any(|cause| cause.is::<WrongInput>()) { 2 } else { 1 }
}
