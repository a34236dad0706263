//! The snake plot: features as rows, a line a segment that winds from feature to feature, the average customer in the
//! middle.

use super::{
    BADGE, Caption, LINE, Legend, TEXT, Width, badge, dashes, grid_lines, most_lines, spread_apart,
    text_lines,
};
use crate::report::number::signed;
use crate::report::svg::color::is_hollow;
use crate::report::svg::{
    Canvas, Element, Paint, Path, Scale, Weight, clamp, nice_ticks, text_width,
};
use crate::words::language::DECIMAL;

/// Height of a row with one line of text.
const ROW: f64 = 27.0;

/// One feature.
#[derive(Debug, Clone)]
pub(in crate::report) struct Bend {
    /// Its name.
    pub(in crate::report) label: String,
    /// The heading it stands under; bends of one heading follow each other.
    pub(in crate::report) group: String,
    /// Standard deviations from the average customer and the whole story, one per segment.
    pub(in crate::report) points: Vec<(f64, String)>,
}

/// The plot.
pub(in crate::report) struct Snake<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Names of the segments, in order.
    pub(in crate::report) names: &'a [String],
    /// Features in the order shown; not empty.
    pub(in crate::report) bends: &'a [Bend],
}

/// A feature and where it stands.
struct Placed<'a> {
    bend: &'a Bend,
    heading: bool,
    lines: Vec<String>,
    middle: f64,
}

struct Layout<'a> {
    legend: Legend,
    rows: Vec<Placed<'a>>,
    label: f64,
    top: f64,
    bottom: f64,
    scale: Scale,
    ticks: Vec<f64>,
}

/// Draws a line a segment. Each begins at a disc with its number, and lines beyond the eighth are dashed otherwise.
pub(in crate::report) fn draw(data: &Snake<'_>, width: Width) -> String {
    let layout = layout(data, width);
    let mut canvas = data
        .caption
        .canvas(width, (width.pixels(), layout.bottom + 46.0));
    layout.legend.draw(&mut canvas, (0.0, 0.0), data.names);
    grid(&mut canvas, &layout, width.pixels());
    for placed in &layout.rows {
        label(&mut canvas, placed, &layout);
    }
    let ends = [f64::MIN, f64::MAX].map(|end| layout.scale.at(end));
    let rows = layout.rows.iter();
    let lines = rows.map(|placed| ((ends[0], placed.middle), (ends[1], placed.middle)));
    grid_lines(&mut canvas, lines);
    let heads = heads(data, &layout);
    for (segment, head) in heads.iter().enumerate() {
        line(&mut canvas, &layout, segment, *head);
    }
    for segment in 0..data.names.len() {
        dots(&mut canvas, &layout, segment);
    }
    for (segment, head) in heads.iter().enumerate() {
        badge(&mut canvas, *head, segment, &data.names[segment]);
    }
    canvas.finish()
}

fn layout<'a>(data: &Snake<'a>, width: Width) -> Layout<'a> {
    let pixels = width.pixels();
    let widest = data
        .bends
        .iter()
        .map(|bend| text_width(&bend.label, TEXT, Weight::Normal))
        .fold(40.0, f64::max);
    let headings = data.bends.iter();
    let headings = headings.map(|bend| text_width(&bend.group, TEXT, Weight::Bold));
    let most = pixels * if width == Width::Phone { 0.34 } else { 0.28 };
    let label = headings.fold(widest.min(most), f64::max).min(most) + 12.0;
    let legend = Legend::new(data.names, pixels);
    let top = legend.height + 2.0 * BADGE + 16.0;
    let (rows, bottom) = placed(data.bends, label, top);
    let (scale, ticks) = scale(data, (label, pixels - 16.0));
    Layout {
        legend,
        rows,
        label,
        top,
        bottom,
        scale,
        ticks,
    }
}

fn placed(bends: &[Bend], label: f64, mut y: f64) -> (Vec<Placed<'_>>, f64) {
    let mut placed = Vec::new();
    let mut group = "";
    for bend in bends {
        let heading = bend.group != group && !bend.group.is_empty();
        group = &bend.group;
        if heading {
            y += 20.0;
        }
        let lines = clamp(
            &bend.label,
            label - 12.0,
            TEXT,
            Weight::Normal,
            most_lines(label),
        );
        let height = (lines.len() as f64).mul_add(LINE, 8.0).max(ROW);
        placed.push(Placed {
            bend,
            heading,
            lines,
            middle: y + height / 2.0,
        });
        y += height;
    }
    (placed, y)
}

/// Symmetric about the average, so that above and below look alike.
fn scale(data: &Snake<'_>, pixels: (f64, f64)) -> (Scale, Vec<f64>) {
    let far = data
        .bends
        .iter()
        .flat_map(|bend| &bend.points)
        .map(|(z, _)| z.abs())
        .filter(|z| z.is_finite())
        .fold(0.5, f64::max);
    let wanted = if pixels.1 - pixels.0 > 400.0 { 8 } else { 4 };
    let ticks = nice_ticks(-far, far, wanted);
    let ends = (
        *ticks.first().unwrap_or(&-1.0),
        *ticks.last().unwrap_or(&1.0),
    );
    (Scale::new(ends, (pixels.0 + 10.0, pixels.1)), ticks)
}

fn grid(canvas: &mut Canvas, layout: &Layout<'_>, right: f64) {
    for tick in &layout.ticks {
        let x = layout.scale.at(*tick);
        let paint = if *tick == 0.0 {
            Paint::Muted
        } else {
            Paint::Grid
        };
        canvas
            .line((x, layout.top), (x, layout.bottom))
            .stroke(paint, 1.0);
        canvas
            .text(x, layout.bottom + 17.0, &tick_text(*tick))
            .anchor("middle")
            .fill(Paint::Muted);
    }
    let note = "standard deviations below or above the average customer";
    let note = if text_width(note, TEXT, Weight::Normal) > right - layout.label {
        "standard deviations from average"
    } else {
        note
    };
    let half = text_width(note, TEXT, Weight::Normal) / 2.0;
    let middle = layout.scale.at(0.0).min(right - half);
    canvas
        .text(middle, layout.bottom + 36.0, note)
        .anchor("middle")
        .fill(Paint::Muted);
}

/// `0`, `+1`, `−0.5`.
fn tick_text(tick: f64) -> String {
    let text = signed(tick);
    let text = text.trim_end_matches('0').trim_end_matches(DECIMAL);
    if tick == 0.0 {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

fn label(canvas: &mut Canvas, placed: &Placed<'_>, layout: &Layout<'_>) {
    let half = (placed.lines.len().max(1) - 1) as f64 * LINE / 2.0;
    let first = placed.middle + 4.0 - half;
    if placed.heading {
        let lines = clamp(&placed.bend.group, layout.label, TEXT, Weight::Bold, 1);
        for line in lines {
            canvas
                .text(0.0, first - LINE - 4.0, &line)
                .bold()
                .fill(Paint::Muted);
        }
    }
    text_lines(
        canvas,
        (layout.label - 8.0, first),
        &placed.lines,
        "end",
        &placed.bend.label,
    );
}

fn z_of(bend: &Bend, segment: usize) -> Option<f64> {
    let point = bend.points.get(segment)?;
    point.0.is_finite().then_some(point.0)
}

/// Where the disc of each segment stands: over its first point, moved sideways where discs would touch.
fn heads(data: &Snake<'_>, layout: &Layout<'_>) -> Vec<(f64, f64)> {
    let first = |segment: usize| {
        let z = data.bends.first().and_then(|bend| z_of(bend, segment));
        layout.scale.at(z.unwrap_or(0.0))
    };
    let wanted: Vec<f64> = (0..data.names.len()).map(first).collect();
    let ends = (layout.label + BADGE, layout.scale.at(f64::MAX) + 6.0);
    let y = layout.top - BADGE - 4.0;
    spread_apart(&wanted, 2.0 * BADGE + 2.0, ends)
        .into_iter()
        .map(|x| (x, y))
        .collect()
}

fn line(canvas: &mut Canvas, layout: &Layout<'_>, segment: usize, head: (f64, f64)) {
    let mut path = Path::new();
    path.move_to(head.0, head.1);
    for placed in &layout.rows {
        if let Some(z) = z_of(placed.bend, segment) {
            path.line_to(layout.scale.at(z), placed.middle);
        }
    }
    let mut line = canvas.path(&path);
    line.fill(Paint::Nothing)
        .stroke(Paint::Segment(segment), 2.0)
        .text_attribute("stroke-linejoin", "round");
    if let Some(dashes) = dashes(segment) {
        line.text_attribute("stroke-dasharray", dashes);
    }
}

fn dots(canvas: &mut Canvas, layout: &Layout<'_>, segment: usize) {
    let ground = if is_hollow(segment) {
        Paint::Paper
    } else {
        Paint::Segment(segment)
    };
    let painted = |element: &mut Element<'_>| {
        element.fill(ground).stroke(Paint::Segment(segment), 1.5);
    };
    canvas.group(painted, |canvas| {
        for placed in &layout.rows {
            if let Some(z) = z_of(placed.bend, segment) {
                canvas
                    .circle((layout.scale.at(z), placed.middle), 4.5)
                    .tip(&placed.bend.points[segment].1);
            }
        }
    });
}
