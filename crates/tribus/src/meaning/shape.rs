//! What values alone say, where the name is silent. Whole numbers must earn the role of a measure.

use super::decide::Found;
use super::traits::{NumberTraits, Traits};
use super::{Confidence, Measure};

/// An integer code that nobody named has at most this many values.
const MOST_CODES: usize = 12;

/// Seconds and milliseconds since 1970 between 1990 and 2100.
const EPOCH_SECONDS: std::ops::Range<f64> = 6.3e8..4.2e9;
const EPOCH_MILLISECONDS: std::ops::Range<f64> = 6.3e11..4.2e12;

/// Days since 1900 as spreadsheets count them, from 1980 to 2100.
const SERIALS: std::ops::Range<f64> = 29_000.0..73_500.0;

/// Fewest rows from which the shape of whole numbers tells anything.
const FEWEST_ROWS: usize = 30;

/// Whole numbers from 0 or 1 on, each once: a count of the rows, whatever the column is called.
pub(super) fn counts_the_rows(column: &Traits, numbers: &NumberTraits) -> bool {
    column.rows > 20
        && column.missing == 0
        && numbers.whole
        && (numbers.min == 0.0 || numbers.min == 1.0)
        && column.distinct == column.rows
        && numbers.max - numbers.min + 1.0 == column.rows as f64
}

/// Years of this or the last century.
pub(super) fn are_years(numbers: &NumberTraits) -> bool {
    numbers.median > 1850.0
        && numbers.median < 2100.0
        && numbers.q05 > 1800.0
        && numbers.q95 < 2200.0
}

/// Parts of one, or of a hundred.
pub(super) fn is_share(numbers: &NumberTraits) -> bool {
    numbers.min >= -1.0 && numbers.max <= 100.0 + 1e-9
}

/// Whether a category is called like the customers of a test that are left alone.
pub(crate) fn is_control(level: &str) -> bool {
    let level = level.to_lowercase();
    let holdout = ["holdout", "hold-out", "hold out"];
    level.contains("control")
        || level.starts_with("no ")
        || level == "none"
        || holdout.iter().any(|word| level.contains(word))
}

/// Two levels that are both plain answers.
pub(super) fn is_yes_or_no(levels: &[String]) -> bool {
    use crate::vocabulary::columns::answer;
    levels.len() == 2 && levels.iter().all(|level| answer(level).is_some())
}

/// How a date is written as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateNumber {
    /// 20240629, or a year and a month: 202406, 2406.
    Calendar,
    /// Days of a spreadsheet: 45472.
    Serial,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

/// The date that a number stands for, if its values look like one. Only a name can tell days of a spreadsheet.
pub(crate) fn date_number(column: &Traits) -> Option<DateNumber> {
    let numbers = column.numbers()?;
    let within =
        |range: &std::ops::Range<f64>| range.contains(&numbers.q05) && range.contains(&numbers.q95);
    let is_calendar = numbers.whole && numbers.digits == Some(8) && {
        let rest = |value: f64| value % 10_000.0;
        within(&(1.85e7..2.2e7)) && rest(numbers.min) <= 1231.0 && rest(numbers.max) <= 1231.0
    };
    let is_month = |value: f64| (1.0..=12.0).contains(&(value % 100.0));
    let are_months = is_named_date(column)
        && numbers.whole
        && (numbers.digits == Some(4) || numbers.digits == Some(6) && within(&(1.85e5..2.2e5)))
        && column.present_numbers().into_iter().all(is_month);
    if is_calendar || are_months {
        return Some(DateNumber::Calendar);
    }
    if within(&EPOCH_MILLISECONDS) {
        return Some(DateNumber::Milliseconds);
    }
    if within(&EPOCH_SECONDS) && numbers.digits >= Some(9) {
        return Some(DateNumber::Seconds);
    }
    (is_named_date(column) && within(&SERIALS)).then_some(DateNumber::Serial)
}

/// Whether the name is that of a date.
fn is_named_date(column: &Traits) -> bool {
    column.clues.measures().contains(&Measure::Date)
}

/// A date that is written as a number; surely so only where the name is that of a date, too.
pub(super) fn written_date(column: &Traits) -> Option<Found> {
    date_number(column)?;
    let because = "it is a date written as a number";
    let found = Found::sure(Measure::Epoch, "date_number", because);
    let is_named = is_named_date(column);
    Some(if is_named {
        found
    } else {
        found.with(Confidence::Likely)
    })
}

/// What the values of a column without a telling name say.
pub(super) fn of(column: &Traits, numbers: &NumberTraits) -> Found {
    let guess =
        |measure, code, because: &str| Found::sure(measure, code, because).with(Confidence::Guess);
    let likely =
        |measure, code, because: &str| Found::sure(measure, code, because).with(Confidence::Likely);
    if let Some(found) = looks_like_an_id(column, numbers) {
        return found;
    }
    if numbers.whole && column.distinct == 2 {
        return likely(Measure::Category, "two_values", "it has two values");
    }
    let consecutive = numbers.max - numbers.min + 1.0 == column.distinct as f64;
    if numbers.whole && numbers.min >= 1.0 && consecutive && column.distinct <= MOST_CODES {
        let because = format!(
            "its values are the codes {} to {}",
            numbers.min, numbers.max
        );
        return guess(Measure::Code, "codes", &because);
    }
    if numbers.min >= 0.0 && numbers.max <= 1.0 && !numbers.whole {
        return likely(
            Measure::Share,
            "zero_to_one",
            "its values lie between 0 and 1",
        );
    }
    if numbers.whole && are_years(numbers) && column.distinct <= 150 {
        return likely(Measure::Year, "year", "its values are years");
    }
    let long_tail = numbers.q95 - numbers.median > 2.0 * (numbers.median - numbers.q05);
    if numbers.min >= 0.0 && numbers.cents && column.distinct > 20 && long_tail {
        let because = "its values have two decimals and a long tail, like money";
        return guess(Measure::Money, "like_money", because);
    }
    let large = numbers.whole && numbers.max >= 1000.0 && column.distinct > 30;
    if numbers.min >= 0.0 && large && long_tail {
        let because = "its values are large whole numbers with a long tail, like amounts";
        return guess(Measure::Money, "like_money", because);
    }
    if numbers.whole && numbers.min >= 0.0 && numbers.max <= 1000.0 {
        return guess(
            Measure::Count,
            "small_whole",
            "its values are small whole numbers",
        );
    }
    guess(Measure::Number, "number", "it is a number")
}

/// Whole numbers, nearly all different, of one length: an id, a telephone number, a time stamp, by behaviour.
pub(super) fn looks_like_an_id(column: &Traits, numbers: &NumberTraits) -> Option<Found> {
    if let Some(found) = written_date(column).filter(|_| column.rows >= FEWEST_ROWS) {
        return Some(found);
    }
    let is_long = numbers.min >= 1000.0 && numbers.digits.is_some();
    let range = numbers.max - numbers.min;
    let present = column.present() as f64;
    // Numbers of a measure that lie so close would repeat: twenty pairs and more, if they were drawn at random.
    let none_repeats = column.distinct == column.present() && present * present > 40.0 * range;
    let is_running = numbers.whole
        && (numbers.min >= 1000.0 || none_repeats)
        && range < 4.0 * column.rows as f64;
    let different = column.distinct as f64 > 0.9 * column.present() as f64;
    (column.rows >= FEWEST_ROWS && different && (is_long || is_running)).then(|| {
        let because = "its whole numbers are nearly all different and of one length, like an id";
        Found::sure(Measure::Identifier, "like_an_id", because).with(Confidence::Likely)
    })
}
