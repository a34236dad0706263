//! One row per segment: size, value, then centroid, mean and median of every numeric column in raw units.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, LargeStringArray, RecordBatch};

use super::{ExportError, Guarded, delimited};
use crate::pipeline::batch_of;
use crate::segmentation::Segmentation;
use crate::summary::{ColumnStatistics, ColumnSummary, NumberSummary};

/// The text of `segments.csv`.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn segments_csv(
    segmentation: &Segmentation,
    raw: bool,
) -> Result<(String, Guarded), ExportError> {
    let mut bytes = Vec::new();
    let guarded = delimited::write(&mut bytes, &segments_batch(segmentation), raw)?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), guarded))
}

/// The same as a record batch.
pub(super) fn segments_batch(segmentation: &Segmentation) -> RecordBatch {
    let summary = &segmentation.summary;
    let segments = &summary.segments;
    let k = segments.len();
    let mut columns: Vec<(String, ArrayRef)> = vec![
        column("segment", (1..=k as i64).map(Some).collect::<Int64Array>()),
        column(
            "segment_name",
            (0..k)
                .map(|segment| Some(segmentation.name(segment)))
                .collect::<LargeStringArray>(),
        ),
        column(
            "size",
            segments
                .iter()
                .map(|s| Some(s.size as i64))
                .collect::<Int64Array>(),
        ),
        column(
            "share",
            segments
                .iter()
                .map(|s| Some(s.share))
                .collect::<Float64Array>(),
        ),
        column(
            "value",
            segments.iter().map(|s| s.value).collect::<Float64Array>(),
        ),
    ];
    columns.extend(summary.columns.iter().flat_map(statistics_columns));
    batch_of(
        columns
            .iter()
            .map(|(name, array)| (name.as_str(), array.clone())),
        k,
    )
}

/// Centroid, mean and median of one numeric column; the mean of an integer code.
fn statistics_columns(summary: &ColumnSummary) -> Vec<(String, ArrayRef)> {
    let name = &summary.name;
    let cells = |values: &[f64]| values.iter().copied().map(Some).collect::<Float64Array>();
    match &summary.statistics {
        ColumnStatistics::Numbers {
            segments, centroid, ..
        } => {
            let known = |of: fn(&NumberSummary) -> f64| -> Float64Array {
                segments
                    .iter()
                    .map(|segment| (segment.count > 0).then(|| of(segment)))
                    .collect()
            };
            let centroid = centroid
                .iter()
                .map(|at| column(&format!("centroid_{name}"), cells(at)));
            let mean = column(&format!("mean_{name}"), known(|segment| segment.mean));
            let median = column(&format!("median_{name}"), known(|segment| segment.median));
            centroid.chain([mean, median]).collect()
        }
        ColumnStatistics::Categories {
            code_means: Some(means),
            ..
        } => {
            vec![column(&format!("mean_{name}"), cells(means))]
        }
        ColumnStatistics::Categories { .. } => Vec::new(),
    }
}

fn column(name: &str, array: impl arrow_array::Array + 'static) -> (String, ArrayRef) {
    (name.to_owned(), Arc::new(array))
}
