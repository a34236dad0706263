//! The charts: pure functions from numbers to a drawing. Each is drawn for the width it is shown at, so its text is
//! always 12 pixels high; margins come from the measured labels, so that no name is cut or overlaps another.

pub(super) mod criterion;
pub(super) mod heat;
pub(super) mod knives;
pub(super) mod map;
pub(super) mod sizes;

use super::svg::color::is_hollow;
use super::svg::{Canvas, Paint, Weight, clamp, text_width};

/// Size of all chart text in pixels.
pub(super) const TEXT: f64 = 12.0;
/// From one line of text to the next.
pub(super) const LINE: f64 = 15.0;
/// Radius of the disc with a segment's number.
pub(super) const BADGE: f64 = 10.0;

/// The width a chart is shown at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// The whole width of the page.
    Wide,
    /// One of two side by side.
    Half,
    /// The whole width of a phone.
    Phone,
}

impl Width {
    /// In pixels.
    pub(super) fn pixels(self) -> f64 {
        match self {
            Self::Wide => 1040.0,
            Self::Half => 500.0,
            Self::Phone => 340.0,
        }
    }

    /// The part of an id that tells the drawings of one chart apart.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Half => "half",
            Self::Phone => "phone",
        }
    }
}

/// What a chart is called, shows and is.
#[derive(Debug, Clone)]
pub(super) struct Caption {
    /// File stem and prefix of ids.
    pub(super) stem: &'static str,
    /// The finding.
    pub(super) title: String,
    /// How to read it.
    pub(super) how: String,
}

impl Caption {
    /// An empty canvas for this chart.
    fn canvas(&self, width: Width, size: (f64, f64)) -> Canvas {
        Canvas::new(
            &format!("{}-{}", self.stem, width.word()),
            &self.title,
            &self.how,
            size,
        )
    }
}

/// Lines of text from the baseline of the first downwards. Where they leave something out, pointing at them shows
/// the whole of it.
fn text_lines(
    canvas: &mut Canvas,
    at: (f64, f64),
    lines: &[String],
    anchor: &'static str,
    whole: &str,
) {
    let is_cut = lines.last().is_some_and(|line| line.ends_with('…'));
    for (index, line) in lines.iter().enumerate() {
        let y = (index as f64).mul_add(LINE, at.1);
        let tip = if is_cut { whole } else { "" };
        canvas
            .text(at.0, y, line)
            .anchor(anchor)
            .fill(Paint::Ink)
            .tip(tip);
    }
}

/// The disc with a segment's number, centered at a point.
fn badge(canvas: &mut Canvas, center: (f64, f64), segment: usize, tip: &str) {
    let hollow = is_hollow(segment);
    let (ground, ink) = if hollow {
        (Paint::Paper, Paint::Ink)
    } else {
        (Paint::Segment(segment), Paint::OnSegment(segment))
    };
    let edge = if hollow {
        Paint::Segment(segment)
    } else {
        Paint::Paper
    };
    canvas
        .circle(center, BADGE)
        .fill(ground)
        .stroke(edge, 2.0)
        .tip(tip);
    let number = (segment + 1).to_string();
    canvas
        .text(center.0, center.1 + 4.0, &number)
        .anchor("middle")
        .bold()
        .fill(ink)
        .class("mute")
        .number("font-size", if segment < 9 { TEXT } else { TEXT - 1.5 });
}

/// A list of the segments' numbers and names, flowing over as many rows as it needs.
struct Legend {
    entries: Vec<(f64, f64, Vec<String>)>,
    height: f64,
}

impl Legend {
    /// Lays the names out in `width` pixels.
    fn new(names: &[String], width: f64) -> Self {
        let mut entries = Vec::new();
        let (mut x, mut y, mut row) = (0.0, 0.0, 0.0_f64);
        for name in names {
            let lines = clamp(name, width.min(300.0) - 30.0, TEXT, Weight::Normal, 3);
            let widest = lines
                .iter()
                .map(|line| text_width(line, TEXT, Weight::Normal))
                .fold(0.0, f64::max);
            let needed = widest + 2.0 * BADGE + 6.0;
            if x > 0.0 && x + needed > width {
                x = 0.0;
                y += row;
                row = 0.0;
            }
            row = row.max((lines.len() as f64).mul_add(LINE, 7.0)).max(24.0);
            entries.push((x, y, lines));
            x += needed + 14.0;
        }
        Self {
            entries,
            height: y + row,
        }
    }

    fn draw(&self, canvas: &mut Canvas, at: (f64, f64), names: &[String]) {
        for (segment, (x, y, lines)) in self.entries.iter().enumerate() {
            let center = (at.0 + x + BADGE, at.1 + y + BADGE + 1.0);
            badge(canvas, center, segment, &names[segment]);
            text_lines(
                canvas,
                (center.0 + BADGE + 5.0, center.1 + 4.0),
                lines,
                "start",
                &names[segment],
            );
        }
    }
}
