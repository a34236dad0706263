//! The segments: one row each, and a chart of sizes and value.

use rust_xlsxwriter::{Chart, Worksheet, XlsxError};

use super::sheet::{Shape, Sheet};
use crate::roles::{Fate, Role};
use crate::segmentation::Segmentation;
use crate::summary::{ColumnStatistics, ColumnSummary, NumberSummary};

const NAME: &str = "Segments";
/// Columns of shares, for the chart.
const SHARE: u16 = 3;
const VALUE_SHARE: u16 = 5;
/// The first of the columns of means.
const MEANS: usize = 8;

pub(super) fn write(
    sheet: &mut Worksheet,
    segmentation: &Segmentation,
    raw: bool,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::new(sheet, NAME, raw, false)?;
    let shown: Vec<(&ColumnSummary, &NumberSummary, &[NumberSummary])> = numeric(segmentation);
    let value = segmentation.summary().value.as_deref().unwrap_or("Value");
    let means: Vec<String> = shown
        .iter()
        .map(|(column, ..)| format!("Mean {}", column.name))
        .collect();
    let mut header = vec![
        ("Segment", 9.0),
        ("Name", 32.0),
        ("Customers", 11.0),
        ("Share", 9.0),
        (value, 14.0),
        ("Share of value", 10.0),
        ("What sets it apart", 60.0),
        ("What to do", 48.0),
    ];
    header.extend(means.iter().map(|name| (name.as_str(), 14.0)));
    sheet.header(&header)?;
    for at in 0..segmentation.k() {
        segment_row(&mut sheet, segmentation, at)?;
        for (position, (column, overall, segments)) in shown.iter().enumerate() {
            let numbers = &segments[at];
            if numbers.count > 0 {
                let shape = shape_of(column, overall);
                sheet.number(at as u32 + 1, MEANS + position, numbers.mean, shape)?;
            }
        }
    }
    add_chart(sheet.page, segmentation)
}

/// The numeric columns that are not left out.
pub(super) fn numeric(
    segmentation: &Segmentation,
) -> Vec<(&ColumnSummary, &NumberSummary, &[NumberSummary])> {
    let columns = segmentation.summary().columns.iter();
    columns
        .filter(|column| column.fate != Fate::LeftOut)
        .filter_map(|column| match &column.statistics {
            ColumnStatistics::Numbers {
                overall, segments, ..
            } => Some((column, overall, segments.as_slice())),
            ColumnStatistics::Categories { .. } => None,
        })
        .collect()
}

/// How the means of a column are shown.
pub(super) fn shape_of(column: &ColumnSummary, overall: &NumberSummary) -> Shape {
    if column.role == Role::Flag {
        Shape::Percent
    } else {
        Shape::of_size(overall.mean.abs().max(overall.sd))
    }
}

fn segment_row(
    sheet: &mut Sheet<'_>,
    segmentation: &Segmentation,
    at: usize,
) -> Result<(), XlsxError> {
    let row = at as u32 + 1;
    let segment = &segmentation.summary().segments[at];
    let profile = &segmentation.profiles().segments[at];
    let differences: Vec<&str> = profile
        .differences
        .iter()
        .map(|difference| difference.words.as_str())
        .collect();
    sheet.count(row, 0, at as u64 + 1)?;
    sheet.text(row, 1, &profile.name)?;
    sheet.count(row, 2, segment.size)?;
    sheet.number(row, 3, segment.share, Shape::Percent)?;
    if let Some(value) = segment.value {
        sheet.number(row, 4, value, Shape::of_size(value))?;
    }
    if let Some(share) = segment.value_share {
        sheet.number(row, 5, share, Shape::Percent)?;
    }
    sheet.text(row, 6, &differences.join("\n"))?;
    sheet.text(row, 7, &profile.advice)
}

fn add_chart(sheet: &mut Worksheet, segmentation: &Segmentation) -> Result<(), XlsxError> {
    let last = segmentation.k() as u32;
    let valued = segmentation
        .summary()
        .segments
        .iter()
        .all(|segment| segment.value_share.is_some());
    let mut chart = Chart::new_bar();
    let mut add = |name: &str, column: u16| {
        chart
            .add_series()
            .set_name(name)
            .set_categories((NAME, 1, 1, last, 1))
            .set_values((NAME, 1, column, last, column));
    };
    add("Share of customers", SHARE);
    if valued {
        add("Share of value", VALUE_SHARE);
    }
    let (title, alternative) = if valued {
        (
            "Customers and value by segment",
            "Bars: each segment's share of customers and of value",
        )
    } else {
        (
            "Customers by segment",
            "Bars: each segment's share of customers",
        )
    };
    chart.title().set_name(title);
    // Bars grow from the bottom; segment 1 belongs on top.
    chart.y_axis().set_reverse();
    chart.x_axis().set_num_format("0%");
    chart.set_alt_text(alternative);
    chart.set_width(860).set_height(140 + 48 * last);
    sheet.insert_chart(last + 2, 1, &chart)?;
    Ok(())
}
