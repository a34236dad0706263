//! One file per command: each asks the library for the work and says what came of it.

mod assign;
mod audience;
mod completions;
mod demo;
mod evaluate;
mod evaluate_campaign;
mod evidence;
mod explain;
mod fail_on;
mod forget;
mod inspect;
mod prepare;
mod recipe;
mod rename;
mod report;
mod rollup;
mod segment;
mod sql;
mod verify;

use tribus::source::limit_memory;
use tribus::table::{Reading, Table};

use crate::args::Command;
use crate::failure::Failure;
use crate::session::Session;

/// Runs a command, on so many threads as were asked for; else on one per core.
pub(crate) fn run(command: &Command, session: &Session) -> Result<(), Failure> {
    let resources = command.resources();
    if let Some(memory) = resources.and_then(|resources| resources.memory) {
        limit_memory(memory);
    }
    let Some(threads) = resources.and_then(|resources| resources.threads) else {
        return run_here(command, session);
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get());
    match pool.build() {
        Ok(pool) => pool.install(|| run_here(command, session)),
        Err(_) => Err(Failure::usage(
            format!("{threads} threads cannot be started here"),
            "ask for fewer: the result is the same for any number",
        )),
    }
}

fn run_here(command: &Command, session: &Session) -> Result<(), Failure> {
    match command {
        Command::Segment(typed) => segment::run(typed, session),
        Command::Assign(typed) => assign::run(typed, session),
        Command::Audience(typed) => audience::run(typed, session),
        Command::EvaluateCampaign(typed) => evaluate_campaign::run(typed, session),
        Command::Prepare(typed) => prepare::run(typed, session),
        Command::Rollup(typed) => rollup::run(typed, session),
        Command::Inspect(typed) => inspect::run(typed, session),
        Command::Evidence(typed) => evidence::run(typed, session),
        Command::Evaluate(typed) => evaluate::run(typed, session),
        Command::Demo(typed) => demo::run(typed, session),
        Command::Explain(typed) => explain::run(typed, session),
        Command::Sql(typed) => sql::run(typed, session),
        Command::Dbt(typed) => sql::dbt(typed, session),
        Command::Report(typed) => report::run(typed, session),
        Command::Forget(typed) => forget::run(typed, session),
        Command::Verify(typed) => verify::run(typed, session),
        Command::Rename(typed) => rename::run(typed, session),
        Command::Recipe(typed) => recipe::run(typed, session),
        Command::Completions(typed) => completions::shell(typed),
        Command::Man => completions::manual(),
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
    table.readings().iter().map(Reading::sentence).collect()
}
