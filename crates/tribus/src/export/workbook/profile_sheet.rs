//! Features by segments: means in raw units, colored by how far they lie from the mean of all customers.

use rust_xlsxwriter::{ConditionalFormat3ColorScale, ConditionalFormatType, Worksheet, XlsxError};

use super::segments_sheet::{numeric, shape_of};
use super::sheet::{Sheet, column_number};
use crate::segmentation::Segmentation;
use crate::summary::NumberSummary;

/// Standard deviations from the mean of all at which a color is full.
const FULL: f64 = 1.5;
/// The first column of segments.
const SEGMENTS: usize = 4;

pub(super) fn write(
    sheet: &mut Worksheet,
    segmentation: &Segmentation,
    raw: bool,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::new(sheet, "Profile", raw, false)?;
    let names: Vec<String> = (segmentation.names().zip(1..))
        .map(|(name, number)| format!("{number}. {name}"))
        .collect();
    let mut header = vec![
        ("Feature", 28.0),
        ("Used as", 14.0),
        ("Mean of all", 12.0),
        ("Standard deviation", 12.0),
    ];
    header.extend(names.iter().map(|name| (name.as_str(), 18.0)));
    sheet.header(&header)?;
    for (at, (column, overall, segments)) in numeric(segmentation).into_iter().enumerate() {
        let row = at as u32 + 1;
        let shape = shape_of(column, overall);
        sheet.text(row, 0, &column.name)?;
        sheet.text(row, 1, &column.fate.to_string())?;
        sheet.number(row, 2, overall.mean, shape)?;
        sheet.number(row, 3, overall.sd, shape)?;
        for (segment, numbers) in segments.iter().enumerate() {
            if numbers.count > 0 {
                sheet.number(row, SEGMENTS + segment, numbers.mean, shape)?;
            }
        }
        color(sheet.page, row, segmentation.k(), overall)?;
    }
    Ok(())
}

/// One scale for each row, as each feature has its own unit.
fn color(
    sheet: &mut Worksheet,
    row: u32,
    k: usize,
    overall: &NumberSummary,
) -> Result<(), XlsxError> {
    let reach = FULL * overall.sd;
    if !(reach > 0.0 && reach.is_finite() && overall.mean.is_finite()) {
        return Ok(());
    }
    let number = ConditionalFormatType::Number;
    let scale = ConditionalFormat3ColorScale::new()
        .set_minimum(number, overall.mean - reach)
        .set_midpoint(number, overall.mean)
        .set_maximum(number, overall.mean + reach)
        .set_minimum_color("7FB2D6")
        .set_midpoint_color("FFFFFF")
        .set_maximum_color("EFA06B");
    let (first, last) = (column_number(SEGMENTS)?, column_number(SEGMENTS + k - 1)?);
    sheet.add_conditional_format(row, first, row, last, &scale)?;
    Ok(())
}
