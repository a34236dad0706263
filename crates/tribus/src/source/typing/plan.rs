//! What a column holds, found from its own cells.

use arrow_array::Float64Array;
use arrow_array::builder::Float64Builder;

use super::date::{self, Asked, Form, Format};
use super::notation::{self, Survey};
use super::number::Number;
use super::unit::{self, Measured};
use crate::source::DateOrder;
use crate::source::raw::Cells;
use crate::source::readers::header::trim;

/// What the user says a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Must {
    /// Byte for byte, and an empty cell is a value as well.
    Verbatim,
    /// Byte for byte.
    Id,
    Numbers,
    Dates,
}

/// What the user and the column's name say about it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wish {
    pub(crate) must: Option<Must>,
    /// The name speaks of a date, so `20140629` is one.
    pub(crate) named_date: bool,
    /// The name says years, so spans are told in years.
    pub(crate) in_years: bool,
    pub(crate) date_order: Option<DateOrder>,
    pub(crate) decimal: Option<char>,
}

impl Wish {
    pub(super) fn numbers(self) -> bool {
        self.must == Some(Must::Numbers)
    }

    pub(super) fn dates(self) -> bool {
        self.must == Some(Must::Dates)
    }
}

/// What a column holds, found from its own cells alone.
#[derive(Debug)]
pub(crate) enum Plan {
    /// Byte for byte, and an empty cell is a value as well.
    Verbatim,
    /// Byte for byte.
    Id,
    Text(Option<Trouble>),
    /// Digits that are no quantity; why, in words.
    Codes(&'static str),
    Plain {
        values: Float64Array,
        /// A decimal point stands where no separator of thousands could.
        proves_point: bool,
        /// Every number is written with two decimals.
        cents: bool,
    },
    TrueFalse,
    Measured(Measured),
    Dates {
        form: Form,
        order: DateOrder,
    },
    AmbiguousDates {
        example: String,
    },
    Numbers(Box<Survey>),
}

/// Why a column stayed text although it looks like more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    AmbiguousDates { example: String },
    TwoDigitYears { row: usize, example: String },
    MixedDates { first: String, second: String },
    AmbiguousDecimals { example: String },
    MixedCurrencies { currencies: Vec<&'static str> },
}

/// At least nine cells in ten fit.
pub(super) fn enough(fits: usize, present: usize) -> bool {
    fits > 0 && fits * 10 >= present * 9
}

/// Whole numbers are exact up to here (2 to the power of 53); digits beyond are an id.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;

/// Finds out what a column holds.
pub(crate) fn plan(cells: &Cells, wish: Wish) -> Plan {
    match wish.must {
        Some(Must::Verbatim) => return Plan::Verbatim,
        Some(Must::Id) => return Plan::Id,
        _ => {}
    }
    let compact = wish.dates() || wish.named_date || date::are_compact(cells);
    if wish.dates() || compact && !wish.numbers() {
        let dates = plan_dates(cells, wish, compact);
        if wish.dates() || !matches!(dates, Plan::Text(None)) {
            return dates;
        }
    }
    if wish.decimal.is_none_or(|decimal| decimal == '.')
        && let Some(values) = plain_numbers(cells, wish.numbers())
    {
        return values;
    }
    if is_true_false(cells) {
        return Plan::TrueFalse;
    }
    if !wish.numbers() {
        let dates = plan_dates(cells, wish, compact);
        if !matches!(dates, Plan::Text(None)) {
            return dates;
        }
    }
    if let Some(measured) = unit::read(cells, wish) {
        return Plan::Measured(measured);
    }
    let survey = notation::survey(cells, wish.numbers());
    if !wish.numbers() && survey.is_code() {
        return Plan::Codes("leading zeros: kept as text");
    }
    if !wish.numbers() && are_codes(cells, &survey) {
        return Plan::Codes("codes, some with letters: kept as text");
    }
    if wish.numbers() || survey.numeric * 2 > survey.present {
        Plan::Numbers(Box::new(survey))
    } else {
        Plan::Text(None)
    }
}

fn plan_dates(cells: &Cells, wish: Wish, compact: bool) -> Plan {
    let asked = Asked {
        required: wish.dates(),
        compact,
        order: wish.date_order,
    };
    match date::survey(cells, asked) {
        Format::None => Plan::Text(None),
        Format::Known { form, order } => Plan::Dates { form, order },
        Format::Ambiguous { example } => Plan::AmbiguousDates { example },
        Format::TwoDigitYears { row, example } => {
            Plan::Text(Some(Trouble::TwoDigitYears { row, example }))
        }
        Format::Mixed { first, second } => Plan::Text(Some(Trouble::MixedDates { first, second })),
    }
}

/// Whether more than one cell in a hundred is a letter or two before digits, such as `V57` among 250 and 428: codes, of which
/// most look like numbers.
fn are_codes(cells: &Cells, survey: &Survey) -> bool {
    let is_code = |cell: &&str| {
        let digits = trim(cell).trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let letters = trim(cell).len() - digits.len();
        (1..=2).contains(&letters)
            && !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit())
    };
    survey.numeric < survey.present && cells.iter().filter(is_code).count() * 100 > survey.present
}

/// The usual case, in one pass: every cell is a plain number or missing. Nothing if the cells need a closer look.
fn plain_numbers(cells: &Cells, required: bool) -> Option<Plan> {
    let mut values = Float64Builder::with_capacity(cells.len());
    let (mut present, mut beyond, mut reaching) = (0, 0, 0);
    let (mut points, mut proves_point) = (false, false);
    let mut cents = true;
    for cell in cells.iter() {
        let cell = trim(cell);
        let sign = cell
            .as_bytes()
            .first()
            .filter(|byte| matches!(byte, b'+' | b'-'));
        let unsigned = &cell[usize::from(sign.is_some())..];
        let number =
            Number::of(unsigned).filter(|number| number.size.is_finite() && !number.leading_zero);
        if let Some(number) = number {
            points |= number.decimals.is_some();
            cents &= number.has_cents();
            proves_point |= !number.may_be_point_of_thousands();
            values.append_value(negate(number.size, sign == Some(&b'-')));
            present += 1;
            reaching += usize::from(sign == Some(&b'+') && is_international(cell));
            beyond += usize::from(number.size > EXACT && number.is_digits());
        } else if cells.is_missing(cell) {
            values.append_null();
        } else {
            return None;
        }
    }
    let proves_point = proves_point && points;
    if !required && enough(reaching, present) {
        return Some(Plan::Codes("telephone numbers: kept as text"));
    }
    if !required && enough(beyond, present) {
        return Some(Plan::Codes("more digits than a number holds: kept as text"));
    }
    (present > 0 && (proves_point || !points)).then(|| Plan::Plain {
        values: values.finish(),
        proves_point,
        cents,
    })
}

/// A plus, the code of a country, and digits, perhaps behind a point: a telephone number, although it reads as a number.
fn is_international(cell: &str) -> bool {
    cell.strip_prefix('+').is_some_and(|number| {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        (8..=15).contains(&digits) && !number.starts_with('0')
    })
}

/// A decimal sign and two digits end the number.
pub(super) fn has_cents(number: &str, decimal: char) -> bool {
    let bytes = number.as_bytes();
    bytes.len() > 3
        && char::from(bytes[bytes.len() - 3]) == decimal
        && bytes[bytes.len() - 2..].iter().all(u8::is_ascii_digit)
}

/// Zero has no sign here: the same number must be the same bits.
fn negate(value: f64, negative: bool) -> f64 {
    if negative && value != 0.0 {
        -value
    } else {
        value
    }
}

fn is_true_false(cells: &Cells) -> bool {
    let mut any = false;
    cells.iter().all(|cell| {
        let known = true_false(cell).is_some();
        any |= known;
        known || cells.is_missing(cell)
    }) && any
}

pub(super) fn true_false(cell: &str) -> Option<bool> {
    let cell = trim(cell);
    if cell.eq_ignore_ascii_case("true") {
        Some(true)
    } else if cell.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

impl Plan {
    /// The decimal sign that this column proves.
    pub(crate) fn proves_decimal(&self) -> Option<char> {
        match self {
            Self::Plain { proves_point, .. } => proves_point.then_some('.'),
            Self::Numbers(survey) => survey.proves_decimal(),
            _ => None,
        }
    }
}
