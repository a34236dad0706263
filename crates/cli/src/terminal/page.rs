//! Text of a given width, with or without color.

use console::measure_text_width;

use super::shown::{Shown, Style};

/// Text that grows line by line.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    width: usize,
    color: bool,
}

impl Page {
    pub(crate) fn new(width: usize, color: bool) -> Self {
        Self {
            text: String::new(),
            width,
            color,
        }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// What a terminal is shown: foreign characters made harmless, then styles drawn.
    pub(crate) fn into_text(self) -> Shown {
        Shown::drawn(&self.text)
    }

    /// A line as it is.
    pub(crate) fn line(&mut self, line: &str) {
        // A line feed in a name would let it speak for the program on a line of its own.
        self.text.push_str(&line.trim_end().replace('\n', " "));
        self.text.push('\n');
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A heading, apart from what stands before it.
    pub(crate) fn heading(&mut self, heading: &str) {
        if !self.text.is_empty() {
            self.blank();
        }
        let heading = self.bold(heading);
        self.line(&heading);
    }

    /// Text behind a lead; its further lines stand under its first.
    pub(crate) fn hanging(&mut self, lead: &str, text: &str) {
        let indent = width_of(lead);
        let room = self.width.saturating_sub(indent).max(1);
        for (at, line) in wrapped(text, room).iter().enumerate() {
            if at == 0 {
                self.line(&format!("{lead}{line}"));
            } else {
                self.line(&format!("{:indent$}{line}", ""));
            }
        }
    }

    pub(crate) fn bold(&self, text: &str) -> String {
        self.styled(text, Style::Bold)
    }

    pub(crate) fn dim(&self, text: &str) -> String {
        self.styled(text, Style::Dim)
    }

    pub(crate) fn red(&self, text: &str) -> String {
        self.styled(text, Style::Red)
    }

    pub(crate) fn yellow(&self, text: &str) -> String {
        self.styled(text, Style::Yellow)
    }

    pub(crate) fn cyan(&self, text: &str) -> String {
        self.styled(text, Style::Cyan)
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.color {
            style.mark(text)
        } else {
            text.to_owned()
        }
    }
}

/// Lines of at most `width` columns, broken at spaces; a word that is too long is broken where it must be.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut used: usize = 0;
    // A percentage stays with its sign.
    let text = text.replace(" %", "\u{a0}%");
    let apart = |character: char| character.is_whitespace() && character != '\u{a0}';
    for word in text.split(apart).filter(|word| !word.is_empty()) {
        let word = &word.replace('\u{a0}', " ");
        let length = width_of(word);
        if used > 0 && used.saturating_add(length).saturating_add(1) > width {
            lines.push(String::new());
            used = 0;
        }
        let line = lines.last_mut().expect("there is a first line");
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        if length <= width {
            line.push_str(word);
            used += length;
            continue;
        }
        for character in word.chars() {
            let length = width_of(character.encode_utf8(&mut [0; 4]));
            if used + length > width && used > 0 {
                lines.push(String::new());
                used = 0;
            }
            lines
                .last_mut()
                .expect("there is a first line")
                .push(character);
            used += length;
        }
    }
    lines
}

/// The columns that a text takes once it is shown.
pub(super) fn width_of(text: &str) -> usize {
    measure_text_width(Shown::unstyled(text).as_str())
}

/// The text with spaces behind it, `width` columns in all.
pub(super) fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(width_of(text));
    format!("{text}{:missing$}", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_where_they_must() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a unbreakable", 5), ["a", "unbre", "akabl", "e"]);
        assert_eq!(wrapped("日本語", 4), ["日本", "語"]);
        assert_eq!(wrapped("", 4), [""]);
        assert_eq!(wrapped("it is 31 % of", 8), ["it is", "31 % of"]);
    }

    #[test]
    fn further_lines_stand_under_the_first() {
        let mut page = Page::new(10, false);
        page.hanging("- ", "one two three");
        assert_eq!(page.into_text().as_str(), "- one two\n  three\n");
    }
}
