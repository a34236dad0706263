//! A grid of cells that are the darker the more they hold: cohorts by period, recency by number of orders.

use super::{Caption, LINE, TEXT, Width};
use crate::report::svg::color::HEAT_STEPS;
use crate::report::svg::{Canvas, Element, Paint, Path, Weight, text_width};

/// Space between cells.
const GAP: f64 = 2.0;
/// Cells narrower than their text are as wide as it, and the drawing scrolls.
const AROUND_TEXT: f64 = 10.0;
/// Wider cells would not say more.
const WIDEST: f64 = 150.0;
/// Height of a cell.
const CELL: f64 = 26.0;

/// One cell.
#[derive(Debug, Clone)]
pub(in crate::report) struct Cell {
    /// From 0, the ground, to 1, full color.
    pub(in crate::report) strength: f64,
    /// What stands in it.
    pub(in crate::report) text: String,
    /// The whole story.
    pub(in crate::report) tip: String,
}

/// The grid.
pub(in crate::report) struct Grid<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Names of the columns.
    pub(in crate::report) columns: &'a [String],
    /// What the columns are.
    pub(in crate::report) across: &'a str,
    /// Names of the rows, and their cells; none where there is nothing.
    pub(in crate::report) rows: &'a [(String, Vec<Option<Cell>>)],
    /// What the rows are.
    pub(in crate::report) down: &'a str,
}

/// Draws the grid; grows beyond `width` where its texts need it.
pub(in crate::report) fn draw(data: &Grid<'_>, width: Width) -> String {
    let label = data.rows.iter().map(|(name, _)| wide(name));
    let label = label.fold(wide(data.down), f64::max) + 10.0;
    let cell = cell_width(data, width.pixels() - label);
    let top = 2.0 * LINE + 8.0;
    let bottom = (data.rows.len() as f64).mul_add(CELL + GAP, top);
    let right = cell.mul_add(data.columns.len() as f64, label);
    let size = (right.max(width.pixels()), bottom + 4.0);
    let mut canvas = data.caption.canvas(width, size);
    canvas.text(label, 12.0, data.across).fill(Paint::Muted);
    canvas.text(0.0, top - 10.0, data.down).fill(Paint::Muted);
    for (at, name) in data.columns.iter().enumerate() {
        let middle = (at as f64 + 0.5).mul_add(cell, label) - GAP / 2.0;
        canvas
            .text(middle, top - 10.0, name)
            .anchor("middle")
            .fill(Paint::Muted);
    }
    for (at, (name, cells)) in data.rows.iter().enumerate() {
        let y = (at as f64).mul_add(CELL + GAP, top);
        canvas
            .text(label - 8.0, y + CELL / 2.0 + 4.0, name)
            .anchor("end")
            .fill(Paint::Ink);
        row(&mut canvas, cells, (label, y), cell);
    }
    canvas.finish()
}

fn wide(text: &str) -> f64 {
    text_width(text, TEXT, Weight::Normal)
}

/// As much of the room as a cell has use for, and at least what its text needs.
fn cell_width(data: &Grid<'_>, room: f64) -> f64 {
    let cells = data.rows.iter().flat_map(|(_, cells)| cells).flatten();
    let texts = cells.map(|cell| &cell.text).chain(data.columns);
    let least = texts.map(|text| wide(text)).fold(0.0, f64::max) + AROUND_TEXT;
    let share = room / data.columns.len().max(1) as f64;
    share.clamp(least, WIDEST.max(least))
}

fn row(canvas: &mut Canvas, cells: &[Option<Cell>], (left, y): (f64, f64), width: f64) {
    let known = || {
        let cells = cells.iter().enumerate();
        cells.filter_map(|(at, own)| Some(((at as f64).mul_add(width, left), own.as_ref()?)))
    };
    for (x, own) in known() {
        let mut ground = Path::new();
        ground.bar(x, y, width - GAP, CELL);
        canvas
            .path(&ground)
            .fill(Paint::Heat(step(own.strength)))
            .tip(&own.tip);
    }
    let centered = |element: &mut Element<'_>| {
        element.anchor("middle").class("mute");
    };
    canvas.group(centered, |canvas| {
        for (x, own) in known() {
            let middle = x + (width - GAP) / 2.0;
            canvas
                .text(middle, y + CELL / 2.0 + 4.0, &own.text)
                .fill(Paint::OnHeat(step(own.strength)));
        }
    });
}

fn step(strength: f64) -> i8 {
    (strength.clamp(0.0, 1.0) * f64::from(HEAT_STEPS)).round() as i8
}
