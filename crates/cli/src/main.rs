//! The program `tribus`: from a customer file to named, explained segments.

use std::io;
use std::process::{Child, Command, ExitCode, Stdio};

use tribus::source::{isolate_workbooks, serve_workbook};

/// The hidden command by which the program has itself read a workbook, within limits of memory and time.
const READ_WORKBOOK: &str = "__read-workbook";

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == READ_WORKBOOK)
    {
        // Nobody is left to hear of an error: the program has closed the pipe.
        return serve_workbook().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    isolate_workbooks(start_helper);
    ExitCode::from(tribus_cli::run(std::env::args_os()))
}

fn start_helper() -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg(READ_WORKBOOK)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}
