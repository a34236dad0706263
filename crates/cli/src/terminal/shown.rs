//! Text as a terminal may have it. Names, categories, paths and what parsers quote come from files of others and may hold escape
//! codes; everything that is printed for people is a [`Shown`], and there is no way to make one but those that write such
//! characters out. The program's own styles are marked by characters that stand for nothing (Unicode calls them noncharacters)
//! until the text around them is harmless.

use std::io::{self, Write};

use tribus::words::printable;

/// Text in which no character but a line feed, a tab or a code of our own styles is obeyed by a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown(String);

/// How the program sets words apart.
#[derive(Debug, Clone, Copy)]
pub(super) enum Style {
    Bold,
    Dim,
    Red,
    Yellow,
    Cyan,
}

/// Each style: the mark that begins it, and the code that a terminal understands.
const STYLES: [(char, &str); 5] = [
    ('\u{fdd0}', "\u{1b}[1m"),
    ('\u{fdd1}', "\u{1b}[2m"),
    ('\u{fdd2}', "\u{1b}[31m\u{1b}[1m"),
    ('\u{fdd3}', "\u{1b}[33m\u{1b}[1m"),
    ('\u{fdd4}', "\u{1b}[36m"),
];

/// The mark that ends a style, and its code.
const END: char = '\u{fdd5}';
const RESET: &str = "\u{1b}[0m";

impl Style {
    /// The text between the marks of this style.
    pub(super) fn mark(self, text: &str) -> String {
        let (begin, _) = STYLES[self as usize];
        format!("{begin}{}{END}", Shown::unstyled(text).0)
    }
}

impl Shown {
    /// Text without styles.
    pub(crate) fn plain(text: &str) -> Self {
        Self(printable(text).into_owned())
    }

    /// The same without marks of styles.
    pub(super) fn unstyled(text: &str) -> Self {
        Self::plain(&text.replace(is_mark, ""))
    }

    /// Text with marks of styles, which become codes. No style goes on beyond its line.
    pub(super) fn drawn(text: &str) -> Self {
        let mut drawn = String::with_capacity(text.len());
        let mut is_open = false;
        for piece in text.split_inclusive(|character| is_mark(character) || character == '\n') {
            let last = piece.chars().next_back().filter(|last| is_mark(*last));
            let words = piece.trim_end_matches(is_mark);
            if is_open && (last == Some(END) || words.ends_with('\n')) {
                drawn.push_str(&printable(words.trim_end_matches('\n')));
                drawn.push_str(RESET);
                drawn.push_str(if words.ends_with('\n') { "\n" } else { "" });
                is_open = false;
            } else {
                drawn.push_str(&printable(words));
            }
            let begun = STYLES.iter().find(|(mark, _)| last == Some(*mark));
            if let Some((_, code)) = begun {
                drawn.push_str(code);
                is_open = true;
            }
        }
        if is_open {
            drawn.push_str(RESET);
        }
        Self(drawn)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_mark(character: char) -> bool {
    character == END || STYLES.iter().any(|(mark, _)| *mark == character)
}

/// Data on its way to a terminal that somebody looks at. A pipe or a file gets every byte as it is.
#[derive(Debug)]
pub(super) struct Harmless<W> {
    inner: W,
    /// The beginning of a character whose end is still to come.
    begun: Vec<u8>,
}

impl<W: Write> Harmless<W> {
    pub(super) fn new(inner: W) -> Self {
        Self {
            inner,
            begun: Vec::new(),
        }
    }
}

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.begun) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.begun.len(),
        };
        let text: Vec<u8> = self.begun.drain(..whole).collect();
        let shown = Shown::plain(&String::from_utf8_lossy(&text));
        self.inner.write_all(shown.as_str().as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_styles_are_drawn_and_foreign_codes_written_out() {
        let text = format!(
            "{} \u{1b}[31m\u{202e}\n",
            Style::Bold.mark("a\u{7}\u{fdd4}b")
        );
        let shown = Shown::drawn(&text);
        assert_eq!(
            shown.as_str(),
            "\u{1b}[1ma<U+0007>b\u{1b}[0m <U+001B>[31m<U+202E>\n"
        );
    }

    #[test]
    fn a_forged_mark_colors_its_line_at_most() {
        let shown = Shown::drawn("a\u{fdd2}b\nc");
        assert_eq!(shown.as_str(), "a\u{1b}[31m\u{1b}[1mb\u{1b}[0m\nc");
        assert_eq!(Shown::plain("a\u{fdd2}b").as_str(), "a<U+FDD2>b");
    }

    #[test]
    fn data_for_a_terminal_is_harmless_however_it_is_cut() {
        let text = "naïve \u{9b}31m\u{202e}\n".as_bytes();
        for cut in 0..text.len() {
            let mut out = Harmless::new(Vec::new());
            out.write_all(&text[..cut]).unwrap();
            out.write_all(&text[cut..]).unwrap();
            let shown = String::from_utf8(out.inner).unwrap();
            assert_eq!(shown, "naïve <U+009B>31m<U+202E>\n");
        }
    }
}
