//! The program `tribus`: from a customer file to named, explained segments.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(tribus_cli::run(std::env::args_os()))
}
