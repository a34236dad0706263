//! Elements, attributes and paths. Escaping and rounding happen here and nowhere else.

use std::fmt::Write as _;

use super::color::Paint;

/// Fonts in the order of preference; the last is always there.
const FONTS: &str = "system-ui, Segoe UI, Roboto, Noto Sans, Helvetica Neue, Arial, sans-serif";

/// Attributes that many elements share, and the class that says the same in a page.
const SHORT: [(&str, &str); 8] = [
    (" text-anchor=\"middle\"", "m"),
    (" text-anchor=\"end\"", "e"),
    (" font-weight=\"600\"", "b"),
    (" stroke-width=\"2\"", "w"),
    (" stroke-width=\"1.5\"", "v"),
    // What holds without being said.
    (" text-anchor=\"start\"", ""),
    (" stroke-width=\"1\"", ""),
    (" xmlns=\"http://www.w3.org/2000/svg\"", ""),
];

/// The rules of those classes.
pub(in crate::report) const SHORT_RULES: &str = ".chart .m{text-anchor:middle}.chart .e{text-anchor:end}.chart .b{font-weight:600}.chart .w{stroke-width:2}.chart .v{stroke-width:1.5}";

/// A finished drawing as it stands in a page, whose style sheet knows the color of every class and sets the font.
pub(in crate::report) fn for_page(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    // Both signs are escaped in text and attributes, so these are the tags.
    for part in svg.split_inclusive('>') {
        let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        out.push_str(text);
        if tag.contains('"') {
            write_short(&mut out, &without_colors(tag));
        } else {
            out.push_str(tag);
        }
    }
    out
}

/// A tag without the colors that its classes say again.
fn without_colors(tag: &str) -> String {
    let mut out = String::with_capacity(tag.len());
    let mut rest = tag;
    while let Some(at) = rest.find("=\"#") {
        let (before, from) = rest.split_at(at);
        let kept = before
            .strip_suffix(" fill")
            .or_else(|| before.strip_suffix(" stroke"));
        let length = from[2..].find('"').map_or(from.len(), |end| end + 3);
        out.push_str(kept.unwrap_or(before));
        if kept.is_none() {
            out.push_str(&from[..length]);
        }
        rest = &from[length..];
    }
    out.push_str(rest);
    out
}

/// A tag with classes in the place of the attributes that they can say.
fn write_short(out: &mut String, tag: &str) {
    let mut short = tag.to_owned();
    let mut classes = String::new();
    for (attribute, class) in SHORT {
        if let Some(at) = short.find(attribute) {
            short.replace_range(at..at + attribute.len(), "");
            if !class.is_empty() {
                classes.push_str(class);
                classes.push(' ');
            }
        }
    }
    if let Some(at) = short.find(" font-family=\"") {
        let end = short[at + 14..].find('"').map_or(at, |end| at + 15 + end);
        short.replace_range(at..end, "");
    }
    if let Some(at) = short.find(" class=\"").filter(|_| !classes.is_empty()) {
        short.insert_str(at + 8, &classes);
    } else if !classes.is_empty() {
        let at = short.trim_end_matches(['>', '/']).len();
        short.insert_str(at, &format!(" class=\"{}\"", classes.trim_end()));
    }
    out.push_str(&short);
}

/// Width and height of a finished drawing.
#[cfg(feature = "pdf")]
pub(in crate::report) fn size_of(svg: &str) -> (f64, f64) {
    let number = |name: &str| {
        let start = svg.find(name)? + name.len();
        svg[start..].split('"').next()?.parse().ok()
    };
    (
        number(" width=\"").unwrap_or(1.0),
        number(" height=\"").unwrap_or(1.0),
    )
}

/// One drawing, from its opening tag to the finished text.
pub(in crate::report) struct Canvas {
    out: String,
    is_copy: bool,
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
            " role=\"img\" aria-labelledby=\"{id}-title{}\" class=\"chart {}\" fill=\"{}\"",
            if description.is_empty() {
                String::new()
            } else {
                format!(" {id}-desc")
            },
            Paint::Ink.fill_class(),
            Paint::Ink.color()
        )
        .expect(STRING);
        write!(out, " font-family=\"{}\" font-size=\"12\">", escape(FONTS)).expect(STRING);
        write!(out, "<title id=\"{id}-title\">{}</title>", escape(title)).expect(STRING);
        if !description.is_empty() {
            write!(out, "<desc id=\"{id}-desc\">{}</desc>", escape(description)).expect(STRING);
        }
        let mut canvas = Self {
            out,
            is_copy: false,
        };
        canvas
            .rect(0.0, 0.0, size.0.ceil(), size.1.ceil())
            .fill(Paint::Paper);
        canvas
    }

    /// From here on the drawing is a smaller copy of another in the same page: the page's style sheet colors it, and its
    /// marks, marked with the class `t`, borrow the tips of the marks of the other, in their order.
    pub(in crate::report) fn into_copy(mut self) -> Self {
        self.is_copy = true;
        self
    }

    /// Closes the drawing.
    pub(in crate::report) fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }

    /// Opens any element.
    pub(in crate::report) fn element(&mut self, name: &'static str) -> Element<'_> {
        Element::open(&mut self.out, name, self.is_copy)
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
    is_copy: bool,
}

impl<'a> Element<'a> {
    fn open(out: &'a mut String, name: &'static str, is_copy: bool) -> Self {
        out.push('<');
        out.push_str(name);
        Self {
            out,
            name,
            classes: String::new(),
            tip: String::new(),
            content: String::new(),
            is_open: false,
            is_copy,
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
        self.color("fill", paint).class(&paint.fill_class())
    }

    /// The attribute of a color; a copy in a page is colored by its classes alone.
    fn color(&mut self, name: &'static str, paint: Paint) -> &mut Self {
        if self.is_copy && paint != Paint::Nothing {
            return self;
        }
        self.text_attribute(name, &paint.color())
    }

    /// The color of the outline, `width` pixels wide.
    pub(in crate::report) fn stroke(&mut self, paint: Paint, width: f64) -> &mut Self {
        self.color("stroke", paint)
            .number("stroke-width", width)
            .class(&paint.stroke_class())
    }

    /// The color of an outline whose width the group around it says.
    pub(in crate::report) fn stroke_color(&mut self, paint: Paint) -> &mut Self {
        self.color("stroke", paint).class(&paint.stroke_class())
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
        if self.is_copy && self.name != "text" && !tip.is_empty() {
            return self.class("t");
        }
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
    /// Where it is, in tenths (dots: in wholes), as written, so that relative steps do not drift.
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
        let (x, y) = ((x * 10.0).round() as i64, (y * 10.0).round() as i64);
        write!(self.data, "M{} {}", tenths(x), tenths(y)).expect(STRING);
        self.last = Some((x, y));
        self
    }

    /// A line to a point.
    pub(in crate::report) fn line_to(&mut self, x: f64, y: f64) -> &mut Self {
        let (x, y) = ((x * 10.0).round() as i64, (y * 10.0).round() as i64);
        match self.last {
            Some((_, before)) if before == y => write!(self.data, "H{}", tenths(x)),
            Some((before, _)) if before == x => write!(self.data, "V{}", tenths(y)),
            _ => write!(self.data, "L{} {}", tenths(x), tenths(y)),
        }
        .expect(STRING);
        self.last = Some((x, y));
        self
    }

    /// A box with its upper left corner at (x, y): half as long as a rectangle.
    pub(in crate::report) fn bar(&mut self, x: f64, y: f64, width: f64, height: f64) -> &mut Self {
        self.move_to(x, y);
        let [width, height] = [width, height].map(|length| (length * 10.0).round() as i64);
        write!(
            self.data,
            "h{}v{}h{}z",
            tenths(width),
            tenths(height),
            tenths(-width)
        )
        .expect(STRING);
        self.last = None;
        self
    }

    /// Back to the start.
    pub(in crate::report) fn close(&mut self) {
        self.data.push('Z');
        self.last = None;
    }

    /// A diamond of a radius about (x, y).
    pub(in crate::report) fn diamond(&mut self, x: f64, y: f64, radius: u8) -> &mut Self {
        self.move_to(x, y - f64::from(radius));
        write!(
            self.data,
            "l{radius} {radius}-{radius} {radius}-{radius}-{radius}z"
        )
        .expect(STRING);
        self.last = None;
        self
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
    fn a_page_needs_no_colors_in_its_drawings() {
        let mut canvas = Canvas::new("a", "=\"#000000\"", "D", (10.0, 10.0));
        canvas
            .circle((1.0, 1.0), 1.0)
            .fill(Paint::Accent)
            .stroke(Paint::Line, 1.0);
        let text = for_page(&canvas.finish());
        assert!(
            !text.contains("fill=\"#") && !text.contains("stroke=\"#"),
            "{text}"
        );
        assert!(text.contains("=&quot;#000000&quot;"), "{text}");
        let end = "<circle cx=\"1\" cy=\"1\" r=\"1\" class=\"f-accent s-line\"/></svg>";
        assert!(text.ends_with(end), "{text}");
        let link = "<use href=\"#dots\" fill=\"none\"/>";
        assert_eq!(for_page(link), link);
    }

    #[test]
    fn a_page_says_common_attributes_by_class() {
        let tag = "<text x=\"1\" text-anchor=\"end\" font-weight=\"600\">a &gt; b</text>";
        assert_eq!(for_page(tag), "<text x=\"1\" class=\"e b\">a &gt; b</text>");
        let tag = "<line x1=\"1\" stroke=\"#000000\" stroke-width=\"2\" class=\"s-ink\"/>";
        assert_eq!(for_page(tag), "<line x1=\"1\" class=\"w s-ink\"/>");
        let tag = "<svg font-family=\"A, B\" font-size=\"12\"><g text-anchor=\"start\"/></svg>";
        assert_eq!(for_page(tag), "<svg font-size=\"12\"><g/></svg>");
        // Every class has its rule.
        for (_, class) in SHORT.iter().filter(|(_, class)| !class.is_empty()) {
            assert!(SHORT_RULES.contains(&format!(".chart .{class}{{")));
        }
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
