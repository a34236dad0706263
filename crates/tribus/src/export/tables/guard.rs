//! Text that a spreadsheet would take for a formula gets a leading `'`.
//!
//! See OWASP, "CSV Injection", <https://owasp.org/www-community/attacks/CSV_Injection>.

use std::borrow::Cow;

use crate::export::Guarded;

/// Guards text on its way out, and counts.
#[derive(Debug, Clone, Copy)]
pub(in crate::export) struct Guard {
    raw: bool,
    cells: u64,
}

impl Guard {
    /// A guard that lets text through as it is when `raw`.
    pub(in crate::export) fn new(raw: bool) -> Self {
        Self { raw, cells: 0 }
    }

    /// The text as it is written.
    pub(in crate::export) fn text<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if self.raw || !starts_a_formula(text) {
            return Cow::Borrowed(text);
        }
        self.cells += 1;
        Cow::Owned(format!("'{text}"))
    }

    /// What was guarded.
    pub(in crate::export) fn guarded(self) -> Guarded {
        Guarded { cells: self.cells }
    }
}

/// The text as it was before it was guarded.
pub(in crate::export) fn unguarded(text: &str) -> &str {
    let own = text.strip_prefix('\'');
    own.filter(|own| starts_a_formula(own)).unwrap_or(text)
}

/// Whether spreadsheets may run this text: they skip control characters, and read the fullwidth signs as plain ones.
fn starts_a_formula(text: &str) -> bool {
    text.chars().next().is_some_and(|first| {
        matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') || first.is_control()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_counted() {
        let mut guard = Guard::new(false);
        for text in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            "\t=1+1",
            "\r=1+1",
            "\n=1+1",
            "＝1+1",
            "＋1",
            "－1",
            "＠A",
            "\u{0}=1",
        ] {
            assert_eq!(guard.text(text), format!("'{text}"));
        }
        assert_eq!(guard.guarded().cells, 12);
    }

    #[test]
    fn harmless_text_and_raw_text_stay_as_they_are() {
        let mut guard = Guard::new(false);
        for text in ["", "|calc", "%0A=1", "'=1", "a=1", " x", "Größe", "12"] {
            assert_eq!(guard.text(text), text);
        }
        assert_eq!(guard.guarded().cells, 0);
        assert_eq!(Guard::new(true).text("=1+1"), "=1+1");
    }
}
