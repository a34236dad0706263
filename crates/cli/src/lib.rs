//! The program `tribus` as a function, so that the Python package carries the same program.
//!
//! What is typed (`args`) is resolved (`settings`) and handed to one command (`commands`), which asks the library
//! for the work. Only `terminal` prints; `failure` says what an error means for the exit code.

mod args;
mod code;
mod commands;
mod destination;
mod failure;
mod interrupt;
mod json;
mod mode;
mod pipe;
mod results;
mod session;
mod settings;
mod terminal;

use std::ffi::OsString;

use clap::Parser;

pub use code::{Code, Kind};

use args::Typed;
use interrupt::Interrupt;
use session::{Observer, Session};
use terminal::Terminal;

/// Runs the program on these arguments, the first of which is its name; returns the exit code.
///
/// Listens for SIGINT and SIGTERM from here on, and prints where and as the arguments say.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    run_observed(arguments, Box::new(|_| {}))
}

/// [`run`], with an observer that hears of every step in the writing of a folder of results. Tests stop the program there.
pub fn run_observed(arguments: impl IntoIterator<Item = OsString>, observer: Observer) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let typed = match Typed::try_parse_from(&arguments) {
        Ok(typed) => typed,
        Err(refused) => return terminal::usage(&refused, asks_for_json_errors(&arguments)),
    };
    if let Some(mode) = typed.global.mode {
        mode::set(mode);
    }
    let session = Session {
        terminal: Terminal::new(&typed.global),
        interrupt: Interrupt::listen(),
        observer,
    };
    let outcome = failure::or_bug(|| commands::run(&typed.command, &session));
    session.interrupt.settle();
    match outcome {
        Ok(()) => 0,
        Err(failure) => {
            session.terminal.failure(&failure);
            failure.exit_code()
        }
    }
}

/// Whether errors are wanted as JSON, of arguments that cannot be parsed.
fn asks_for_json_errors(arguments: &[OsString]) -> bool {
    let flags = arguments.iter().take_while(|argument| *argument != "--");
    flags
        .into_iter()
        .any(|argument| argument == "--json-errors")
}
