//! `groundling <command>`: see `groundling --help`.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Parser, Subcommand};
use groundling::commands::{bench, diverged, doctor, probe, questions, record, replay, report, rooms, study, train};
use groundling::complain;
use groundling::failure::{exit_code, in_one_line, is_interruption};
use groundling::printing::lost_output;

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
    /// Make an update that diverged again, from what the run kept of it, and show its figures.
    Diverged(diverged::DivergedArgs),
    /// Train fresh probes on the frozen beliefs of finished runs, beside their controls.
    Probe(probe::ProbeArgs),
    /// Train and probe several variants of an agent, several seeds of each, by one protocol; then write one report.
    Study(study::StudyArgs),
    /// Write one self-contained page of finished runs and what probes read from them.
    Report(report::ReportArgs),
    /// Play a trained agent in unseen rooms and keep the episodes, with its answers.
    Record(record::RecordArgs),
    /// Step a recorded episode again, check every step, and draw it as a film.
    Replay(replay::ReplayArgs),
    /// Show the room of a seed and what can be asked about it.
    Rooms(rooms::RoomsArgs),
    /// Write the questions of an evaluation as a file, or check such a file against its rooms.
    Questions(questions::QuestionsArgs),
    /// Measure steps a second.
    Bench(bench::BenchArgs),
    /// Tell what is found on this machine and what to do about what is not.
    Doctor(doctor::DoctorArgs),
}

fn main() -> ExitCode {
    groundling::allocator::keep_freed_memory();
    #[cfg(feature = "viewer")]
    groundling::display::quieten_where_there_is_none();
    let result = match &Cli::parse().command {
        Command::Train(args) => train::run(args),
        Command::Diverged(args) => diverged::run(args),
        Command::Probe(args) => probe::run(args),
        Command::Study(args) => study::run(args),
        Command::Report(args) => report::run(args),
        Command::Record(args) => record::run(args),
        Command::Replay(args) => replay::run(args),
        Command::Rooms(args) => rooms::run(args),
        Command::Questions(args) => questions::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Doctor(args) => doctor::run(args),
    };
    let result = result.and_then(|()| match lost_output() {
        Some(error) => Err(anyhow!("cannot write to the standard output: {error}")),
        None => Ok(()),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let kind = if is_interruption(&error) { "" } else { "error: " };
            complain!("{kind}{}", in_one_line(&error));
            ExitCode::from(exit_code(&error))
        }
    }
}
