//! How numbers and dates are written. The words stay English; separators and the order of day and month are the reader's.
//!
//! Numbers are made with marks where their separators go, and dates with a mark before them; [`Language::write`] puts in
//! what the language has, once, at the end. So no function between has to know the language.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// U+2212, which lines up with digits where a hyphen does not.
pub(crate) const MINUS: char = '\u{2212}';
/// Where a separator of thousands goes.
pub(crate) const THOUSANDS: char = '\u{f8f0}';
/// Where a decimal sign goes.
pub(crate) const DECIMAL: char = '\u{f8f1}';
/// Before a date as `2020-05-27`.
const DATE: char = '\u{f8f2}';

/// A language, as far as numbers and dates go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// 1,234.5 and 2020-05-27
    #[default]
    En,
    /// 1.234,5 and 27.05.2020
    De,
    /// 1.234,5 and 27/05/2020
    Es,
    /// 1 234,5 and 27/05/2020
    Fr,
    /// 1.234,5 and 27/05/2020
    It,
    /// 1.234,5 and 27-05-2020
    Nl,
    /// 1 234,5 and 27.05.2020
    Pl,
    /// 1.234,5 and 27/05/2020
    Pt,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::En,
        Self::De,
        Self::Es,
        Self::Fr,
        Self::It,
        Self::Nl,
        Self::Pl,
        Self::Pt,
    ];

    /// Its code: `de`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Pl => "pl",
            Self::Pt => "pt",
        }
    }

    /// Thousands, decimal sign, and what stands between day, month and year; none where the year comes first.
    fn signs(self) -> (char, char, Option<char>) {
        match self {
            Self::En => (',', '.', None),
            Self::De => ('.', ',', Some('.')),
            Self::Es | Self::It | Self::Pt => ('.', ',', Some('/')),
            Self::Nl => ('.', ',', Some('-')),
            // A narrow space that does not break.
            Self::Fr => ('\u{202f}', ',', Some('/')),
            Self::Pl => ('\u{202f}', ',', Some('.')),
        }
    }

    /// The text with the separators of the language in the place of the marks.
    pub(crate) fn write(self, text: &str) -> String {
        let (thousands, decimal, between) = self.signs();
        let mut written = String::with_capacity(text.len());
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                THOUSANDS => written.push(thousands),
                DECIMAL => written.push(decimal),
                DATE => {
                    let date: String = characters.by_ref().take(10).collect();
                    let parts: Vec<&str> = date.split('-').collect();
                    match (between, parts.as_slice()) {
                        (Some(sign), [year, month, day]) => {
                            write!(written, "{day}{sign}{month}{sign}{year}").expect("a String");
                        }
                        _ => written.push_str(&date),
                    }
                }
                _ => written.push(character),
            }
        }
        written
    }
}

/// A ready sentence with marks in its numbers and dates, real minus signs, and percent signs close to their numbers.
pub(crate) fn spoken(sentence: &str) -> String {
    let letters: Vec<char> = sentence.chars().collect();
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let mut marked = String::with_capacity(sentence.len() + 8);
    let mut at = 0;
    while at < letters.len() {
        let starts = digit(at) && (at == 0 || !joins_a_number(letters[at - 1]));
        if starts && is_date(&letters[at..]) {
            marked.push(DATE);
            marked.extend(&letters[at..at + 10]);
            at += 10;
        } else if starts {
            at = mark_number(&letters, at, &mut marked);
        } else if letters[at] == '-' && digit(at + 1) && (at == 0 || opens(letters[at - 1])) {
            marked.push(MINUS);
            at += 1;
        } else {
            marked.push(letters[at]);
            at += 1;
        }
    }
    marked
}

/// Copies a number from its first digit on; returns what comes behind it.
fn mark_number(letters: &[char], start: usize, marked: &mut String) -> usize {
    let digits_from = |at: usize| {
        letters[at.min(letters.len())..]
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .count()
    };
    let mut at = start + digits_from(start);
    marked.extend(&letters[start..at]);
    let mut grouped = at - start <= 3;
    while grouped && letters.get(at) == Some(&',') && digits_from(at + 1) == 3 {
        marked.push(THOUSANDS);
        marked.extend(&letters[at + 1..at + 4]);
        at += 4;
        grouped = true;
    }
    let fraction = digits_from(at + 1);
    if letters.get(at) == Some(&'.') && fraction > 0 && letters.get(at + 1 + fraction) != Some(&'.')
    {
        marked.push(DECIMAL);
        marked.extend(&letters[at + 1..=at + fraction]);
        at += 1 + fraction;
    }
    if letters.get(at) == Some(&' ') && letters.get(at + 1) == Some(&'%') {
        at += 1;
    }
    at
}

/// What stands before a number of its own.
fn opens(before: char) -> bool {
    before.is_whitespace() || before == '('
}

/// Letters and signs before a digit that make it a part of a name or a version.
fn joins_a_number(before: char) -> bool {
    before.is_alphanumeric() || matches!(before, '_' | '.' | ',')
}

fn is_date(letters: &[char]) -> bool {
    let shape = |(at, letter): (usize, &char)| match at {
        4 | 7 => *letter == '-',
        _ => letter.is_ascii_digit(),
    };
    letters.len() >= 10
        && letters[..10].iter().enumerate().all(shape)
        && !letters
            .get(10)
            .is_some_and(|next| next.is_alphanumeric() || *next == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(language: Language, text: &str) -> String {
        language.write(&spoken(text))
    }

    #[test]
    fn sentences_take_the_separators_of_the_language() {
        let text = "1,234,567 customers, 3.2 times (2,205.5 against 166) on 2020-05-27, 31 % of Q1.5, v1.2.3";
        assert_eq!(said(Language::En, text), text.replace(" %", "%"));
        assert_eq!(
            said(Language::De, text),
            "1.234.567 customers, 3,2 times (2.205,5 against 166) on 27.05.2020, 31% of Q1.5, v1.2.3"
        );
        assert_eq!(said(Language::Fr, "12,000.5"), "12\u{202f}000,5");
    }

    #[test]
    fn lists_and_long_numbers_are_left_alone() {
        assert_eq!(
            said(Language::En, "from -0.5 (-1 to 2), 3-4, x -y, MA-2"),
            "from \u{2212}0.5 (\u{2212}1 to 2), 3-4, x -y, MA-2"
        );
        for text in ["1, 2, 3", "2020,100", "10.", "a 5.", "1.2.3", "2020-05-271"] {
            assert_eq!(said(Language::En, text), text);
        }
        assert_eq!(said(Language::De, "1, 2 and 10."), "1, 2 and 10.");
    }
}
