//! Text into dates: which format a column has is decided over all of its cells.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::source::DateOrder;
use crate::source::raw::Cells;
use crate::source::readers::header::trim;

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// `2014-06-29`, with this separator.
    YearFirst(char),
    /// `29-06-2014` or `06/29/2014`, with this separator.
    YearLast(char),
    /// `06/29/14`, with this separator.
    ShortYear(char),
    /// `04-Sep-2012`, `4 September 2012`, `Sep 4, 2012`.
    Named,
    /// `20140629`.
    Compact,
}

/// The three numbers of a date: year, month, day; for `YearLast` and `ShortYear` first, second, year.
struct Parts {
    form: Form,
    numbers: (i32, u32, u32),
}

/// How a column's dates are written, as far as it can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Format {
    /// Not a column of dates.
    None,
    /// Dates, all but at most one cell in ten.
    Known { form: Form, order: DateOrder },
    /// Day-month and month-day both fit.
    Ambiguous { example: String },
    /// Years of two digits.
    TwoDigitYears { row: usize, example: String },
    /// Two formats, each in more than one cell in ten.
    Mixed { first: String, second: String },
}

/// What was asked of a column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// The user says these are dates.
    pub(crate) required: bool,
    /// `20140629` is a date, not a number.
    pub(crate) compact: bool,
    pub(crate) order: Option<DateOrder>,
}

/// The format of a column.
pub(crate) fn survey(cells: &Cells, asked: Asked) -> Format {
    let mut counts: BTreeMap<Form, (usize, usize)> = BTreeMap::new();
    let (mut present, mut dates) = (0_usize, 0_usize);
    for (row, cell) in cells.iter().enumerate() {
        if cells.is_missing(cell) {
            continue;
        }
        present += 1;
        if let Some(parts) = parse(cell, asked.compact) {
            counts.entry(parts.form).or_insert((0, row)).0 += 1;
            dates += 1;
        } else if !asked.required && (present - dates) * 10 > cells.len() {
            return Format::None;
        }
    }
    let enough = dates * 10 >= present * 9 || asked.required;
    let usual = counts.iter().max_by_key(|&(_, &(times, _))| times);
    let (Some((&form, &(times, row))), true) = (usual, enough) else {
        return Format::None;
    };
    if (dates - times) * 10 > present {
        let other = counts.iter().filter(|&(&other, _)| other != form);
        let (_, &(_, second)) = other
            .max_by_key(|&(_, &(times, _))| times)
            .expect("counted above");
        return Format::Mixed {
            first: trim(cells.get(row)).to_owned(),
            second: trim(cells.get(second)).to_owned(),
        };
    }
    decide(cells, form, row, asked)
}

/// Fewest dates written as `20140629` that give themselves away without a telling name.
const FEWEST_COMPACT: usize = 5;

/// Whether all cells are days of the last and this century written as `20140629`; other numbers of eight digits hardly ever
/// are. Stops at the first that is none.
pub(crate) fn are_compact(cells: &Cells) -> bool {
    let mut found = 0;
    for cell in cells.iter().filter(|cell| !cells.is_missing(cell)) {
        let cell = trim(cell);
        let is_none = matches!(cell, "00000000" | "99991231");
        let is_day = cell.len() == 8
            && matches!(cell.get(..2), Some("19" | "20"))
            && value(cell, Form::Compact, DateOrder::Ymd).is_some();
        if !is_day && !is_none {
            return false;
        }
        found += usize::from(is_day);
    }
    found >= FEWEST_COMPACT
}

/// The order of dates with years of two digits: the day of the month goes round more values than the year. Years before 2000
/// are left open.
fn decide_short(cells: &Cells, form: Form, row: usize, asked: Asked) -> Format {
    let all: Vec<Parts> = cells
        .iter()
        .filter_map(|cell| parse(cell, false))
        .filter(|parts| parts.form == form)
        .collect();
    let open = || Format::TwoDigitYears {
        row,
        example: trim(cells.get(row)).to_owned(),
    };
    let fits = |order: DateOrder| all.iter().all(|parts| days(parts, order).is_some());
    let different = |number: fn(&Parts) -> u32| {
        let numbers: BTreeSet<u32> = all.iter().map(number).collect();
        numbers.len()
    };
    let first = different(|parts| parts.numbers.0.unsigned_abs());
    let (second, last) = (
        different(|parts| parts.numbers.1),
        different(|parts| parts.numbers.2),
    );
    let ends_in_year = 2 * last < first.max(second);
    let orders = match asked.order {
        Some(order) => vec![order],
        None if ends_in_year => vec![DateOrder::Dmy, DateOrder::Mdy],
        None => Vec::new(),
    };
    let mut fitting = orders.into_iter().filter(|order| fits(*order));
    match (fitting.next(), fitting.next()) {
        (Some(order), None) => Format::Known { form, order },
        _ => open(),
    }
}

fn decide(cells: &Cells, form: Form, row: usize, asked: Asked) -> Format {
    match form {
        Form::ShortYear(_) => decide_short(cells, form, row, asked),
        Form::YearFirst(_) | Form::Named | Form::Compact => Format::Known {
            form,
            order: DateOrder::Ymd,
        },
        Form::YearLast(_) => match asked.order {
            Some(order @ (DateOrder::Dmy | DateOrder::Mdy)) => Format::Known { form, order },
            _ => decide_order(cells, form, row),
        },
    }
}

fn decide_order(cells: &Cells, form: Form, row: usize) -> Format {
    let (mut day_first, mut month_first, mut different) = (0_usize, 0_usize, false);
    for parts in cells.iter().filter_map(|cell| parse(cell, false)) {
        if parts.form == form {
            day_first += usize::from(days(&parts, DateOrder::Dmy).is_some());
            month_first += usize::from(days(&parts, DateOrder::Mdy).is_some());
            different |= parts.numbers.0 != parts.numbers.1 as i32;
        }
    }
    if day_first == month_first && different {
        return Format::Ambiguous {
            example: trim(cells.get(row)).to_owned(),
        };
    }
    let order = if day_first >= month_first {
        DateOrder::Dmy
    } else {
        DateOrder::Mdy
    };
    Format::Known { form, order }
}

/// Days since 1970-01-01 of a cell written in this form and order.
pub(crate) fn value(cell: &str, form: Form, order: DateOrder) -> Option<i32> {
    let parts = parse(cell, form == Form::Compact)?;
    if parts.form == form {
        days(&parts, order)
    } else {
        None
    }
}

/// The time of day that stands behind a date, in milliseconds; 0 where there is none.
pub(crate) fn time_of_day(cell: &str) -> u32 {
    let Some(colon) = cell.find(':') else {
        return 0;
    };
    let is_digit = |c: char| c.is_ascii_digit();
    let hours = cell[..colon]
        .rsplit(|c: char| !is_digit(c))
        .next()
        .unwrap_or_default();
    let rest = &cell[colon + 1..];
    let end = rest
        .find(|c: char| !is_digit(c) && c != ':' && c != '.')
        .unwrap_or(rest.len());
    let mut parts = rest[..end]
        .split(':')
        .map(|part| part.parse::<f64>().unwrap_or(0.0));
    let (minutes, seconds) = (parts.next().unwrap_or(0.0), parts.next().unwrap_or(0.0));
    let half = rest[end..]
        .trim_start()
        .get(..2)
        .map(str::to_ascii_lowercase);
    let hours = match (hours.parse::<u32>().unwrap_or(0).min(24), half.as_deref()) {
        (12, Some("am")) => 0,
        (hours, Some("pm")) if hours < 12 => hours + 12,
        (hours, _) => hours,
    };
    let milliseconds = f64::from(hours) * 3.6e6 + minutes * 6e4 + seconds * 1e3;
    milliseconds.clamp(0.0, 86_400_000.0) as u32
}

/// The order in words.
pub(crate) fn notation(form: Form, order: DateOrder) -> Option<String> {
    let words = match (form, order) {
        (Form::YearFirst('-'), _) => return None,
        (Form::Named, _) => "dates with the month's name",
        (Form::YearFirst(_) | Form::Compact, _) => "dates as year-month-day",
        (_, DateOrder::Mdy) => "dates as month-day-year",
        (_, _) => "dates as day-month-year",
    };
    Some(words.into())
}

fn days(parts: &Parts, order: DateOrder) -> Option<i32> {
    let (first, second, third) = parts.numbers;
    let (year, month, day) = match (parts.form, order) {
        (Form::YearLast(_), DateOrder::Mdy) => (third as i32, first as u32, second),
        (Form::YearLast(_), _) => (third as i32, second, first as u32),
        (Form::ShortYear(_), DateOrder::Mdy) => (century(third as i32)?, first as u32, second),
        (Form::ShortYear(_), DateOrder::Dmy) => (century(third as i32)?, second, first as u32),
        (Form::ShortYear(_), DateOrder::Ymd) => (century(first)?, second, third),
        _ => (first, second, third),
    };
    Date::from_civil(year, month, day).map(Date::days)
}

/// Years of this century; "69" may be of either.
fn century(year: i32) -> Option<i32> {
    (year <= LAST_SHORT_YEAR).then_some(2000 + year)
}

/// Splits a date into its numbers, without asking whether there is such a day. A time behind it is left alone.
fn parse(cell: &str, compact: bool) -> Option<Parts> {
    let cell = trim(cell);
    let first = *cell.as_bytes().first()?;
    // Dates with their time are at most `4 September 2012 10:11:12.123456789 +01:00` long.
    if cell.len() < 6 || cell.len() > 48 || !first.is_ascii_alphanumeric() {
        return None;
    }
    if compact && cell.len() == 8 && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Parts {
            form: Form::Compact,
            numbers: (
                cell[..4].parse().ok()?,
                cell[4..6].parse().ok()?,
                cell[6..].parse().ok()?,
            ),
        });
    }
    if first.is_ascii_digit() {
        numeric(cell).or_else(|| named(cell))
    } else {
        named(cell)
    }
}

fn numeric(cell: &str) -> Option<Parts> {
    let (a, rest) = digits(cell)?;
    let separator = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (b, rest) = digits(rest.strip_prefix(separator)?)?;
    let (c, rest) = digits(rest.strip_prefix(separator)?)?;
    if !is_time(rest) {
        return None;
    }
    let form = match (a.len(), b.len(), c.len()) {
        (4, 1 | 2, 1 | 2) => Form::YearFirst(separator),
        (1 | 2, 1 | 2, 4) => Form::YearLast(separator),
        (1 | 2, 1 | 2, 2) => Form::ShortYear(separator),
        _ => return None,
    };
    Some(Parts {
        form,
        numbers: (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?),
    })
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&end).then(|| text.split_at(end))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Years of two digits up to this one are of this century, as in spreadsheets.
const LAST_SHORT_YEAR: i32 = 29;

/// `04-Sep-2012`, `4 September 2012`, `Sep 4, 2012`, `04-Sep-12`, `Sep 4, 2012 at 3:15 pm`.
fn named(cell: &str) -> Option<Parts> {
    let is_gap = |c: char| matches!(c, ' ' | '-' | '/' | ',' | '.');
    let mut words = cell.splitn(8, is_gap).filter(|word| !word.is_empty());
    let (a, b, year) = (words.next()?, words.next()?, words.next()?);
    let (day, month) = match (month(a), month(b)) {
        (Some(month), None) => (b, month),
        (None, Some(month)) => (a, month),
        _ => return None,
    };
    let end = year.as_ptr() as usize - cell.as_ptr() as usize + year.len();
    let is_year = matches!(year.len(), 2 | 4) && year.bytes().all(|byte| byte.is_ascii_digit());
    let rest = &cell[end..];
    let time = rest.strip_prefix(" at").unwrap_or(rest);
    if !is_year || day.len() > 2 || !is_time(time) {
        return None;
    }
    let number: i32 = year.parse().ok()?;
    let year = match number {
        short if year.len() == 2 && short <= LAST_SHORT_YEAR => 2000 + short,
        short if year.len() == 2 => 1900 + short,
        full => full,
    };
    Some(Parts {
        form: Form::Named,
        numbers: (year, month, day.parse().ok()?),
    })
}

fn month(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let place = MONTHS
        .iter()
        .position(|name| word == *name || (word.len() == 3 && name.starts_with(&word)))?;
    Some(place as u32 + 1)
}

/// `Z`, `+02:00`, `GMT+8`, `CEST`.
fn is_zone(word: &str) -> bool {
    let letters =
        word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ':'));
    let offset = &word[letters.len()..];
    let is_named = letters.len() <= 4 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    is_named && (offset.is_empty() || offset.starts_with(['+', '-']) && offset.len() > 1)
}

/// Nothing, or a time of day with or without a zone.
fn is_time(rest: &str) -> bool {
    if rest.is_empty() {
        return true;
    }
    let Some(time) = rest.strip_prefix(['T', ' ']) else {
        return false;
    };
    let end = time
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))
        .count();
    let (clock, zone) = time.split_at(end);
    let mut words = zone.split(' ').filter(|word| !word.is_empty()).peekable();
    words.next_if(|word| ["AM", "PM", "am", "pm"].contains(word));
    clock.contains(':') && words.next().is_none_or(is_zone) && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_behind_dates() {
        let minutes = |cell| time_of_day(cell) / 60_000;
        assert_eq!(minutes("2010-12-01 08:26:00"), 506);
        assert_eq!(minutes("12/1/2010 8:26"), 506);
        assert_eq!(minutes("12/1/2010 12:05 AM"), 5);
        assert_eq!(minutes("12/1/2010 1:05 pm"), 785);
        assert_eq!(minutes("2024-03-12T09:14:02.250+02:00"), 554);
        assert_eq!(time_of_day("2024-03-12T00:00:01.250Z"), 1250);
        assert_eq!(time_of_day("2010-12-01"), 0);
    }
}
