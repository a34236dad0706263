//! A measure for every number of segments, as a line: inertia with its elbow, silhouette, gap, stability.

use super::plot::value_lines;
use super::{Caption, LINE, TEXT, Width, span};
use crate::report::number::{compact, fixed};
use crate::report::svg::{Canvas, Paint, Path, Scale, Weight, nice_ticks, text_width};

/// One number of segments.
#[derive(Debug, Clone)]
pub(in crate::report) struct Step {
    /// Number of segments.
    pub(in crate::report) k: usize,
    /// The measure.
    pub(in crate::report) value: f64,
    /// How far it may be off, where it was estimated.
    pub(in crate::report) interval: Option<[f64; 2]>,
}

/// A line over k.
pub(in crate::report) struct Criterion<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Ascending in k; not empty.
    pub(in crate::report) steps: &'a [Step],
    /// What the height means.
    pub(in crate::report) measure: &'a str,
    /// The k that the segmentation has.
    pub(in crate::report) chosen: usize,
    /// Another k worth a mark, and the word for it.
    pub(in crate::report) marked: Option<(usize, &'a str)>,
    /// The measure cannot leave -1 to 1.
    pub(in crate::report) bounded: bool,
    /// What the interval is, in tips: `95% interval`.
    pub(in crate::report) interval: &'a str,
}

/// Where things are.
struct Plot {
    x: Scale,
    y: Scale,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    ticks: Vec<f64>,
}

/// Draws the line with the chosen k in a band and the marked k on a dashed line.
pub(in crate::report) fn draw(data: &Criterion<'_>, width: Width) -> String {
    let height = if width == Width::Wide { 360.0 } else { 300.0 };
    let mut canvas = data.caption.canvas(width, (width.pixels(), height));
    let plot = layout(data, width, height);
    frame(&mut canvas, data, &plot);
    marks(&mut canvas, data, &plot);
    line(&mut canvas, data, &plot);
    canvas.finish()
}

fn layout(data: &Criterion<'_>, width: Width, height: f64) -> Plot {
    let lows = data
        .steps
        .iter()
        .map(|step| step.interval.map_or(step.value, |ends| ends[0]));
    let highs = data
        .steps
        .iter()
        .map(|step| step.interval.map_or(step.value, |ends| ends[1]));
    let (low, high) = (lows.fold(0.0, f64::min), highs.fold(0.0, f64::max));
    let mut ticks = nice_ticks(low, if high > low { high } else { low + 1.0 }, 4);
    if data.bounded {
        ticks.retain(|tick| (-1.0..=1.0).contains(tick));
    }
    let widest = ticks
        .iter()
        .map(|tick| text_width(&tick_text(data, *tick), TEXT, Weight::Normal))
        .fold(0.0, f64::max);
    let (left, right) = (widest + 12.0, width.pixels() - 18.0);
    let (top, bottom) = (16.0 + 2.0 * LINE + 10.0, height - 42.0);
    let ends = (
        *ticks.first().unwrap_or(&0.0),
        *ticks.last().unwrap_or(&1.0),
    );
    let first = data.steps.first().map_or(1, |step| step.k) as f64;
    let last = data.steps.last().map_or(1, |step| step.k) as f64;
    let x = Scale::new((first, last), (left + 22.0, right - 18.0));
    Plot {
        x,
        y: Scale::new(ends, (bottom, top)),
        left,
        right,
        top,
        bottom,
        ticks,
    }
}

fn tick_text(data: &Criterion<'_>, tick: f64) -> String {
    if data.bounded {
        fixed(
            tick,
            if tick * 10.0 == (tick * 10.0).trunc() {
                1
            } else {
                2
            },
        )
    } else {
        compact(tick)
    }
}

fn frame(canvas: &mut Canvas, data: &Criterion<'_>, plot: &Plot) {
    canvas.text(0.0, 12.0, data.measure).fill(Paint::Muted);
    let ticks = plot.ticks.iter();
    let ticks: Vec<(f64, String)> = ticks.map(|tick| (*tick, tick_text(data, *tick))).collect();
    value_lines(canvas, &plot.y, (plot.left, plot.right), &ticks);
    let room = spacing(data, plot);
    let every = (28.0 / room).ceil().max(1.0) as usize;
    for (index, step) in data.steps.iter().enumerate() {
        if index % every == 0 || step.k == data.chosen {
            let x = plot.x.at(step.k as f64);
            let chosen = step.k == data.chosen;
            let near = data
                .steps
                .iter()
                .any(|other| other.k == data.chosen && other.k.abs_diff(step.k) < every);
            if chosen || !near {
                let mut text = canvas.text(x, plot.bottom + 17.0, &step.k.to_string());
                text.anchor("middle")
                    .fill(if chosen { Paint::Ink } else { Paint::Muted });
                if chosen {
                    text.bold();
                }
            }
        }
    }
    let middle = f64::midpoint(plot.left, plot.right);
    canvas
        .text(middle, plot.bottom + 36.0, "Number of segments")
        .anchor("middle")
        .fill(Paint::Muted);
}

/// Pixels from one k to the next.
fn spacing(data: &Criterion<'_>, plot: &Plot) -> f64 {
    let steps = (data.steps.len().max(2) - 1) as f64;
    (plot.right - plot.left - 40.0) / steps
}

fn marks(canvas: &mut Canvas, data: &Criterion<'_>, plot: &Plot) {
    let is_there = |k: usize| data.steps.iter().any(|step| step.k == k);
    let same = data.marked.filter(|(k, _)| *k == data.chosen);
    if is_there(data.chosen) {
        let x = plot.x.at(data.chosen as f64);
        let half = (spacing(data, plot) * 0.3).clamp(6.0, 22.0);
        canvas
            .rect(x - half, plot.top, 2.0 * half, plot.bottom - plot.top)
            .fill(Paint::Soft);
        let text = same.map_or_else(
            || format!("chosen: {}", data.chosen),
            |(k, word)| format!("{word}, and chosen: {k}"),
        );
        label(canvas, plot, x, plot.top - 6.0, &text, true);
    }
    if let Some((k, word)) = data
        .marked
        .filter(|(k, _)| *k != data.chosen && is_there(*k))
    {
        let x = plot.x.at(k as f64);
        canvas
            .line((x, plot.top - LINE - 2.0), (x, plot.bottom))
            .stroke(Paint::Muted, 1.5)
            .text_attribute("stroke-dasharray", "4 4");
        label(
            canvas,
            plot,
            x,
            plot.top - 6.0 - LINE,
            &format!("{word}: {k}"),
            false,
        );
    }
}

/// A label centered over a mark, moved inwards where it would leave the drawing.
fn label(canvas: &mut Canvas, plot: &Plot, x: f64, y: f64, text: &str, strong: bool) {
    let weight = if strong { Weight::Bold } else { Weight::Normal };
    let half = text_width(text, TEXT, weight) / 2.0;
    let x = x.min(plot.right + 16.0 - half).max(half);
    let mut element = canvas.text(x, y, text);
    element
        .anchor("middle")
        .fill(if strong { Paint::Accent } else { Paint::Ink });
    if strong {
        element.bold();
    }
}

fn line(canvas: &mut Canvas, data: &Criterion<'_>, plot: &Plot) {
    let mut path = Path::new();
    for step in data.steps {
        let (x, y) = (plot.x.at(step.k as f64), plot.y.at(step.value));
        if path.is_empty() {
            path.move_to(x, y)
        } else {
            path.line_to(x, y)
        };
    }
    canvas
        .path(&path)
        .fill(Paint::Nothing)
        .stroke(Paint::Accent, 2.0)
        .text_attribute("stroke-linejoin", "round");
    for step in data.steps {
        let (x, y) = (plot.x.at(step.k as f64), plot.y.at(step.value));
        if let Some([low, high]) = step.interval {
            let (low, high) = (plot.y.at(low), plot.y.at(high));
            canvas
                .path(&span((x, low), (x, high), 4.0))
                .stroke(Paint::Accent, 1.5);
        }
        let chosen = step.k == data.chosen;
        let (ground, radius) = if chosen {
            (Paint::Accent, 6.0)
        } else {
            (Paint::Paper, 4.0)
        };
        canvas
            .circle((x, y), radius)
            .fill(ground)
            .stroke(Paint::Accent, 2.0)
            .tip(&tip(data, step));
    }
}

fn tip(data: &Criterion<'_>, step: &Step) -> String {
    let digits = |value: f64| {
        if data.bounded {
            fixed(value, 3)
        } else {
            compact(value)
        }
    };
    let interval = step
        .interval
        .map(|[low, high]| format!(" ({} {} to {})", data.interval, digits(low), digits(high)));
    let segments = if step.k == 1 { "segment" } else { "segments" };
    format!(
        "{} {segments}: {}{}",
        step.k,
        digits(step.value),
        interval.unwrap_or_default()
    )
}
