//! What the name of a column suggests, before anybody looks at a value.

use super::{Aggregate, Event, Measure, Span, Unit, Whose};
use crate::vocabulary::{Concept, Term, terms};

/// Where a name says "number".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbering {
    /// Nowhere, or in full before something else: it says how many.
    No,
    /// As "No" or "Nr" before something else: how many, or which one.
    First,
    /// At the end: which one, or how many.
    Last,
}

impl Numbering {
    fn of(terms: &[Term]) -> Self {
        let is_numbering = |term: &Term| term.concept == Some(Concept::Numbering);
        match terms {
            [.., _, last] if is_numbering(last) => Self::Last,
            [first, ..] if is_numbering(first) && first.text.chars().count() <= 2 => Self::First,
            _ => Self::No,
        }
    }
}

/// What a name suggests.
#[derive(Debug, Clone)]
pub(crate) struct Clues {
    /// Concepts in the order of the name; grammar and the window are left out.
    pub(crate) concepts: Vec<Concept>,
    /// Terms that no entry of the lexicon has, without digits.
    pub(crate) unknown: Vec<String>,
    /// What the name ends in says what it is: `order_date` is a date, `date_orders` a count.
    pub(crate) last: Option<Concept>,
    /// The unit of time that the name gives: `tenure_months`, `Months inactive`.
    pub(crate) unit: Option<Unit>,
    /// The span of time that is looked at, in days: `visits_30d`, `spend_12m`, `Flights last year`.
    pub(crate) window: Option<u32>,
    /// It says how many.
    pub(crate) counts: bool,
    /// Where the name says "number".
    pub(crate) numbering: Numbering,
    /// A window of unknown length: `YTD`, `previous year`.
    pub(crate) has_window: bool,
    /// The name in lower case: `r`, `f`, `m`.
    pub(crate) lower: String,
}

impl Clues {
    pub(crate) fn of(name: &str) -> Self {
        let terms = terms(name);
        let (window, kept) = without_window(terms);
        let concepts: Vec<Concept> = kept
            .iter()
            .filter_map(|term| term.concept)
            .filter(|concept| *concept != Concept::EmptyWord)
            .collect();
        let numbering = Numbering::of(&kept);
        let concepts = numbered(concepts, numbering);
        let counts = kept.iter().any(counts);
        let has_window = window.is_some() || concepts.contains(&Concept::Window);
        let unknown = kept
            .iter()
            .filter(|term| term.concept.is_none() && !is_number(&term.text))
            .map(|term| term.text.clone())
            .collect();
        Self {
            unit: unit(&kept),
            last: concepts
                .iter()
                .copied()
                .rfind(|concept| *concept != Concept::Window),
            lower: name.trim().to_lowercase(),
            numbering,
            counts: counts || concepts.contains(&Concept::Count),
            concepts,
            unknown,
            window,
            has_window,
        }
    }

    pub(crate) fn has(&self, concept: Concept) -> bool {
        self.concepts.contains(&concept)
    }

    pub(crate) fn has_any(&self, concepts: &[Concept]) -> bool {
        concepts.iter().any(|concept| self.has(*concept))
    }

    /// What the column is about: the most telling event of the name.
    pub(crate) fn event(&self) -> Option<Event> {
        // Of "last complaint call" the complaint says more than the call, of "claim payment" the claim.
        const ORDER: [(Concept, Event); 25] = [
            (Concept::Birth, Event::Birth),
            (Concept::Next, Event::Planned),
            (Concept::Complaint, Event::Complaint),
            (Concept::Claim, Event::Claim),
            (Concept::Return, Event::Return),
            (Concept::Renewal, Event::Renewal),
            (Concept::SignUp, Event::SignUp),
            (Concept::Donation, Event::Donation),
            (Concept::Message, Event::Message),
            (Concept::Purchase, Event::Purchase),
            (Concept::Transaction, Event::Purchase),
            (Concept::Call, Event::Call),
            (Concept::Visit, Event::Visit),
            (Concept::Login, Event::Login),
            (Concept::Usage, Event::Usage),
            (Concept::Payment, Event::Payment),
            (Concept::Spent, Event::Purchase),
            (Concept::Record, Event::Record),
            (Concept::People, Event::People),
            (Concept::Employees, Event::People),
            (Concept::Children, Event::People),
            (Concept::Teenagers, Event::People),
            (Concept::Deal, Event::Purchase),
            (Concept::Product, Event::Product),
            (Concept::Owed, Event::Payment),
        ];
        ORDER
            .into_iter()
            .find(|(concept, _)| self.has(*concept))
            .map(|(_, event)| event)
    }

    /// Whose money the name says it is; none where it names no money.
    pub(crate) fn whose(&self) -> Option<Whose> {
        const OTHERWISE: [Concept; 6] = [
            Concept::Duration,
            Concept::Recency,
            Concept::Tenure,
            Concept::Date,
            Concept::Last,
            Concept::Category,
        ];
        let is_paid = self.has(Concept::Payment) && !self.counts && !self.has_any(&OTHERWISE);
        let amount = is_paid || self.has_any(&[Concept::Amount, Concept::CurrencyUnit]);
        let any = |concepts: &[Concept]| self.has_any(concepts);
        if any(&[Concept::Cost])
            || any(&[Concept::Claim, Concept::Return]) && (amount || any(&[Concept::Spent]))
        {
            Some(Whose::Cost)
        } else if any(&[Concept::Owed]) {
            Some(Whose::Owed)
        } else if any(&[Concept::Owned, Concept::Income]) {
            Some(Whose::Owned)
        } else if any(&[Concept::Price]) {
            Some(Whose::Price)
        } else if any(&[Concept::CustomerValue]) {
            Some(Whose::Worth)
        } else if any(&[Concept::Spent])
            || amount
                && any(&[
                    Concept::Purchase,
                    Concept::Transaction,
                    Concept::Donation,
                    Concept::Product,
                    Concept::Usage,
                    Concept::Visit,
                ])
        {
            Some(Whose::Spent)
        } else if amount {
            Some(Whose::Unknown)
        } else {
            None
        }
    }

    /// How the number was made from many.
    pub(crate) fn aggregate(&self) -> Option<Aggregate> {
        self.concepts.iter().find_map(|concept| {
            Some(match concept {
                Concept::Average => Aggregate::Average,
                Concept::Change => Aggregate::Change,
                Concept::Maximum => Aggregate::Maximum,
                Concept::Minimum => Aggregate::Minimum,
                Concept::Total => Aggregate::Total,
                Concept::Last => Aggregate::Last,
                Concept::First => Aggregate::First,
                _ => return None,
            })
        })
    }

    /// How a span of time stands to its event.
    pub(crate) fn span(&self) -> Span {
        let is_about_beginning = self.has_any(&[Concept::Tenure, Concept::SignUp])
            || self.has(Concept::First) && self.has(Concept::Recency);
        // "Customer days", "years as a member": nothing but the customer and a unit.
        let is_plain = self.has(Concept::Customer)
            && self.unit.is_some()
            && self.unknown.is_empty()
            && self.concepts.len() == 2;
        // Days since "partner since": the date in the name is a beginning.
        let recencies = self
            .concepts
            .iter()
            .filter(|concept| **concept == Concept::Recency);
        let is_since = self.last == Some(Concept::Recency) && recencies.count() > 1;
        let is_tenure = self.has(Concept::Tenure) || is_plain || is_since;
        if is_tenure || is_about_beginning && !self.has(Concept::Last) {
            Span::Tenure
        } else if self.has_any(&[Concept::Recency, Concept::Last]) {
            Span::Since
        } else {
            Span::Length
        }
    }

    /// Whether it names something that customers do or get, one by one.
    pub(crate) fn names_what_is_counted(&self) -> bool {
        self.has_any(&COUNTED)
    }

    /// What the name suggests the column measures, best first. Values decide.
    pub(crate) fn measures(&self) -> Vec<Measure> {
        let counts = self.counts && self.last != Some(Concept::Share);
        let is_money = self.whose().is_some();
        let suggestions = self
            .of_people(counts)
            .into_iter()
            .chain(self.of_amounts(counts, is_money))
            .chain(self.of_kinds());
        let mut found = Vec::new();
        for (condition, measure) in suggestions {
            if condition && !found.contains(&measure) {
                found.push(measure);
            }
        }
        found
    }

    /// Whom a column names, and what is foreseen of them.
    fn of_people(&self, counts: bool) -> [(bool, Measure); 12] {
        use Concept as C;
        let has = |concepts: &[C]| self.has_any(concepts);
        let is_outcome = has(&[C::Outcome, C::Loss]);
        let is_code_of_customers = has(&[C::Customer])
            && has(&[C::Code])
            && self.concepts.len() == 2
            && self.unknown.is_empty();
        let is_id = self.last == Some(C::Identifier)
            || has(&[C::Identifier]) && !counts
            || is_code_of_customers;
        [
            (has(&[C::Prediction]), Measure::Prediction),
            (is_outcome && has(&[C::Score, C::Rank]), Measure::Prediction),
            (has(&[C::Loss]) && self.unit.is_some(), Measure::Prediction),
            (has(&[C::Birth]), Measure::BirthYear),
            (has(&[C::RowNumber]), Measure::RowNumber),
            (is_id, Measure::Identifier),
            (has(&[C::Contact]), Measure::Contact),
            (has(&[C::PersonName]), Measure::PersonName),
            (has(&[C::Share]), Measure::Share),
            (has(&[C::Change]) && !counts, Measure::Number),
            (has(&[C::Age]) && !has(&[C::Tenure]), Measure::Age),
            (has(&[C::Label, C::Rank]) && !counts, Measure::Label),
        ]
    }

    /// How many, how much, how long, when.
    fn of_amounts(&self, counts: bool, is_money: bool) -> [(bool, Measure); 12] {
        use Concept as C;
        let has = |concepts: &[C]| self.has_any(concepts);
        // "Last purchase" without a unit is when, not how many.
        let is_when = has(&[C::Last, C::First, C::SignUp, C::Record, C::Renewal, C::Next]);
        let is_dated = is_when && !is_money && !counts && self.unit.is_none() && !self.has_window;
        let is_amount = is_money && has(&[C::Amount, C::CurrencyUnit, C::Income, C::Owned]);
        let ends = [self.concepts.first().copied(), self.last];
        let is_code = ends.contains(&Some(C::Code));
        let is_span = has(&[C::Tenure, C::Recency]) || self.unit.is_some();
        [
            (counts, Measure::Count),
            (has(&[C::Rating]) && !is_money, Measure::Score),
            (has(&[C::Score]), Measure::Score),
            (has(&[C::Date]) || is_dated, Measure::Date),
            (has(&[C::Calendar]), Measure::Calendar),
            // What a name ends in says what it is: a "sales channel" is no sales.
            (self.last == Some(C::Category), Measure::Category),
            (is_code && !counts, Measure::Code),
            (is_amount, Measure::Money),
            (is_span, Measure::Duration),
            (is_money, Measure::Money),
            (has(&[C::Duration]), Measure::Duration),
            (has(&[C::Physical, C::Medical]), Measure::Number),
        ]
    }

    /// Of what kind; and what may be counted.
    fn of_kinds(&self) -> [(bool, Measure); 12] {
        use Concept as C;
        const PEOPLE: [C; 4] = [C::Employees, C::People, C::Children, C::Teenagers];
        let has = |concepts: &[C]| self.has_any(concepts);
        let is_counted = self.last.is_some_and(|last| COUNTED.contains(&last));
        [
            (has(&[C::Built]), Measure::Code),
            (has(&[C::Treatment]), Measure::Treatment),
            (has(&[C::Outcome, C::Loss, C::Response]), Measure::Outcome),
            (has(&[C::Weight]), Measure::Weight),
            (is_counted && has(&[C::Place]), Measure::Count),
            (has(&[C::Code]), Measure::Code),
            (has(&[C::Place]), Measure::Place),
            (has(&[C::Category]), Measure::Category),
            (has(&[C::Points]), Measure::Count),
            (has(&[C::SignUp]), Measure::Date),
            (has(&PEOPLE), Measure::Count),
            (has(&COUNTED), Measure::Count),
        ]
    }
}

/// What customers do or get, one by one.
const COUNTED: [Concept; 15] = [
    Concept::Purchase,
    Concept::Transaction,
    Concept::Visit,
    Concept::Login,
    Concept::Message,
    Concept::Call,
    Concept::Complaint,
    Concept::Claim,
    Concept::Return,
    Concept::Payment,
    Concept::Usage,
    Concept::Donation,
    Concept::Product,
    Concept::Renewal,
    Concept::Deal,
];

/// The unit of a name. A unit before a number names one span of several: "year 2".
fn unit(terms: &[Term]) -> Option<Unit> {
    let is_numbered = |at: usize| terms.get(at + 1).is_some_and(|term| is_number(&term.text));
    let mut units = terms.iter().enumerate().filter(|(at, _)| !is_numbered(*at));
    units.find_map(|(_, term)| unit_of(term))
}

/// The unit in a word or phrase.
fn unit_of(term: &Term) -> Option<Unit> {
    let of_concept = |concept| {
        Some(match concept {
            Concept::Seconds => Unit::Seconds,
            Concept::Minutes => Unit::Minutes,
            Concept::Hours => Unit::Hours,
            Concept::Days => Unit::Days,
            Concept::Weeks => Unit::Weeks,
            Concept::Months => Unit::Months,
            Concept::Quarters => Unit::Quarters,
            Concept::Years => Unit::Years,
            _ => return None,
        })
    };
    let is_span = matches!(
        term.concept?,
        Concept::Recency
            | Concept::Tenure
            | Concept::Duration
            | Concept::Renewal
            | Concept::Usage
            | Concept::Call
    );
    let words = term
        .text
        .split(' ')
        .filter(|_| is_span && term.text.contains(' '));
    of_concept(term.concept?).or_else(|| {
        let mut units = words.filter_map(|word| of_concept(terms(word).first()?.concept?));
        units.next()
    })
}

/// "Number" at the end of a name makes an identifier of it, elsewhere a count.
fn numbered(concepts: Vec<Concept>, numbering: Numbering) -> Vec<Concept> {
    let last = concepts.len().saturating_sub(1);
    // "Distinct called numbers" and "number of numbers" are counted already.
    let numberings = concepts
        .iter()
        .filter(|concept| **concept == Concept::Numbering);
    let counts = concepts.contains(&Concept::Count) || numberings.count() > 1;
    let resolve = |(at, concept): (usize, Concept)| match concept {
        Concept::Numbering if at == last && numbering == Numbering::Last && !counts => {
            Concept::Identifier
        }
        Concept::Numbering => Concept::Count,
        other => other,
    };
    concepts.into_iter().enumerate().map(resolve).collect()
}

/// Whether a phrase has a word for "how many": `payment count`.
fn counts(term: &Term) -> bool {
    let mut words = term.text.split(' ').filter(|_| term.text.contains(' '));
    words.any(|word| {
        let terms = terms(word);
        matches!(terms.as_slice(), [only] if only.concept == Some(Concept::Count))
    })
}

fn is_number(text: &str) -> bool {
    text.chars().all(char::is_numeric)
}

/// Takes a window of a known length out of the terms: `30 d`, `12 m`, `last 3 months`, `last year`, `l 12 m`.
fn without_window(terms: Vec<Term>) -> (Option<u32>, Vec<Term>) {
    let number = |at: usize| terms.get(at).and_then(|term| term.text.parse::<u32>().ok());
    let is_last = |at: usize| {
        terms.get(at).is_some_and(|term| {
            matches!(term.concept, Some(Concept::Last | Concept::Window)) || term.text == "l"
        })
    };
    for at in 0..terms.len() {
        if terms[at].concept == Some(Concept::Window)
            && let Some(days) = days_of_phrase(&terms[at].text)
        {
            let kept = terms.iter().filter(|term| **term != terms[at]).cloned();
            return (Some(days), kept.collect());
        }
        let unit = terms.get(at + 1).and_then(|term| days_of_unit(&term.text));
        // A number before a unit, behind or before something that it is a window of.
        if let Some((number, unit)) = number(at).zip(unit) {
            let start = if at > 0 && is_last(at - 1) {
                at - 1
            } else {
                at
            };
            let mut kept = terms[..start].to_vec();
            kept.extend_from_slice(&terms[at + 2..]);
            let is_of_something = start > 0 || kept.iter().any(|term| term.concept.is_some());
            if let Some(days) = window(number, unit).filter(|_| is_of_something) {
                return (Some(days), kept);
            }
        }
    }
    (None, terms)
}

/// The days of a unit of time: of its first letter, or of a word of the lexicon.
fn days_of_unit(word: &str) -> Option<u32> {
    let concept = terms(word).first().and_then(|term| term.concept);
    Some(match (concept, word) {
        (_, "d") | (Some(Concept::Days), _) => 1,
        (_, "w") | (Some(Concept::Weeks), _) => 7,
        (_, "m") | (Some(Concept::Months), _) => 30,
        (_, "q") | (Some(Concept::Quarters), _) => 91,
        (_, "y") | (Some(Concept::Years), _) => 365,
        _ => return None,
    })
}

/// The days of `last 12 months`, `past year`, `l 12 m`; none of `ytd`.
fn days_of_phrase(phrase: &str) -> Option<u32> {
    let words: Vec<&str> = phrase.split(' ').collect();
    let unit = words.iter().rev().find_map(|word| days_of_unit(word))?;
    let number = words.iter().find_map(|word| word.parse::<u32>().ok());
    window(number.unwrap_or(1), unit)
}

/// The days of so many units; none where nobody looks back so far.
fn window(number: u32, unit: u32) -> Option<u32> {
    const LONGEST: u32 = 100 * 365;
    let days = number.checked_mul(unit)?;
    (1..=LONGEST).contains(&days).then_some(days)
}
