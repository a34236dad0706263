//! How the features go together: the lower half of the correlation matrix. Columns carry the numbers of the rows, so that
//! no name has to be slanted.

use super::{Caption, LINE, TEXT, Width, color_key, text_lines};
use crate::report::number::fixed;
use crate::report::svg::color::HEAT_STEPS;
use crate::report::svg::{Canvas, Element, Paint, Path, Weight, clamp, text_width};
use crate::words::shortened;

/// Cells narrower than this would cut their number.
const NARROWEST: f64 = 40.0;
/// Wider cells would only be emptier.
const WIDEST: f64 = 66.0;
/// Space between cells.
const GAP: f64 = 2.0;

/// The matrix.
pub(in crate::report) struct Matrix<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Features, in the order shown; at least two.
    pub(in crate::report) names: &'a [String],
    /// d x d, -1 to 1.
    pub(in crate::report) values: &'a [f64],
}

/// Least width of the key of colors.
const KEY: f64 = 280.0;

/// Draws the pairs; grows beyond `width` when there are more features than fit in it.
pub(in crate::report) fn draw(data: &Matrix<'_>, width: Width) -> String {
    let d = data.names.len();
    let label = label_width(data, width);
    let cell = ((width.pixels() - label) / (d - 1).max(1) as f64).clamp(NARROWEST, WIDEST);
    let names = numbered(data.names, label - 10.0);
    let heights: Vec<f64> = names
        .iter()
        .map(|lines| (lines.len() as f64).mul_add(LINE, 9.0).max(26.0))
        .collect();
    let bottom: f64 = heights.iter().sum();
    let all = cell.mul_add((d - 1) as f64, label).max(width.pixels());
    let mut canvas = data.caption.canvas(width, (all, bottom + LINE + 52.0));
    let mut top = 0.0;
    for row in 0..d {
        let place = Row {
            top,
            height: heights[row],
            label,
            cell,
        };
        row_of_cells(&mut canvas, data, row, &place);
        let first =
            top + heights[row] / 2.0 + 4.0 - (names[row].len().max(1) - 1) as f64 * LINE / 2.0;
        text_lines(
            &mut canvas,
            (0.0, first),
            &names[row],
            "start",
            &data.names[row],
        );
        top += heights[row];
    }
    for column in 0..d - 1 {
        let x = (column as f64 + 0.5).mul_add(cell, label);
        canvas
            .text(x, bottom + 14.0, &(column + 1).to_string())
            .anchor("middle")
            .fill(Paint::Muted);
    }
    let notes = ["correlation: opposite, unrelated, together", "correlation"];
    color_key(
        &mut canvas,
        cell.mul_add((d - 1) as f64, label)
            .clamp(KEY, width.pixels()),
        bottom + LINE + 6.0,
        1.0,
        notes,
    );
    canvas.finish()
}

fn numbered(names: &[String], room: f64) -> Vec<Vec<String>> {
    let numbered = names.iter().enumerate().map(|(at, name)| {
        let text = format!("{}  {name}", at + 1);
        clamp(&text, room, TEXT, Weight::Normal, 3)
    });
    numbered.collect()
}

fn label_width(data: &Matrix<'_>, width: Width) -> f64 {
    let widest = data
        .names
        .iter()
        .map(|name| text_width(&format!("99  {name}"), TEXT, Weight::Normal))
        .fold(40.0, f64::max);
    let most = width.pixels() * if width == Width::Phone { 0.38 } else { 0.28 };
    widest.min(most) + 10.0
}

/// Where a row is.
struct Row {
    top: f64,
    height: f64,
    label: f64,
    cell: f64,
}

fn row_of_cells(canvas: &mut Canvas, data: &Matrix<'_>, row: usize, place: &Row) {
    let d = data.names.len();
    let value = |column: usize| data.values.get(row * d + column).copied().unwrap_or(0.0);
    let left = |column: usize| (column as f64).mul_add(place.cell, place.label);
    for column in 0..row {
        let r = value(column);
        let tip = format!(
            "{} and {}: {}",
            shortened(&data.names[row], 60),
            shortened(&data.names[column], 60),
            fixed(r, 2)
        );
        let mut cell = Path::new();
        cell.bar(
            left(column),
            place.top,
            place.cell - GAP,
            place.height - GAP,
        );
        canvas.path(&cell).fill(Paint::Heat(step(r))).tip(&tip);
    }
    let centered = |element: &mut Element<'_>| {
        element.anchor("middle").class("mute");
    };
    canvas.group(centered, |canvas| {
        for column in 0..row {
            let r = value(column);
            let x = left(column) + (place.cell - GAP) / 2.0;
            let y = place.top + (place.height - GAP) / 2.0 + 4.0;
            canvas.text(x, y, &fixed(r, 2)).fill(Paint::OnHeat(step(r)));
        }
    });
}

fn step(r: f64) -> i8 {
    if r.is_finite() {
        (r.clamp(-1.0, 1.0) * f64::from(HEAT_STEPS)).round() as i8
    } else {
        0
    }
}
