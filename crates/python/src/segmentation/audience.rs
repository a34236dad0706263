//! The list to send: `Segmentation.audience`.

use std::path::PathBuf;

use arrow_array::RecordBatch;
use pyo3::prelude::*;
use serde::Deserialize;
use tribus::audience::{
    Audience, AudienceError, AudienceOptions, ConsentCheck, Platform, customers_of,
};
use tribus::date::Date;
use tribus::expr::Expr;
use tribus::source::ReadOptions;
use tribus::table::Table;

use super::read::{Source, open_as, parse_as};
use super::{Segmentation, day_of, json};
use crate::error::{raise, told};
use crate::frame::Frame;
use crate::interrupt::owning;

/// The list, the holdout, the account as JSON, and remarks.
type Drawn = (Frame, Option<Frame>, String, Vec<String>);

/// What was asked for, in the words of Python.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    segments: Vec<String>,
    columns: Vec<String>,
    platform: Option<String>,
    holdout: Option<String>,
    holdout_seed: u64,
    condition: Option<String>,
    limit: Option<usize>,
    consent: Option<String>,
    is_unchecked: bool,
    country: Option<String>,
    as_of: Option<String>,
    allow_duplicates: bool,
}

impl Asked {
    fn options(self, py: Python<'_>) -> PyResult<AudienceOptions> {
        let wrong = |problem: String| raise(py, "ParameterError", &problem, None);
        let platform = match self.platform.as_deref() {
            None => None,
            Some("google") => Some(Platform::Google),
            Some("meta") => Some(Platform::Meta),
            Some(other) => {
                return Err(wrong(format!("platform={other:?} is none of google, meta")));
            }
        };
        let share = |text: String| {
            let parsed = text.parse();
            parsed.map_err(|problem: String| wrong(format!("holdout={text:?}: {problem}")))
        };
        let country = |text: String| {
            let parsed = text.parse();
            parsed.map_err(|problem: String| wrong(format!("country={text:?}: {problem}")))
        };
        let condition = |text: String| {
            let hint = |error: &tribus::expr::ExprError| error.hint();
            Expr::parse(&text).map_err(|error| {
                raise(
                    py,
                    "ParameterError",
                    &format!("where: {error}"),
                    hint(&error),
                )
            })
        };
        let as_of: Option<Date> = day_of(py, self.as_of.as_deref())?;
        Ok(AudienceOptions {
            segments: self.segments,
            columns: self.columns,
            platform,
            holdout: self.holdout.map(share).transpose()?,
            holdout_seed: self.holdout_seed,
            condition: self.condition.map(condition).transpose()?,
            limit: self.limit,
            consent: match self.consent {
                Some(column) => ConsentCheck::Column(column),
                None if self.is_unchecked => ConsentCheck::None,
                None => ConsentCheck::Found,
            },
            country: self.country.map(country).transpose()?,
            as_of,
            allow_duplicates: self.allow_duplicates,
        })
    }
}

/// Draws a list from files.
#[pyfunction]
pub(crate) fn audience_of_files(
    py: Python<'_>,
    segmentation: &Segmentation,
    paths: Vec<PathBuf>,
    asked: &str,
) -> PyResult<Drawn> {
    let options = asked_of(py, asked)?;
    let source = open_as(py, paths, segmentation.audience_reading(&options))?;
    segmentation.audience(py, &source, options)
}

/// Draws a list from a frame.
#[pyfunction]
pub(crate) fn audience_of_frame(
    py: Python<'_>,
    segmentation: &Segmentation,
    frame: &Bound<'_, PyAny>,
    asked: &str,
) -> PyResult<Drawn> {
    let options = asked_of(py, asked)?;
    let source = parse_as(py, frame, segmentation.audience_reading(&options))?;
    segmentation.audience(py, &source, options)
}

impl Segmentation {
    fn audience_reading(&self, options: &AudienceOptions) -> ReadOptions {
        options.read_options(self.read_options())
    }

    fn audience(
        &self,
        py: Python<'_>,
        source: &Source,
        options: AudienceOptions,
    ) -> PyResult<Drawn> {
        let (made, table) = (self.made.clone(), source.table.clone());
        let drawn = owning(py, move |_| -> Result<_, AudienceError> {
            let (table, notes) = customers_of(&made, Table::clone(&table), &options)?;
            Ok((Audience::draw(&made, &table, &options)?, notes))
        })?;
        let (audience, mut notes) = drawn.map_err(told(py))?;
        notes.extend(audience.account.notes.iter().cloned());
        let account = json(&audience.account);
        let holdout = audience.holdout.map(frame_of);
        Ok((frame_of(audience.list), holdout, account, notes))
    }
}

fn asked_of(py: Python<'_>, asked: &str) -> PyResult<AudienceOptions> {
    let asked: Result<Asked, _> = serde_json::from_str(asked);
    asked
        .map_err(|error| raise(py, "ParameterError", &error.to_string(), None))?
        .options(py)
}

fn frame_of(batch: RecordBatch) -> Frame {
    Frame {
        schema: batch.schema(),
        batches: vec![batch],
    }
}
