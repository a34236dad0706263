//! The charts: pure functions from numbers to a drawing. Each is drawn for the width it is shown at, so its text is
//! always 12 pixels high; margins come from the measured labels, so that no name is cut or overlaps another.

pub(super) mod bars;
pub(super) mod boxes;
pub(super) mod correlations;
pub(super) mod criterion;
pub(super) mod curve;
pub(super) mod grid;
pub(super) mod heat;
pub(super) mod histograms;
pub(super) mod intervals;
pub(super) mod knives;
pub(super) mod map;
mod plot;
pub(super) mod sizes;
pub(super) mod snake;

use super::number::fixed;
use super::svg::color::{HEAT_STEPS, is_hollow};
use super::svg::{Canvas, Paint, Path, Weight, clamp, text_width};

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
    /// Between the margins of A4 paper.
    #[cfg(feature = "pdf")]
    Paper,
}

impl Width {
    /// In pixels.
    pub(super) fn pixels(self) -> f64 {
        match self {
            Self::Wide => 1040.0,
            Self::Half => 500.0,
            Self::Phone => 340.0,
            #[cfg(feature = "pdf")]
            Self::Paper => 690.0,
        }
    }

    /// The part of an id that tells the drawings of one chart apart.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Half => "half",
            Self::Phone => "phone",
            #[cfg(feature = "pdf")]
            Self::Paper => "paper",
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
        let id = format!("{}-{}", self.stem, width.word());
        if width == Width::Phone {
            // What it shows is said above it and in the drawing it copies.
            Canvas::new(&id, &self.title, "", size).into_copy()
        } else {
            Canvas::new(&id, &self.title, &self.how, size)
        }
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

/// Straight lines of a grid, as one element.
fn grid_lines(canvas: &mut Canvas, lines: impl IntoIterator<Item = ((f64, f64), (f64, f64))>) {
    let mut path = Path::new();
    for (from, to) in lines {
        path.move_to(from.0, from.1).line_to(to.0, to.1);
    }
    if !path.is_empty() {
        canvas.path(&path).stroke(Paint::Grid, 1.0);
    }
}

/// The disc with a segment's number, centered at a point.
pub(super) fn badge(canvas: &mut Canvas, center: (f64, f64), segment: usize, tip: &str) {
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
    let mut text = canvas.text(center.0, center.1 + 4.0, &number);
    text.anchor("middle").bold().fill(ink).class("mute");
    if segment >= 9 {
        text.number("font-size", TEXT - 1.5);
    }
}

/// Lines that a name may take: more in a narrow column, where names that begin alike would be cut to the same words.
fn most_lines(column: f64) -> usize {
    if column < 150.0 { 6 } else { 3 }
}

/// A line with a small bar across each end: an interval, whiskers.
fn span(from: (f64, f64), to: (f64, f64), half: f64) -> Path {
    let mut path = Path::new();
    path.move_to(from.0, from.1).line_to(to.0, to.1);
    // Across the line, whichever way it runs.
    let (dx, dy) = if from.0 == to.0 {
        (half, 0.0)
    } else {
        (0.0, half)
    };
    for end in [from, to] {
        path.move_to(end.0 - dx, end.1 - dy)
            .line_to(end.0 + dx, end.1 + dy);
    }
    path
}

/// What tells a line from others without its color; none for the first, which is whole.
fn dashes(segment: usize) -> Option<&'static str> {
    const DASHES: [&str; 4] = ["9 3", "2.5 3", "9 3 2.5 3", "16 4"];
    (segment % 5).checked_sub(1).map(|index| DASHES[index])
}

/// Positions as near to those wanted as `room` between them allows, within `ends`; closer where the ends leave less.
fn spread_apart(wanted: &[f64], room: f64, ends: (f64, f64)) -> Vec<f64> {
    let gaps = wanted.len().saturating_sub(1).max(1) as f64;
    let room = room.min((ends.1 - ends.0) / gaps);
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|one, other| wanted[*one].total_cmp(&wanted[*other]));
    let mut positions = wanted.to_vec();
    let mut least = ends.0;
    for index in &order {
        positions[*index] = positions[*index].max(least);
        least = positions[*index] + room;
    }
    let mut most = ends.1;
    for index in order.iter().rev() {
        positions[*index] = positions[*index].min(most);
        most = positions[*index] - room;
    }
    positions
}

/// The scale of the heat colors under a chart: `limit` on both ends, and the longer of two notes that fits.
fn color_key(canvas: &mut Canvas, visible: f64, bottom: f64, limit: f64, notes: [&str; 2]) {
    let steps = f64::from(2 * HEAT_STEPS + 1);
    let (size, y) = ((visible * 0.6).min(306.0) / steps, bottom + 12.0);
    let left = (visible - size * steps) / 2.0;
    for (index, step) in (-HEAT_STEPS..=HEAT_STEPS).enumerate() {
        canvas
            .rect((index as f64).mul_add(size, left), y, size, 10.0)
            .fill(Paint::Heat(step));
    }
    let right = size.mul_add(steps, left);
    let ends = [
        (left - 6.0, "end", format!("\u{2212}{}", fixed(limit, 1))),
        (right + 6.0, "start", format!("+{}", fixed(limit, 1))),
    ];
    for (x, anchor, text) in ends {
        canvas
            .text(x, y + 9.0, &text)
            .anchor(anchor)
            .fill(Paint::Muted);
    }
    let fits = text_width(notes[0], TEXT, Weight::Normal) <= visible;
    canvas
        .text(visible / 2.0, y + 27.0, notes[usize::from(!fits)])
        .anchor("middle")
        .fill(Paint::Muted);
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
            badge(canvas, center, segment, "");
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
