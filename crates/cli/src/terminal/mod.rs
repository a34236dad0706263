//! The only room that prints: data and the summary to standard output, everything else to standard error.

mod cards;
mod evidence;
mod number;
mod page;
mod progress;
mod shown;
mod summary;

use std::io::{self, BufWriter, IsTerminal, Write};

use console::Term;
use serde::Serialize;

pub(crate) use cards::{cards, explanation};
pub(crate) use evidence::{EvidenceSummary, evaluation_summary, evidence_summary};
pub(crate) use number::count;
pub(crate) use page::Page;
pub(crate) use progress::ProgressLine;
pub(crate) use shown::Shown;
pub(crate) use summary::{SegmentSummary, link, segment_summary, shell_word, trial_summary};

use crate::args::Global;
use crate::failure::Failure;
use crate::pipe::Tolerant;
use shown::Harmless;

/// The width of text that nobody looks at.
const UNSEEN_WIDTH: usize = 80;
/// Wider lines are hard to read.
const MOST_WIDTH: usize = 120;
/// Narrower ones cannot hold a table.
const LEAST_WIDTH: usize = 40;

/// How loud the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Quiet,
    Usual,
    Verbose,
}

/// Standard output and standard error, as the user wants them.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
pub(crate) struct Terminal {
    json: bool,
    json_errors: bool,
    voice: Voice,
    color: bool,
    interactive: bool,
}

impl Terminal {
    pub(crate) fn new(global: &Global) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            json: global.json,
            json_errors: global.json_errors,
            voice: match (global.quiet, global.verbose) {
                (true, _) => Voice::Quiet,
                (false, true) => Voice::Verbose,
                (false, false) => Voice::Usual,
            },
            color: !(global.no_color || no_color),
            interactive: io::stdout().is_terminal(),
        }
    }

    /// One JSON object is wanted.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// More is wanted.
    pub(crate) fn verbose(&self) -> bool {
        self.voice == Voice::Verbose
    }

    /// Somebody looks at standard output.
    pub(crate) fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// An empty page for standard output, as wide and as colored as it allows.
    pub(crate) fn page(&self) -> Page {
        let width = if self.interactive {
            let (_, columns) = Term::stdout().size();
            usize::from(columns).clamp(LEAST_WIDTH, MOST_WIDTH)
        } else {
            UNSEEN_WIDTH
        };
        Page::new(width, self.color && self.interactive)
    }

    /// Prints text for people, unless they want none.
    pub(crate) fn say(&self, text: &Shown) -> Result<(), Failure> {
        if self.json || self.voice == Voice::Quiet {
            return Ok(());
        }
        print(text)
    }

    /// Tells something on standard error, unless a program listens there.
    pub(crate) fn tell(&self, text: &Shown) {
        if !self.json && !self.json_errors && self.voice != Voice::Quiet {
            complain(text);
        }
    }

    /// Warns on standard error. Under `--json` warnings are part of the object.
    pub(crate) fn warn(&self, warning: &str) {
        let mut page = self.error_page();
        let label = page.yellow("warning:");
        page.hanging(&format!("{label} "), warning);
        self.tell(&page.into_text());
    }

    /// Tells on standard error what was decided and could be decided otherwise.
    pub(crate) fn note(&self, note: &str) {
        let mut page = self.error_page();
        let label = page.cyan("note:");
        page.hanging(&format!("{label} "), note);
        self.tell(&page.into_text());
    }

    /// Says why the command failed.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json_errors {
            return error_object(failure);
        }
        let mut page = self.error_page();
        let mut label = page.red("error:");
        for message in failure.messages() {
            page.hanging(&format!("{label} "), &message);
            "  cause:".clone_into(&mut label);
        }
        if let Some(hint) = failure.hint() {
            let label = page.cyan("hint:");
            page.hanging(&format!("{label} "), hint);
        }
        complain(&page.into_text());
    }

    /// A line that shows how far the work is, if somebody looks.
    pub(crate) fn progress(&self) -> ProgressLine {
        let is_wanted = self.voice != Voice::Quiet && !self.json_errors;
        ProgressLine::new(is_wanted && io::stderr().is_terminal())
    }

    /// Errors are not wrapped where a program reads them: a message is one line.
    fn error_page(&self) -> Page {
        let seen = io::stderr().is_terminal();
        let width = if seen {
            usize::from(Term::stderr().size().1).max(LEAST_WIDTH)
        } else {
            usize::MAX
        };
        Page::new(width, self.color && seen)
    }
}

/// Standard output for data: every byte as it is, but harmless where somebody looks.
pub(crate) fn data() -> Box<dyn Write + Send> {
    let out = BufWriter::new(Tolerant::new(io::stdout()));
    if io::stdout().is_terminal() {
        Box::new(Harmless::new(out))
    } else {
        Box::new(out)
    }
}

/// Prints text for people: also when quiet.
pub(crate) fn print(text: &Shown) -> Result<(), Failure> {
    print_data(text.as_str(), BufWriter::new(Tolerant::new(io::stdout())))
}

/// Prints data that is text: a recipe, a script, a table.
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    print_data(text, data())
}

fn print_data(text: &str, mut out: impl Write) -> Result<(), Failure> {
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|source| Failure::write("to standard output", source))
}

/// Prints the machine summary.
pub(crate) fn object(object: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(object)
        .map_err(|error| Failure::write("the JSON", error.into()))?;
    text.push('\n');
    print_text(&text)
}

/// What clap has to say: help and version to standard output, complaints to standard error.
pub(crate) fn usage(refused: &clap::Error, as_json: bool) -> u8 {
    if !refused.use_stderr() {
        // A closed pipe is no failure, and there is nobody left to tell of others.
        drop(refused.print());
    } else if as_json {
        error_object(&typed_wrong(refused));
    } else {
        // It quotes what was typed.
        complain(&Shown::plain(&refused.render().to_string()));
    }
    u8::try_from(refused.exit_code()).unwrap_or(2)
}

/// A complaint of clap. Its first paragraph is the message; a tip is the way out, else how the command is typed.
fn typed_wrong(refused: &clap::Error) -> Failure {
    use clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand as NoCommand;
    if refused.kind() == NoCommand {
        return Failure::usage("no command was named", "tribus --help lists the commands");
    }
    let text = refused.render().to_string();
    let paragraphs: Vec<String> = text
        .split("\n\n")
        .map(|lines| lines.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let said = |label: &str| {
        let found = paragraphs.iter().find_map(|text| text.strip_prefix(label));
        found.map(ToOwned::to_owned)
    };
    let hint = said("tip: ").or_else(|| said("Usage: "));
    let message = said("error: ").unwrap_or(text);
    Failure::typed(message, hint)
}

/// Prints a failure for a program, in one line.
fn error_object(failure: &Failure) {
    if let Ok(line) = serde_json::to_string(&failure.object()) {
        complain(&Shown::plain(&format!("{line}\n")));
    }
}

/// Leaves the cursor visible and at the start of a line.
#[cfg(unix)]
pub(crate) fn leave_clean() {
    let terminal = Term::stderr();
    if terminal.is_term() {
        // The program is about to end; a terminal that does not answer cannot be helped.
        drop(terminal.clear_line().and_then(|()| terminal.show_cursor()));
    }
}

fn complain(text: &Shown) {
    // When standard error is gone there is nobody left to tell.
    drop(io::stderr().write_all(text.as_str().as_bytes()));
}
