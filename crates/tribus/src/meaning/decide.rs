//! The meaning of one column: the first suggestion of its name that its values allow, else what the values alone say.

use super::number::of_numbers;
use super::text::of_text;
use super::traits::{Traits, Values};
use super::{Clues, Confidence, Event, Meaning, Measure, Span, Whose};
use crate::roles::Role;
use crate::vocabulary::Concept;

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
    // "Partner since" names a beginning where it holds dates.
    let is_beginning = found.measure == Measure::Date && clues.last == Some(Concept::Recency);
    Meaning {
        measure: found.measure,
        whose: if is_money { clues.whose() } else { None },
        is_income: clues.has(Concept::Income),
        event: clues.event(),
        unit: if is_span { clues.unit } else { None },
        span: if is_beginning {
            Span::Tenure
        } else {
            clues.span()
        },
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

/// Whether an id is one of customers, and of nothing else: it repeats only where rows are no customers.
pub(super) fn names_the_customer(clues: &Clues) -> bool {
    let mut concepts = clues.concepts.iter();
    concepts.all(|concept| matches!(concept, Concept::Identifier | Concept::Customer))
        && clues.unknown.is_empty()
}

/// Whether a name is that of a test arm, and of nothing else.
pub(super) fn is_treatment(clues: &Clues) -> bool {
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
pub(super) fn is_outcome(clues: &Clues) -> bool {
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

pub(super) fn named_as(measure: Measure, code: &'static str, what: &str) -> Found {
    Found::sure(measure, code, &format!("its name is that of {what}"))
}
