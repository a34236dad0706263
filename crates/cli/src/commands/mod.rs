//! One file per command: each asks the library for the work and says what came of it.

mod assign;
mod completions;
mod demo;
mod evaluate;
mod evidence;
mod explain;
mod inspect;
mod name;
mod prepare;
mod recipe;
mod report;
mod segment;

use std::num::NonZeroUsize;

use tribus::table::Table;

use crate::args::Command;
use crate::failure::Failure;
use crate::session::Session;

/// Runs a command.
pub(crate) fn run(command: &Command, session: &Session) -> Result<(), Failure> {
    match command {
        Command::Segment(typed) => {
            with_threads(typed.threads.threads, || segment::run(typed, session))
        }
        Command::Assign(typed) => {
            with_threads(typed.threads.threads, || assign::run(typed, session))
        }
        Command::Prepare(typed) => {
            with_threads(typed.threads.threads, || prepare::run(typed, session))
        }
        Command::Inspect(typed) => {
            with_threads(typed.threads.threads, || inspect::run(typed, session))
        }
        Command::Evidence(typed) => {
            with_threads(typed.threads.threads, || evidence::run(typed, session))
        }
        Command::Evaluate(typed) => {
            with_threads(typed.threads.threads, || evaluate::run(typed, session))
        }
        Command::Demo(typed) => with_threads(typed.threads.threads, || demo::run(typed, session)),
        Command::Explain(typed) => explain::run(typed, session),
        Command::Report(typed) => report::run(typed, session),
        Command::Name(typed) => name::run(typed, session),
        Command::Recipe(typed) => recipe::run(typed, session),
        Command::Completions(typed) => completions::shell(typed),
        Command::Man => completions::manual(),
    }
}

/// Runs the work on so many threads; without a number, on one per core.
fn with_threads(
    threads: Option<NonZeroUsize>,
    work: impl FnOnce() -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    let Some(threads) = threads else {
        return work();
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get());
    match pool.build() {
        Ok(pool) => pool.install(work),
        Err(_) => Err(Failure::usage(
            format!("{threads} threads cannot be started here"),
            "ask for fewer: the result is the same for any number",
        )),
    }
}

/// What is to be told of a result beside the result.
#[derive(Debug, Default)]
struct Remarks {
    /// Oddities of the input and of what was written.
    warnings: Vec<String>,
    /// What was decided, and could be decided otherwise.
    notes: Vec<String>,
}

impl Remarks {
    /// What the readers found odd.
    fn of(table: &Table) -> Self {
        let readings = table.readings().iter();
        Self {
            warnings: readings
                .flat_map(|reading| reading.warnings.iter().cloned())
                .collect(),
            notes: Vec::new(),
        }
    }

    fn noting<'n>(mut self, notes: impl IntoIterator<Item = &'n String>) -> Self {
        self.notes.extend(notes.into_iter().cloned());
        self
    }

    /// Text was kept from running as a formula.
    fn guarded(mut self, cells: u64) -> Self {
        if cells > 0 {
            self.warnings.push(format!(
                "{} text cell{} would run as a formula in a spreadsheet and got a leading '; --raw writes text exactly as it is",
                crate::terminal::count(cells),
                if cells == 1 { "" } else { "s" }
            ));
        }
        self
    }

    fn is_empty(&self) -> bool {
        self.warnings.is_empty() && self.notes.is_empty()
    }

    /// For people, on standard error.
    fn tell(&self, session: &Session) {
        for warning in &self.warnings {
            session.terminal.warn(warning);
        }
        for note in &self.notes {
            session.terminal.note(note);
        }
    }

    /// For machines, all in one list.
    fn all(&self) -> Vec<String> {
        self.warnings.iter().chain(&self.notes).cloned().collect()
    }
}

/// How the files were read, one line each.
fn reading_lines(table: &Table) -> Vec<String> {
    let readings = table.readings().iter();
    readings
        .map(|reading| {
            let decisions = reading.decisions.join("; ");
            let separator = if decisions.is_empty() { "" } else { "; " };
            format!("{}: {}{separator}{decisions}", reading.file, reading.format)
        })
        .collect()
}
