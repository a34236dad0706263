//! What a page of paper is made of: headings, paragraphs, cards, tables and charts, each a drawing of its own.

use super::super::charts::{BADGE, Width, badge};
use super::super::figures::Figure;
use super::super::svg::{Canvas, Paint, Weight, clamp, text_width, wrap};

/// A drawing and the space under it.
pub(super) struct Block {
    /// What messages call it.
    pub(super) name: String,
    /// The drawing.
    pub(super) svg: String,
    /// Its size in pixels.
    pub(super) size: (f64, f64),
    /// Pixels to the next.
    pub(super) gap: f64,
    /// It must not be the last on a page.
    pub(super) stays_with_next: bool,
}

impl Block {
    /// Its height with the space under it.
    pub(super) fn room(&self) -> f64 {
        self.size.1 + self.gap
    }
}

/// How text is set.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) paint: Paint,
}

/// Running text.
pub(super) const BODY: Style = Style {
    size: 11.5,
    weight: Weight::Normal,
    paint: Paint::Ink,
};
/// Text of second rank.
pub(super) const SMALL: Style = Style {
    size: 10.5,
    weight: Weight::Normal,
    paint: Paint::Muted,
};
/// The head of the first page.
pub(super) const HEADLINE: Style = Style {
    size: 21.0,
    weight: Weight::Bold,
    paint: Paint::Ink,
};
/// The head of a section.
pub(super) const HEADING: Style = Style {
    size: 16.0,
    weight: Weight::Bold,
    paint: Paint::Ink,
};
/// The finding over a chart.
pub(super) const FINDING: Style = Style {
    size: 12.5,
    weight: Weight::Bold,
    paint: Paint::Ink,
};

/// The width of all text.
pub(super) fn width() -> f64 {
    Width::Paper.pixels()
}

fn line_height(style: Style) -> f64 {
    (style.size * 1.4).round()
}

fn canvas(name: &str, height: f64) -> Canvas {
    Canvas::new(name, name, "", (width(), height))
}

fn set_line(canvas: &mut Canvas, at: (f64, f64), line: &str, style: Style) {
    let mut text = canvas.text(at.0, at.1, line);
    text.fill(style.paint).number("font-size", style.size);
    if style.weight == Weight::Bold {
        text.bold();
    }
}

/// Lines from a top downwards; returns where they end.
fn set_lines(canvas: &mut Canvas, at: (f64, f64), lines: &[String], style: Style) -> f64 {
    for (index, line) in lines.iter().enumerate() {
        let y = (index as f64).mul_add(line_height(style), at.1 + style.size);
        set_line(canvas, (at.0, y), line, style);
    }
    at.1 + lines.len() as f64 * line_height(style)
}

/// A paragraph, or a heading.
pub(super) fn text(words: &str, style: Style, gap: f64) -> Block {
    let lines = wrap(words, width(), style.size, style.weight);
    let height = lines.len().max(1) as f64 * line_height(style) + 3.0;
    let mut canvas = canvas("text", height);
    set_lines(&mut canvas, (0.0, 0.0), &lines, style);
    Block {
        name: "text".to_owned(),
        svg: canvas.finish(),
        size: (width(), height),
        gap,
        stays_with_next: style.weight == Weight::Bold,
    }
}

/// A number or a mark at the left, and a paragraph beside it.
pub(super) fn item(mark: &str, words: &str) -> Block {
    const INDENT: f64 = 22.0;
    let lines = wrap(words, width() - INDENT, BODY.size, BODY.weight);
    let height = lines.len().max(1) as f64 * line_height(BODY) + 3.0;
    let mut canvas = canvas("item", height);
    let accent = Style {
        weight: Weight::Bold,
        paint: Paint::Accent,
        ..BODY
    };
    set_line(&mut canvas, (2.0, BODY.size), mark, accent);
    set_lines(&mut canvas, (INDENT, 0.0), &lines, BODY);
    Block {
        name: "item".to_owned(),
        svg: canvas.finish(),
        size: (width(), height),
        gap: 5.0,
        stays_with_next: false,
    }
}

/// A segment: number, name, what it is, what to do.
pub(super) fn card(
    segment: usize,
    name: &str,
    size: &str,
    facts: &[String],
    advice: &str,
) -> Block {
    const INDENT: f64 = 2.0 * BADGE + 12.0;
    let room = width() - INDENT - 8.0;
    let title = wrap(name, room, FINDING.size, FINDING.weight);
    let facts: Vec<String> = facts
        .iter()
        .flat_map(|fact| wrap(&format!("· {fact}"), room, BODY.size, BODY.weight))
        .collect();
    let advice = wrap(advice, room, BODY.size, BODY.weight);
    let rows = |lines: &[String], style: Style| lines.len() as f64 * line_height(style);
    let height = 14.0
        + rows(&title, FINDING)
        + line_height(SMALL)
        + rows(&facts, BODY)
        + rows(&advice, BODY)
        + 14.0;
    let mut canvas = canvas("segment", height);
    canvas
        .rect(0.0, 0.0, width(), height - 2.0)
        .fill(Paint::Nothing)
        .stroke(Paint::Grid, 1.0);
    canvas
        .rect(0.0, 0.0, 4.0, height - 2.0)
        .fill(Paint::Segment(segment));
    badge(&mut canvas, (BADGE + 10.0, 8.0 + BADGE), segment, name);
    let left = INDENT;
    let y = set_lines(&mut canvas, (left, 8.0), &title, FINDING);
    let y = set_lines(&mut canvas, (left, y), &[size.to_owned()], SMALL);
    let y = set_lines(&mut canvas, (left, y + 2.0), &facts, BODY);
    let strong = Style {
        paint: Paint::Accent,
        ..BODY
    };
    set_lines(&mut canvas, (left, y + 4.0), &advice, strong);
    Block {
        name: "segment".to_owned(),
        svg: canvas.finish(),
        size: (width(), height),
        gap: 8.0,
        stays_with_next: false,
    }
}

/// A chart under its finding and how to read it.
pub(super) fn figure(figure: &Figure) -> Vec<Block> {
    let size = super::super::svg::write::size_of(&figure.paper);
    let mut how = text(&figure.caption.how, SMALL, 6.0);
    how.stays_with_next = true;
    vec![
        text(&figure.caption.title, FINDING, 1.0),
        how,
        Block {
            name: figure.caption.stem.to_owned(),
            svg: figure.paper.clone(),
            size,
            gap: 20.0,
            stays_with_next: false,
        },
    ]
}

/// One row of a table: the first cell at the left, the others at the right of their columns.
pub(super) fn row(cells: &[String], shares: &[f64], strong: bool) -> Block {
    row_of_texts(cells, shares, strong, 1)
}

/// One row of a table whose first `texts` cells stand at the left of their columns.
pub(super) fn row_of_texts(cells: &[String], shares: &[f64], strong: bool, texts: usize) -> Block {
    let style = Style {
        weight: if strong { Weight::Bold } else { Weight::Normal },
        size: 10.0,
        paint: if strong { Paint::Muted } else { Paint::Ink },
    };
    let all: f64 = shares.iter().sum();
    let widths: Vec<f64> = shares.iter().map(|share| share / all * width()).collect();
    let lines: Vec<Vec<String>> = cells
        .iter()
        .zip(&widths)
        .map(|(cell, width)| clamp(cell, width - 8.0, style.size, style.weight, 8))
        .collect();
    let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let height = most as f64 * line_height(style) + 7.0;
    let mut canvas = canvas("row", height);
    let mut left = 0.0;
    for (column, (lines, width)) in lines.iter().zip(&widths).enumerate() {
        for (index, line) in lines.iter().enumerate() {
            let wide = text_width(line, style.size, style.weight) / 1.15;
            let x = if column < texts {
                left
            } else {
                left + width - 4.0 - wide
            };
            let y = (index as f64).mul_add(line_height(style), style.size + 2.0);
            set_line(&mut canvas, (x, y), line, style);
        }
        left += width;
    }
    canvas
        .line((0.0, height - 1.0), (width(), height - 1.0))
        .stroke(if strong { Paint::Line } else { Paint::Grid }, 1.0);
    Block {
        name: "row".to_owned(),
        svg: canvas.finish(),
        size: (width(), height),
        gap: 0.0,
        stays_with_next: strong,
    }
}

/// The foot of a page.
pub(super) fn foot(title: &str, page: usize, of: usize) -> Block {
    let mut canvas = canvas("foot", 16.0);
    let title = clamp(title, width() - 120.0, SMALL.size, SMALL.weight, 1);
    set_lines(&mut canvas, (0.0, 0.0), &title, SMALL);
    canvas
        .text(width(), SMALL.size, &format!("{page} of {of}"))
        .anchor("end")
        .fill(Paint::Muted)
        .number("font-size", SMALL.size);
    Block {
        name: "foot".to_owned(),
        svg: canvas.finish(),
        size: (width(), 16.0),
        gap: 0.0,
        stays_with_next: false,
    }
}
