//! What a column means: one typed value, from its name, its values and its relations to other columns.
//!
//! In: names (through [`vocabulary`](crate::vocabulary)) and [`Traits`] of values. Out: a [`Meaning`] per column. Roles,
//! fates and the value of a customer are functions of it. Names of segments, insights and actions take it from the name and
//! the role that was decided ([`without_values`]).
//!
//! A name suggests, values decide: `name` lists what the words of a name can mean, best first, and `decide` takes the first
//! that the values allow. Without a telling name the values alone say what they can (`shape`). What is taken from values
//! alone has a low [`Confidence`], so that the planner takes the careful way.

mod decide;
mod latest;
mod name;
mod number;
mod relations;
mod shape;
mod text;
mod traits;

#[cfg(test)]
mod tests;

pub(crate) use decide::{decide, without_values};
pub(crate) use latest::{latest_of_all, latest_steps};
pub(crate) use name::Clues;
pub(crate) use relations::{Sampled, standardized};
pub(crate) use shape::{DateNumber, date_number, is_control};
pub(crate) use traits::{DayTraits, Looks, Traits, Values, latest_day};

use crate::roles::Role;

/// What a column measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Measure {
    /// Names the customer.
    Identifier,
    /// Counts the rows.
    RowNumber,
    /// Names a person or firm.
    PersonName,
    /// Reaches somebody.
    Contact,
    /// Names a place.
    Place,
    /// A number or text that stands for something else than the customer.
    Code,
    /// One of a few kinds.
    Category,
    /// The result of an earlier segmentation, or a grade that was cut from another column.
    Label,
    /// Yes or no.
    Flag,
    /// Free text.
    Text,
    /// A calendar date.
    Date,
    /// A date or time that is written as a number.
    Epoch,
    /// The year of birth.
    BirthYear,
    /// Another year.
    Year,
    /// Age in years.
    Age,
    /// A span of time.
    Duration,
    /// An hour of the day, a weekday, a month.
    Calendar,
    /// Money.
    Money,
    /// How many.
    Count,
    /// A part of a whole.
    Share,
    /// A grade or a computed score.
    Score,
    /// Any other measure.
    Number,
    /// How many customers a row stands for.
    Weight,
    /// What a campaign is to change.
    Outcome,
    /// What a model says of an outcome.
    Prediction,
    /// An arm of a test.
    Treatment,
    /// The same in every row, or nothing.
    Constant,
}

impl Measure {
    /// The role that recipes and reports know it by.
    pub(crate) fn role(self) -> Role {
        match self {
            Self::Identifier | Self::RowNumber => Role::Id,
            Self::PersonName | Self::Contact | Self::Text => Role::Text,
            Self::Place | Self::Code | Self::Category | Self::Label | Self::Calendar => {
                Role::Category
            }
            Self::Flag => Role::Flag,
            Self::Date | Self::Epoch => Role::Date,
            Self::BirthYear => Role::BirthYear,
            Self::Age => Role::Age,
            Self::Duration => Role::Days,
            Self::Money => Role::Money,
            Self::Count => Role::Count,
            Self::Share => Role::Share,
            Self::Score => Role::Score,
            Self::Number | Self::Year => Role::Number,
            Self::Weight => Role::Weight,
            Self::Outcome | Self::Prediction => Role::Outcome,
            Self::Treatment => Role::Treatment,
            Self::Constant => Role::Constant,
        }
    }
}

/// Whose money it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// Spent with us.
    Spent,
    /// A measure of what the customer is worth to us.
    Worth,
    /// Paid by us, or given back.
    Cost,
    /// Owed by the customer.
    Owed,
    /// Earned or owned by the customer.
    Owned,
    /// The price of one thing.
    Price,
    /// Nobody can tell.
    Unknown,
}

/// What a date, a span of time or a count is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Event {
    Purchase,
    Donation,
    Visit,
    Login,
    SignUp,
    Message,
    Call,
    Complaint,
    Claim,
    Return,
    Payment,
    /// A renewal, or the end of a contract.
    Renewal,
    Usage,
    Birth,
    /// A change of the record, which says nothing of the customer.
    Record,
    /// Something planned.
    Planned,
    People,
    Product,
}

/// The unit of a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Quarters,
    Years,
}

impl Unit {
    /// The word, in the plural.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Quarters => "quarters",
            Self::Years => "years",
        }
    }
}

/// How a number was made from many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Aggregate {
    Total,
    Average,
    Maximum,
    Minimum,
    First,
    Last,
    Change,
}

/// How a span of time stands to its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Span {
    /// How long ago the event was last.
    Since,
    /// How long the customer has been one.
    Tenure,
    /// How long something takes or lasts.
    Length,
}

/// How sure a meaning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Confidence {
    /// Taken from values alone, and others are as likely.
    Guess,
    /// Taken from values alone, and they look like little else.
    Likely,
    /// The name says so, and the values allow it.
    Sure,
}

/// What a column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) measure: Measure,
    /// Of money.
    pub(crate) whose: Option<Whose>,
    /// What customers earn, or a grade of it.
    pub(crate) is_income: bool,
    pub(crate) event: Option<Event>,
    /// Of a span of time.
    pub(crate) unit: Option<Unit>,
    pub(crate) span: Span,
    pub(crate) aggregate: Option<Aggregate>,
    /// The span of time that is looked at, in days.
    pub(crate) window: Option<u32>,
    pub(crate) confidence: Confidence,
    /// Why, as a stable word for programs.
    pub(crate) code: &'static str,
    /// Why, for people.
    pub(crate) because: String,
}

impl Meaning {
    /// What looked like an income of the customer is what customers bring.
    pub(crate) fn becomes_spent(&mut self) {
        if self.is_income {
            self.is_income = false;
            self.whose = Some(Whose::Spent);
        }
    }
}
