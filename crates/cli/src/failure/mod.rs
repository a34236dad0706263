//! What an error means for the program: its code, its text, where it lies, the way out.

mod codes;

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

use anyhow::anyhow;
use serde::Serialize;
use tribus::audience::AudienceError;
use tribus::export::ExportError;
use tribus::pipeline::PipelineError;
use tribus::plan::PlanError;
use tribus::purchases::PurchasesError;
use tribus::recipe::RecipeError;
use tribus::segmentation::SegmentationError;
use tribus::source::{Location, ReadError};
use tribus::sql::SqlError;

use crate::code::{Code, Kind};

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    error: anyhow::Error,
    hint: Option<String>,
    location: Location,
}

/// What `--json-errors` prints, in one line. What is not known is null.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorObject {
    code: Code,
    kind: Kind,
    exit_code: u8,
    /// The message and its causes.
    message: String,
    hint: Option<String>,
    file: Option<String>,
    line: Option<u64>,
    column: Option<ErrorColumn>,
}

/// The name of a column; of a recipe, the character of the line.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ErrorColumn {
    Name(String),
    Character(u64),
}

impl Failure {
    /// The user asked for something that cannot be.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::with_code(Code::Usage, message, hint)
    }

    /// An error that the library does not know.
    pub(crate) fn with_code(
        code: Code,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            code,
            error: anyhow!(message.into()),
            hint: Some(hint.into()),
            location: Location::default(),
        }
    }

    /// What was typed is refused; there may be no better way out than the help.
    pub(crate) fn typed(message: String, hint: Option<String>) -> Self {
        Self {
            code: Code::Usage,
            error: anyhow!(message),
            hint,
            location: Location::default(),
        }
    }

    /// Something could not be written.
    pub(crate) fn write(what: &str, source: io::Error) -> Self {
        Self {
            code: Code::WriteFailed,
            error: anyhow::Error::new(source).context(format!("cannot write {what}")),
            hint: None,
            location: Location::default(),
        }
    }

    /// The same, of a file.
    pub(crate) fn at(self, file: &std::path::Path) -> Self {
        Self {
            location: Location::file(file.display().to_string()),
            ..self
        }
    }

    /// The exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        self.code.kind().exit_code()
    }

    /// The way out.
    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The message, then its causes. A cause that the text before it tells already is left out.
    pub(crate) fn messages(&self) -> Vec<String> {
        let mut messages: Vec<String> = Vec::new();
        for cause in self.error.chain() {
            let text = cause.to_string();
            if messages.last().is_none_or(|before| !before.contains(&text)) {
                messages.push(text);
            }
        }
        messages
    }

    /// The failure for a program.
    pub(crate) fn object(&self) -> ErrorObject {
        let Location {
            file,
            line,
            column,
            character,
        } = self.location.clone();
        ErrorObject {
            code: self.code,
            kind: self.code.kind(),
            exit_code: self.exit_code(),
            message: self.messages().join(": "),
            hint: self.hint.clone(),
            file,
            line,
            column: column
                .map(ErrorColumn::Name)
                .or(character.map(ErrorColumn::Character)),
        }
    }

    /// The same failure when nobody named the columns but a model needs them: then the input is what is wrong.
    pub(crate) fn of_new_rows(error: SegmentationError) -> Self {
        let unknown = matches!(
            error,
            SegmentationError::Plan(
                PlanError::UnknownColumn { .. } | PlanError::Read(ReadError::UnknownColumn { .. })
            ) | SegmentationError::Pipeline(
                PipelineError::UnknownColumn { .. }
                    | PipelineError::Read(ReadError::UnknownColumn { .. })
            )
        );
        let failure = Self::from(error);
        let code = if unknown {
            Code::ColumnMissing
        } else {
            failure.code
        };
        Self { code, ..failure }
    }

    fn new<E>(code: Code, hint: Option<String>, location: Location, error: E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        Self {
            code,
            hint,
            location,
            error: anyhow::Error::new(error),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::new(
            codes::of_reading(&error),
            error.hint(),
            error.location(),
            error,
        )
    }
}

impl From<RecipeError> for Failure {
    fn from(error: RecipeError) -> Self {
        Self::new(
            codes::of_recipe(&error),
            error.hint(),
            error.location(),
            error,
        )
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        Self::new(
            codes::of_plan(&error),
            error.hint(),
            error.location(),
            error,
        )
    }
}

impl From<PurchasesError> for Failure {
    fn from(error: PurchasesError) -> Self {
        Self::new(
            codes::of_purchases(&error),
            error.hint(),
            error.location(),
            error,
        )
    }
}

impl From<SegmentationError> for Failure {
    fn from(error: SegmentationError) -> Self {
        Self::new(
            codes::of_segmentation(&error),
            error.hint(),
            error.location(),
            error,
        )
    }
}

impl From<SqlError> for Failure {
    fn from(error: SqlError) -> Self {
        Self::new(
            codes::of_sql(&error),
            error.hint(),
            Location::default(),
            error,
        )
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::new(
            codes::of_export(&error),
            error.hint(),
            error.location(),
            error,
        )
    }
}

impl From<AudienceError> for Failure {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::Segmentation(error) => Self::of_new_rows(*error),
            AudienceError::Read(error) => error.into(),
            error => {
                let (code, hint) = (codes::of_audience(&error), error.hint());
                Self::new(code, hint, Location::default(), error)
            }
        }
    }
}

/// Runs a command; a panic is our bug, and told as one. What the panic says may quote the data, so it is not told.
pub(crate) fn or_bug(command: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let place = Arc::new(Mutex::new(None::<String>));
    let seen = Arc::clone(&place);
    panic::set_hook(Box::new(move |information| {
        if let (Some(location), Ok(mut place)) = (information.location(), seen.lock()) {
            place.get_or_insert_with(|| location.to_string());
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| {
        let place = place.lock().ok().and_then(|place| place.clone());
        let place = place.unwrap_or_else(|| "an unknown place".to_owned());
        Err(Failure {
            code: Code::Bug,
            location: Location::default(),
            error: anyhow!(
                "this is a bug in tribus {}, at {place}",
                env!("CARGO_PKG_VERSION")
            ),
            hint: Some(
                "please report it with this line and the command; your data is not needed"
                    .to_owned(),
            ),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_our_bug_and_quotes_no_data() {
        let failure = or_bug(|| panic!("jane@example.com")).unwrap_err();
        drop(panic::take_hook());
        assert_eq!(failure.exit_code(), 1);
        let message = failure.messages().join(" ");
        assert!(message.starts_with("this is a bug in tribus"), "{message}");
        assert!(message.contains("failure/mod.rs") && !message.contains('@'));
    }

    #[test]
    fn a_cause_is_told_once() {
        let source = io::Error::new(io::ErrorKind::StorageFull, "the disk is full");
        let failure = Failure::write("out.csv", source);
        assert_eq!(
            failure.messages(),
            ["cannot write out.csv", "the disk is full"]
        );
        let error = anyhow!("line 3: a comma is missing");
        let failure = Failure {
            code: Code::Usage,
            location: Location::default(),
            error: anyhow!("a comma is missing").context(error.to_string()),
            hint: None,
        };
        assert_eq!(failure.messages(), ["line 3: a comma is missing"]);
    }
}
