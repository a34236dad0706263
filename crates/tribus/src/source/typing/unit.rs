//! Numbers with their unit in the cell: `4.2 GB`, `12 kg`, `3 yrs 2 mos`.

use std::collections::HashMap;

use super::number::{dissect, plain};
use super::plan::Wish;
use crate::source::raw::Cells;
use crate::source::readers::header::trim;
use crate::vocabulary::{Concept, terms};

/// Fewest cells from which a unit is taken that nobody declared numbers.
const FEWEST: usize = 5;

/// A unit has at most so many letters.
const LONGEST: usize = 8;

/// Numbers that stood before units.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) values: Vec<Option<f64>>,
    /// What was done, in words.
    pub(crate) note: String,
    pub(crate) are_spans: bool,
}

/// Spans of time that can be told in one unit whatever a cell holds: years and months, weeks and days, hours to seconds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Months,
    Days,
    Minutes,
}

impl Family {
    fn word(self) -> &'static str {
        match self {
            Self::Months => "months",
            Self::Days => "days",
            Self::Minutes => "minutes",
        }
    }
}

/// What a unit counts in, and how much of it.
#[derive(Clone, PartialEq)]
enum Scale {
    Time(Family),
    /// Bytes, in megabytes.
    Size,
    Other(String),
}

/// The numbers of a column in which every cell is one with a unit, or a span of several; none if a cell is anything else.
pub(crate) fn read(cells: &Cells, wish: Wish) -> Option<Measured> {
    let mut known: HashMap<&str, (f64, Scale)> = HashMap::new();
    let mut common: Option<Scale> = None;
    let mut values = Vec::with_capacity(cells.len());
    let mut present = 0;
    for cell in cells.iter() {
        if cells.is_missing(cell) {
            values.push(None);
            continue;
        }
        // Currencies, and thousands written as K, are the business of `number`.
        if dissect(cell).is_some_and(|cell| cell.currency.is_some() || cell.scale > 1.0) {
            return None;
        }
        let parts = parts(trim(cell))?;
        let mut sum = 0.0;
        for (number, word) in &parts {
            let (factor, scale) = known.entry(word).or_insert_with(|| scale_of(word));
            let is_one = parts.len() == 1 || matches!(scale, Scale::Time(_));
            if !is_one || common.get_or_insert_with(|| scale.clone()) != scale {
                return None;
            }
            sum += number * *factor;
        }
        present += 1;
        if !f64::is_finite(sum) {
            return None;
        }
        values.push(Some(sum));
    }
    let scale = common.filter(|_| present >= FEWEST || wish.numbers())?;
    if scale == Scale::Time(Family::Months) && wish.in_years {
        let months = values.iter_mut().flatten();
        months.for_each(|value| *value /= 12.0);
    }
    let note = match &scale {
        Scale::Time(Family::Months) if wish.in_years => "read as years".to_owned(),
        Scale::Time(family) => format!("read as {}", family.word()),
        Scale::Size => "read as megabytes".to_owned(),
        Scale::Other(unit) => format!("{unit} removed"),
    };
    Some(Measured {
        values,
        note,
        are_spans: matches!(scale, Scale::Time(_)),
    })
}

/// The numbers of a cell with the word behind each.
fn parts(cell: &str) -> Option<Vec<(f64, &str)>> {
    let mut parts = Vec::new();
    let mut rest = cell;
    while !rest.is_empty() {
        let (digits, behind) = split_while(rest, |c| c.is_ascii_digit() || c == '.');
        let is_code =
            digits.starts_with('0') && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        let number = plain(digits).filter(|_| !is_code)?;
        let (word, behind) = split_while(trim(behind), char::is_alphabetic);
        if word.is_empty() || word.chars().count() > LONGEST {
            return None;
        }
        rest = behind.trim_start_matches(['.', ',', ' ', '\u{a0}']);
        parts.push((number, word));
    }
    (!parts.is_empty()).then_some(parts)
}

fn split_while(text: &str, is_in: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !is_in(c)).unwrap_or(text.len()))
}

fn scale_of(word: &str) -> (f64, Scale) {
    let size = |factor| (factor, Scale::Size);
    match word {
        "KB" | "kB" => return size(1e-3),
        "MB" => return size(1.0),
        "GB" => return size(1e3),
        "TB" => return size(1e6),
        _ => {}
    }
    let time = |factor, family| (factor, Scale::Time(family));
    // In names these mean something else, or nothing.
    match word {
        "y" => return time(12.0, Family::Months),
        "d" => return time(1.0, Family::Days),
        "h" => return time(60.0, Family::Minutes),
        "min" | "mins" => return time(1.0, Family::Minutes),
        "s" => return time(1.0 / 60.0, Family::Minutes),
        _ => {}
    }
    match terms(word).as_slice() {
        [only] => match only.concept {
            Some(Concept::Years) => time(12.0, Family::Months),
            Some(Concept::Months) => time(1.0, Family::Months),
            Some(Concept::Weeks) => time(7.0, Family::Days),
            Some(Concept::Days) => time(1.0, Family::Days),
            Some(Concept::Hours) => time(60.0, Family::Minutes),
            Some(Concept::Minutes) => time(1.0, Family::Minutes),
            Some(Concept::Seconds) => time(1.0 / 60.0, Family::Minutes),
            _ => (1.0, Scale::Other(word.to_owned())),
        },
        _ => (1.0, Scale::Other(word.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(cells: &[&str]) -> Option<Vec<f64>> {
        let mut column = Cells::default();
        for cell in cells {
            column.push(cell);
        }
        let wish = Wish {
            must: Some(crate::source::typing::Must::Numbers),
            ..Wish::default()
        };
        let read = read(&column, wish)?;
        Some(read.values.into_iter().flatten().collect())
    }

    #[test]
    fn units_are_read_in_one_measure() {
        assert_eq!(values(&["4.2 GB", "300 MB", ""]), Some(vec![4200.0, 300.0]));
        assert_eq!(
            values(&["3 yrs 2 mos", "1 yr", "5 months"]),
            Some(vec![38.0, 12.0, 5.0])
        );
        assert_eq!(values(&["12kg", "7.5 kg"]), Some(vec![12.0, 7.5]));
        assert_eq!(values(&["2 hours", "90 min"]), Some(vec![120.0, 90.0]));
    }

    #[test]
    fn mixed_units_and_other_text_are_left_alone() {
        for cells in [
            &["12 kg", "3 lb"][..],
            &["12 kg 3 kg"],
            &["2 days", "3 hours"],
            &["12 Main Street"],
            &["A12"],
            &["12"],
            // More than a number holds.
            &[&format!("1{} TB", "0".repeat(305))],
        ] {
            assert_eq!(values(cells), None, "{cells:?}");
        }
    }
}
