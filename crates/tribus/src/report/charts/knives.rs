//! The silhouette knives: how well each customer fits its segment, the best at the top of each blade.
//! Silhouettes: Peter J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster
//! analysis", 1987, doi:10.1016/0377-0427(87)90125-7.

use super::{BADGE, Caption, LINE, TEXT, Width, badge, text_lines};
use crate::report::number::fixed;
use crate::report::svg::color::is_hollow;
use crate::report::svg::{Canvas, Paint, Path, Scale, Weight, clamp, nice_ticks, text_width};
use crate::summary::Knife;

/// The knives.
pub(in crate::report) struct Knives<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// One per segment, in order.
    pub(in crate::report) blades: &'a [Knife],
    /// Names of the segments, in order, as many as blades.
    pub(in crate::report) names: &'a [String],
    /// Customers of each segment.
    pub(in crate::report) sizes: &'a [u64],
    /// Mean over all customers.
    pub(in crate::report) mean: Option<f64>,
}

/// Where the blades are.
struct Layout {
    names: Vec<Vec<String>>,
    heights: Vec<f64>,
    column: f64,
    top: f64,
    bottom: f64,
}

/// Draws a blade a segment, its height by the number of customers.
pub(in crate::report) fn draw(data: &Knives<'_>, width: Width) -> String {
    let pixels = width.pixels();
    let layout = layout(data, width);
    let rows = (layout.top, layout.bottom);
    let mut canvas = data.caption.canvas(width, (pixels, layout.bottom + 42.0));
    let (scale, ticks) = scale(data, (layout.column, pixels - 46.0));
    grid(&mut canvas, &scale, &ticks, rows);
    let mut y = layout.top;
    for (segment, height) in layout.heights.iter().enumerate() {
        row(&mut canvas, data, segment, &scale, (y, *height));
        let lines = layout.names.get(segment).map_or(&[][..], Vec::as_slice);
        let first = y + height / 2.0 - (lines.len().max(1) - 1) as f64 * LINE / 2.0;
        text_lines(
            &mut canvas,
            (2.0 * BADGE + 7.0, first + 4.0),
            lines,
            "start",
            &data.names[segment],
        );
        let mean = fixed(data.blades[segment].mean, 2);
        canvas
            .text(pixels, y + height / 2.0 + 4.0, &mean)
            .anchor("end")
            .bold()
            .fill(Paint::Ink);
        y += height;
    }
    canvas
        .text(pixels, 12.0, "mean")
        .anchor("end")
        .fill(Paint::Muted);
    if let Some(mean) = data.mean {
        mean_line(&mut canvas, &scale, mean, rows, layout.column);
    }
    canvas.finish()
}

fn layout(data: &Knives<'_>, width: Width) -> Layout {
    let widest = data
        .names
        .iter()
        .map(|name| text_width(name, TEXT, Weight::Normal))
        .fold(0.0, f64::max);
    let most = width.pixels() * if width == Width::Phone { 0.4 } else { 0.32 };
    let column = (widest + 2.0 * BADGE + 18.0).min(most);
    let wrapped = |name: &String| clamp(name, column - 2.0 * BADGE - 18.0, TEXT, Weight::Normal, 4);
    let names: Vec<Vec<String>> = data.names.iter().map(wrapped).collect();
    let heights: Vec<f64> = (0..data.blades.len())
        .map(|segment| blade_height(data, segment, &names))
        .collect();
    let top = LINE + 6.0;
    Layout {
        bottom: top + heights.iter().sum::<f64>(),
        names,
        heights,
        column,
        top,
    }
}

/// The blade of one segment and its number.
fn row(
    canvas: &mut Canvas,
    data: &Knives<'_>,
    segment: usize,
    scale: &Scale,
    (y, height): (f64, f64),
) {
    let knife = &data.blades[segment];
    let tip = format!(
        "{}. {}: mean silhouette {}",
        segment + 1,
        data.names[segment],
        fixed(knife.mean, 2)
    );
    blade(canvas, knife, segment, scale, (y + 3.0, height - 6.0), &tip);
    badge(canvas, (BADGE, y + height / 2.0), segment, "");
}

fn blade_height(data: &Knives<'_>, segment: usize, names: &[Vec<String>]) -> f64 {
    let total = data.sizes.iter().sum::<u64>().max(1) as f64;
    let share = data.sizes.get(segment).copied().unwrap_or(0) as f64 / total;
    let text = names.get(segment).map_or(1, Vec::len) as f64 * LINE;
    (share * 300.0).max(text).max(2.0 * BADGE + 2.0) + 8.0
}

fn scale(data: &Knives<'_>, pixels: (f64, f64)) -> (Scale, Vec<f64>) {
    let values = || {
        data.blades
            .iter()
            .flat_map(|knife| &knife.values)
            .copied()
            .filter(|value| value.is_finite())
    };
    let (low, high) = (
        values().fold(0.0, f64::min).max(-1.0),
        values().fold(0.1, f64::max).min(1.0),
    );
    let mut ticks = nice_ticks(
        low,
        high,
        ((pixels.1 - pixels.0) / 60.0).clamp(2.0, 6.0) as usize,
    );
    ticks.retain(|tick| (-1.0..=1.0).contains(tick));
    let ends = (
        *ticks.first().unwrap_or(&-1.0),
        *ticks.last().unwrap_or(&1.0),
    );
    (Scale::new(ends, pixels), ticks)
}

fn grid(canvas: &mut Canvas, scale: &Scale, ticks: &[f64], (top, bottom): (f64, f64)) {
    for tick in ticks {
        let x = scale.at(*tick);
        let paint = if *tick == 0.0 {
            Paint::Line
        } else {
            Paint::Grid
        };
        canvas.line((x, top), (x, bottom)).stroke(paint, 1.0);
        canvas
            .text(x, bottom + 16.0, &fixed(*tick, 1))
            .anchor("middle")
            .fill(Paint::Muted);
    }
    let ends = [ticks.first(), ticks.last()].map(|tick| scale.at(tick.copied().unwrap_or(0.0)));
    canvas
        .text(
            f64::midpoint(ends[0], ends[1]),
            bottom + 36.0,
            "Silhouette of the customers",
        )
        .anchor("middle")
        .fill(Paint::Muted);
}

fn blade(
    canvas: &mut Canvas,
    knife: &Knife,
    segment: usize,
    scale: &Scale,
    (top, height): (f64, f64),
    tip: &str,
) {
    if knife.values.is_empty() {
        return;
    }
    let zero = scale.at(0.0);
    let step = height / knife.values.len() as f64;
    let mut path = Path::new();
    path.move_to(zero, top);
    // An edge finer than this many steps a blade would not be seen.
    let every = knife.values.len().div_ceil(45);
    for (index, value) in knife.values.iter().enumerate().step_by(every) {
        path.line_to(scale.at(*value), (index as f64 + 0.5).mul_add(step, top));
    }
    path.line_to(zero, top + height).close();
    let mut element = canvas.path(&path);
    if is_hollow(segment) {
        element
            .fill(Paint::Soft)
            .stroke(Paint::Segment(segment), 1.5)
            .tip(tip);
    } else {
        element.fill(Paint::Segment(segment)).tip(tip);
    }
}

fn mean_line(
    canvas: &mut Canvas,
    scale: &Scale,
    mean: f64,
    (top, bottom): (f64, f64),
    column: f64,
) {
    let x = scale.at(mean);
    canvas
        .line((x, top - 4.0), (x, bottom))
        .stroke(Paint::Ink, 1.0)
        .text_attribute("stroke-dasharray", "4 4");
    let text = format!("all customers {}", fixed(mean, 2));
    let half = text_width(&text, TEXT, Weight::Normal) / 2.0;
    canvas
        .text(x.max(column.min(half)), 12.0, &text)
        .anchor("middle")
        .fill(Paint::Muted);
}
