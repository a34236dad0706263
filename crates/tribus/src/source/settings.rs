//! Settings of reading that are more than a character or a number, as people write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How many rows and cells of an input may not fit. They are set aside, or become missing, and are counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub enum MaxRejects {
    /// At most so many.
    Count(u64),
    /// At most this share of the rows, in percent.
    Percent(f64),
}

impl MaxRejects {
    /// How many of `rows` rows.
    pub(crate) fn of(self, rows: u64) -> u64 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => (rows as f64 * percent / 100.0) as u64,
        }
    }

    /// Where nothing was said: one row in a thousand, at most 100.
    pub(crate) fn unsaid(rows: u64) -> u64 {
        (rows / 1000).min(100)
    }
}

impl fmt::Display for MaxRejects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl FromStr for MaxRejects {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("`{text}` is neither a number of rows nor a share such as 0.5%");
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent: f64 = percent.trim().parse().map_err(|_| problem())?;
                let is_share = (0.0..=100.0).contains(&percent);
                is_share
                    .then_some(Self::Percent(percent))
                    .ok_or_else(problem)
            }
            None => text.parse().map(Self::Count).map_err(|_| problem()),
        }
    }
}

/// The rows of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "true, false, or how many rows it has")]
pub enum Header {
    /// One, or none.
    Is(bool),
    /// So many; their names are joined.
    Rows(usize),
}

impl Header {
    /// How many rows it has.
    pub fn rows(self) -> usize {
        match self {
            Self::Is(is) => usize::from(is),
            Self::Rows(rows) => rows,
        }
    }
}

/// What encloses fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Quote {
    /// Nothing does; quotes are characters as any other.
    None,
    /// This character.
    Character(char),
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Character(character) => write!(f, "{character}"),
        }
    }
}

impl FromStr for Quote {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (None, _) => Ok(Self::None),
            (Some(character), None) if character.is_ascii_punctuation() => {
                Ok(Self::Character(character))
            }
            _ if text == "none" => Ok(Self::None),
            _ => Err(format!("`{text}` is neither one ASCII character nor none")),
        }
    }
}

impl TryFrom<String> for Quote {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Quote> for String {
    fn from(quote: Quote) -> Self {
        quote.to_string()
    }
}

/// What happens to a row that is the sum of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Totals {
    /// It is set aside.
    Drop,
    /// It is a row as any other.
    Keep,
}

impl FromStr for Totals {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "drop" => Ok(Self::Drop),
            "keep" => Ok(Self::Keep),
            _ => Err(format!("`{text}` is neither drop nor keep")),
        }
    }
}

/// A number, or text.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "a number of rows, or a share such as \"0.5%\"")]
enum Text {
    Number(u64),
    Words(String),
}

impl TryFrom<Text> for MaxRejects {
    type Error = String;
    fn try_from(text: Text) -> Result<Self, String> {
        match text {
            Text::Number(count) => Ok(Self::Count(count)),
            Text::Words(words) => words.parse(),
        }
    }
}

impl From<MaxRejects> for Text {
    fn from(limit: MaxRejects) -> Self {
        match limit {
            MaxRejects::Count(count) => Self::Number(count),
            MaxRejects::Percent(_) => Self::Words(limit.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_counts_or_shares() {
        let of = |text: &str, rows| text.parse::<MaxRejects>().unwrap().of(rows);
        assert_eq!(of("0", 5000), 0);
        assert_eq!(of("12", 5000), 12);
        assert_eq!(of("0.5%", 5000), 25);
        assert_eq!(of("100 %", 83), 83);
        for wrong in ["-1", "101%", "many", "", "nan%"] {
            assert!(wrong.parse::<MaxRejects>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn without_a_limit_one_row_in_a_thousand_may_not_fit() {
        assert_eq!(
            [99, 999, 1000, 5000, 10_000_000].map(MaxRejects::unsaid),
            [0, 0, 1, 5, 100]
        );
    }
}
