//! The meaning of one column: the first suggestion of its name that its values allow, else what the values alone say.

use super::name::Numbering;
use super::shape;
use super::traits::{Looks, NumberTraits, TextTraits, Traits, Values};
use super::{Clues, Confidence, Event, Meaning, Measure, Span, Unit, Whose};
use crate::roles::Role;
use crate::vocabulary::Concept;

/// A text column with more kinds than this is no category.
const MOST_CATEGORIES: usize = 50;

/// Amounts told in classes have no more of them.
const MOST_CLASSES: usize = 10;

/// Whole numbers of so many digits, nearly all different, are no amounts.
const LONG_NUMBER: u32 = 9;

/// Payments that are counted are not more.
const MOST_PAYMENTS: f64 = 60.0;

/// A code of numbers has at most so many values that are worth telling.
const MOST_CODES: usize = 50;

/// A measure, and why.
pub(super) struct Found {
    pub(super) measure: Measure,
    pub(super) confidence: Confidence,
    pub(super) code: &'static str,
    pub(super) because: String,
}

impl Found {
    pub(super) fn sure(measure: Measure, code: &'static str, because: &str) -> Self {
        Self {
            measure,
            confidence: Confidence::Sure,
            code,
            because: because.to_owned(),
        }
    }

    pub(super) fn with(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }
}

/// What a column means by itself. `rfm` says that columns called R, F and M stand together.
pub(crate) fn decide(column: &Traits, rfm: bool) -> Meaning {
    let found = by_itself(column, rfm);
    let mut meaning = with_clues(&column.clues, found);
    if let Some(word) = column.facts.span {
        meaning.unit = Unit::from_word(word);
    }
    if rfm && meaning.code == "rfm" {
        meaning.event = Some(Event::Purchase);
        meaning.span = Span::Since;
        meaning.whose = (meaning.measure == Measure::Money).then_some(Whose::Worth);
    }
    if meaning.measure == Measure::Money && meaning.whose.is_none() {
        meaning.whose = Some(match meaning.event {
            Some(Event::Purchase | Event::Donation) => Whose::Spent,
            Some(Event::Return | Event::Claim) => Whose::Cost,
            _ => Whose::Unknown,
        });
    }
    meaning
}

/// The meaning of a column of which name and role are known, but no values.
pub(crate) fn without_values(name: &str, role: Role) -> Meaning {
    let clues = Clues::of(name);
    let measure = match role {
        Role::Id => Measure::Identifier,
        Role::Date => Measure::Date,
        Role::BirthYear => Measure::BirthYear,
        Role::Age => Measure::Age,
        Role::Days => Measure::Duration,
        Role::Money => Measure::Money,
        Role::Count => Measure::Count,
        Role::Score => Measure::Score,
        Role::Share => Measure::Share,
        Role::Flag => Measure::Flag,
        Role::Category => Measure::Category,
        Role::Text => Measure::Text,
        Role::Number => Measure::Number,
        Role::Weight => Measure::Weight,
        Role::Outcome => Measure::Outcome,
        Role::Treatment => Measure::Treatment,
        Role::Constant => Measure::Constant,
    };
    let found = Found::sure(measure, "given", "the recipe says so");
    let mut meaning = with_clues(&clues, found);
    if measure == Measure::Money && meaning.whose.is_none() {
        meaning.whose = Some(Whose::Unknown);
    }
    meaning
}

fn with_clues(clues: &Clues, found: Found) -> Meaning {
    let is_money = found.measure == Measure::Money;
    let is_span = matches!(found.measure, Measure::Duration | Measure::Number);
    Meaning {
        measure: found.measure,
        whose: if is_money { clues.whose() } else { None },
        is_income: clues.has(Concept::Income),
        event: clues.event(),
        unit: if is_span { clues.unit } else { None },
        span: clues.span(),
        aggregate: clues.aggregate(),
        window: clues.window,
        confidence: found.confidence,
        code: found.code,
        because: found.because,
    }
}

fn by_itself(column: &Traits, rfm: bool) -> Found {
    if column.present() == 0 {
        return Found::sure(Measure::Constant, "empty", "it is empty");
    }
    if column.distinct == 1 && column.rows > 1 {
        let because = "it has the same value in every row";
        return Found::sure(Measure::Constant, "constant", because);
    }
    match &column.values {
        Values::Dates { .. } => Found::sure(Measure::Date, "date", "it holds dates"),
        Values::Text(text) => of_text(column, text),
        Values::Numbers(numbers) => of_numbers(column, numbers, rfm),
    }
}

fn of_text(column: &Traits, text: &TextTraits) -> Found {
    if text.looks == Looks::Addresses {
        return Found::sure(Measure::Contact, "contact", "it holds e-mail addresses");
    }
    // Ranges such as "50000 - 74999" look like telephone numbers, but are few.
    if text.looks == Looks::Reaching && 4 * column.distinct > column.present() {
        let because = "it holds telephone numbers or addresses on the internet";
        return Found::sure(Measure::Contact, "contact", because);
    }
    if column.facts.ambiguous_dates {
        let because = "its dates can be read as day-month and as month-day";
        return Found::sure(Measure::Text, "ambiguous_dates", because);
    }
    let few = MOST_CATEGORIES.min((column.present() / 2).max(2));
    let is_repeated = column.distinct <= few && text.mean_length <= 60.0;
    if let Some(found) = of_test(column, text) {
        return found;
    }
    if let Some(found) = named_text(column, is_repeated) {
        return found;
    }
    let is_different = column.distinct == column.present();
    let is_short = column.rows > 20 && text.mean_length <= 40.0;
    if is_different && is_short && text.looks != Looks::Measured {
        let because = "it is different in every row";
        let found = Found::sure(Measure::Identifier, "all_different", because);
        return found.with(Confidence::Likely);
    }
    if is_repeated {
        let (measure, code) = if column.distinct == 2 && shape::is_yes_or_no(&text.levels) {
            (Measure::Flag, "flag")
        } else {
            (Measure::Category, "category")
        };
        return Found::sure(measure, code, &format!("it has {} kinds", column.distinct));
    }
    let because = format!("it is free text ({} different values)", column.distinct);
    Found::sure(Measure::Text, "free_text", &because)
}

/// The arms of a test, or its outcome.
fn of_test(column: &Traits, text: &TextTraits) -> Option<Found> {
    let clues = &column.clues;
    let is_treatment = is_treatment(clues)
        || clues.has_any(&[Concept::Label, Concept::Message])
            && text.levels.iter().any(|level| shape::is_control(level));
    if is_treatment && column.distinct <= 8 {
        let because = "it tells the arms of a test";
        return Some(Found::sure(Measure::Treatment, "treatment", because));
    }
    let is_outcome = column.distinct == 2 && is_outcome(clues);
    is_outcome.then(|| named_as(Measure::Outcome, "outcome", "an outcome"))
}

/// What the name of a column of text says; `is_repeated` if it has few kinds.
fn named_text(column: &Traits, is_repeated: bool) -> Option<Found> {
    let clues = &column.clues;
    let mostly = 2 * column.distinct > column.present();
    clues.measures().into_iter().find_map(|measure| {
        let (fits, found) = match measure {
            Measure::Identifier => (
                mostly || !is_repeated || names_the_customer(clues),
                named_as(measure, "identifier", "an id"),
            ),
            Measure::PersonName => (
                !names_a_kind(clues),
                Found::sure(measure, "name", "it names a person or firm"),
            ),
            Measure::Contact => (
                mostly || !is_repeated,
                Found::sure(measure, "contact", "it tells how to reach somebody"),
            ),
            Measure::Place => (true, Found::sure(measure, "place", "it names a place")),
            Measure::Label => (
                is_repeated,
                named_as(measure, "label", "an earlier segmentation"),
            ),
            Measure::Code => (
                column.distinct == column.rows && column.rows > 20,
                named_as(
                    Measure::Identifier,
                    "all_different",
                    "a code, and it is different in every row",
                ),
            ),
            _ => return None,
        };
        fits.then_some(found)
    })
}

/// Whether an id is one of customers, and of nothing else: it repeats only where rows are no customers.
fn names_the_customer(clues: &Clues) -> bool {
    let mut concepts = clues.concepts.iter();
    concepts.all(|concept| matches!(concept, Concept::Identifier | Concept::Customer))
        && clues.unknown.is_empty()
}

/// Whether a "name" is that of a plan, a product or a place, and of no person.
fn names_a_kind(clues: &Clues) -> bool {
    clues.has_any(&[
        Concept::Category,
        Concept::Product,
        Concept::Label,
        Concept::Place,
        Concept::Code,
    ])
}

/// Whether a name is that of a test arm, and of nothing else.
fn is_treatment(clues: &Clues) -> bool {
    let mut others = clues.concepts.iter().filter(|concept| {
        !matches!(
            concept,
            Concept::Treatment
                | Concept::Flag
                | Concept::Customer
                | Concept::Category
                | Concept::Label
                | Concept::Message
        )
    });
    clues.has(Concept::Treatment) && others.next().is_none() && clues.unknown.is_empty()
}

/// Whether a name is that of an outcome, and of little else.
fn is_outcome(clues: &Clues) -> bool {
    let others = clues.concepts.iter().filter(|concept| {
        !matches!(
            concept,
            Concept::Outcome
                | Concept::Loss
                | Concept::Response
                | Concept::Flag
                | Concept::Customer
                | Concept::Label
                | Concept::Amount
                | Concept::Last
                | Concept::Message
                | Concept::Category
        )
    });
    // Columns that are numbered are the history of several campaigns.
    let is_numbered = clues.lower.chars().any(char::is_numeric);
    clues.has_any(&[Concept::Outcome, Concept::Loss, Concept::Response])
        && others.count() == 0
        && !is_numbered
}

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

fn of_numbers(column: &Traits, numbers: &NumberTraits, rfm: bool) -> Found {
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
    if column.facts.span.is_some() {
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
            let found = shape::looks_like_an_id(column, numbers);
            Some(found.unwrap_or_else(|| counted(column, numbers)))
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
        Measure::Money if column.clues.has(Concept::Income) => {
            Some(named_as(measure, "money", "an income"))
        }
        Measure::Money if numbers.digits >= Some(LONG_NUMBER) => {
            shape::looks_like_an_id(column, numbers)
                .or_else(|| Some(named_as(measure, "money", "an amount of money")))
        }
        Measure::Money if are_classes(column, numbers) => {
            let found = named_as(
                Measure::Score,
                "classes",
                "an amount of money, and its values are classes",
            );
            Some(found.with(Confidence::Likely))
        }
        Measure::Money if is_ratio(&column.clues, numbers) => {
            let found = named_as(
                Measure::Number,
                "ratio",
                "a worth or a ratio, and it is nowhere above 100",
            );
            Some(found.with(Confidence::Likely))
        }
        Measure::Money if counts_payments(&column.clues, numbers) => {
            // What is below 0 is a state of payment, not a number of payments.
            let (measure, what) = if numbers.min >= 0.0 {
                (Measure::Count, "payments, and its values are few")
            } else {
                (Measure::Number, "payments, and it holds no amounts")
            };
            Some(named_as(measure, "count", what).with(Confidence::Likely))
        }
        Measure::Money => Some(named_as(measure, "money", "an amount of money")),
        Measure::Number => Some(other_measure(column, numbers)),
        _ => named_kind(column, numbers, measure),
    }
}

fn named_as(measure: Measure, code: &'static str, what: &str) -> Found {
    Found::sure(measure, code, &format!("its name is that of {what}"))
}

/// Whole numbers are counts; others are what was paid, or an average.
fn counted(column: &Traits, numbers: &NumberTraits) -> Found {
    let clues = &column.clues;
    let event = clues.event();
    // "Number of days" is a span, "number of visit days" a count.
    if clues.unit.is_some() && event.is_none() {
        return named_as(Measure::Duration, "duration", "a time span");
    }
    if numbers.whole && event == Some(Event::People) {
        return named_as(Measure::Count, "count", "a count of people");
    }
    if numbers.whole && clues.numbering == Numbering::First && event.is_none() {
        let found = named_as(Measure::Count, "numbered", "a number of something");
        return found.with(Confidence::Likely);
    }
    if numbers.whole {
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
        Measure::Place => (true, named_as(measure, "place", "a place")),
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
    let is_span = clues.has_any(&[Concept::Recency, Concept::Tenure, Concept::Duration]);
    if is_short && !is_span {
        let because = "its name is that of time used";
        return Found::sure(Measure::Number, "time_used", because);
    }
    if is_calendar(clues, numbers) {
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
