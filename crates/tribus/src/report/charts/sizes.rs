//! Size against value: for each segment its share of customers and its share of the value, one bar under the other.

use super::{BADGE, Caption, LINE, TEXT, Width, badge, text_lines};
use crate::report::number::percent;
use crate::report::svg::color::is_hollow;
use crate::report::svg::{Canvas, Paint, Scale, Weight, clamp, text_width};

/// Height of a bar.
const BAR: f64 = 15.0;

/// One segment.
#[derive(Debug, Clone)]
pub(in crate::report) struct Share {
    /// Its name.
    pub(in crate::report) name: String,
    /// Of the customers, 0 to 1.
    pub(in crate::report) customers: f64,
    /// Of the value.
    pub(in crate::report) value: Option<f64>,
    /// Both in absolute numbers.
    pub(in crate::report) tip: String,
}

/// The bars.
pub(in crate::report) struct Sizes<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// One per segment, in order.
    pub(in crate::report) shares: &'a [Share],
    /// What the value is.
    pub(in crate::report) value: Option<&'a str>,
}

/// Draws two bars a segment; one, if there is no value. On a phone the name stands above its bars.
pub(in crate::report) fn draw(data: &Sizes<'_>, width: Width) -> String {
    let pixels = width.pixels();
    let above = width == Width::Phone;
    let column = if above {
        pixels
    } else {
        name_column(data, pixels)
    };
    let wrapped = |share: &Share| {
        clamp(
            &share.name,
            column - 2.0 * BADGE - 14.0,
            TEXT,
            Weight::Normal,
            3,
        )
    };
    let names: Vec<Vec<String>> = data.shares.iter().map(wrapped).collect();
    let heights: Vec<f64> = names
        .iter()
        .map(|lines| row_height(data, lines, above))
        .collect();
    let left = if above { 0.0 } else { column };
    let scale = scale(data, (left, pixels - widest_label(data) - 10.0));
    let mut canvas = data
        .caption
        .canvas(width, (pixels, heights.iter().sum::<f64>()));
    let mut top = 0.0;
    for (segment, share) in data.shares.iter().enumerate() {
        let lines = &names[segment];
        badge(&mut canvas, (BADGE, top + BADGE + 2.0), segment, &share.tip);
        text_lines(
            &mut canvas,
            (2.0 * BADGE + 7.0, top + BADGE + 6.0),
            lines,
            "start",
            &share.tip,
        );
        let offset = if above { text_height(lines) + 6.0 } else { 2.0 };
        bar_pair(&mut canvas, data, segment, &scale, (left, top + offset));
        top += heights[segment];
    }
    canvas.finish()
}

fn text_height(lines: &[String]) -> f64 {
    (lines.len() as f64 * LINE).max(2.0 * BADGE + 2.0)
}

fn row_height(data: &Sizes<'_>, lines: &[String], above: bool) -> f64 {
    let bars = if data.value.is_some() {
        2.0 * BAR + 3.0
    } else {
        BAR
    };
    let text = text_height(lines);
    if above {
        text + bars + 22.0
    } else {
        text.max(bars) + 16.0
    }
}

fn name_column(data: &Sizes<'_>, pixels: f64) -> f64 {
    let widest = data
        .shares
        .iter()
        .map(|share| text_width(&share.name, TEXT, Weight::Normal))
        .fold(0.0, f64::max);
    (widest + 2.0 * BADGE + 16.0).min(pixels * 0.34)
}

fn customers_label(share: &Share) -> String {
    format!("{} of customers", percent(share.customers))
}

/// `31% of MntTotal`; a name too long to stand behind every bar is told above the chart.
fn value_label(data: &Sizes<'_>, value: f64) -> String {
    let name = data
        .value
        .filter(|name| text_width(name, TEXT, Weight::Bold) <= 110.0)
        .unwrap_or("value");
    format!("{} of {name}", percent(value))
}

fn widest_label(data: &Sizes<'_>) -> f64 {
    let customers = data
        .shares
        .iter()
        .map(|share| text_width(&customers_label(share), TEXT, Weight::Normal));
    let values = data.shares.iter().filter_map(|share| share.value);
    let values = values.map(|value| text_width(&value_label(data, value), TEXT, Weight::Bold));
    customers.chain(values).fold(0.0, f64::max)
}

/// From nothing to the longest bar. A share is never over one unless another segment's value is negative.
fn scale(data: &Sizes<'_>, pixels: (f64, f64)) -> Scale {
    let shares = data
        .shares
        .iter()
        .flat_map(|share| [Some(share.customers), share.value])
        .flatten();
    let longest = shares.filter(|share| share.is_finite()).fold(0.0, f64::max);
    Scale::new((0.0, if longest > 0.0 { longest } else { 1.0 }), pixels)
}

fn bar_pair(canvas: &mut Canvas, data: &Sizes<'_>, segment: usize, scale: &Scale, at: (f64, f64)) {
    let share = &data.shares[segment];
    let (left, top) = at;
    let end = scale.at(share.customers);
    let mut bar = canvas.rect(left, top, end - left, BAR);
    bar.fill(Paint::Line).tip(&share.tip);
    drop(bar);
    canvas
        .text(end + 6.0, top + 12.0, &customers_label(share))
        .fill(Paint::Muted);
    let Some(value) = share.value else { return };
    let (end, top) = (scale.at(value), top + BAR + 3.0);
    let (fill, inset) = if is_hollow(segment) {
        (Paint::Paper, 1.0)
    } else {
        (Paint::Segment(segment), 0.0)
    };
    let mut bar = canvas.rect(
        left + inset,
        top + inset,
        end - left - 2.0 * inset,
        BAR - 2.0 * inset,
    );
    bar.fill(fill).tip(&share.tip);
    if is_hollow(segment) {
        bar.stroke(Paint::Segment(segment), 2.0);
    }
    drop(bar);
    canvas
        .text(end + 6.0, top + 12.0, &value_label(data, value))
        .bold()
        .fill(Paint::Ink);
}
