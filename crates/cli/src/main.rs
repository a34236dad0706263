//! The program `tribus`: from a customer file to named, explained segments.
//!
//! What is typed ([`args`]) is resolved ([`settings`]) and handed to one command ([`commands`]), which asks the library
//! for the work. Only [`terminal`] prints; [`failure`] says what an error means for the exit code.

mod args;
mod commands;
mod destination;
mod failure;
mod interrupt;
mod json;
mod settings;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use args::Typed;
use commands::Session;
use interrupt::Interrupt;
use terminal::Terminal;

fn main() -> ExitCode {
    let typed = match Typed::try_parse() {
        Ok(typed) => typed,
        Err(refused) => return terminal::usage(&refused),
    };
    let session = Session {
        terminal: Terminal::new(&typed.global),
        interrupt: Interrupt::listen(),
    };
    let outcome = failure::or_bug(|| commands::run(&typed.command, &session));
    session.interrupt.wait_if_interrupted();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            session.terminal.failure(&failure);
            ExitCode::from(failure.code())
        }
    }
}
