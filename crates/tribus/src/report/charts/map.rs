//! The customer map: customers on the two principal axes, a dot each, and the numbered centroids.

use super::{BADGE, Caption, LINE, Legend, TEXT, Width, badge, text_lines};
use crate::report::number::percent;
use crate::report::svg::color::is_hollow;
use crate::report::svg::write::number;
use crate::report::svg::{Canvas, Element, Paint, Path, Weight, nice_ticks, wrap};
use crate::summary::CustomerMap;

/// Dots are drawn in this many rounds over the segments, so that no segment hides another.
const SLICES: usize = 6;

/// The map.
pub(in crate::report) struct Map<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// Points, centroids, axes.
    pub(in crate::report) customers: &'a CustomerMap,
    /// Names of the segments, in order.
    pub(in crate::report) names: &'a [String],
}

/// The window of the plane that is shown, with the same number of pixels per unit on both axes: distances on the map
/// are comparable in every direction.
struct Window {
    low: [f64; 2],
    high: [f64; 2],
    scale: f64,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Window {
    /// The pixel of a point; a point outside goes to the edge.
    fn at(&self, point: [f64; 2]) -> (f64, f64) {
        let x = (point[0] - self.low[0]).mul_add(self.scale, self.left);
        let y = (self.high[1] - point[1]).mul_add(self.scale, self.top);
        let inside = |value: f64, start: f64, length: f64| {
            let value = if value.is_finite() {
                value
            } else {
                start + length / 2.0
            };
            value.clamp(start + 3.0, start + length - 3.0)
        };
        (
            inside(x, self.left, self.width),
            inside(y, self.top, self.height),
        )
    }

    fn holds(&self, point: [f64; 2]) -> bool {
        (0..2).all(|axis| (self.low[axis]..=self.high[axis]).contains(&point[axis]))
    }
}

/// Everything around the dots, measured.
struct Plan {
    legend: Legend,
    across: Vec<String>,
    up: Vec<String>,
    window: Window,
    beyond: usize,
}

/// Draws dots by segment, then the centroids with their numbers. The drawing for a phone has no dots of its own: it
/// shows those of the wide one, which must be in the same page, so that a page holds each customer's dot once.
pub(in crate::report) fn draw(data: &Map<'_>, width: Width) -> String {
    let pixels = width.pixels();
    let Plan {
        legend,
        across,
        up,
        window,
        beyond,
    } = plan(data, width);
    let below = window.top + window.height;
    let lines = across.len() + usize::from(beyond > 0);
    let mut canvas = data
        .caption
        .canvas(width, (pixels, below + 8.0 + lines as f64 * LINE));
    legend.draw(&mut canvas, (0.0, 0.0), data.names);
    text_lines(
        &mut canvas,
        (0.0, legend.height + 4.0 + LINE),
        &up,
        "start",
        "",
    );
    grid(&mut canvas, &window);
    if width == Width::Phone {
        borrowed_dots(&mut canvas, &plan(data, Width::Wide).window, &window);
    } else {
        dots(&mut canvas, data, &window);
    }
    centroids(&mut canvas, data, &window);
    text_lines(
        &mut canvas,
        (pixels, below + LINE + 2.0),
        &across,
        "end",
        "",
    );
    if beyond > 0 {
        let y = below + (lines as f64).mul_add(LINE, 2.0);
        canvas
            .text(0.0, y, &format!("{beyond} far away, drawn on the edge"))
            .fill(Paint::Muted);
    }
    canvas.finish()
}

fn plan(data: &Map<'_>, width: Width) -> Plan {
    let pixels = width.pixels();
    let legend = Legend::new(data.names, pixels);
    let axis = |index: usize, arrow: &str| {
        let words = if data.customers.axes[index].is_empty() {
            "principal axis"
        } else {
            &data.customers.axes[index]
        };
        let text = format!(
            "{arrow} {words} ({} of the variation)",
            percent(data.customers.variance[index].clamp(0.0, 1.0))
        );
        wrap(&text, pixels - 8.0, TEXT, Weight::Normal)
    };
    let (across, up) = (axis(0, "→"), axis(1, "↑"));
    let window = window(
        data.customers,
        pixels,
        legend.height + 10.0 + up.len() as f64 * LINE + 4.0,
    );
    let beyond = data
        .customers
        .points
        .iter()
        .filter(|point| !window.holds([point.0, point.1]))
        .count();
    Plan {
        legend,
        across,
        up,
        window,
        beyond,
    }
}

/// The dots of the wide drawing, scaled down from its window to this one.
fn borrowed_dots(canvas: &mut Canvas, from: &Window, to: &Window) {
    let scale = to.scale / from.scale;
    let x = (from.low[0] - to.low[0]).mul_add(to.scale, to.left - from.left * scale);
    let y = (to.high[1] - from.high[1]).mul_add(to.scale, to.top - from.top * scale);
    let mut dots = canvas.element("use");
    dots.text_attribute("href", "#map-wide-dots")
        .number("stroke-width", 3.0 / scale);
    dots.text_attribute(
        "transform",
        &format!("translate({} {}) scale({scale:.4})", number(x), number(y)),
    );
}

fn window(map: &CustomerMap, width: f64, top: f64) -> Window {
    let (mut low, mut high) = ([0.0; 2], [0.0; 2]);
    for axis in 0..2 {
        (low[axis], high[axis]) = reach(map, axis);
    }
    let span = [high[0] - low[0], high[1] - low[1]];
    let (shortest, tallest) = if width > 600.0 {
        (320.0, 620.0)
    } else {
        (240.0, 420.0)
    };
    let height = (width * span[1] / span[0]).clamp(shortest, tallest);
    let scale = (width / span[0]).min(height / span[1]);
    for (axis, length) in [width, height].into_iter().enumerate() {
        let spare = (length / scale - span[axis]) / 2.0;
        low[axis] -= spare;
        high[axis] += spare;
    }
    Window {
        low,
        high,
        scale,
        left: 0.0,
        top,
        width,
        height,
    }
}

/// What to show of one axis: all, unless a few points lie so far out that the rest would be a blot.
fn reach(map: &CustomerMap, axis: usize) -> (f64, f64) {
    let coordinate = |point: &crate::summary::MapPoint| if axis == 0 { point.0 } else { point.1 };
    let mut values: Vec<f64> = map
        .points
        .iter()
        .map(coordinate)
        .filter(|value| value.is_finite())
        .collect();
    values.sort_by(f64::total_cmp);
    let centers = map
        .centroids
        .iter()
        .map(|center| center[axis])
        .filter(|value| value.is_finite());
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    if let (Some(first), Some(last)) = (values.first(), values.last()) {
        let at = |part: f64| values[((values.len() - 1) as f64 * part).round() as usize];
        let spread = at(0.99) - at(0.01);
        low = first.max(spread.mul_add(-0.4, at(0.01)));
        high = last.min(spread.mul_add(0.4, at(0.99)));
    }
    for center in centers {
        low = low.min(center);
        high = high.max(center);
    }
    if !low.is_finite() || !high.is_finite() {
        return (-1.0, 1.0);
    }
    let margin = if high > low { (high - low) * 0.04 } else { 1.0 };
    (low - margin, high + margin)
}

fn grid(canvas: &mut Canvas, window: &Window) {
    let (right, bottom) = (window.left + window.width, window.top + window.height);
    canvas
        .rect(window.left, window.top, window.width, window.height)
        .fill(Paint::Nothing)
        .stroke(Paint::Grid, 1.0);
    let step_count = if window.width > 600.0 { 8 } else { 4 };
    let ticks = nice_ticks(window.low[0], window.high[0], step_count);
    let step = if ticks.len() > 1 {
        ticks[1] - ticks[0]
    } else {
        return;
    };
    for tick in ticks
        .iter()
        .filter(|tick| (window.low[0]..window.high[0]).contains(*tick))
    {
        let x = (tick - window.low[0]).mul_add(window.scale, window.left);
        canvas
            .line((x, window.top), (x, bottom))
            .stroke(Paint::Grid, 1.0);
    }
    let first = (window.low[1] / step).ceil() as i64;
    let last = (window.high[1] / step).floor() as i64;
    for index in (first..=last).take(100) {
        let y = (window.high[1] - index as f64 * step).mul_add(window.scale, window.top);
        canvas
            .line((window.left, y), (right, y))
            .stroke(Paint::Grid, 1.0);
    }
}

fn dots(canvas: &mut Canvas, data: &Map<'_>, window: &Window) {
    let size = if data.customers.points.len() <= 600 {
        7.0
    } else {
        5.0
    };
    let group = |element: &mut Element<'_>| {
        element.fill(Paint::Nothing).number("stroke-opacity", 0.6);
        element
            .text_attribute("stroke-linecap", "round")
            .text_attribute("id", "map-wide-dots")
            .class("dots");
    };
    let slices = |canvas: &mut Canvas| {
        for slice in 0..SLICES {
            for segment in 0..data.names.len() {
                slice_of_dots(canvas, data, window, (slice, segment), size);
            }
        }
    };
    // The size is said outside, so that a drawing that borrows the dots can say another.
    let sized = |element: &mut Element<'_>| {
        element.number("stroke-width", size);
    };
    canvas.group(sized, |canvas| canvas.group(group, slices));
}

/// Every sixth dot of one segment.
fn slice_of_dots(
    canvas: &mut Canvas,
    data: &Map<'_>,
    window: &Window,
    which: (usize, usize),
    size: f64,
) {
    let (slice, segment) = which;
    let of_segment = data
        .customers
        .points
        .iter()
        .filter(|point| point.2.index() == segment);
    let points = of_segment.skip(slice).step_by(SLICES);
    let mut at: Vec<(f64, f64)> = points.map(|point| window.at([point.0, point.1])).collect();
    // From left to right the steps are short, and so is the path.
    at.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
    let mut path = Path::new();
    for (x, y) in at {
        path.dot(x, y);
    }
    if path.is_empty() {
        return;
    }
    let mut dots = canvas.path(&path);
    dots.stroke_color(Paint::Segment(segment));
    if is_hollow(segment) {
        dots.number("stroke-opacity", 1.0);
        drop(dots);
        let mut holes = canvas.path(&path);
        holes
            .stroke(Paint::Paper, size - 2.4)
            .number("stroke-opacity", 1.0);
    }
}

fn centroids(canvas: &mut Canvas, data: &Map<'_>, window: &Window) {
    let at: Vec<(f64, f64)> = data
        .customers
        .centroids
        .iter()
        .take(data.names.len())
        .map(|center| window.at(*center))
        .collect();
    let apart = pushed_apart(at.clone());
    for (segment, (here, shown)) in at.iter().zip(&apart).enumerate() {
        if (here.0 - shown.0).abs() + (here.1 - shown.1).abs() > 4.0 {
            canvas.line(*here, *shown).stroke(Paint::Ink, 1.0);
            canvas.circle(*here, 2.5).fill(Paint::Ink);
        }
        let customers = data
            .customers
            .points
            .iter()
            .filter(|point| point.2.index() == segment)
            .count();
        badge(
            canvas,
            *shown,
            segment,
            &format!(
                "{}. {}: center ({customers} dots)",
                segment + 1,
                data.names[segment]
            ),
        );
    }
}

/// Discs that would cover each other, moved apart by as little as it takes.
fn pushed_apart(mut centers: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    const ROOM: f64 = 2.0 * BADGE + 4.0;
    for _ in 0..30 {
        for one in 0..centers.len() {
            for other in one + 1..centers.len() {
                let (dx, dy) = (
                    centers[other].0 - centers[one].0,
                    centers[other].1 - centers[one].1,
                );
                let distance = dx.mul_add(dx, dy * dy).sqrt();
                if distance >= ROOM {
                    continue;
                }
                let (ux, uy) = if distance > 1e-6 {
                    (dx / distance, dy / distance)
                } else {
                    (1.0, 0.0)
                };
                let push = (ROOM - distance) / 2.0;
                centers[one] = (
                    ux.mul_add(-push, centers[one].0),
                    uy.mul_add(-push, centers[one].1),
                );
                centers[other] = (
                    ux.mul_add(push, centers[other].0),
                    uy.mul_add(push, centers[other].1),
                );
            }
        }
    }
    centers
}
