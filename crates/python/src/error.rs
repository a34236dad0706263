//! Errors of the library as exceptions of the package: `tribus.Error` and its kinds, each with the way out.

use std::any::Any;
use std::error::Error;

use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use tribus::audience::AudienceError;
use tribus::evidence::EvidenceError;
use tribus::export::ExportError;
use tribus::pipeline::PipelineError;
use tribus::plan::PlanError;
use tribus::purchases::PurchasesError;
use tribus::recipe::RecipeError;
use tribus::segmentation::SegmentationError;
use tribus::source::ReadError;
use tribus::sql::SqlError;
use tribus::words::printable;

/// An error that has a class in `tribus`.
pub(crate) trait Told: Error {
    /// Name of the class.
    fn class(&self) -> &'static str;

    /// The way out.
    fn hint(&self) -> Option<String>;
}

/// The exception that tells the error, its causes and the way out.
pub(crate) fn exception(py: Python<'_>, error: &impl Told) -> PyErr {
    raise(py, error.class(), &with_causes(error), error.hint())
}

/// Text of a file on its way to a terminal: what a terminal would obey is written out.
#[pyfunction(name = "printable")]
pub(crate) fn printable_text(text: &str) -> String {
    printable(text).into_owned()
}

/// For `map_err`.
pub(crate) fn told<E: Told>(py: Python<'_>) -> impl Fn(E) -> PyErr {
    move |error| exception(py, &error)
}

/// An exception of a class of the package.
pub(crate) fn raise(py: Python<'_>, class: &str, message: &str, hint: Option<String>) -> PyErr {
    // Messages quote what files hold, and end up in terminals and logs.
    let (message, hint) = (
        printable(message),
        hint.map(|hint| printable(&hint).into_owned()),
    );
    let made = py
        .import("tribus._errors")
        .and_then(|module| module.getattr(class))
        .and_then(|class| class.call1((message, hint)));
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// A panic is our bug. What it says may quote the data, so it is not told; where it was stands on standard error.
pub(crate) fn bug(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    if panic.is::<PyErr>() {
        return PyRuntimeError::new_err("a callback failed");
    }
    let message = concat!("this is a bug in tribus ", env!("CARGO_PKG_VERSION"));
    let hint = "please report it with what you called; your data is not needed";
    raise(py, "Error", message, Some(hint.to_owned()))
}

/// The message, then its causes. A cause that the text before it tells already is left out.
fn with_causes(error: &impl Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        cause = error.source();
    }
    message
}

/// The engine's errors; one that was asked for is a `KeyboardInterrupt`.
pub(crate) fn of_engine(py: Python<'_>) -> impl Fn(tribus_kmeans::Error) -> PyErr {
    move |error| match error {
        tribus_kmeans::Error::Interrupted => PyKeyboardInterrupt::new_err(()),
        error => exception(py, &error),
    }
}

impl Told for tribus_kmeans::Error {
    fn class(&self) -> &'static str {
        "EngineError"
    }

    fn hint(&self) -> Option<String> {
        tribus_kmeans::Error::hint(self).map(ToOwned::to_owned)
    }
}

impl Told for ReadError {
    fn class(&self) -> &'static str {
        match self {
            Self::UnknownColumn { .. } => "UnknownColumnError",
            _ => "ReadError",
        }
    }

    fn hint(&self) -> Option<String> {
        ReadError::hint(self)
    }
}

impl Told for SqlError {
    fn class(&self) -> &'static str {
        match self {
            Self::NoId => "ParameterError",
            Self::Purchases(_) => "PurchasesError",
            _ => "SegmentationError",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NoId => Some("name it: id=\"...\"".to_owned()),
            error => SqlError::hint(error),
        }
    }
}

impl Told for RecipeError {
    fn class(&self) -> &'static str {
        "RecipeError"
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest: None, .. } => {
                Some("give a file (my-recipe.toml) or a name of tribus.recipes()".to_owned())
            }
            Self::NothingFits { .. } => Some("tribus.read(...) shows the columns".to_owned()),
            _ => RecipeError::hint(self),
        }
    }
}

impl Told for PurchasesError {
    fn class(&self) -> &'static str {
        match self {
            Self::Column { .. } => "UnknownColumnError",
            _ => "PurchasesError",
        }
    }

    fn hint(&self) -> Option<String> {
        PurchasesError::hint(self)
    }
}

impl Told for SegmentationError {
    fn class(&self) -> &'static str {
        match self {
            Self::Plan(PlanError::Read(error)) | Self::Pipeline(PipelineError::Read(error)) => {
                error.class()
            }
            Self::Plan(PlanError::UnknownColumn { .. })
            | Self::Pipeline(PipelineError::UnknownColumn { .. }) => "UnknownColumnError",
            Self::Purchases(error) => error.class(),
            Self::Plan(_) => "PlanError",
            Self::Pipeline(_) => "PipelineError",
            Self::Evidence(error) => error.class(),
            Self::Engine { .. } => "EngineError",
            _ => "SegmentationError",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Changed { .. } => Some(
                "make it again with tribus.segment(...); Segmentation.name(n, \"...\") renames a segment"
                    .to_owned(),
            ),
            Self::NotASegmentation { .. } => {
                Some("give the folder or the segmentation.json that was saved".to_owned())
            }
            _ => SegmentationError::hint(self),
        }
    }
}

impl Told for AudienceError {
    fn class(&self) -> &'static str {
        match self {
            Self::Segmentation(error) => error.class(),
            Self::Read(error) => error.class(),
            Self::Condition { .. } => "ParameterError",
            _ => "SegmentationError",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::UnclearConsent { .. } | Self::OtherConsent { .. } => Some(
                "name the column that says yes: consent=\"...\", or take all: consent=False"
                    .to_owned(),
            ),
            Self::NoId { .. } => Some("segment with id=\"...\"".to_owned()),
            _ => AudienceError::hint(self),
        }
    }
}

impl Told for EvidenceError {
    fn class(&self) -> &'static str {
        "EvidenceError"
    }

    fn hint(&self) -> Option<String> {
        EvidenceError::hint(self)
    }
}

impl Told for ExportError {
    fn class(&self) -> &'static str {
        match self {
            Self::UnknownColumn { .. } => "UnknownColumnError",
            _ => "ExportError",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NotOurs { .. } | Self::Foreign { .. } => Some(
                "choose another folder, or pass force=True: files that are not ours stay in it"
                    .to_owned(),
            ),
            Self::Edited { file, .. } => Some(format!(
                "keep your copy of `{file}` elsewhere and pass force=True, or choose another folder"
            )),
            Self::NotAFolder { .. } | Self::NoName { .. } => {
                Some("choose another folder".to_owned())
            }
            Self::Busy { .. } => {
                Some("try again when it has finished, or choose another folder".to_owned())
            }
            _ => ExportError::hint(self),
        }
    }
}
