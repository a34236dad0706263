//! The profile heat map: features down, segments across, the difference from the average customer in every cell.

use super::{BADGE, Caption, LINE, Legend, TEXT, Width, badge, color_key, most_lines, text_lines};
use crate::report::number::signed;
use crate::report::svg::color::HEAT_STEPS;
use crate::report::svg::{Canvas, Element, Paint, Path, Weight, clamp, text_width};

/// Space between cells.
const GAP: f64 = 2.0;
/// Cells narrower than this would cut their number.
const NARROWEST: f64 = 46.0;
/// Columns from this width on carry the segment's name; below it the names stand in a legend.
const NAMED: f64 = 96.0;

/// One cell.
#[derive(Debug, Clone)]
pub(in crate::report) struct Cell {
    /// Standard deviations from the average customer.
    pub(in crate::report) z: f64,
    /// The whole story, with raw numbers.
    pub(in crate::report) tip: String,
}

/// One feature.
#[derive(Debug, Clone)]
pub(in crate::report) struct Row {
    /// Its name.
    pub(in crate::report) label: String,
    /// The heading it stands under; rows of one heading follow each other.
    pub(in crate::report) group: String,
    /// One per segment.
    pub(in crate::report) cells: Vec<Cell>,
}

/// The heat map.
pub(in crate::report) struct Heat<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Names of the segments, in order.
    pub(in crate::report) names: &'a [String],
    /// Features in the order shown.
    pub(in crate::report) rows: &'a [Row],
}

/// A row and where it begins.
struct Placed<'a> {
    row: &'a Row,
    heading: Option<&'a str>,
    lines: Vec<String>,
    top: f64,
    height: f64,
}

struct Layout<'a> {
    width: f64,
    /// What is seen without scrolling.
    visible: f64,
    label: f64,
    cell: f64,
    headings: Vec<Vec<String>>,
    legend: Option<Legend>,
    top: f64,
    rows: Vec<Placed<'a>>,
    bottom: f64,
}

/// Draws the cells; grows beyond `width` when there are more segments than fit in it.
pub(in crate::report) fn draw(data: &Heat<'_>, width: Width) -> String {
    let layout = layout(data, width);
    let mut canvas = data
        .caption
        .canvas(width, (layout.width, layout.bottom + 44.0));
    header(&mut canvas, data, &layout);
    let limit = color_limit(data.rows);
    for placed in &layout.rows {
        row(&mut canvas, placed, &layout, limit);
    }
    let notes = [
        "standard deviations below or above the average customer",
        "standard deviations from average",
    ];
    color_key(&mut canvas, layout.visible, layout.bottom, limit, notes);
    canvas.finish()
}

fn layout<'a>(data: &Heat<'a>, width: Width) -> Layout<'a> {
    let most = width.pixels() * if width == Width::Phone { 0.3 } else { 0.26 };
    let widest = data
        .rows
        .iter()
        .map(|row| text_width(&row.label, TEXT, Weight::Normal))
        .fold(40.0, f64::max);
    let label = widest.min(most) + 8.0;
    let columns = data.names.len().max(1) as f64;
    let cell = ((width.pixels() - label) / columns).max(NARROWEST);
    let named = cell >= NAMED;
    let headings: Vec<Vec<String>> = if named {
        data.names
            .iter()
            .map(|name| clamp(name, cell - 10.0, TEXT, Weight::Bold, 4))
            .collect()
    } else {
        Vec::new()
    };
    let legend = (!named).then(|| Legend::new(data.names, width.pixels()));
    let tallest = headings.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let names = legend
        .as_ref()
        .map_or(tallest * LINE, |legend| legend.height + 4.0);
    let top = names + 2.0 * BADGE + 14.0;
    let (rows, bottom) = placed(data.rows, label, top);
    Layout {
        width: label + cell * columns,
        visible: width.pixels(),
        label,
        cell,
        headings,
        legend,
        top,
        rows,
        bottom,
    }
}

fn placed(rows: &[Row], label: f64, mut y: f64) -> (Vec<Placed<'_>>, f64) {
    let mut placed = Vec::new();
    let mut group = "";
    for row in rows {
        let heading = (row.group != group)
            .then_some(row.group.as_str())
            .filter(|heading| !heading.is_empty());
        if heading.is_some() {
            y += 24.0;
        }
        group = &row.group;
        let lines = clamp(
            &row.label,
            label - 8.0,
            TEXT,
            Weight::Normal,
            most_lines(label),
        );
        let height = (lines.len() as f64).mul_add(LINE, 11.0).max(26.0);
        placed.push(Placed {
            row,
            heading,
            lines,
            top: y,
            height,
        });
        y += height + GAP;
    }
    (placed, y)
}

/// The distance from the average at which color is full: round, and at least one standard deviation.
fn color_limit(rows: &[Row]) -> f64 {
    let cells = rows.iter().flat_map(|row| &row.cells);
    let largest = cells
        .map(|cell| cell.z.abs())
        .filter(|z| z.is_finite())
        .fold(0.0, f64::max);
    ((largest * 2.0).ceil() / 2.0).clamp(1.0, 2.5)
}

fn step(z: f64, limit: f64) -> i8 {
    if !z.is_finite() {
        return 0;
    }
    (z / limit * f64::from(HEAT_STEPS))
        .round()
        .clamp(-f64::from(HEAT_STEPS), f64::from(HEAT_STEPS)) as i8
}

fn header(canvas: &mut Canvas, data: &Heat<'_>, layout: &Layout<'_>) {
    if let Some(legend) = &layout.legend {
        // The discs over the columns have the tips.
        let none = vec![String::new(); data.names.len()];
        legend.draw(canvas, (0.0, 0.0), &none);
    }
    for (segment, name) in data.names.iter().enumerate() {
        let middle = (segment as f64 + 0.5).mul_add(layout.cell, layout.label);
        badge(canvas, (middle, layout.top - BADGE - 5.0), segment, name);
        if let Some(lines) = layout.headings.get(segment) {
            let first = layout.top - 2.0 * BADGE - 16.0 - (lines.len().max(1) - 1) as f64 * LINE;
            let is_cut = lines.last().is_some_and(|line| line.ends_with('…'));
            for (index, line) in lines.iter().enumerate() {
                let y = (index as f64).mul_add(LINE, first);
                canvas
                    .text(middle, y, line)
                    .anchor("middle")
                    .bold()
                    .fill(Paint::Ink)
                    .tip(if is_cut { name } else { "" });
            }
        }
    }
}

fn row(canvas: &mut Canvas, placed: &Placed<'_>, layout: &Layout<'_>, limit: f64) {
    if let Some(heading) = placed.heading {
        let lines = clamp(heading, layout.width, TEXT, Weight::Bold, 1);
        for line in lines {
            canvas
                .text(0.0, placed.top - 8.0, &line)
                .bold()
                .fill(Paint::Muted);
        }
    }
    let middle = placed.top + placed.height / 2.0;
    let first = middle + 4.0 - (placed.lines.len().max(1) - 1) as f64 * LINE / 2.0;
    text_lines(
        canvas,
        (layout.label - 8.0, first),
        &placed.lines,
        "end",
        &placed.row.label,
    );
    for (segment, cell) in placed.row.cells.iter().enumerate() {
        let x = (segment as f64).mul_add(layout.cell, layout.label);
        let step = step(cell.z, limit);
        let mut ground = Path::new();
        ground.bar(x, placed.top, layout.cell - GAP, placed.height);
        canvas.path(&ground).fill(Paint::Heat(step)).tip(&cell.tip);
    }
    let centered = |element: &mut Element<'_>| {
        element.anchor("middle").class("mute");
    };
    canvas.group(centered, |canvas| {
        for (segment, cell) in placed.row.cells.iter().enumerate() {
            let x = (segment as f64).mul_add(layout.cell, layout.label) + (layout.cell - GAP) / 2.0;
            let ink = Paint::OnHeat(step(cell.z, limit));
            canvas.text(x, middle + 4.0, &signed(cell.z)).fill(ink);
        }
    });
}
