//! The segments as CSV: one row each.

use super::guard::Guard;
use crate::export::Guarded;
use crate::segmentation::Segmentation;
use crate::summary::{ColumnStatistics, NumberSummary};
use crate::words::number::number_text;

/// A numeric column of the summary.
pub(in crate::export) struct NumericColumn<'a> {
    pub(in crate::export) name: &'a str,
    pub(in crate::export) segments: &'a [NumberSummary],
    pub(in crate::export) centroid: Option<&'a [f64]>,
}

/// The numeric columns of the summary, in its order.
pub(in crate::export) fn numeric_columns(segmentation: &Segmentation) -> Vec<NumericColumn<'_>> {
    let columns = segmentation.summary().columns.iter();
    columns
        .filter_map(|column| match &column.statistics {
            ColumnStatistics::Numbers {
                segments, centroid, ..
            } => Some(NumericColumn {
                name: &column.name,
                segments,
                centroid: centroid.as_deref(),
            }),
            ColumnStatistics::Categories { .. } => None,
        })
        .collect()
}

/// One row per segment: segment, segment_name, size, share, value, then centroid, mean and median of every numeric column
/// in raw units. A column that was not clustered on has no centroid, a segment without a value no mean.
///
/// # Panics
/// Never: memory takes all that is written.
pub fn segments_csv(segmentation: &Segmentation, raw: bool) -> (String, Guarded) {
    let mut guard = Guard::new(raw);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = numeric_columns(segmentation);
    let own = ["segment", "segment_name", "size", "share", "value"];
    let mut header: Vec<String> = own.map(str::to_owned).to_vec();
    for column in &columns {
        for what in ["centroid", "mean", "median"] {
            header.push(format!("{what}_{}", column.name));
        }
    }
    let codes = code_columns(segmentation);
    header.extend(codes.iter().map(|(name, _)| format!("mean_{name}")));
    let written = "memory takes all that is written";
    writer.write_record(&header).expect(written);
    let named = segmentation
        .summary()
        .segments
        .iter()
        .zip(segmentation.names());
    for (at, (segment, name)) in named.enumerate() {
        let mut record = vec![
            (at + 1).to_string(),
            guard.text(name).into_owned(),
            segment.size.to_string(),
            number_text(segment.share),
            segment.value.map(number_text).unwrap_or_default(),
        ];
        for column in &columns {
            record.extend(column_cells(column, at));
        }
        record.extend(codes.iter().map(|(_, means)| {
            let told = !segmentation.summary().is_small(at);
            if told {
                number_text(means[at])
            } else {
                String::new()
            }
        }));
        writer.write_record(&record).expect(written);
    }
    let bytes = writer.into_inner().expect(written);
    let text = String::from_utf8(bytes).expect("text and numbers are text");
    (text, guard.guarded())
}

/// Integer codes have a mean for those who want one, and nothing else.
fn code_columns(segmentation: &Segmentation) -> Vec<(&str, &[f64])> {
    let columns = segmentation.summary().columns.iter();
    let codes = columns.filter_map(|column| match &column.statistics {
        ColumnStatistics::Categories {
            code_means: Some(means),
            ..
        } => Some((column.name.as_str(), means.as_slice())),
        _ => None,
    });
    codes.collect()
}

fn column_cells(column: &NumericColumn<'_>, segment: usize) -> [String; 3] {
    let numbers = &column.segments[segment];
    let known = |value: f64| {
        let known = Some(value).filter(|value| numbers.count > 0 && value.is_finite());
        known.map(number_text).unwrap_or_default()
    };
    let centroid = column.centroid.map(|centroid| centroid[segment]);
    [
        centroid
            .filter(|value| value.is_finite() && numbers.count > 0)
            .map(number_text)
            .unwrap_or_default(),
        known(numbers.mean),
        known(numbers.median),
    ]
}
