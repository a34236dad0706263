//! The frame of a chart with an axis of numbers on its left: lines at round values, and room for what is drawn between.

use super::{LINE, TEXT, Width};
use crate::report::svg::{Canvas, Paint, Scale, Weight, nice_ticks, text_width};

/// Where things are.
pub(super) struct Plot {
    pub(super) y: Scale,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    ticks: Vec<(f64, String)>,
}

/// Height of the whole chart.
pub(super) fn height(width: Width) -> f64 {
    if width == Width::Wide { 330.0 } else { 290.0 }
}

impl Plot {
    /// For values from `low` to `high`, written by `write`.
    pub(super) fn new(
        (low, high): (f64, f64),
        width: Width,
        write: impl Fn(f64) -> String,
    ) -> Self {
        let ticks = nice_ticks(low, if high > low { high } else { low + 1.0 }, 5);
        let ends = (
            *ticks.first().unwrap_or(&0.0),
            *ticks.last().unwrap_or(&1.0),
        );
        let ticks: Vec<(f64, String)> = ticks.iter().map(|tick| (*tick, write(*tick))).collect();
        let widest = ticks
            .iter()
            .map(|(_, text)| text_width(text, TEXT, Weight::Normal))
            .fold(0.0, f64::max);
        let (top, bottom) = (16.0 + LINE, height(width) - 42.0);
        Self {
            y: Scale::new(ends, (bottom, top)),
            left: widest + 12.0,
            right: width.pixels() - 4.0,
            bottom,
            ticks,
        }
    }

    /// The lines, what the height means above them, and what the other axis means below.
    pub(super) fn frame(&self, canvas: &mut Canvas, measure: &str, axis: &str) {
        canvas.text(0.0, 12.0, measure).fill(Paint::Muted);
        value_lines(canvas, &self.y, (self.left, self.right), &self.ticks);
        if !axis.is_empty() {
            let middle = f64::midpoint(self.left, self.right);
            canvas
                .text(middle, self.bottom + 36.0, axis)
                .anchor("middle")
                .fill(Paint::Muted);
        }
    }

    /// Labels below their places, as many as have room.
    pub(super) fn labels(&self, canvas: &mut Canvas, labels: &[(f64, String)]) {
        let widest = labels
            .iter()
            .map(|(_, text)| text_width(text, TEXT, Weight::Normal))
            .fold(0.0, f64::max);
        let room = (self.right - self.left) / labels.len().max(1) as f64;
        let every = ((widest + 10.0) / room).ceil().max(1.0) as usize;
        for (x, text) in labels.iter().step_by(every) {
            let half = text_width(text, TEXT, Weight::Normal) / 2.0;
            canvas
                .text(x.min(self.right - half), self.bottom + 17.0, text)
                .anchor("middle")
                .fill(Paint::Muted);
        }
    }
}

/// Lines from left to right at round values, each with its text before it.
pub(super) fn value_lines(
    canvas: &mut Canvas,
    y: &Scale,
    (left, right): (f64, f64),
    ticks: &[(f64, String)],
) {
    for (value, text) in ticks {
        let y = y.at(*value);
        let paint = if *value == 0.0 {
            Paint::Line
        } else {
            Paint::Grid
        };
        canvas.line((left, y), (right, y)).stroke(paint, 1.0);
        canvas
            .text(left - 6.0, y + 4.0, text)
            .anchor("end")
            .fill(Paint::Muted);
    }
}
