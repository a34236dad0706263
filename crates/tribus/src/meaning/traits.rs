//! What the values of a column are like, whatever its name says.

use ahash::HashSet;
use arrow_array::{Array, ArrayRef, Float64Array, LargeStringArray};

use super::Clues;
use crate::statistics::{quantile, sorted};
use crate::table::ColumnFacts;

/// A column as the planner sees it.
#[derive(Debug, Clone)]
pub(crate) struct Traits {
    pub(crate) name: String,
    pub(crate) clues: Clues,
    pub(crate) array: ArrayRef,
    pub(crate) facts: ColumnFacts,
    /// Made by the recipe rather than read.
    pub(crate) derived: bool,
    pub(crate) rows: usize,
    pub(crate) missing: usize,
    /// Distinct values.
    pub(crate) distinct: usize,
    pub(crate) values: Values,
}

/// The values by kind.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    Numbers(NumberTraits),
    Text(TextTraits),
    Dates { days: DayTraits },
}

/// Dates, as days since 1970.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DayTraits {
    /// The last that is not isolated.
    pub(crate) latest: Option<i32>,
    /// Dates far before or behind all others, such as 1900-01-01 and 2099-12-31: they stand for "none" or "no end".
    pub(crate) isolated: usize,
    /// The last of those before all others, and the first of those behind them.
    pub(crate) isolated_before: Option<i32>,
    pub(crate) isolated_after: Option<i32>,
    /// Share of the most frequent day.
    pub(crate) most_alike: f64,
}

/// Distinct values kept of a column of text.
const LEVELS: usize = 60;

/// A few dates behind a gap of so many days are isolated.
pub(super) const GAP: i32 = 366;

/// At most this share of the dates is isolated.
pub(super) const MOST_ISOLATED: f64 = 0.3;

/// From here on no date has happened: 2090-01-01.
pub(super) const NO_END: i32 = 43_829;

#[derive(Debug, Clone, Default)]
pub(crate) struct NumberTraits {
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) median: f64,
    pub(crate) mean: f64,
    /// All whole.
    pub(crate) whole: bool,
    /// Whole or with at most two decimals, some with them.
    pub(crate) cents: bool,
    /// 5 % and 95 % quantiles.
    pub(crate) q05: f64,
    pub(crate) q95: f64,
    /// Share of the values that are below 0.
    pub(crate) negatives: f64,
    /// Whole numbers of so many digits, all of them.
    pub(crate) digits: Option<u32>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct TextTraits {
    /// Distinct values, the first [`LEVELS`] in alphabetical order.
    pub(crate) levels: Vec<String>,
    pub(crate) mean_length: f64,
    pub(crate) looks: Looks,
}

/// What most cells of a column of text look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Looks {
    #[default]
    Words,
    /// E-mail addresses.
    Addresses,
    /// Telephone numbers, web addresses or network addresses.
    Reaching,
    /// Numbers that a spreadsheet shortened: `8.93E+12`.
    Shortened,
    /// Amounts or dates that could not be read as such.
    Measured,
}

impl Traits {
    pub(crate) fn new(name: &str, array: ArrayRef, facts: ColumnFacts, derived: bool) -> Self {
        let any = array.as_any();
        let (distinct, values) = if let Some(numbers) = any.downcast_ref::<Float64Array>() {
            number_traits(numbers)
        } else if let Some(text) = any.downcast_ref::<LargeStringArray>() {
            text_traits(text)
        } else {
            date_traits(&array)
        };
        Self {
            name: name.to_owned(),
            clues: Clues::of(name),
            facts,
            derived,
            rows: array.len(),
            missing: array.null_count(),
            distinct,
            values,
            array,
        }
    }

    pub(crate) fn numbers(&self) -> Option<&NumberTraits> {
        match &self.values {
            Values::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// Cells with a value.
    pub(crate) fn present(&self) -> usize {
        self.rows - self.missing
    }

    /// Numbers 0 and 1 and nothing else.
    pub(crate) fn zero_or_one(&self) -> bool {
        self.numbers().is_some_and(|numbers| {
            numbers.whole && numbers.min >= 0.0 && numbers.max <= 1.0 && self.distinct == 2
        })
    }

    /// The numbers as they are, gaps included.
    pub(crate) fn array(&self) -> Option<&Float64Array> {
        self.array.as_any().downcast_ref()
    }

    /// The numbers that are there.
    pub(crate) fn present_numbers(&self) -> Vec<f64> {
        self.array()
            .map_or_else(Vec::new, |numbers| numbers.iter().flatten().collect())
    }

    /// The numbers, missing ones as 0.
    pub(crate) fn filled(&self) -> Vec<f64> {
        match self.array.as_any().downcast_ref::<Float64Array>() {
            Some(numbers) => numbers.iter().map(|cell| cell.unwrap_or(0.0)).collect(),
            None => Vec::new(),
        }
    }
}

fn number_traits(numbers: &Float64Array) -> (usize, Values) {
    let values: Vec<f64> = numbers.iter().flatten().collect();
    let ordered = sorted(&values);
    let distinct = ordered.chunk_by(|a, b| a == b).count();
    let Some((first, last)) = ordered.first().zip(ordered.last()) else {
        return (0, Values::Numbers(NumberTraits::default()));
    };
    let whole = values.iter().all(|value| value.fract() == 0.0);
    let hundredths = |value: &f64| {
        let hundred = value * 100.0;
        (hundred - hundred.round()).abs() < 1e-6 * hundred.abs().max(1.0)
    };
    let traits = NumberTraits {
        min: *first,
        max: *last,
        median: quantile(&ordered, 0.5),
        mean: crate::statistics::mean(&values),
        whole,
        cents: !whole && values.iter().all(hundredths),
        q05: quantile(&ordered, 0.05),
        q95: quantile(&ordered, 0.95),
        negatives: ordered.partition_point(|value| *value < 0.0) as f64 / ordered.len() as f64,
        digits: whole.then(|| digits(*first, *last)).flatten(),
    };
    (distinct, Values::Numbers(traits))
}

fn text_traits(text: &LargeStringArray) -> (usize, Values) {
    let different: HashSet<&str> = text.iter().flatten().collect();
    let distinct = different.len();
    let present = (text.len() - text.null_count()).max(1);
    let length: usize = text.iter().flatten().map(|cell| cell.chars().count()).sum();
    let most = |is_so: fn(&str) -> bool| {
        let cells = text.iter().flatten().filter(|cell| is_so(cell));
        2 * cells.count() > present
    };
    let looks = if most(|cell| cell.contains('@')) {
        Looks::Addresses
    } else if most(reaches) {
        Looks::Reaching
    } else if most(is_shortened) {
        Looks::Shortened
    } else if most(is_measured) {
        Looks::Measured
    } else {
        Looks::Words
    };
    let traits = TextTraits {
        levels: first_in_order(different),
        mean_length: length as f64 / present as f64,
        looks,
    };
    (distinct, Values::Text(traits))
}

/// The first [`LEVELS`] in alphabetical order.
fn first_in_order(different: HashSet<&str>) -> Vec<String> {
    let mut levels: Vec<&str> = different.into_iter().collect();
    if levels.len() > LEVELS {
        levels.select_nth_unstable(LEVELS);
        levels.truncate(LEVELS);
    }
    levels.sort_unstable();
    levels.into_iter().map(str::to_owned).collect()
}

/// The latest day that stands for itself: no "no end", no single date far behind all others.
pub(crate) fn latest_day(array: &ArrayRef) -> Option<i32> {
    match date_traits(array).1 {
        Values::Dates { days } => days.latest.filter(|day| *day < NO_END),
        _ => None,
    }
}

fn date_traits(array: &ArrayRef) -> (usize, Values) {
    let dates = array.as_any().downcast_ref::<arrow_array::Date32Array>();
    let mut all: Vec<i32> = dates
        .into_iter()
        .flat_map(|dates| dates.iter().flatten())
        .collect();
    all.sort_unstable();
    let runs: Vec<(i32, usize)> = all
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0], run.len()))
        .collect();
    let most = runs.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let (head, tail) = isolated(&runs, all.len());
    let kept = &runs[head..runs.len() - tail];
    let kept_dates: usize = kept.iter().map(|(_, count)| *count).sum();
    let days = DayTraits {
        latest: kept.last().map(|(day, _)| *day),
        isolated: all.len() - kept_dates,
        isolated_before: head.checked_sub(1).map(|at| runs[at].0),
        isolated_after: runs.get(runs.len() - tail).map(|(day, _)| *day),
        most_alike: most as f64 / all.len().max(1) as f64,
    };
    (runs.len(), Values::Dates { days })
}

/// How many of the first and of the last days are isolated.
fn isolated(runs: &[(i32, usize)], dates: usize) -> (usize, usize) {
    let most = (MOST_ISOLATED * dates as f64) as usize;
    let side = |ordered: &[(i32, usize)], is_none: &dyn Fn(i32) -> bool| {
        let mut cells = 0;
        for at in 1..ordered.len().min(4) {
            cells += ordered[at - 1].1;
            let gap = (ordered[at - 1].0 - ordered[at].0).abs();
            let one = ordered[at - 1].0;
            // One far day that many share stands for none; a few scattered ones are mistakes.
            let is_piled = at == 1 && cells >= 2;
            if gap > GAP
                && cells <= most
                && (is_none(one) || is_piled && gap > 10 * GAP || cells * 100 <= dates)
            {
                return at;
            }
        }
        0
    };
    let backward: Vec<(i32, usize)> = runs.iter().rev().copied().collect();
    let tail = side(&backward, &|day| day >= NO_END);
    let head = side(runs, &|day| day <= -25_000);
    if head + tail >= runs.len() {
        (0, 0)
    } else {
        (head, tail)
    }
}

/// The number of digits that all whole numbers between these two have, if they have one sign.
fn digits(low: f64, high: f64) -> Option<u32> {
    let digits = |value: f64| {
        let (mut count, mut rest) = (1, value.abs());
        while rest >= 10.0 {
            rest /= 10.0;
            count += 1;
        }
        count
    };
    let has_one_sign = low >= 0.0 || high <= 0.0;
    (has_one_sign && digits(low) == digits(high)).then(|| digits(low))
}

/// Whether a cell looks like an amount or a date: digits, few letters, and a decimal sign, a slash, a colon or a currency.
fn is_measured(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let letters = cell.chars().filter(|letter| letter.is_alphabetic()).count();
    let is_dash = |letter: char| matches!(letter, '-' | '(' | ')' | '\'' | ' ');
    let is_mark = |letter: char| {
        matches!(
            letter,
            '.' | ',' | '/' | ':' | '%' | '$' | '€' | '£' | '¥' | '₹'
        )
    };
    let is_known = |letter: char| letter.is_alphanumeric() || is_dash(letter) || is_mark(letter);
    digits >= 1 && letters <= 4 && cell.contains(is_mark) && cell.chars().all(is_known)
}

/// Whether a cell is a number that a spreadsheet shortened.
fn is_shortened(cell: &str) -> bool {
    let parts = cell.split_once("E+").or_else(|| cell.split_once("e+"));
    parts.is_some_and(|(digits, exponent)| {
        let is_number = |text: &str| {
            text.chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        };
        !digits.is_empty() && is_number(digits) && exponent.parse::<u32>().is_ok()
    })
}

/// Whether a cell is a telephone number, a web address or a network address.
fn reaches(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let is_dialed = |letter: char| letter.is_ascii_digit() || "+-()/. ".contains(letter);
    let is_phone = digits >= 7
        && cell.chars().all(is_dialed)
        && (cell.starts_with(['+', '(', '0']) || cell.contains(['-', ' ', '/', '.']));
    let is_network =
        cell.split('.').count() == 4 && cell.split('.').all(|part| part.parse::<u8>().is_ok());
    let is_web = cell.starts_with("http") || cell.starts_with("www.");
    is_phone || is_network || is_web
}
