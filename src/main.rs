//! `groundling <command>`: see `groundling --help`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use groundling::commands::train;
use groundling::failure::exit_code;

/// A 3D room, an agent that learns by prediction, and a probe of what it knows.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train an agent; the same command again goes on where it stopped.
    Train(train::TrainArgs),
}

fn main() -> ExitCode {
    let result = match &Cli::parse().command {
        Command::Train(args) => train::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(exit_code(&error))
        }
    }
}
