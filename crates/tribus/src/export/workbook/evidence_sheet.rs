//! The criteria for every number of segments tried.

use rust_xlsxwriter::{Chart, Worksheet, XlsxError};

use super::sheet::{Shape, Sheet};
use crate::evidence::Candidate;
use crate::segmentation::Segmentation;

const NAME: &str = "Evidence";

pub(super) fn write(
    sheet: &mut Worksheet,
    segmentation: &Segmentation,
    raw: bool,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::new(sheet, NAME, raw, false)?;
    sheet.header(&[
        ("Segments", 10.0),
        ("Chosen", 60.0),
        ("Inertia", 16.0),
        ("Silhouette", 12.0),
        ("Silhouette, low", 12.0),
        ("Silhouette, high", 12.0),
        ("Calinski-Harabasz", 18.0),
        ("Davies-Bouldin", 16.0),
        ("Gap", 12.0),
        ("Gap, standard error", 18.0),
        ("Prediction strength", 18.0),
        ("Stability", 12.0),
        ("Least stable segment", 18.0),
        ("Smallest segment", 18.0),
    ])?;
    let evidence = segmentation.evidence();
    for (at, candidate) in evidence.candidates.iter().enumerate() {
        let row = at as u32 + 1;
        candidate_row(&mut sheet, row, candidate)?;
        if candidate.k == segmentation.k() {
            sheet.text(row, 1, &evidence.choice.why)?;
        }
    }
    let last = evidence.candidates.len() as u32;
    if last > 1 {
        add_chart(sheet.page, ("Inertia", 2), last, 0)?;
        add_chart(sheet.page, ("Silhouette", 3), last, 1)?;
        add_chart(sheet.page, ("Stability", 11), last, 2)?;
    }
    Ok(())
}

/// A line over the numbers of segments, in a row of charts below the table.
fn add_chart(
    page: &mut Worksheet,
    (name, column): (&str, u16),
    last: u32,
    place: u16,
) -> Result<(), XlsxError> {
    let mut chart = Chart::new_line();
    chart
        .add_series()
        .set_name(name)
        .set_categories((NAME, 1, 0, last, 0))
        .set_values((NAME, 1, column, last, column));
    chart.title().set_name(name);
    chart.legend().set_hidden();
    chart.x_axis().set_name("Number of segments");
    chart.set_alt_text(format!("{name} for every number of segments tried"));
    chart.set_width(430).set_height(280);
    page.insert_chart_with_offset(last + 2, 0, &chart, 440 * u32::from(place), 0)?;
    Ok(())
}

fn candidate_row(sheet: &mut Sheet<'_>, row: u32, candidate: &Candidate) -> Result<(), XlsxError> {
    let silhouette = candidate.silhouette;
    let interval = silhouette.and_then(|silhouette| silhouette.interval);
    sheet.count(row, 0, candidate.k as u64)?;
    let inertia = candidate.inertia;
    let numbers = [
        (2, Some(inertia), Shape::of_size(inertia)),
        (3, silhouette.map(|s| s.mean), Shape::Finest),
        (4, interval.map(|[low, _]| low), Shape::Finest),
        (5, interval.map(|[_, high]| high), Shape::Finest),
        (6, candidate.calinski_harabasz, Shape::Fine),
        (7, candidate.davies_bouldin, Shape::Finest),
        (8, candidate.gap.map(|gap| gap.value), Shape::Finest),
        (
            9,
            candidate.gap.map(|gap| gap.standard_error),
            Shape::Finest,
        ),
        (10, candidate.prediction_strength, Shape::Finest),
        (11, candidate.similarity(), Shape::Finest),
        (12, candidate.least_jaccard(), Shape::Finest),
    ];
    for (column, value, shape) in numbers {
        if let Some(value) = value {
            sheet.number(row, column, value, shape)?;
        }
    }
    match candidate.sizes.iter().min() {
        Some(smallest) => sheet.count(row, 13, *smallest),
        None => Ok(()),
    }
}
