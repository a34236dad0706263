//! Histograms of the features: as read, after cleaning, and in the units of the distance. A feature is a row, a stage of
//! its way a column.

use super::{Caption, LINE, TEXT, Width};
use crate::report::number::{compact, count};
use crate::report::svg::{Canvas, Element, Paint, Path, Weight, clamp, text_width};
use crate::summary::{FeatureHistograms, Histogram};

/// Height of the bars.
const BARS: f64 = 58.0;
/// Space between panels.
const GAP: f64 = 24.0;
/// The stages, and short words where there is less room.
const STAGES: [[&str; 2]; 3] = [
    ["as read", "as read"],
    ["after cleaning", "cleaned"],
    ["in the distance (limited, transformed, scaled)", "scaled"],
];

/// The histograms.
pub(in crate::report) struct Histograms<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Features in the order shown; not empty.
    pub(in crate::report) features: &'a [&'a FeatureHistograms],
}

/// Where a histogram is.
struct Place {
    left: f64,
    width: f64,
    top: f64,
}

/// How wide things are.
struct Layout {
    /// The name stands above its row.
    above: bool,
    /// The column of the names.
    column: f64,
    gap: f64,
    panel: f64,
}

impl Layout {
    fn new(width: Width) -> Self {
        let above = width == Width::Phone;
        let column = if above { 0.0 } else { width.pixels() * 0.2 };
        let gap = if above { 12.0 } else { GAP };
        Self {
            above,
            column,
            gap,
            panel: (width.pixels() - column - 2.0 * gap) / 3.0,
        }
    }

    fn left(&self, stage: usize) -> f64 {
        (stage as f64).mul_add(self.panel + self.gap, self.column)
    }

    fn name(&self, name: &str, width: Width) -> Vec<String> {
        let (room, lines) = if self.above {
            (width.pixels(), 2)
        } else {
            (self.column - 16.0, 4)
        };
        clamp(name, room, TEXT, Weight::Bold, lines)
    }

    /// What the name takes above its row.
    fn name_room(&self, lines: &[String]) -> f64 {
        if self.above {
            lines.len() as f64 * LINE + 4.0
        } else {
            0.0
        }
    }
}

/// Draws a row a feature. On a phone the name stands above its row.
pub(in crate::report) fn draw(data: &Histograms<'_>, width: Width) -> String {
    let layout = Layout::new(width);
    let names: Vec<Vec<String>> = data
        .features
        .iter()
        .map(|feature| layout.name(&feature.name, width))
        .collect();
    let head = LINE + 8.0;
    let heights = names
        .iter()
        .map(|lines| layout.name_room(lines) + BARS + 34.0);
    let size = (width.pixels(), head + heights.sum::<f64>());
    let mut canvas = data.caption.canvas(width, size);
    for (stage, words) in STAGES.iter().enumerate() {
        let fits = text_width(words[0], TEXT, Weight::Normal) <= layout.panel;
        canvas
            .text(layout.left(stage), 12.0, words[usize::from(!fits)])
            .fill(Paint::Muted);
    }
    let mut y = head;
    for (feature, lines) in data.features.iter().zip(&names) {
        for (index, line) in lines.iter().enumerate() {
            canvas
                .text(0.0, (index as f64).mul_add(LINE, y + 12.0), line)
                .bold()
                .fill(Paint::Ink);
        }
        let top = y + layout.name_room(lines);
        row(&mut canvas, feature, &layout, top);
        y = top + BARS + 34.0;
    }
    canvas.finish()
}

/// The three stages of one feature.
fn row(canvas: &mut Canvas, feature: &FeatureHistograms, layout: &Layout, top: f64) {
    let stages = [
        feature.read.as_ref(),
        Some(&feature.cleaned),
        Some(&feature.scaled),
    ];
    for (stage, histogram) in stages.into_iter().enumerate() {
        let place = Place {
            left: layout.left(stage),
            width: layout.panel,
            top,
        };
        match histogram {
            Some(read) if stage == 0 && *read == feature.cleaned => {
                note(canvas, &place, "cleaning changed nothing");
            }
            Some(histogram) => bars(canvas, histogram, &place),
            None => note(canvas, &place, "derived, not read"),
        }
    }
}

/// Words where there are no bars.
fn note(canvas: &mut Canvas, place: &Place, words: &str) {
    let lines = clamp(words, place.width, TEXT, Weight::Normal, 3);
    for (index, line) in lines.iter().enumerate() {
        let y = (index as f64).mul_add(LINE, place.top + BARS / 2.0);
        canvas.text(place.left, y, line).fill(Paint::Muted);
    }
}

/// A bar: its slot from the left, its customers, and which values they have.
type Bar = (usize, u64, String);

/// Bars from the first bin to the last; what lies beyond is a paler bar on either side.
fn bars(canvas: &mut Canvas, histogram: &Histogram, place: &Place) {
    let (inside, beyond) = slots(histogram);
    let slots = (inside.len() + 2) as f64;
    let bar = place.width / slots;
    let tallest = inside
        .iter()
        .chain(&beyond)
        .map(|(_, customers, _)| *customers);
    let tallest = tallest.max().unwrap_or(0).max(1) as f64;
    for (paint, slots) in [(Paint::Accent, &inside[..]), (Paint::Muted, &beyond[..])] {
        let painted = |element: &mut Element<'_>| {
            element.fill(paint);
        };
        let shown = slots.iter().filter(|(_, customers, _)| *customers > 0);
        canvas.group(painted, |canvas| {
            for (slot, customers, words) in shown {
                let height = (*customers as f64 / tallest * BARS).max(1.0);
                let x = (*slot as f64).mul_add(bar, place.left);
                let mut path = Path::new();
                path.bar(x, place.top + BARS - height, (bar - 0.6).max(0.6), height);
                let tip = format!("{words}: {}", count(*customers));
                canvas.path(&path).tip(&tip);
            }
        });
    }
    let base = place.top + BARS + 0.5;
    canvas
        .line((place.left, base), (place.left + place.width, base))
        .stroke(Paint::Line, 1.0);
    ends(canvas, histogram, place);
}

fn slots(histogram: &Histogram) -> (Vec<Bar>, [Bar; 2]) {
    let bins = histogram.counts.len().max(1);
    let (low, high) = (histogram.low, histogram.high);
    let edge = |bin: usize| (bin as f64 / bins as f64).mul_add(high - low, low);
    let whole = high - low == bins as f64;
    let words = |bin: usize| {
        if whole {
            compact(edge(bin) + 0.5)
        } else {
            format!("{} to {}", compact(edge(bin)), compact(edge(bin + 1)))
        }
    };
    let inside = histogram.counts.iter().enumerate();
    let inside = inside.map(|(bin, customers)| (bin + 1, *customers, words(bin)));
    let below = (0, histogram.below, format!("below {}", compact(low)));
    let above = (
        bins + 1,
        histogram.above,
        format!("above {}", compact(high)),
    );
    (inside.collect(), [below, above])
}

fn ends(canvas: &mut Canvas, histogram: &Histogram, place: &Place) {
    let y = place.top + BARS + 15.0;
    for (x, anchor, value) in [
        (place.left, "start", histogram.low),
        (place.left + place.width, "end", histogram.high),
    ] {
        canvas
            .text(x, y, &compact(value))
            .anchor(anchor)
            .fill(Paint::Muted);
    }
    if histogram.missing > 0 {
        let text = format!("{} missing", count(histogram.missing));
        let free = place.width - 2.0 * 8.0;
        let taken: f64 = [histogram.low, histogram.high]
            .map(|value| text_width(&compact(value), TEXT, Weight::Normal))
            .iter()
            .sum();
        if taken + text_width(&text, TEXT, Weight::Normal) <= free {
            canvas
                .text(place.left + place.width / 2.0, y, &text)
                .anchor("middle")
                .fill(Paint::Ink);
        }
    }
}
