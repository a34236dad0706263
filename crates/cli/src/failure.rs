//! What an error means for the program: its exit code, its text, the way out.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::anyhow;
use tribus::audience::AudienceError;
use tribus::pipeline::PipelineError;
use tribus::plan::PlanError;
use tribus::purchases::PurchasesError;
use tribus::recipe::RecipeError;
use tribus::segmentation::SegmentationError;
use tribus::source::ReadError;
use tribus::sql::SqlError;

use tribus::export::ExportError;

/// A write failed, or the program has a bug.
pub(crate) const FAILED: u8 = 1;
/// Usage, recipe, unknown column, a folder that is not ours.
const USAGE: u8 = 2;
/// The input is missing, unreadable or wrong; the model file is bad.
const INPUT: u8 = 3;

/// Another process is writing the same folder: the same command may succeed later (EX_TEMPFAIL of sysexits.h).
const TRY_AGAIN: u8 = 75;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    error: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    /// The user asked for something that cannot be.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code: USAGE,
            error: anyhow!(message.into()),
            hint: Some(hint.into()),
        }
    }

    /// Something could not be written.
    pub(crate) fn write(what: &str, source: io::Error) -> Self {
        Self {
            code: FAILED,
            error: anyhow::Error::new(source).context(format!("cannot write {what}")),
            hint: None,
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        self.code
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

    /// The same failure when nobody named the columns but a model needs them: then the input is what is wrong.
    pub(crate) fn of_new_rows(error: SegmentationError) -> Self {
        let unknown = matches!(
            error,
            SegmentationError::Pipeline(
                PipelineError::UnknownColumn { .. }
                    | PipelineError::Read(ReadError::UnknownColumn { .. })
            )
        );
        let failure = Self::from(error);
        let code = if unknown { INPUT } else { failure.code };
        Self { code, ..failure }
    }

    fn new<E>(code: u8, hint: Option<String>, error: E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        Self {
            code,
            hint,
            error: anyhow::Error::new(error),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::new(read_code(&error), error.hint(), error)
    }
}

impl From<RecipeError> for Failure {
    fn from(error: RecipeError) -> Self {
        Self::new(USAGE, error.hint(), error)
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        Self::new(plan_code(&error), error.hint(), error)
    }
}

impl From<PurchasesError> for Failure {
    fn from(error: PurchasesError) -> Self {
        Self::new(purchases_code(&error), error.hint(), error)
    }
}

impl From<SegmentationError> for Failure {
    fn from(error: SegmentationError) -> Self {
        Self::new(segmentation_code(&error), error.hint(), error)
    }
}

impl From<SqlError> for Failure {
    fn from(error: SqlError) -> Self {
        Self::new(USAGE, error.hint(), error)
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let code = match error {
            ExportError::Busy { .. } => TRY_AGAIN,
            _ if error.is_usage() => USAGE,
            _ => FAILED,
        };
        Self::new(code, error.hint(), error)
    }
}

impl From<AudienceError> for Failure {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::Segmentation(error) => Self::of_new_rows(*error),
            AudienceError::Read(error) => error.into(),
            error => {
                let code = match error {
                    AudienceError::NoId { .. }
                    | AudienceError::NoContact { .. }
                    | AudienceError::NoIdsInList { .. }
                    | AudienceError::NobodyHeldOut { .. } => INPUT,
                    _ => USAGE,
                };
                Self::new(code, error.hint(), error)
            }
        }
    }
}

fn read_code(error: &ReadError) -> u8 {
    match error {
        ReadError::NoInput
        | ReadError::UnknownEncoding { .. }
        | ReadError::BadCharacter { .. }
        | ReadError::UnknownColumn { .. }
        | ReadError::NoSheet { .. } => USAGE,
        _ => INPUT,
    }
}

fn purchases_code(error: &PurchasesError) -> u8 {
    match error {
        PurchasesError::Column { .. }
        | PurchasesError::Expression { .. }
        | PurchasesError::Rule { .. } => USAGE,
        _ => INPUT,
    }
}

fn plan_code(error: &PlanError) -> u8 {
    match error {
        PlanError::UnknownColumn { .. }
        | PlanError::Expression { .. }
        | PlanError::Circle { .. } => USAGE,
        PlanError::Read(error) => read_code(error),
        _ => INPUT,
    }
}

fn pipeline_code(error: &PipelineError) -> u8 {
    match error {
        PipelineError::UnknownColumn { .. }
        | PipelineError::Expression { .. }
        | PipelineError::Circle { .. }
        | PipelineError::NameTaken { .. }
        | PipelineError::Setting { .. } => USAGE,
        PipelineError::Read(error) => read_code(error),
        _ => INPUT,
    }
}

fn segmentation_code(error: &SegmentationError) -> u8 {
    match error {
        SegmentationError::Purchases(error) => purchases_code(error),
        SegmentationError::Plan(error) => plan_code(error),
        SegmentationError::Pipeline(error) => pipeline_code(error),
        SegmentationError::NoSuchSegment { .. }
        | SegmentationError::NoSuchCustomer { .. }
        | SegmentationError::Name { .. }
        | SegmentationError::NotKept { .. }
        | SegmentationError::NoValue { .. }
        | SegmentationError::Campaign(_) => USAGE,
        // A folder is there, but no segmentation in it: it is not ours.
        SegmentationError::Unreadable { path, source }
            if source.kind() == io::ErrorKind::NotFound
                && path.parent().is_some_and(Path::is_dir)
                && path.ends_with("segmentation.json") =>
        {
            USAGE
        }
        _ => INPUT,
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
            code: FAILED,
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
        assert_eq!(failure.code(), 1);
        let message = failure.messages().join(" ");
        assert!(message.starts_with("this is a bug in tribus"), "{message}");
        assert!(message.contains("failure.rs") && !message.contains('@'));
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
            code: USAGE,
            error: anyhow!("a comma is missing").context(error.to_string()),
            hint: None,
        };
        assert_eq!(failure.messages(), ["line 3: a comma is missing"]);
    }
}
