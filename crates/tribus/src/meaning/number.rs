//! The meaning of a column of numbers.

use super::decide::{Found, is_outcome, is_treatment, named_as, names_the_customer};
use super::name::Numbering;
use super::shape;
use super::traits::{NumberTraits, Traits};
use super::{Clues, Confidence, Event, Measure, Unit};
use crate::vocabulary::Concept;

/// Amounts told in classes have no more of them.
const MOST_CLASSES: usize = 10;

/// Whole numbers of so many digits, nearly all different, are no amounts.
const LONG_NUMBER: u32 = 9;

/// Payments that are counted are not more.
const MOST_PAYMENTS: f64 = 60.0;

/// A code of numbers has at most so many values that are worth telling.
const MOST_CODES: usize = 50;

/// Columns called R, F and M mean something only together.
fn of_rfm(name: &str) -> Option<Found> {
    match name {
        "r" => Some(Found::sure(
            Measure::Duration,
            "rfm",
            "recency: R beside F and M",
        )),
        "f" => Some(Found::sure(
            Measure::Count,
            "rfm",
            "frequency: F beside R and M",
        )),
        "m" => Some(Found::sure(
            Measure::Money,
            "rfm",
            "monetary value: M beside R and F",
        )),
        _ => None,
    }
}

pub(super) fn of_numbers(column: &Traits, numbers: &NumberTraits, rfm: bool) -> Found {
    if rfm && let Some(found) = of_rfm(&column.clues.lower) {
        return found;
    }
    if shape::counts_the_rows(column, numbers) {
        return Found::sure(Measure::RowNumber, "row_number", "it numbers the rows");
    }
    if column.zero_or_one() {
        return of_flag(column);
    }
    let measures = column.clues.measures();
    let by_name = measures
        .into_iter()
        .find_map(|measure| named(column, numbers, measure));
    by_name
        .or_else(|| with_sign(column))
        .unwrap_or_else(|| shape::of(column, numbers))
}

fn of_flag(column: &Traits) -> Found {
    let clues = &column.clues;
    if is_treatment(clues) {
        return Found::sure(
            Measure::Treatment,
            "treatment",
            "its name is that of a test arm",
        );
    }
    if is_outcome(clues) {
        return Found::sure(
            Measure::Outcome,
            "outcome",
            "its name is that of an outcome",
        );
    }
    Found::sure(Measure::Flag, "flag", "it is 0 or 1")
}

/// A currency or percent sign in the cells says what the name does not.
fn with_sign(column: &Traits) -> Option<Found> {
    if column.facts.are_spans {
        let because = "its cells are spans of time";
        return Some(Found::sure(Measure::Duration, "span", because));
    }
    if column.facts.currency.is_some() {
        return Some(Found::sure(
            Measure::Money,
            "currency",
            "it carries a currency sign",
        ));
    }
    let percent = column.facts.notation.iter().any(|note| note.contains('%'));
    percent.then(|| Found::sure(Measure::Share, "percent", "its cells carry a percent sign"))
}

/// The suggested measure, if the values allow it; sometimes a near one that they do.
fn named(column: &Traits, numbers: &NumberTraits, measure: Measure) -> Option<Found> {
    match measure {
        // Hardly a count: all different, and of one length.
        Measure::Count if column.clues.numbering == Numbering::First => {
            let is_id = shape::looks_like_an_id(column, numbers).is_some();
            let id = || named_as(Measure::Identifier, "identifier", "an id");
            Some(if is_id {
                id()
            } else {
                counted(column, numbers)
            })
        }
        Measure::Count => Some(counted(column, numbers)),
        Measure::Date => shape::written_date(column),
        // "Revenue year": what has cents is money.
        Measure::Duration if numbers.cents && column.clues.whose().is_some() => None,
        Measure::Duration => Some(duration(column, numbers)),
        Measure::Calendar | Measure::BirthYear | Measure::Age => time_of_life(numbers, measure),
        Measure::Share if shape::is_share(numbers) => Some(named_as(measure, "share", "a share")),
        Measure::Share => Some(named_as(Measure::Number, "ratio", "a ratio")),
        Measure::Score => Some(named_as(measure, "score", "a score")),
        Measure::Money => Some(money(column, numbers)),
        Measure::Number => Some(other_measure(column, numbers)),
        _ => named_kind(column, numbers, measure),
    }
}

/// Whole numbers are counts; others are what was paid, or an average.
fn counted(column: &Traits, numbers: &NumberTraits) -> Found {
    let clues = &column.clues;
    let event = clues.event();
    // "Number of days" is a span, "number of visit days" a count.
    if clues.unit.is_some() && event.is_none() {
        return named_as(Measure::Duration, "duration", "a time span");
    }
    let whole = numbers.whole && !column.facts.cents;
    if whole && event == Some(Event::People) {
        return named_as(Measure::Count, "count", "a count of people");
    }
    if whole && are_codes(column, numbers) {
        let what = "a count, but its few values are far too large for one";
        return named_as(Measure::Code, "large_codes", what).with(Confidence::Likely);
    }
    if whole && clues.numbering == Numbering::First && event.is_none() {
        let found = named_as(Measure::Count, "numbered", "a number of something");
        return found.with(Confidence::Likely);
    }
    if whole {
        return named_as(Measure::Count, "count", "a count");
    }
    if clues.counts {
        return named_as(Measure::Number, "average_count", "an average count");
    }
    if event.is_some_and(is_paid) && !clues.has_any(&[Concept::Calendar, Concept::Hours]) {
        let because = "its name is that of purchases or payments, and it holds no counts";
        return Found::sure(Measure::Money, "money", because).with(Confidence::Likely);
    }
    named_as(Measure::Number, "measure", "a measure")
}

/// A few values that repeat, most of them far above their number: 33, 8014, 9254, ... are no counts.
fn are_codes(column: &Traits, numbers: &NumberTraits) -> bool {
    /// How far.
    const FAR: f64 = 20.0;
    column.distinct <= MOST_CODES
        && column.present() >= 10 * column.distinct
        && numbers.median > FAR * column.distinct as f64
}

/// Money, or what the name of money can also stand for.
fn money(column: &Traits, numbers: &NumberTraits) -> Found {
    let clues = &column.clues;
    if clues.has(Concept::Income) {
        return named_as(Measure::Money, "money", "an income");
    }
    let is_long = numbers.digits >= Some(LONG_NUMBER);
    if let Some(found) = shape::looks_like_an_id(column, numbers).filter(|_| is_long) {
        return found;
    }
    let (measure, code, what) = if are_classes(column, numbers) {
        let what = "an amount of money, and its values are classes";
        (Measure::Score, "classes", what)
    } else if is_ratio(clues, numbers) {
        let what = "a worth or a ratio, and it is nowhere above 100";
        (Measure::Number, "ratio", what)
    } else if is_small_stock(column, numbers) {
        let what = "a stock or a limit, and its values are few small whole numbers";
        (Measure::Count, "count", what)
    } else if !counts_payments(clues, numbers) {
        return named_as(Measure::Money, "money", "an amount of money");
    } else if numbers.min >= 0.0 {
        (Measure::Count, "count", "payments, and its values are few")
    } else {
        // What is below 0 is a state of payment, not a number of payments.
        let what = "payments, and it holds no amounts";
        (Measure::Number, "payment_state", what)
    };
    named_as(measure, code, what).with(Confidence::Likely)
}

/// A few small whole numbers under the name of an amount: "size by revenue" from 1 to 5.
fn are_classes(column: &Traits, numbers: &NumberTraits) -> bool {
    let is_amount = column
        .clues
        .has_any(&[Concept::Spent, Concept::Amount, Concept::Income]);
    is_amount
        && numbers.whole
        && column.distinct <= MOST_CLASSES
        && numbers.max <= MOST_CLASSES as f64
        && column.present() >= 10 * MOST_CLASSES
}

/// LTV is what a customer is worth, or a loan by the value of what it is for: most of 100.
fn is_ratio(clues: &Clues, numbers: &NumberTraits) -> bool {
    clues.has(Concept::CustomerValue) && numbers.max <= 100.0 && numbers.median > 0.5 * numbers.max
}

/// A few small whole numbers under the name of what is owned or allowed: a balance of stamps, times over a limit.
fn is_small_stock(column: &Traits, numbers: &NumberTraits) -> bool {
    let is_money = column
        .clues
        .has_any(&[Concept::Amount, Concept::CurrencyUnit]);
    column.clues.has(Concept::Owned)
        && !is_money
        && column.facts.currency.is_none()
        && numbers.whole
        && numbers.min >= 0.0
        && numbers.max <= MOST_PAYMENTS
}

/// Small whole numbers under a name that tells of payments, but of no amount.
fn counts_payments(clues: &Clues, numbers: &NumberTraits) -> bool {
    let is_amount = clues.has_any(&[
        Concept::Amount,
        Concept::CurrencyUnit,
        Concept::Spent,
        Concept::Cost,
        Concept::Owed,
        Concept::Owned,
        Concept::Income,
        Concept::Price,
        Concept::CustomerValue,
    ]);
    clues.has(Concept::Payment) && !is_amount && numbers.whole && numbers.max <= MOST_PAYMENTS
}

/// A number of changes is a count, any other measure a number.
fn other_measure(column: &Traits, numbers: &NumberTraits) -> Found {
    let counts = numbers.whole && numbers.min >= 0.0 && numbers.max <= 1000.0;
    if column.clues.has(Concept::Change) && counts {
        return named_as(Measure::Count, "count", "a count of changes");
    }
    named_as(Measure::Number, "measure", "a measure")
}

/// Years and ages of plausible size; days and months of the calendar.
fn time_of_life(numbers: &NumberTraits, measure: Measure) -> Option<Found> {
    let is_part = numbers.whole && numbers.min >= 0.0;
    let calendar = || named_as(Measure::Calendar, "calendar", "a part of the calendar");
    let are_years = numbers.whole && shape::are_years(numbers);
    match measure {
        Measure::Age => (numbers.q05 >= 0.0 && numbers.q95 <= 120.0 && numbers.median >= 1.0)
            .then(|| named_as(measure, "age", "an age")),
        // The day or the month of birth.
        Measure::BirthYear if is_part && numbers.max <= 31.0 => Some(calendar()),
        Measure::BirthYear => are_years.then(|| named_as(measure, "birth_year", "a year of birth")),
        _ if are_years => Some(Found::sure(Measure::Year, "year", "its values are years")),
        _ => (is_part && numbers.max <= 60.0).then(calendar),
    }
}

/// Ids, codes, places and other kinds that are written as numbers.
fn named_kind(column: &Traits, numbers: &NumberTraits, measure: Measure) -> Option<Found> {
    let clues = &column.clues;
    let counts = numbers.whole && numbers.min >= 0.0;
    let few_kinds = numbers.whole && column.distinct <= MOST_CODES;
    let repeats = 2 * column.distinct <= column.present();
    let (fits, found) = match measure {
        Measure::Prediction => (true, named_as(measure, "prediction", "a prediction")),
        Measure::RowNumber => (
            counts && !repeats,
            named_as(measure, "row_number", "a row number"),
        ),
        Measure::Identifier if !repeats || names_the_customer(clues) => {
            (counts, named_as(measure, "identifier", "an id"))
        }
        // Small numbers under an unknown word and "number" may be anything.
        Measure::Identifier if clues.numbering == Numbering::Last && numbers.max < 1000.0 => {
            return None;
        }
        Measure::Identifier => (counts, named_as(Measure::Code, "code", "a code")),
        Measure::Contact => (
            counts && numbers.median >= 1e6,
            named_as(measure, "contact", "a way to reach somebody"),
        ),
        Measure::Label if !numbers.whole && clues.whose().is_some() => return None,
        Measure::Label if numbers.whole => (
            true,
            named_as(measure, "label", "a rank or an earlier segmentation"),
        ),
        Measure::Label => (true, named_as(Measure::Score, "score", "a score")),
        Measure::Code => (numbers.whole, named_code(column)),
        Measure::Treatment => (
            column.distinct <= 8,
            named_as(measure, "treatment", "a test arm"),
        ),
        Measure::Outcome => (
            few_kinds && column.distinct <= 10 && is_outcome(clues),
            named_as(measure, "outcome", "an outcome"),
        ),
        Measure::Weight => (numbers.min > 0.0, named_as(measure, "weight", "a weight")),
        // No place is numbered 0 like a customer who ordered nothing: "orders store".
        Measure::Place => (
            !clues.names_what_is_counted() || numbers.min > 0.0,
            named_as(measure, "place", "a place"),
        ),
        Measure::Category if few_kinds => (true, named_as(measure, "category", "a category")),
        Measure::Category => (
            numbers.whole && clues.last == Some(Concept::Category),
            named_as(Measure::Code, "code", "a category"),
        ),
        _ => return None,
    };
    fits.then_some(found)
}

/// Whole numbers under the name of a code.
fn named_code(column: &Traits) -> Found {
    if column.clues.has(Concept::Built) {
        return named_as(Measure::Year, "year", "a year of make");
    }
    if column.distinct == column.rows && column.rows > 20 {
        let what = "a code, and it is different in every row";
        return named_as(Measure::Identifier, "all_different", what);
    }
    named_as(Measure::Code, "code", "a code")
}

/// A few days with gaps between them, none above 31: the days of the month on which bills are due, or terms of payment.
fn are_days_of_the_month(column: &Traits, numbers: &NumberTraits) -> bool {
    const FEW: usize = 8;
    let has_gaps = numbers.max - numbers.min + 1.0 > column.distinct as f64;
    column.clues.unit == Some(Unit::Days)
        && numbers.whole
        && (1.0..=31.0).contains(&numbers.min)
        && numbers.max <= 31.0
        && column.distinct <= FEW
        && column.present() >= 10 * FEW
        && has_gaps
}

/// A day of the month, a month of the year, an hour of the day: a unit of time that nothing is counted in.
fn is_calendar(clues: &Clues, numbers: &NumberTraits) -> bool {
    let is_a_part = |concept: &Concept| {
        matches!(
            concept,
            Concept::Days
                | Concept::Months
                | Concept::Hours
                | Concept::Quarters
                | Concept::SignUp
                | Concept::Purchase
                | Concept::Transaction
                | Concept::Birth
                | Concept::Date
                | Concept::First
                | Concept::Last
                | Concept::Product
        )
    };
    let largest = match clues.unit {
        Some(Unit::Months) => 12.0,
        Some(Unit::Days) => 31.0,
        Some(Unit::Hours) if clues.concepts.len() == 1 => 24.0,
        Some(Unit::Quarters) => 4.0,
        _ => return false,
    };
    let is_full = numbers.max >= 0.9 * largest - 1.0;
    numbers.whole
        && numbers.min >= 0.0
        && numbers.max <= largest
        && is_full
        && clues.concepts.iter().all(is_a_part)
}

/// What is paid when it happens, or paid back.
fn is_paid(event: Event) -> bool {
    matches!(
        event,
        Event::Purchase | Event::Donation | Event::Payment | Event::Return | Event::Claim
    )
}

/// A span of time; one in hours or less that is used up is a plain number.
fn duration(column: &Traits, numbers: &NumberTraits) -> Found {
    let clues = &column.clues;
    let is_short = matches!(
        clues.unit,
        Some(Unit::Seconds | Unit::Minutes | Unit::Hours)
    );
    if is_short && !clues.has_any(&[Concept::Recency, Concept::Tenure]) {
        let because = "its name is that of time used";
        return Found::sure(Measure::Number, "time_used", because);
    }
    if is_calendar(clues, numbers) || are_days_of_the_month(column, numbers) {
        let because = "its name and values are those of a part of the calendar";
        return Found::sure(Measure::Calendar, "calendar", because);
    }
    if shape::are_years(numbers) && numbers.whole {
        let because = "its name and values are those of a year";
        return Found::sure(Measure::Year, "year", because);
    }
    let because = "its name is that of a time span";
    Found::sure(Measure::Duration, "duration", because)
}
