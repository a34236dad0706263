//! The meaning of one column: the first suggestion of its name that its values allow, else what the values alone say.

use super::shape;
use super::traits::{NumberTraits, TextTraits, Traits, Values};
use super::{Clues, Confidence, Event, Meaning, Measure, Span, Unit, Whose};
use crate::roles::Role;
use crate::vocabulary::Concept;

/// A text column with more kinds than this is no category.
const MOST_CATEGORIES: usize = 50;

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
    let clues = &column.clues;
    let has = |concepts: &[Concept]| clues.has_any(concepts);
    if text.with_at {
        return Found::sure(Measure::Contact, "contact", "it holds e-mail addresses");
    }
    if text.reaches {
        let because = "it holds telephone numbers or addresses on the internet";
        return Found::sure(Measure::Contact, "contact", because);
    }
    if column.facts.ambiguous_dates {
        let because = "its dates can be read as day-month and as month-day";
        return Found::sure(Measure::Text, "ambiguous_dates", because);
    }
    let few = MOST_CATEGORIES.min((column.present() / 2).max(2));
    let is_repeated = column.distinct <= few && text.mean_length <= 60.0;
    let is_treatment = is_treatment(clues)
        || has(&[Concept::Label, Concept::Message])
            && text.levels.iter().any(|level| shape::is_control(level));
    if is_treatment && column.distinct <= 8 {
        return Found::sure(
            Measure::Treatment,
            "treatment",
            "it tells the arms of a test",
        );
    }
    if column.distinct == 2 && is_outcome(clues) {
        return Found::sure(
            Measure::Outcome,
            "outcome",
            "its name is that of an outcome",
        );
    }
    let measures = clues.measures();
    let is_different = column.distinct == column.present();
    let mostly = 2 * column.distinct > column.present();
    for measure in measures {
        match measure {
            Measure::Identifier if mostly || !is_repeated || names_the_customer(clues) => {
                return Found::sure(
                    Measure::Identifier,
                    "identifier",
                    "its name is that of an id",
                );
            }
            Measure::PersonName if !names_a_kind(clues) => {
                return Found::sure(Measure::PersonName, "name", "it names a person or firm");
            }
            Measure::Contact if mostly || !is_repeated => {
                return Found::sure(
                    Measure::Contact,
                    "contact",
                    "it tells how to reach somebody",
                );
            }
            Measure::Place => {
                return Found::sure(Measure::Place, "place", "it names a place");
            }
            Measure::Label if is_repeated => {
                let because = "its name is that of an earlier segmentation";
                return Found::sure(Measure::Label, "label", because);
            }
            _ => {}
        }
    }
    if is_different && column.rows > 20 && text.mean_length <= 40.0 {
        let found = Found::sure(
            Measure::Identifier,
            "all_different",
            "it is different in every row",
        );
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
    let clues = &column.clues;
    let has = |concepts: &[Concept]| clues.has_any(concepts);
    let counts = numbers.whole && numbers.min >= 0.0;
    let few_kinds = numbers.whole && column.distinct <= MOST_CODES;
    let repeats = 2 * column.distinct <= column.present();
    let named = |measure: Measure, code: &'static str, what: &str| {
        Some(Found::sure(
            measure,
            code,
            &format!("its name is that of {what}"),
        ))
    };
    match measure {
        Measure::Prediction => named(Measure::Prediction, "prediction", "a prediction"),
        Measure::BirthYear => (numbers.whole && shape::are_years(numbers))
            .then(|| Found::sure(measure, "birth_year", "its name is that of a year of birth")),
        Measure::RowNumber => (counts && !repeats)
            .then(|| Found::sure(measure, "row_number", "its name is that of a row number")),
        Measure::Identifier if !numbers.whole || numbers.min < 0.0 => None,
        Measure::Identifier if !repeats || names_the_customer(clues) => {
            named(Measure::Identifier, "identifier", "an id")
        }
        Measure::Identifier => named(Measure::Code, "code", "a code"),
        Measure::Contact => (counts && numbers.median >= 1e6).then(|| {
            Found::sure(
                measure,
                "contact",
                "its name is that of a way to reach somebody",
            )
        }),
        Measure::Share => shape::is_share(numbers)
            .then(|| Found::sure(measure, "share", "its name is that of a share"))
            .or_else(|| named(Measure::Number, "ratio", "a ratio")),
        Measure::Age => (numbers.q05 >= 0.0 && numbers.q95 <= 120.0 && numbers.median >= 1.0)
            .then(|| Found::sure(measure, "age", "its name is that of an age")),
        Measure::Label if numbers.whole => {
            named(measure, "label", "a rank or an earlier segmentation")
        }
        Measure::Label => named(Measure::Score, "score", "a score"),
        // "Number of days" is a span, "number of visit days" a count.
        Measure::Count if clues.unit.is_some() && clues.event().is_none() => {
            named(Measure::Duration, "duration", "a time span")
        }
        Measure::Count if numbers.whole && clues.event() == Some(Event::People) => {
            named(measure, "count", "a count of people")
        }
        Measure::Count if numbers.whole => named(measure, "count", "a count"),
        Measure::Count if clues.counts => {
            named(Measure::Number, "average_count", "an average count")
        }
        Measure::Count if clues.event().is_some_and(is_paid) => {
            let because = "its name is that of purchases or payments, and it holds no counts";
            Some(Found::sure(Measure::Money, "money", because).with(Confidence::Likely))
        }
        Measure::Count => named(Measure::Number, "measure", "a measure"),
        Measure::Score => named(measure, "score", "a score"),
        Measure::Date => shape::written_date(column, numbers),
        Measure::Calendar if shape::are_years(numbers) => {
            Some(Found::sure(Measure::Year, "year", "its values are years"))
        }
        Measure::Calendar => {
            let because = "its name is that of a part of the calendar";
            let fits = numbers.whole && numbers.min >= 0.0 && numbers.max <= 60.0;
            fits.then(|| Found::sure(measure, "calendar", because))
        }
        Measure::Money if has(&[Concept::Income]) => named(measure, "money", "an income"),
        Measure::Money => named(measure, "money", "an amount of money"),
        Measure::Duration => duration(column, numbers),
        Measure::Number if has(&[Concept::Change]) && counts && numbers.max <= 1000.0 => {
            named(Measure::Count, "count", "a count of changes")
        }
        Measure::Number => named(measure, "measure", "a measure"),
        Measure::Code if has(&[Concept::Built]) => numbers
            .whole
            .then(|| Found::sure(Measure::Year, "year", "its name is that of a year of make")),
        Measure::Treatment if column.distinct <= 8 => named(measure, "treatment", "a test arm"),
        Measure::Outcome if few_kinds && column.distinct <= 10 && is_outcome(clues) => {
            named(measure, "outcome", "an outcome")
        }
        Measure::Weight => (numbers.min > 0.0)
            .then(|| Found::sure(measure, "weight", "its name is that of a weight")),
        Measure::Code if numbers.whole => named(measure, "code", "a code"),
        Measure::Place => named(measure, "place", "a place"),
        Measure::Category if few_kinds => named(measure, "category", "a category"),
        _ => None,
    }
}

/// A day of the month, a month of the year, an hour of the day: a unit of time that nothing is counted in.
fn is_calendar(clues: &Clues, numbers: &NumberTraits) -> bool {
    const SPANS: [Concept; 5] = [
        Concept::Tenure,
        Concept::Recency,
        Concept::Duration,
        Concept::Renewal,
        Concept::Count,
    ];
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
        && !clues.has_any(&SPANS)
}

/// What is paid when it happens, or paid back.
fn is_paid(event: Event) -> bool {
    matches!(
        event,
        Event::Purchase | Event::Donation | Event::Payment | Event::Return | Event::Claim
    )
}

/// A span of time; one in hours or less that is used up is a plain number.
fn duration(column: &Traits, numbers: &NumberTraits) -> Option<Found> {
    let clues = &column.clues;
    let is_short = matches!(
        clues.unit,
        Some(Unit::Seconds | Unit::Minutes | Unit::Hours)
    );
    let is_span = clues.has_any(&[Concept::Recency, Concept::Tenure, Concept::Duration]);
    if is_short && !is_span {
        let because = "its name is that of time used";
        return Some(Found::sure(Measure::Number, "time_used", because));
    }
    if is_calendar(clues, numbers) {
        let because = "its name and values are those of a part of the calendar";
        return Some(Found::sure(Measure::Calendar, "calendar", because));
    }
    if shape::are_years(numbers) && numbers.whole {
        let because = "its name and values are those of a year";
        return Some(Found::sure(Measure::Year, "year", because));
    }
    Some(Found::sure(
        Measure::Duration,
        "duration",
        "its name is that of a time span",
    ))
}
