//! Bars beside each other: money by month, gaps by length.

use super::plot::{Plot, height};
use super::{Caption, Width};
use crate::report::number::compact;
use crate::report::svg::{Paint, Path};

/// One bar.
pub(in crate::report) struct Bar {
    /// What stands below it.
    pub(in crate::report) label: String,
    /// Its height.
    pub(in crate::report) value: f64,
    /// The whole story.
    pub(in crate::report) tip: String,
    /// It is of another kind than the others: a rest.
    pub(in crate::report) is_faint: bool,
}

/// The bars.
pub(in crate::report) struct Bars<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// In the order shown; not empty.
    pub(in crate::report) each: &'a [Bar],
    /// What the height means.
    pub(in crate::report) measure: &'a str,
    /// What the bars are of.
    pub(in crate::report) axis: &'a str,
}

/// Draws the bars from the line of 0.
pub(in crate::report) fn draw(data: &Bars<'_>, width: Width) -> String {
    let values = data.each.iter().map(|bar| bar.value);
    let ends = values.fold((0.0_f64, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let plot = Plot::new(ends, width, compact);
    let mut canvas = data.caption.canvas(width, (width.pixels(), height(width)));
    plot.frame(&mut canvas, data.measure, data.axis);
    let room = (plot.right - plot.left) / data.each.len() as f64;
    let gap = (room * 0.2).min(6.0);
    let mut labels = Vec::new();
    for (at, bar) in data.each.iter().enumerate() {
        let left = (at as f64).mul_add(room, plot.left);
        let (zero, end) = (plot.y.at(0.0), plot.y.at(bar.value));
        let mut path = Path::new();
        path.bar(
            left + gap / 2.0,
            zero.min(end),
            room - gap,
            (zero - end).abs(),
        );
        let paint = match bar {
            bar if bar.is_faint => Paint::Line,
            bar if bar.value < 0.0 => Paint::Loss,
            _ => Paint::Accent,
        };
        canvas.path(&path).fill(paint).tip(&bar.tip);
        labels.push((left + room / 2.0, bar.label.clone()));
    }
    plot.labels(&mut canvas, &labels);
    canvas.finish()
}
