//! Text that a spreadsheet would run as a formula.

use std::borrow::Cow;

use super::Guarded;

/// Whether a spreadsheet may take the cell for a formula or a command: it begins with = + - @ (also full width) or with
/// a control character.
pub(super) fn is_dangerous(text: &str) -> bool {
    text.chars().next().is_some_and(|c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        ) || c.is_control()
    })
}

/// Puts an apostrophe before dangerous text, and counts.
#[derive(Debug)]
pub(super) struct Guard {
    raw: bool,
    pub(super) guarded: Guarded,
}

impl Guard {
    pub(super) fn new(raw: bool) -> Self {
        Self {
            raw,
            guarded: Guarded::default(),
        }
    }

    pub(super) fn text<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if self.raw || !is_dangerous(text) {
            return Cow::Borrowed(text);
        }
        self.guarded.cells += 1;
        Cow::Owned(format!("'{text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_get_an_apostrophe_and_are_counted() {
        let mut guard = Guard::new(false);
        for text in [
            "=1+1",
            "+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\u{ff1d}1",
        ] {
            assert_eq!(guard.text(text), format!("'{text}"));
        }
        for text in ["", "a=1", "'=1", "|calc", "%0A=1", "12"] {
            assert_eq!(guard.text(text), text);
        }
        assert_eq!(guard.guarded.cells, 8);
        assert_eq!(Guard::new(true).text("=1+1"), "=1+1");
    }
}
