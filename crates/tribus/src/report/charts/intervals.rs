//! Amounts with their intervals beside a line that tells gain from loss: profit of ways to choose whom to contact, response
//! beside break-even, what contacting changes.

use super::{Caption, LINE, TEXT, Width, grid_lines, span, text_lines};
use crate::report::svg::{Canvas, Paint, Path, Scale, Weight, clamp, nice_ticks, text_width};

/// Least height of a row.
const ROW: f64 = 38.0;

/// One amount.
pub(in crate::report) struct Amount {
    /// Whose it is.
    pub(in crate::report) name: String,
    /// More about whose it is, in few words; may be empty.
    pub(in crate::report) note: String,
    /// The amount.
    pub(in crate::report) value: f64,
    /// Lower end of its 95 % interval.
    pub(in crate::report) low: f64,
    /// Upper end.
    pub(in crate::report) high: f64,
}

/// The amounts and what they are measured against.
pub(in crate::report) struct Intervals<'a> {
    /// What it is called and shows.
    pub(in crate::report) caption: &'a Caption,
    /// In the order shown; not empty.
    pub(in crate::report) amounts: &'a [Amount],
    /// What is measured.
    pub(in crate::report) axis: &'a str,
    /// Where gain and loss part, and what that is called.
    pub(in crate::report) line: (f64, &'a str),
    /// What is said of an amount above, below, and on both sides of the line.
    pub(in crate::report) words: [&'a str; 3],
    /// An amount as text.
    pub(in crate::report) write: fn(f64) -> String,
    /// A tick as text.
    pub(in crate::report) tick: fn(f64) -> String,
}

/// Which side of the line an interval is on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Below,
    Across,
}

impl Intervals<'_> {
    fn side(&self, amount: &Amount) -> Side {
        if amount.low > self.line.0 {
            Side::Above
        } else if amount.high < self.line.0 {
            Side::Below
        } else {
            Side::Across
        }
    }

    fn tip(&self, amount: &Amount) -> String {
        let [above, below, across] = self.words;
        let is_on_it = amount.low == self.line.0 && amount.high == self.line.0;
        let said = match self.side(amount) {
            _ if is_on_it => self.line.1,
            Side::Above => above,
            Side::Below => below,
            Side::Across => across,
        };
        let [value, low, high] = [amount.value, amount.low, amount.high].map(self.write);
        let note = if amount.note.is_empty() {
            String::new()
        } else {
            format!("; {}", amount.note)
        };
        format!(
            "{}: {value} (95% interval {low} to {high}), {said}{note}",
            amount.name
        )
    }
}

/// Draws a mark with its interval an amount.
pub(in crate::report) fn draw(data: &Intervals<'_>, width: Width) -> String {
    let pixels = width.pixels();
    let column = pixels * if width == Width::Phone { 0.36 } else { 0.3 };
    let names: Vec<Vec<String>> = data
        .amounts
        .iter()
        .map(|amount| clamp(&amount.name, column - 12.0, TEXT, Weight::Normal, 3))
        .collect();
    let notes: Vec<Vec<String>> = data
        .amounts
        .iter()
        .map(|amount| clamp(&amount.note, column - 12.0, TEXT, Weight::Normal, 2))
        .collect();
    let heights: Vec<f64> = names
        .iter()
        .zip(&notes)
        .map(|(name, note)| {
            ((name.len() + note.len()) as f64)
                .mul_add(LINE, 10.0)
                .max(ROW)
        })
        .collect();
    let top = LINE + 8.0;
    let bottom = top + heights.iter().sum::<f64>();
    let value = data
        .amounts
        .iter()
        .map(|amount| text_width(&(data.write)(amount.value), TEXT, Weight::Bold))
        .fold(0.0, f64::max);
    let (scale, ticks) = scale(data, (column + 8.0, pixels - value - 18.0));
    let mut canvas = data.caption.canvas(width, (pixels, bottom + 44.0));
    grid(&mut canvas, data, (&scale, &ticks), (top, bottom));
    let mut y = top;
    for (index, amount) in data.amounts.iter().enumerate() {
        let middle = y + heights[index] / 2.0;
        label(&mut canvas, amount, (&names[index], &notes[index]), middle);
        bar(&mut canvas, data, amount, &scale, middle);
        canvas
            .text(pixels, middle + 4.0, &(data.write)(amount.value))
            .anchor("end")
            .bold()
            .fill(Paint::Ink);
        y += heights[index];
    }
    canvas.finish()
}

/// Always with the line and zero on it.
fn scale(data: &Intervals<'_>, pixels: (f64, f64)) -> (Scale, Vec<f64>) {
    let ends = data
        .amounts
        .iter()
        .flat_map(|amount| [amount.low, amount.value, amount.high])
        .chain([data.line.0])
        .filter(|value| value.is_finite());
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let wanted = ((pixels.1 - pixels.0) / 80.0).clamp(2.0, 7.0) as usize;
    let ticks = nice_ticks(low, if high > low { high } else { low + 1.0 }, wanted);
    let ends = (
        *ticks.first().unwrap_or(&0.0),
        *ticks.last().unwrap_or(&1.0),
    );
    (Scale::new(ends, pixels), ticks)
}

fn grid(
    canvas: &mut Canvas,
    data: &Intervals<'_>,
    (scale, ticks): (&Scale, &[f64]),
    (top, bottom): (f64, f64),
) {
    let places = ticks.iter().map(|tick| scale.at(*tick));
    grid_lines(canvas, places.map(|x| ((x, top), (x, bottom))));
    for tick in ticks {
        canvas
            .text(scale.at(*tick), bottom + 16.0, &(data.tick)(*tick))
            .anchor("middle")
            .fill(Paint::Muted);
    }
    let (at, words) = data.line;
    let x = scale.at(at);
    canvas
        .line((x, top - 4.0), (x, bottom))
        .stroke(Paint::Ink, 1.5);
    let ends = [scale.at(f64::MIN), scale.at(f64::MAX)];
    // The word stays over the scale where the line is at its edge.
    let half = text_width(words, TEXT, Weight::Normal) / 2.0;
    let x = x.clamp(
        ends[0] + half - 8.0,
        (ends[1] - half + 8.0).max(ends[0] + half - 8.0),
    );
    canvas
        .text(x, 12.0, words)
        .anchor("middle")
        .fill(Paint::Ink);
    canvas
        .text(f64::midpoint(ends[0], ends[1]), bottom + 36.0, data.axis)
        .anchor("middle")
        .fill(Paint::Muted);
}

fn label(canvas: &mut Canvas, amount: &Amount, (name, note): (&[String], &[String]), middle: f64) {
    let lines = (name.len() + note.len()) as f64;
    let first = (lines - 1.0).mul_add(-LINE / 2.0, middle + 4.0);
    text_lines(canvas, (0.0, first), name, "start", &amount.name);
    for (at, line) in note.iter().enumerate() {
        canvas
            .text(0.0, ((name.len() + at) as f64).mul_add(LINE, first), line)
            .fill(Paint::Muted);
    }
}

/// The interval, and on it a disc above the line, a square below it, a hollow disc where nobody can say.
fn bar(canvas: &mut Canvas, data: &Intervals<'_>, amount: &Amount, scale: &Scale, middle: f64) {
    let [low, at, high] = [amount.low, amount.value, amount.high].map(|value| scale.at(value));
    let side = data.side(amount);
    let paint = match side {
        Side::Above => Paint::Accent,
        Side::Below => Paint::Loss,
        Side::Across => Paint::Muted,
    };
    canvas
        .path(&span((low, middle), (high, middle), 5.0))
        .stroke(paint, 2.0);
    let tip = data.tip(amount);
    if side == Side::Below {
        let (left, right) = (at - 6.0, at + 6.0);
        let (top, bottom) = (middle - 6.0, middle + 6.0);
        let mut square = Path::new();
        square.move_to(left, top).line_to(right, top);
        square.line_to(right, bottom).line_to(left, bottom).close();
        canvas.path(&square).fill(paint).tip(&tip);
        return;
    }
    let ground = if side == Side::Above {
        paint
    } else {
        Paint::Paper
    };
    canvas
        .circle((at, middle), 7.0)
        .fill(ground)
        .stroke(paint, 2.5)
        .tip(&tip);
}
