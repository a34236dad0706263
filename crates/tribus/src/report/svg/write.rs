//! Elements, attributes and paths. Escaping and rounding happen here and nowhere else.

use std::fmt::Write as _;

use super::color::Paint;

/// Fonts in the order of preference; the last is always there.
const FONTS: &str = "system-ui, Segoe UI, Roboto, Noto Sans, Helvetica Neue, Arial, sans-serif";

/// One drawing, from its opening tag to the finished text.
pub(in crate::report) struct Canvas {
    out: String,
}

impl Canvas {
    /// Opens a drawing `width` x `height` pixels large. `id` is unique in the page and prefixes every id inside;
    /// `title` and `description` are what a screen reader says.
    pub(in crate::report) fn new(
        id: &str,
        title: &str,
        description: &str,
        size: (f64, f64),
    ) -> Self {
        let mut out = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\"");
        let (width, height) = (number(size.0.ceil()), number(size.1.ceil()));
        let id = escape(id);
        write!(
            out,
            " viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\""
        )
        .expect(STRING);
        write!(
            out,
            " role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" class=\"chart {}\" fill=\"{}\"",
            Paint::Ink.fill_class(),
            Paint::Ink.color()
        )
        .expect(STRING);
        write!(out, " font-family=\"{}\" font-size=\"12\">", escape(FONTS)).expect(STRING);
        write!(out, "<title id=\"{id}-title\">{}</title>", escape(title)).expect(STRING);
        write!(out, "<desc id=\"{id}-desc\">{}</desc>", escape(description)).expect(STRING);
        let mut canvas = Self { out };
        canvas
            .rect(0.0, 0.0, size.0.ceil(), size.1.ceil())
            .fill(Paint::Paper);
        canvas
    }

    /// Closes the drawing.
    pub(in crate::report) fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }

    /// Opens any element.
    pub(in crate::report) fn element(&mut self, name: &'static str) -> Element<'_> {
        Element::open(&mut self.out, name)
    }

    /// Draws `content` inside a group that `attributes` are set on.
    pub(in crate::report) fn group(
        &mut self,
        attributes: impl Fn(&mut Element<'_>),
        content: impl FnOnce(&mut Self),
    ) {
        let mut element = self.element("g");
        attributes(&mut element);
        element.stay_open();
        content(self);
        self.out.push_str("</g>");
    }

    /// A rectangle with its upper left corner at (x, y).
    pub(in crate::report) fn rect(
        &mut self,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    ) -> Element<'_> {
        let mut element = self.element("rect");
        element
            .number("x", x)
            .number("y", y)
            .number("width", width.max(0.0))
            .number("height", height.max(0.0));
        element
    }

    /// A straight line.
    pub(in crate::report) fn line(&mut self, from: (f64, f64), to: (f64, f64)) -> Element<'_> {
        let mut element = self.element("line");
        element
            .number("x1", from.0)
            .number("y1", from.1)
            .number("x2", to.0)
            .number("y2", to.1);
        element
    }

    /// A circle.
    pub(in crate::report) fn circle(&mut self, center: (f64, f64), radius: f64) -> Element<'_> {
        let mut element = self.element("circle");
        element
            .number("cx", center.0)
            .number("cy", center.1)
            .number("r", radius);
        element
    }

    /// A path.
    pub(in crate::report) fn path(&mut self, path: &Path) -> Element<'_> {
        let mut element = self.element("path");
        element.text_attribute("d", &path.data);
        element
    }

    /// One line of text with its baseline at y.
    pub(in crate::report) fn text(&mut self, x: f64, y: f64, content: &str) -> Element<'_> {
        let mut element = self.element("text");
        element.number("x", x).number("y", y);
        content.clone_into(&mut element.content);
        element
    }
}

/// An element being written; it closes itself when dropped.
pub(in crate::report) struct Element<'a> {
    out: &'a mut String,
    name: &'static str,
    classes: String,
    tip: String,
    content: String,
    is_open: bool,
}

impl<'a> Element<'a> {
    fn open(out: &'a mut String, name: &'static str) -> Self {
        out.push('<');
        out.push_str(name);
        Self {
            out,
            name,
            classes: String::new(),
            tip: String::new(),
            content: String::new(),
            is_open: false,
        }
    }

    /// A numeric attribute, rounded to a tenth.
    pub(in crate::report) fn number(&mut self, name: &'static str, value: f64) -> &mut Self {
        write!(self.out, " {name}=\"{}\"", number(value)).expect(STRING);
        self
    }

    /// A text attribute, escaped.
    pub(in crate::report) fn text_attribute(
        &mut self,
        name: &'static str,
        value: &str,
    ) -> &mut Self {
        write!(self.out, " {name}=\"{}\"", escape(value)).expect(STRING);
        self
    }

    /// A class for the page's style sheet.
    pub(in crate::report) fn class(&mut self, class: &str) -> &mut Self {
        if !self.classes.is_empty() {
            self.classes.push(' ');
        }
        self.classes.push_str(class);
        self
    }

    /// The color inside. Ink need not be said: it is what the whole drawing starts with.
    pub(in crate::report) fn fill(&mut self, paint: Paint) -> &mut Self {
        if paint == Paint::Ink {
            return self;
        }
        self.text_attribute("fill", &paint.color())
            .class(&paint.fill_class())
    }

    /// The color of the outline, `width` pixels wide.
    pub(in crate::report) fn stroke(&mut self, paint: Paint, width: f64) -> &mut Self {
        self.text_attribute("stroke", &paint.color())
            .number("stroke-width", width)
            .class(&paint.stroke_class())
    }

    /// The color of an outline whose width the group around it says.
    pub(in crate::report) fn stroke_color(&mut self, paint: Paint) -> &mut Self {
        self.text_attribute("stroke", &paint.color())
            .class(&paint.stroke_class())
    }

    /// Where the text stands relative to its x: `start`, `middle` or `end`.
    pub(in crate::report) fn anchor(&mut self, anchor: &'static str) -> &mut Self {
        self.text_attribute("text-anchor", anchor)
    }

    /// Bold text.
    pub(in crate::report) fn bold(&mut self) -> &mut Self {
        self.text_attribute("font-weight", "600")
    }

    /// What a reader sees on pointing at the mark.
    pub(in crate::report) fn tip(&mut self, tip: &str) -> &mut Self {
        tip.clone_into(&mut self.tip);
        self
    }
}

impl Element<'_> {
    /// Ends the opening tag and leaves the closing one to the caller.
    fn stay_open(mut self) {
        self.write_classes();
        self.out.push('>');
        self.is_open = true;
    }

    fn write_classes(&mut self) {
        if !self.classes.is_empty() {
            self.out.push_str(" class=\"");
            self.out.push_str(&escape(&self.classes));
            self.out.push('"');
        }
    }
}

impl Drop for Element<'_> {
    fn drop(&mut self) {
        if self.is_open {
            return;
        }
        self.write_classes();
        if self.tip.is_empty() && self.content.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        if !self.tip.is_empty() {
            self.out.push_str("<title>");
            self.out.push_str(&escape(&self.tip));
            self.out.push_str("</title>");
        }
        self.out.push_str(&escape(&self.content));
        self.out.push_str("</");
        self.out.push_str(self.name);
        self.out.push('>');
    }
}

/// The `d` of a path.
#[derive(Default)]
pub(in crate::report) struct Path {
    data: String,
    /// The last dot as written, so that relative steps do not drift.
    last: Option<(i64, i64)>,
}

impl Path {
    /// An empty path.
    pub(in crate::report) fn new() -> Self {
        Self::default()
    }

    /// Whether nothing was drawn.
    pub(in crate::report) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// Starts at a point.
    pub(in crate::report) fn move_to(&mut self, x: f64, y: f64) -> &mut Self {
        write!(
            self.data,
            "M{} {}",
            tenths((x * 10.0).round() as i64),
            tenths((y * 10.0).round() as i64)
        )
        .expect(STRING);
        self
    }

    /// A line to a point.
    pub(in crate::report) fn line_to(&mut self, x: f64, y: f64) -> &mut Self {
        write!(
            self.data,
            "L{} {}",
            tenths((x * 10.0).round() as i64),
            tenths((y * 10.0).round() as i64)
        )
        .expect(STRING);
        self
    }

    /// Back to the start.
    pub(in crate::report) fn close(&mut self) {
        self.data.push('Z');
    }

    /// A dot: a line of no length, which round caps make visible. Ten bytes instead of an element of a hundred; it
    /// stands on a whole pixel, which is a fraction of its size.
    pub(in crate::report) fn dot(&mut self, x: f64, y: f64) {
        let here = (x.round() as i64, y.round() as i64);
        let (command, (dx, dy)) = match self.last {
            None => ('M', here),
            Some(last) => ('m', (here.0 - last.0, here.1 - last.1)),
        };
        let gap = if dy < 0 { "" } else { " " };
        write!(self.data, "{command}{dx}{gap}{dy}h0").expect(STRING);
        self.last = Some(here);
    }
}

/// Tenths as short as a path allows: `-.3`.
fn tenths(value: i64) -> String {
    let text = number(value as f64 / 10.0);
    match text.strip_prefix("-0.").or_else(|| text.strip_prefix("0.")) {
        Some(fraction) if text.starts_with('-') => format!("-.{fraction}"),
        Some(fraction) => format!(".{fraction}"),
        None => text,
    }
}

const STRING: &str = "writing to a String cannot fail";

/// At most one decimal (a tenth of a pixel is not seen), no exponent, no `-0`; what is not finite is 0.
pub(in crate::report) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let mut text = format!("{value:.1}");
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    if text == "-0" { "0".to_owned() } else { text }
}

/// Text as it may stand in an element or a quoted attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(legible(character)),
        }
    }
    escaped
}

/// The character itself, or the replacement character for one that no XML may hold or that would turn the direction
/// of the text around it.
pub(in crate::report) fn legible(character: char) -> char {
    match character {
        '\n' | '\t' => character,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        _ if character.is_control() => '\u{fffd}',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_minus_nought() {
        let numbers = [1.0, 1.04, -0.01, 0.1 + 0.2, f64::NAN, -2.5, 1e7];
        assert_eq!(
            numbers.map(number),
            ["1", "1", "0", "0.3", "0", "-2.5", "10000000"]
        );
    }

    #[test]
    fn elements_close_and_escape_what_they_hold() {
        let mut canvas = Canvas::new("a", "T<", "D", (10.0, 10.0));
        canvas
            .text(1.0, 2.0, "<b>\"x\" & 'y'\u{0}\u{202e}")
            .class("k")
            .tip("1 < 2");
        let text = canvas.finish();
        assert!(
            text.contains("<title id=\"a-title\">T&lt;</title>"),
            "{text}"
        );
        let expected = "<text x=\"1\" y=\"2\" class=\"k\"><title>1 &lt; 2</title>&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;\u{fffd}\u{fffd}</text></svg>";
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn dots_do_not_drift() {
        let mut path = Path::new();
        for step in 0..1000 {
            path.dot(f64::from(step) * 0.34, 0.0);
        }
        let mut x = 0.0;
        for step in path.data.split("h0").filter(|step| !step.is_empty()) {
            x += step[1..].split(' ').next().unwrap().parse::<f64>().unwrap();
        }
        assert_eq!(x, 340.0);
    }
}
