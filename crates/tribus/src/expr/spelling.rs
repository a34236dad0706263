//! How numbers, names and quoted text are spelled in SQL and in the text of a tree.

use std::fmt::{self, Display, Formatter, Write};

/// Words that are never a bare column name; every other word may be one, `date` and `year` included.
pub(super) const RESERVED: [&str; 15] = [
    "AND", "BETWEEN", "CASE", "ELSE", "END", "FALSE", "IN", "IS", "LIKE", "NOT", "NULL", "OR",
    "THEN", "TRUE", "WHEN",
];

/// Whether a bare name may go on with this character.
pub(super) fn is_name_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The shortest digits that read back as the same number, with an exponent when very large or small.
pub(super) struct Number(pub(super) f64);

impl Display for Number {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.abs();
        if magnitude != 0.0 && !(1e-5..1e15).contains(&magnitude) {
            write!(formatter, "{:e}", self.0)
        } else {
            write!(formatter, "{}", self.0)
        }
    }
}

/// A column's name, quoted if it has to be.
pub(super) struct Name<'a>(pub(super) &'a str);

impl Display for Name<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        let is_bare = characters
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_')
            && characters.all(is_name_part)
            && !RESERVED
                .iter()
                .any(|word| word.eq_ignore_ascii_case(self.0));
        if is_bare {
            formatter.write_str(self.0)
        } else {
            Quoted(self.0, '"').fmt(formatter)
        }
    }
}

/// Text in quotes, a quote within written twice.
pub(super) struct Quoted<'a>(pub(super) &'a str, pub(super) char);

impl Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_char(self.1)?;
        for character in self.0.chars() {
            if character == self.1 {
                formatter.write_char(character)?;
            }
            formatter.write_char(character)?;
        }
        formatter.write_char(self.1)
    }
}
