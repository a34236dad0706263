//! A curve of shares: how much of the money the best customers pay, how many have ordered again.

use super::plot::{Plot, height};
use super::{Caption, TEXT, Width};
use crate::report::number::percent;
use crate::report::svg::{Canvas, Paint, Path, Scale, Weight, text_width};

/// A curve.
pub(in crate::report) struct Curve<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Ascending in the first number; at least two. The second is a share.
    pub(in crate::report) points: &'a [(f64, f64)],
    /// What the height means.
    pub(in crate::report) measure: &'a str,
    /// What is along the curve.
    pub(in crate::report) axis: &'a str,
    /// Where labels stand along it, and what they say.
    pub(in crate::report) labels: &'a [(f64, String)],
    /// Points worth a mark, and what they say.
    pub(in crate::report) marked: &'a [(f64, f64, String)],
    /// With the line of equal shares.
    pub(in crate::report) has_diagonal: bool,
}

/// Draws the curve and its marks.
pub(in crate::report) fn draw(data: &Curve<'_>, width: Width) -> String {
    let highest = data.points.iter().map(|point| point.1).fold(0.0, f64::max);
    // A little more than all, because of customers below 0, is all.
    let highest = if highest < 1.02 {
        highest.min(1.0)
    } else {
        highest
    };
    let plot = Plot::new((0.0, highest), width, percent);
    let mut canvas = data.caption.canvas(width, (width.pixels(), height(width)));
    plot.frame(&mut canvas, data.measure, data.axis);
    let ends = data.points.first().zip(data.points.last());
    let ends = ends.map_or((0.0, 1.0), |(first, last)| (first.0, last.0));
    let x = Scale::new(ends, (plot.left, plot.right - 12.0));
    let labels: Vec<(f64, String)> = data
        .labels
        .iter()
        .map(|(at, text)| (x.at(*at), text.clone()))
        .collect();
    plot.labels(&mut canvas, &labels);
    if data.has_diagonal {
        canvas
            .line(
                (x.at(ends.0), plot.y.at(0.0)),
                (x.at(ends.1), plot.y.at(1.0)),
            )
            .stroke(Paint::Line, 1.0)
            .text_attribute("stroke-dasharray", "4 4");
    }
    line(&mut canvas, data.points, &x, &plot);
    for mark in data.marked {
        marked(&mut canvas, mark, &x, &plot);
    }
    canvas.finish()
}

fn line(canvas: &mut Canvas, points: &[(f64, f64)], x: &Scale, plot: &Plot) {
    let mut path = Path::new();
    for (at, share) in points {
        if path.is_empty() {
            path.move_to(x.at(*at), plot.y.at(*share))
        } else {
            path.line_to(x.at(*at), plot.y.at(*share))
        };
    }
    canvas
        .path(&path)
        .fill(Paint::Nothing)
        .stroke(Paint::Accent, 2.0)
        .text_attribute("stroke-linejoin", "round");
}

/// A point with its text, on the side where there is room for it.
fn marked(canvas: &mut Canvas, mark: &(f64, f64, String), x: &Scale, plot: &Plot) {
    let (at, share, text) = mark;
    let (x, y) = (x.at(*at), plot.y.at(*share));
    canvas
        .circle((x, y), 5.0)
        .fill(Paint::Accent)
        .stroke(Paint::Paper, 2.0)
        .tip(text);
    let room = text_width(text, TEXT, Weight::Bold) + 12.0;
    let (anchor, shift) = if x + room > plot.right {
        ("end", -2.0)
    } else {
        ("start", 8.0)
    };
    canvas
        .text(x + shift, y + 18.0, text)
        .anchor(anchor)
        .bold()
        .fill(Paint::Ink);
}
