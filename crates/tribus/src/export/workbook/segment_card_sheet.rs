//! A sheet a segment: its card, what sets it apart with numbers, and a chart of it.

use rust_xlsxwriter::{Chart, Workbook, Worksheet, XlsxError};

use super::segments_sheet::{numeric, shape_of};
use super::sheet::{Shape, Sheet};
use crate::segmentation::{Card, Segmentation};

/// The first row of the table of features, its header.
const TABLE: u32 = 12;
/// Features in the chart.
const BARS: u32 = 15;
/// Columns of the table that the chart shows: feature, z-score.
const FEATURE: u16 = 0;
const Z_SCORE: u16 = 5;

/// Adds the sheets in segment order.
pub(super) fn write_all(
    book: &mut Workbook,
    segmentation: &Segmentation,
    raw: bool,
) -> Result<(), XlsxError> {
    for (segment, card) in segmentation.cards().iter().enumerate() {
        write(book.add_worksheet(), segmentation, (segment, card), raw)?;
    }
    Ok(())
}

/// A name that Excel takes and that stays when a segment is renamed.
fn sheet_name(segment: usize) -> String {
    format!("Segment {}", segment + 1)
}

fn write(
    page: &mut Worksheet,
    segmentation: &Segmentation,
    (segment, card): (usize, &Card<'_>),
    raw: bool,
) -> Result<(), XlsxError> {
    let name = sheet_name(segment);
    let mut sheet = Sheet::new(page, &name, raw, false)?;
    sheet.header(&[
        (&card.profile.name, 34.0),
        ("", 14.0),
        ("", 14.0),
        ("", 14.0),
        ("", 14.0),
        ("", 14.0),
    ])?;
    self::card(&mut sheet, segmentation, card)?;
    let rows = features(&mut sheet, segmentation, segment)?;
    if rows > 0 {
        add_chart(sheet.page, &name, &card.profile.name, rows)?;
    }
    Ok(())
}

fn card(
    sheet: &mut Sheet<'_>,
    segmentation: &Segmentation,
    card: &Card<'_>,
) -> Result<(), XlsxError> {
    let Card {
        numbers, profile, ..
    } = card;
    sheet.text(1, 0, "Customers")?;
    sheet.count(1, 1, numbers.size)?;
    sheet.text(2, 0, "Share of customers")?;
    sheet.number(2, 1, numbers.share, Shape::Percent)?;
    if let (Some(value), Some(name)) = (numbers.value, &segmentation.summary().value) {
        sheet.text(3, 0, name)?;
        sheet.number(3, 1, value, Shape::of_size(value))?;
    }
    if let Some(share) = numbers.value_share {
        sheet.text(4, 0, "Share of value")?;
        sheet.number(4, 1, share, Shape::Percent)?;
    }
    if let Some(priority) = profile.priority {
        sheet.text(5, 0, "Priority")?;
        sheet.text(5, 1, priority.words())?;
    }
    for (row, (what, text)) in (6..).zip(texts(card)) {
        if !text.is_empty() {
            sheet.text(row, 0, what)?;
            let lines = text.lines().map(|line| line.chars().count().div_ceil(90));
            sheet.wide_text(row, (1, 5), &text, lines.sum())?;
        }
    }
    Ok(())
}

/// What there is to say of a segment beside its numbers.
fn texts(card: &Card<'_>) -> [(&'static str, String); 5] {
    let profile = card.profile;
    let differences = profile.differences.iter();
    let differences: Vec<&str> = differences
        .map(|difference| difference.words.as_str())
        .collect();
    let claims = profile.claims.iter();
    let claims: Vec<String> = claims
        .map(|claim| format!("{}: {}", claim.word, claim.fact))
        .collect();
    let rule = card.rule.map(crate::rules::SegmentRule::words);
    [
        ("What sets it apart", differences.join("\n")),
        ("What to do", profile.advice.clone()),
        ("Why this name", claims.join("\n")),
        ("Stability", card.stability_in_words().unwrap_or_default()),
        ("Rule", rule.unwrap_or_default()),
    ]
}

/// Mean, median, all customers and z-score of every numeric column; returns how many there are.
fn features(
    sheet: &mut Sheet<'_>,
    segmentation: &Segmentation,
    segment: usize,
) -> Result<u32, XlsxError> {
    let header = [
        "Feature",
        "Used as",
        "Mean",
        "Median",
        "Mean of all",
        "Z-score",
    ];
    for (column, text) in header.into_iter().enumerate() {
        sheet.heading(TABLE, column, text)?;
    }
    let shown = numeric(segmentation);
    for (at, (column, overall, segments)) in shown.iter().enumerate() {
        let row = TABLE + 1 + at as u32;
        let numbers = &segments[segment];
        let shape = shape_of(column, overall);
        sheet.text(row, 0, &column.name)?;
        sheet.text(row, 1, &column.fate.to_string())?;
        sheet.number(row, 4, overall.mean, shape)?;
        if numbers.count > 0 {
            sheet.number(row, 2, numbers.mean, shape)?;
            sheet.number(row, 3, numbers.median, shape)?;
            if overall.sd > 0.0 {
                let z = (numbers.mean - overall.mean) / overall.sd;
                sheet.number(row, 5, z, Shape::Fine)?;
            }
        }
    }
    Ok(shown.len() as u32)
}

/// How far the segment lies from the average customer in the first features, those clustered on before all.
fn add_chart(page: &mut Worksheet, sheet: &str, name: &str, rows: u32) -> Result<(), XlsxError> {
    let (first, last) = (TABLE + 1, TABLE + rows.min(BARS));
    let mut chart = Chart::new_bar();
    chart
        .add_series()
        .set_name("Standard deviations from the average customer")
        .set_categories((sheet, first, FEATURE, last, FEATURE))
        .set_values((sheet, first, Z_SCORE, last, Z_SCORE));
    chart
        .title()
        .set_name("Standard deviations from the average customer");
    chart.legend().set_hidden();
    // Of bars that lie, the y axis has the categories. They grow from the bottom; the first feature belongs on top, its name at the left of all bars.
    chart.y_axis().set_reverse();
    chart
        .y_axis()
        .set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::Low);
    chart.x_axis().set_num_format("0.0");
    chart.set_alt_text(format!(
        "Bars: how far {name} lies from the average customer in each feature"
    ));
    chart.set_width(620).set_height(150 + 24 * rows.min(BARS));
    page.insert_chart(0, 7, &chart)?;
    Ok(())
}
