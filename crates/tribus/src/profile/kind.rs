//! What a column tells about a customer, as far as its name and role give it away.

use crate::meaning::{Aggregate, Clues, Event, Meaning, Measure, Span, Whose, without_values};
use crate::roles::Role;
use crate::vocabulary::Concept;

/// What a column tells about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FactKind {
    /// What a customer earns.
    Income,
    /// Money spent on one kind of product.
    Spend,
    /// Money in a column of unknown kind that is a part of the value: the parts add up to it.
    Part,
    /// Money spent on all or most kinds together.
    TotalSpend,
    /// Another measure of what a customer is worth: the value column of an unknown kind.
    Value,
    /// A grade of how much a customer spends.
    SpendingScore,
    /// Age in years.
    Age,
    /// Year of birth.
    BirthYear,
    /// Small children at home.
    SmallChildren,
    /// Teenagers at home.
    Teenagers,
    /// Children of any age.
    Children,
    /// Time since the last purchase: less is better.
    Recency,
    /// How long a customer has been one.
    Tenure,
    /// How many purchases.
    Frequency,
    /// Purchases through one channel.
    Channel,
    /// Purchases on a deal or discount.
    Deals,
    /// New by a flag of the table.
    New,
    /// Visits to shop or site.
    Visits,
    /// Answers to campaigns.
    Response,
    /// Lives with a partner.
    Couple,
    /// Lives alone.
    Single,
    /// A woman.
    Woman,
    /// A man.
    Man,
    /// Nothing the name gives away.
    Other,
}

impl FactKind {
    /// What a column called `name` tells; `is_value` for the value column.
    pub(super) fn of_column(name: &str, role: Role, is_value: bool) -> Self {
        let meaning = without_values(name, role);
        let clues = Clues::of(name);
        let known = of_rfm(&meaning, &clues)
            .or_else(|| demographic(&meaning, &clues))
            .or_else(|| engagement(&meaning, &clues))
            .or_else(|| money(&meaning, &clues));
        match known {
            Some(Self::Spend) if is_value => Self::TotalSpend,
            Some(kind) => kind,
            None if is_value && is_spent(&meaning) => Self::TotalSpend,
            None if is_value => Self::Value,
            None => of_level(&clues),
        }
    }

    /// What one category of a column tells.
    pub(super) fn of_category(level: &str) -> Self {
        of_level(&Clues::of(level))
    }
}

/// Columns called R, F and M that have the roles these have together.
fn of_rfm(meaning: &Meaning, clues: &Clues) -> Option<FactKind> {
    match (clues.lower.as_str(), meaning.measure) {
        ("r", Measure::Duration) => Some(FactKind::Recency),
        ("f", Measure::Count) => Some(FactKind::Frequency),
        ("m", Measure::Money) => Some(FactKind::TotalSpend),
        _ => None,
    }
}

fn demographic(meaning: &Meaning, clues: &Clues) -> Option<FactKind> {
    let has = |concept| clues.has(concept);
    match meaning.measure {
        Measure::Age => Some(FactKind::Age),
        Measure::BirthYear => Some(FactKind::BirthYear),
        Measure::Duration | Measure::Date => None,
        _ if has(Concept::Income) => Some(FactKind::Income),
        _ if has(Concept::NewCustomer) => Some(FactKind::New),
        _ if has(Concept::Teenagers) => Some(FactKind::Teenagers),
        _ if has(Concept::Children) && clues.has(Concept::Household) => {
            Some(FactKind::SmallChildren)
        }
        _ if has(Concept::Children) => Some(FactKind::Children),
        _ => None,
    }
}

fn engagement(meaning: &Meaning, clues: &Clues) -> Option<FactKind> {
    let is_count = matches!(meaning.measure, Measure::Count | Measure::Number);
    let is_yes_or_no = matches!(
        meaning.measure,
        Measure::Flag | Measure::Outcome | Measure::Count
    );
    // The days between two orders are no days since the last.
    let is_average = meaning.aggregate == Some(Aggregate::Average);
    let is_no_recency =
        is_average || clues.has(Concept::Transaction) && !clues.has(Concept::Purchase);
    let others = clues
        .concepts
        .iter()
        .filter(|concept| !says_little(**concept));
    let is_qualified = others.count() > 1 || !clues.unknown.is_empty();
    match (meaning.measure, meaning.event) {
        (Measure::Duration, _) if meaning.span == Span::Tenure => Some(FactKind::Tenure),
        // A transaction may be a withdrawal.
        (Measure::Duration, Some(Event::Purchase))
            if meaning.span == Span::Since && !is_no_recency =>
        {
            Some(FactKind::Recency)
        }
        // "Recency" alone is that of purchases; "days since" something unknown may be of anything.
        (Measure::Duration, None) if meaning.span == Span::Since && is_plain_recency(clues) => {
            Some(FactKind::Recency)
        }
        _ if is_yes_or_no && clues.has(Concept::Response) => Some(FactKind::Response),
        (_, Some(Event::Purchase)) if is_count && clues.has(Concept::Deal) => Some(FactKind::Deals),
        (_, Some(Event::Purchase))
            if is_count && clues.has_any(&[Concept::Online, Concept::Offline, Concept::Place]) =>
        {
            Some(FactKind::Channel)
        }
        (_, Some(Event::Purchase)) if meaning.measure == Measure::Count && !is_qualified => {
            Some(FactKind::Frequency)
        }
        (_, Some(Event::Visit)) if is_count => Some(FactKind::Visits),
        _ => None,
    }
}

/// Whether a name says how long ago, and of what no word.
fn is_plain_recency(clues: &Clues) -> bool {
    let says_no_event = |concept: &Concept| {
        matches!(
            concept,
            Concept::Recency
                | Concept::Last
                | Concept::Days
                | Concept::Weeks
                | Concept::Months
                | Concept::Years
                | Concept::Customer
                | Concept::Window
        )
    };
    clues.unknown.is_empty() && clues.concepts.iter().all(says_no_event)
}

/// What does not tell one kind of purchase from another.
fn says_little(concept: Concept) -> bool {
    matches!(
        concept,
        Concept::Count
            | Concept::Total
            | Concept::Window
            | Concept::Last
            | Concept::Customer
            | Concept::Average
    )
}

/// What is given is not spent, and who gives is no spender.
fn is_given(meaning: &Meaning) -> bool {
    meaning.event == Some(Event::Donation)
}

fn is_spent(meaning: &Meaning) -> bool {
    let is_ours = matches!(meaning.whose, Some(Whose::Spent | Whose::Unknown));
    meaning.measure == Measure::Money && is_ours && !is_given(meaning)
        || meaning.event == Some(Event::Purchase)
}

fn money(meaning: &Meaning, clues: &Clues) -> Option<FactKind> {
    let is_spending = meaning.whose == Some(Whose::Spent) && !is_given(meaning);
    match meaning.measure {
        Measure::Score if clues.has(Concept::Spent) => Some(FactKind::SpendingScore),
        Measure::Money if is_spending && meaning.aggregate == Some(Aggregate::Total) => {
            Some(FactKind::TotalSpend)
        }
        Measure::Money if is_spending && meaning.aggregate.is_none() => Some(FactKind::Spend),
        _ => None,
    }
}

fn of_level(clues: &Clues) -> FactKind {
    match clues.concepts.last() {
        Some(Concept::Couple) => FactKind::Couple,
        Some(Concept::Single) => FactKind::Single,
        Some(Concept::Woman) => FactKind::Woman,
        Some(Concept::Man) => FactKind::Man,
        _ => FactKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_roles_give_the_meaning_away() {
        let of = |name, role| FactKind::of_column(name, role, false);
        assert_eq!(of("MntWines", Role::Money), FactKind::Spend);
        assert_eq!(of("MntTotal", Role::Money), FactKind::TotalSpend);
        assert_eq!(of("Annual Income (k$)", Role::Money), FactKind::Income);
        assert_eq!(
            of("Spending Score (1-100)", Role::Score),
            FactKind::SpendingScore
        );
        assert_eq!(of("NumDealsPurchases", Role::Count), FactKind::Deals);
        assert_eq!(of("NumWebPurchases", Role::Count), FactKind::Channel);
        assert_eq!(of("Customer_Days", Role::Days), FactKind::Tenure);
        assert_eq!(of("Recency", Role::Days), FactKind::Recency);
        assert_eq!(of("R", Role::Days), FactKind::Recency);
        assert_eq!(of("DaysSincePurchase", Role::Days), FactKind::Recency);
        assert_eq!(of("days_since_Dt_Customer", Role::Days), FactKind::Tenure);
        assert_eq!(of("spend", Role::Outcome), FactKind::Other);
        assert_eq!(of("marital_Married", Role::Flag), FactKind::Couple);
        assert_eq!(of("Package", Role::Number), FactKind::Other);
        assert_eq!(
            FactKind::of_column("history", Role::Money, true),
            FactKind::TotalSpend
        );
        // Who gives is no spender.
        assert_eq!(
            FactKind::of_column("Total gifts", Role::Money, true),
            FactKind::Value
        );
        assert_eq!(FactKind::of_category("Female"), FactKind::Woman);
    }
}
