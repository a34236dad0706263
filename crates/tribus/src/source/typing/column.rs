//! The values of one column, by its plan.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, LargeStringBuilder};
use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, Int64Array};

use super::date::{self, Form};
use super::notation::{self, Finding, Notation, Survey};
use super::number::{Digits, Grouping, dissect};
use super::plan::{Plan, Trouble, Wish, enough, has_cents, true_false};
use crate::source::DateOrder;
use crate::source::raw::Cells;
use crate::source::readers::header::trim;
use crate::table::{ColumnFacts, Misfits, Problem};

/// A column, typed.
#[derive(Debug)]
pub(crate) struct Typed {
    pub(crate) array: ArrayRef,
    pub(crate) facts: ColumnFacts,
    pub(crate) trouble: Option<Trouble>,
}

/// What the rest of the file says about a column.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Evidence {
    /// The decimal sign that other columns prove.
    pub(crate) decimal: Option<char>,
    pub(crate) delimiter: Option<u8>,
}

/// Types a column by its plan.
pub(crate) fn build(cells: &Cells, plan: Plan, wish: Wish, evidence: Evidence) -> Typed {
    match plan {
        Plan::Verbatim => verbatim(cells),
        Plan::Id => id(cells),
        Plan::Text(trouble) => text(cells, trouble, None),
        Plan::Codes(why) => text(cells, None, Some(why)),
        Plan::Plain { values, cents, .. } => {
            let facts = ColumnFacts {
                cents,
                ..ColumnFacts::default()
            };
            numbers_from(values, facts)
        }
        Plan::Measured(measured) => {
            let facts = ColumnFacts {
                notation: vec![measured.note],
                are_spans: measured.are_spans,
                ..ColumnFacts::default()
            };
            numbers_from(measured.values.into(), facts)
        }
        Plan::TrueFalse => true_false_numbers(cells),
        Plan::AmbiguousDates { example } => {
            let mut typed = text(cells, Some(Trouble::AmbiguousDates { example }), None);
            typed.facts.ambiguous_dates = true;
            typed
        }
        Plan::Dates { form, order } => dates(cells, form, order, wish),
        Plan::Numbers(survey) => numbers(cells, &survey, wish, evidence),
    }
}

fn verbatim(cells: &Cells) -> Typed {
    let mut builder = LargeStringBuilder::with_capacity(cells.len(), cells.bytes());
    cells.iter().for_each(|cell| builder.append_value(cell));
    typed_text(builder, 0, Vec::new(), None)
}

fn id(cells: &Cells) -> Typed {
    let mut missing = 0;
    let mut builder = LargeStringBuilder::with_capacity(cells.len(), cells.bytes());
    for cell in cells.iter() {
        // `NA` may be an id; an empty cell is none.
        if trim(cell).is_empty() {
            builder.append_null();
            missing += 1;
        } else {
            builder.append_value(cell);
        }
    }
    typed_text(builder, missing, Vec::new(), None)
}

fn text(cells: &Cells, trouble: Option<Trouble>, note: Option<&str>) -> Typed {
    let mut missing = 0;
    let mut trimmed = false;
    let mut builder = LargeStringBuilder::with_capacity(cells.len(), cells.bytes());
    for cell in cells.iter() {
        if cells.is_missing(cell) {
            builder.append_null();
            missing += 1;
        } else {
            let inner = trim(cell);
            trimmed |= inner.len() < cell.len();
            builder.append_value(inner);
        }
    }
    let mut notation: Vec<String> = note.map(str::to_owned).into_iter().collect();
    if trimmed {
        notation.push("spaces around text removed".into());
    }
    typed_text(builder, missing, notation, trouble)
}

fn typed_text(
    mut builder: LargeStringBuilder,
    missing: u64,
    notation: Vec<String>,
    trouble: Option<Trouble>,
) -> Typed {
    Typed {
        array: Arc::new(builder.finish()),
        facts: ColumnFacts {
            missing,
            notation,
            ..ColumnFacts::default()
        },
        trouble,
    }
}

/// A column of numbers, with its facts completed.
pub(crate) fn numbers_from(values: Float64Array, mut facts: ColumnFacts) -> Typed {
    let misfits = facts.misfits.as_ref().map_or(0, Misfits::count);
    facts.missing = values.null_count() as u64 - misfits;
    facts.whole = values.iter().flatten().all(|value| value.fract() == 0.0);
    Typed {
        array: Arc::new(values),
        facts,
        trouble: None,
    }
}

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;

/// A column of dates from milliseconds since 1970: the days, and beside them the times of day.
pub(crate) fn dates_from(instants: &Int64Array) -> Typed {
    let days: Date32Array = instants
        .iter()
        .map(|instant| instant.and_then(|instant| i32::try_from(instant.div_euclid(DAY)).ok()))
        .collect();
    let times = instants
        .iter()
        .map(|instant| instant.unwrap_or(0).rem_euclid(DAY) as u32);
    Typed {
        facts: ColumnFacts {
            missing: days.null_count() as u64,
            times: times_of_day(times.collect()),
            ..ColumnFacts::default()
        },
        array: Arc::new(days),
        trouble: None,
    }
}

/// Times of day, where any cell has one.
fn times_of_day(times: Vec<u32>) -> Option<Arc<[u32]>> {
    times.iter().any(|time| *time > 0).then(|| times.into())
}

fn true_false_numbers(cells: &Cells) -> Typed {
    let number = |cell| true_false(cell).map(|value| if value { 1.0 } else { 0.0 });
    let facts = ColumnFacts {
        notation: vec!["true and false as 1 and 0".into()],
        ..ColumnFacts::default()
    };
    numbers_from(cells.iter().map(number).collect(), facts)
}

/// Notes a cell that does not fit.
fn note_misfit(misfits: &mut Option<Misfits>, row: usize, cell: &str, problem: Problem) {
    let misfits = misfits.get_or_insert_with(|| Misfits {
        cells: Vec::new(),
        example: showable(cell),
        tolerated: false,
    });
    misfits.cells.push((row, problem));
}

/// The cell if it may be shown: short and without an `@`.
pub(crate) fn showable(cell: &str) -> Option<String> {
    /// Longer than any number or date; shorter than most secrets.
    const LONGEST: usize = 24;
    let cell = trim(cell);
    let length = cell.chars().count();
    // A word may be a name; a code of three letters or something with a digit is none.
    let is_no_name =
        length <= 3 || cell.starts_with('#') || cell.chars().any(|c| c.is_ascii_digit());
    (length <= LONGEST && !cell.contains('@') && is_no_name).then(|| cell.to_owned())
}

fn dates(cells: &Cells, form: Form, order: DateOrder, wish: Wish) -> Typed {
    let mut misfits = None;
    let mut missing = 0;
    let mut days = Vec::with_capacity(cells.len());
    let mut times = Vec::with_capacity(cells.len());
    for (row, cell) in cells.iter().enumerate() {
        let day = date::value(cell, form, order);
        if day.is_none() {
            if cells.is_missing(cell) {
                missing += 1;
            } else {
                note_misfit(&mut misfits, row, cell, Problem::NotADate);
            }
        }
        days.push(day);
        times.push(date::time_of_day(cell));
    }
    let wrong = misfits
        .as_ref()
        .map_or(0, |misfits: &Misfits| misfits.cells.len());
    let present = cells.len() - missing;
    if !wish.dates() && !enough(present - wrong, present) {
        return text(cells, None, None);
    }
    Typed {
        array: Arc::new(Date32Array::from(days)),
        facts: ColumnFacts {
            missing: missing as u64,
            misfits,
            times: times_of_day(times),
            notation: date::notation(form, order).into_iter().collect(),
            date_order: matches!(form, Form::YearLast(_) | Form::ShortYear(_)).then_some(order),
            ..ColumnFacts::default()
        },
        trouble: None,
    }
}

fn numbers(cells: &Cells, survey: &Survey, wish: Wish, evidence: Evidence) -> Typed {
    let Some(digits) = settle(survey.digits(wish.decimal), evidence) else {
        let has = |sign| move |cell: &&str| cell.contains(sign);
        let example = cells
            .iter()
            .find(has(','))
            .or_else(|| cells.iter().find(has('.')));
        let example = showable(example.unwrap_or_default()).unwrap_or_default();
        return text(cells, Some(Trouble::AmbiguousDecimals { example }), None);
    };
    let notation = Notation {
        digits,
        currency: survey.currency(),
        percent: survey.percent(),
    };
    let mut facts = ColumnFacts::default();
    let mut values = Float64Builder::with_capacity(cells.len());
    let mut scratch = String::new();
    facts.cents = true;
    for (row, cell) in cells.iter().enumerate() {
        let value = if cells.is_missing(cell) {
            None
        } else {
            let value = notation::value(cell, notation, &mut scratch);
            let number = cell.trim_end_matches(|c: char| !c.is_ascii_digit());
            facts.cents &= value.is_err() || has_cents(number, notation.digits.decimal);
            if let Err(problem) = value {
                note_misfit(&mut facts.misfits, row, cell, problem);
            }
            value.ok()
        };
        values.append_option(value);
    }
    let wrong = facts
        .misfits
        .as_ref()
        .map_or(0, |misfits| misfits.cells.len());
    if !wish.numbers() && !enough(survey.present - wrong, survey.present) {
        return too_few_numbers(cells, survey, facts.misfits);
    }
    facts.currency = notation.currency.map(str::to_owned);
    facts.notation = words(cells, notation);
    if !wish.numbers()
        && let Some(note) = word_for_none(cells, facts.misfits.as_ref())
    {
        facts.misfits = None;
        facts.notation.push(note);
    }
    numbers_from(values.finish(), facts)
}

/// Text, with the reason why it is no column of numbers.
fn too_few_numbers(cells: &Cells, survey: &Survey, misfits: Option<Misfits>) -> Typed {
    let currencies = survey.mixed_currencies();
    let trouble = currencies.map(|currencies| Trouble::MixedCurrencies { currencies });
    let fits = survey.present - misfits.as_ref().map_or(0, |misfits| misfits.cells.len());
    let other = misfits.and_then(|misfits| misfits.example);
    let note = other.filter(|_| fits * 2 > survey.present).map(|other| {
        format!(
            "{fits} of {} cells are numbers, but not `{other}`",
            survey.present
        )
    });
    text(cells, trouble, note.as_deref())
}

/// One word over and over among numbers stands for no value, as `Error` does; said with how often.
fn word_for_none(cells: &Cells, misfits: Option<&Misfits>) -> Option<String> {
    /// A slip of the pen is not made so often.
    const OFTEN: usize = 20;
    /// Nor in so large a share of the cells.
    const SHARE: f64 = 0.01;
    let misfits = misfits?;
    let count = misfits.cells.len();
    let word = trim(cells.get(misfits.cells[0].0));
    let is_word = word
        .chars()
        .all(|c| c.is_alphabetic() || c == '_' || c == '#');
    let is_often = count >= OFTEN && count as f64 >= SHARE * cells.len() as f64;
    let is_alone = || {
        misfits
            .cells
            .iter()
            .all(|(row, _)| trim(cells.get(*row)) == word)
    };
    (is_word && is_often && is_alone()).then(|| match misfits.example {
        Some(_) => format!("`{word}` in {count} cells counts as missing"),
        None => format!("one word in {count} cells counts as missing"),
    })
}

/// The notation of digits, with the help of the rest of the file where the column alone cannot tell.
fn settle(finding: Finding, evidence: Evidence) -> Option<Digits> {
    let known = |decimal, grouping| Some(Digits { decimal, grouping });
    match (finding, evidence.decimal) {
        (Finding::Known(digits), _) => Some(digits),
        (Finding::PointOfThousands, Some(',')) => known(',', Grouping::Char('.')),
        // Beside semicolons a decimal comma is usual, so points of thousands are as likely as decimals.
        (Finding::PointOfThousands, None) if evidence.delimiter == Some(b';') => None,
        (Finding::PointOfThousands, _) => known('.', Grouping::None),
        (Finding::CommaOfEither { .. }, Some(',')) => known(',', Grouping::None),
        (Finding::CommaOfEither { .. }, Some(_)) => known('.', Grouping::Char(',')),
        // Where a decimal comma is usual, programs write another delimiter than the comma.
        (Finding::CommaOfEither { throughout }, None)
            if !throughout || evidence.delimiter == Some(b',') =>
        {
            known('.', Grouping::Char(','))
        }
        (Finding::CommaOfEither { .. }, None) => None,
    }
}

/// The notation in words; nothing is said of plain numbers.
fn words(cells: &Cells, notation: Notation) -> Vec<String> {
    let mut words = Vec::new();
    if notation.digits.decimal == ',' {
        words.push("decimal comma".to_owned());
    }
    match notation.digits.grouping {
        Grouping::None => {}
        Grouping::Char(',') => words.push("comma between thousands".into()),
        Grouping::Char('.') => words.push("point between thousands".into()),
        Grouping::Char(_) => words.push("apostrophe between thousands".into()),
        Grouping::Space => words.push("space between thousands".into()),
        Grouping::Indian => words.push("commas between lakhs".into()),
    }
    if let Some(currency) = notation.currency {
        words.push(format!("{currency} removed"));
    }
    if notation.percent {
        words.push("% removed".into());
    }
    let negatives = cells
        .iter()
        .filter(|cell| cell.contains('('))
        .filter_map(dissect)
        .filter(|anatomy| anatomy.parentheses)
        .count();
    if negatives > 0 {
        words.push(format!("{negatives} in parentheses read as negative"));
    }
    if cells.iter().any(|cell| trim(cell).ends_with('+')) {
        words.push("numbers such as 3+ read as 3".into());
    }
    let is_scaled = |cell: &str| cell.ends_with(['K', 'k', 'M']);
    let mut scaled = cells
        .iter()
        .filter(|cell| is_scaled(cell))
        .filter_map(dissect);
    if scaled.any(|anatomy| anatomy.scale > 1.0) {
        words.push("K and M read as thousands and millions".into());
    }
    words
}
