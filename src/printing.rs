//! What commands print. A reader that has seen enough closes the pipe, as `| head -1` does; that ends nothing that is
//! under way, least of all a training. Output that is lost for another reason, such as a full disk, is told at the end.

use std::fmt::Arguments;
use std::io::{Error, ErrorKind, Write};
use std::sync::OnceLock;

use crate::progress::print_above_bars;

static LOST: OnceLock<Error> = OnceLock::new();

/// Prints a line to the standard output, as `println!` does, without panicking when it cannot be written.
#[macro_export]
macro_rules! say {
    () => { $crate::printing::say_line(format_args!("")) };
    ($($line:tt)*) => { $crate::printing::say_line(format_args!($($line)*)) };
}

/// Prints a line to the standard error, as `eprintln!` does, without panicking when it cannot be written.
#[macro_export]
macro_rules! complain {
    ($($line:tt)*) => { $crate::printing::complain_line(format_args!($($line)*)) };
}

/// What [`say!`](crate::say) does.
pub fn say_line(line: Arguments<'_>) {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => drop(LOST.set(error)),
        _ => {}
    }
}

/// What [`complain!`](crate::complain) does.
pub fn complain_line(line: Arguments<'_>) {
    if !print_above_bars(&line.to_string()) {
        // There is no third place to tell that the second one is gone.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }
}

/// The first reason why output was lost, unless it was that nobody reads it.
pub fn lost_output() -> Option<&'static Error> {
    LOST.get()
}
