//! Boxes by segment: where the middle half and nine tenths of a segment's customers lie, for one or a few columns.

use super::{BADGE, Caption, LINE, Legend, TEXT, Width, grid_lines, span};
use crate::report::number::compact;
use crate::report::svg::color::is_hollow;
use crate::report::svg::{Canvas, Paint, Path, Scale, Weight, clamp, nice_ticks, text_width};
use crate::summary::NumberSummary;

/// Height of a row.
const ROW: f64 = 26.0;
/// Height of a box.
const BOX: f64 = 14.0;
/// Space between panels.
const GAP: f64 = 40.0;

/// One column.
#[derive(Debug, Clone)]
pub(in crate::report) struct Panel<'a> {
    /// Its name.
    pub(in crate::report) label: &'a str,
    /// The median of all customers.
    pub(in crate::report) median: f64,
    /// One per segment, with its numbers in words.
    pub(in crate::report) boxes: Vec<(&'a NumberSummary, String)>,
    /// How a value is written.
    pub(in crate::report) write: fn(f64) -> String,
}

/// Panels of boxes.
pub(in crate::report) struct Boxes<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Names of the segments, in order.
    pub(in crate::report) names: &'a [String],
    /// At least one.
    pub(in crate::report) panels: &'a [Panel<'a>],
}

/// Draws the panels, two beside each other where there is room.
pub(in crate::report) fn draw(data: &Boxes<'_>, width: Width) -> String {
    let pixels = width.pixels();
    let columns = if width == Width::Wide && data.panels.len() > 1 {
        2
    } else {
        1
    };
    let panel_width = (pixels - GAP * (columns - 1) as f64) / columns as f64;
    let legend = Legend::new(data.names, pixels);
    let titles: Vec<Vec<String>> = data
        .panels
        .iter()
        .map(|panel| clamp(panel.label, panel_width, TEXT, Weight::Bold, 2))
        .collect();
    let title = titles.iter().map(Vec::len).max().unwrap_or(1) as f64 * LINE;
    let rows = data.names.len() as f64 * ROW;
    let height = title + rows + 52.0;
    let deep = data.panels.len().div_ceil(columns) as f64;
    let mut canvas = data
        .caption
        .canvas(width, (pixels, legend.height + 10.0 + deep * height - 14.0));
    legend.draw(&mut canvas, (0.0, 0.0), data.names);
    for (index, panel) in data.panels.iter().enumerate() {
        let left = (index % columns) as f64 * (panel_width + GAP);
        let top = legend.height + 10.0 + (index / columns) as f64 * height;
        for (number, line) in titles[index].iter().enumerate() {
            let y = (number as f64).mul_add(LINE, top + 12.0);
            canvas.text(left, y, line).bold().fill(Paint::Ink);
        }
        let place = Place {
            left,
            right: left + panel_width,
            top: top + title + 20.0,
            bottom: top + title + 20.0 + rows,
        };
        panel_of_boxes(&mut canvas, panel, &place);
    }
    canvas.finish()
}

/// Where a panel is.
struct Place {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn panel_of_boxes(canvas: &mut Canvas, panel: &Panel<'_>, place: &Place) {
    let (scale, ticks) = scale(panel, place);
    let texts: Vec<String> = ticks.iter().map(|tick| (panel.write)(*tick)).collect();
    let every = every(&texts, &scale, &ticks);
    let places = ticks.iter().map(|tick| scale.at(*tick));
    let lines = places.map(|x| ((x, place.top), (x, place.bottom)));
    grid_lines(canvas, lines);
    for (index, tick) in ticks.iter().enumerate() {
        if index % every == 0 {
            canvas
                .text(scale.at(*tick), place.bottom + 16.0, &texts[index])
                .anchor("middle")
                .fill(Paint::Muted);
        }
    }
    median_line(canvas, panel, &scale, place);
    let mut means = Path::new();
    for (segment, (numbers, tip)) in panel.boxes.iter().enumerate() {
        let y = (segment as f64 + 0.5).mul_add(ROW, place.top);
        number(canvas, (place.left + BADGE, y), segment);
        if numbers.count > 0 {
            one_box(canvas, &scale, segment, y, (numbers, tip));
            if numbers.mean.is_finite() {
                means.diamond(scale.at(numbers.mean), y, 4);
            }
        }
    }
    if !means.is_empty() {
        canvas
            .path(&means)
            .fill(Paint::Paper)
            .stroke(Paint::Ink, 1.0)
            .class("mute");
    }
}

/// The number of a segment, whose name and color the legend has.
fn number(canvas: &mut Canvas, center: (f64, f64), segment: usize) {
    canvas
        .text(center.0, center.1 + 4.0, &(segment + 1).to_string())
        .anchor("middle")
        .bold();
}

/// From the lowest to the highest whisker; a column without negative numbers starts no lower than 0.
fn scale(panel: &Panel<'_>, place: &Place) -> (Scale, Vec<f64>) {
    let ends = panel
        .boxes
        .iter()
        .flat_map(|(numbers, _)| [numbers.q05, numbers.q95, numbers.mean])
        .filter(|value| value.is_finite());
    let (low, high) = ends.fold((panel.median, panel.median), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let low = if low > 0.0 && low < 0.3 * high {
        0.0
    } else {
        low
    };
    let high = if high > low { high } else { low + 1.0 };
    let wanted = ((place.right - place.left) / 90.0).clamp(3.0, 6.0) as usize;
    let mut ticks = nice_ticks(low, high, wanted);
    if low >= 0.0 {
        ticks.retain(|tick| *tick >= 0.0);
    }
    let ends = (
        *ticks.first().unwrap_or(&0.0),
        *ticks.last().unwrap_or(&1.0),
    );
    let pixels = (place.left + 2.0 * BADGE + 16.0, place.right - 16.0);
    (Scale::new(ends, pixels), ticks)
}

/// Every how many ticks a text has room.
fn every(texts: &[String], scale: &Scale, ticks: &[f64]) -> usize {
    let widest = texts
        .iter()
        .map(|text| text_width(text, TEXT, Weight::Normal))
        .fold(0.0, f64::max);
    let apart = match ticks {
        [first, second, ..] => scale.at(*second) - scale.at(*first),
        _ => return 1,
    };
    ((widest + 8.0) / apart.max(1.0)).ceil().max(1.0) as usize
}

fn median_line(canvas: &mut Canvas, panel: &Panel<'_>, scale: &Scale, place: &Place) {
    if !panel.median.is_finite() {
        return;
    }
    let x = scale.at(panel.median);
    canvas
        .line((x, place.top - 6.0), (x, place.bottom))
        .stroke(Paint::Ink, 1.0)
        .text_attribute("stroke-dasharray", "4 4");
    let text = format!("all: {}", (panel.write)(panel.median));
    let half = text_width(&text, TEXT, Weight::Normal) / 2.0;
    let x = x.max(place.left + half).min(place.right - half);
    canvas
        .text(x, place.top - 9.0, &text)
        .anchor("middle")
        .fill(Paint::Muted);
}

/// Whiskers from 5 % to 95 %, box from 25 % to 75 %, a bar at the median.
fn one_box(
    canvas: &mut Canvas,
    scale: &Scale,
    segment: usize,
    y: f64,
    (numbers, tip): (&NumberSummary, &str),
) {
    let at = [
        numbers.q05,
        numbers.q25,
        numbers.median,
        numbers.q75,
        numbers.q95,
    ]
    .map(|value| scale.at(value));
    canvas
        .path(&span((at[0], y), (at[4], y), 4.0))
        .stroke(Paint::Segment(segment), 2.0);
    let hollow = is_hollow(segment);
    let ground = if hollow {
        Paint::Paper
    } else {
        Paint::Segment(segment)
    };
    let mut half = Path::new();
    half.bar(at[1], y - BOX / 2.0, (at[3] - at[1]).max(1.0), BOX);
    canvas
        .path(&half)
        .fill(ground)
        .stroke(Paint::Segment(segment), 2.0)
        .tip(tip);
    let ink = if hollow {
        Paint::Ink
    } else {
        Paint::OnSegment(segment)
    };
    let mut median = Path::new();
    median.bar(at[2] - 1.5, y - BOX / 2.0, 3.0, BOX);
    canvas.path(&median).fill(ink).class("mute");
}

/// The numbers of a box in words.
pub(in crate::report) fn words(numbers: &NumberSummary, write: fn(f64) -> String) -> String {
    let text = |value: f64| write(value);
    format!(
        "median {}, mean {}; half from {} to {}, nine in ten from {} to {}",
        text(numbers.median),
        text(numbers.mean),
        text(numbers.q25),
        text(numbers.q75),
        text(numbers.q05),
        text(numbers.q95)
    )
}

/// Amounts as the axis writes them.
pub(in crate::report) fn amount(value: f64) -> String {
    compact(value)
}
