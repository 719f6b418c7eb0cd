//! Stages: each says what it does and how long it takes, and a failed one says what to do.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::interrupt;

/// The stages of one command, counted and timed.
#[derive(Debug)]
pub struct Stages {
    num_stages: usize,
    finished: Vec<(String, String)>,
    started: Instant,
}

impl Stages {
    /// Begins a command of so many stages.
    pub fn new(num_stages: usize) -> Self {
        Self { num_stages, finished: Vec::new(), started: Instant::now() }
    }

    /// Runs one stage. `expected` says how long it usually takes; empty when it takes no time.
    pub fn run<T>(
        &mut self,
        does: &str,
        expected: &str,
        stage: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        interrupt::check()?;
        let number = self.finished.len() + 1;
        let expected = if expected.is_empty() { String::new() } else { format!(" ({expected})") };
        println!("\n== [{number}/{}] {does}{expected}", self.num_stages);
        let started = Instant::now();
        let result = stage();
        let took = in_words(started.elapsed());
        let outcome = if result.is_ok() { format!("done in {took}") } else { format!("FAILED after {took}") };
        println!("== [{number}/{}] {does}: {outcome}", self.num_stages);
        self.finished.push((does.to_owned(), outcome));
        interrupt::check()?;
        result
    }

    /// Counts a stage as done that had nothing to do.
    pub fn skip(&mut self, does: &str) {
        println!("\n== [{}/{}] {does}: already done", self.finished.len() + 1, self.num_stages);
        self.finished.push((does.to_owned(), "already done".to_owned()));
    }

    /// Prints how each stage went and how long all took together.
    pub fn print_summary(&self) {
        println!("\nSummary");
        let width = self.finished.iter().map(|(does, _)| does.chars().count()).max().unwrap_or(0);
        for (does, outcome) in &self.finished {
            println!("  {does:width$}  {outcome}");
        }
        println!("  {:width$}  {}", "all together", in_words(self.started.elapsed()));
    }
}

/// Runs a command with our own input and output; a failure names the command.
pub fn run_command(command: &mut Command, remedy: &str) -> Result<(), Failure> {
    let line = command_line(command);
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("cannot start `{line}`: {error}"), "install it, then run this again"))?;
    interrupt::check()?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{line}` failed ({status})"), remedy)) }
}

/// The command as one would type it; programs of Cargo by their short names.
pub fn command_line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy());
    words.collect::<Vec<_>>().join(" ")
}

/// A duration as people say it: `0.4 s`, `38 s`, `4 min 12 s`.
pub fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..=9 => format!("{:.1} s", duration.as_secs_f64()),
        10..=59 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(in_words(Duration::from_millis(420)), "0.4 s");
        assert_eq!(in_words(Duration::from_secs(38)), "38 s");
        assert_eq!(in_words(Duration::from_secs(252)), "4 min 12 s");
    }

    #[test]
    fn a_failed_command_is_named_with_its_remedy() {
        let failure = run_command(Command::new("/bin/sh").args(["-c", "exit 3"]), "do better").unwrap_err();
        let line = failure.to_string();
        assert!(line.contains("`sh -c exit 3` failed (exit status: 3)") && line.contains("do better"), "{line}");
    }
}
