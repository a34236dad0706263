//! What a column tells about a customer, as far as its name and role give it away.

use super::columns::tokens;
use crate::roles::Role;

/// What a column tells about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
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

impl Meaning {
    /// The meaning of a column called `name`; `is_value` for the value column.
    pub(crate) fn of_column(name: &str, role: Role, is_value: bool) -> Self {
        let tokens = tokens(name);
        let has = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.as_str()));
        let by_name = demographic(role, &has)
            .or_else(|| engagement(role, &has))
            .or_else(|| money(role, &has));
        match by_name {
            Some(Self::Spend) if is_value => Self::TotalSpend,
            Some(meaning) => meaning,
            None if is_value
                && (role == Role::Money || has(&["m", "monetary", "history", "sales"])) =>
            {
                Self::TotalSpend
            }
            None if is_value => Self::Value,
            None => of_level(&tokens),
        }
    }

    /// The meaning of one category of a column.
    pub(crate) fn of_category(level: &str) -> Self {
        of_level(&tokens(level))
    }
}

fn demographic(role: Role, has: &impl Fn(&[&str]) -> bool) -> Option<Meaning> {
    if role == Role::Age || role != Role::Days && has(&["age"]) {
        Some(Meaning::Age)
    } else if role == Role::BirthYear {
        Some(Meaning::BirthYear)
    } else if has(&["income", "salary", "wage", "earnings"]) {
        Some(Meaning::Income)
    } else if has(&["kidhome", "kid", "kids"]) {
        Some(Meaning::SmallChildren)
    } else if has(&["teenhome", "teen", "teens", "teenagers"]) {
        Some(Meaning::Teenagers)
    } else if has(&["child", "children", "dependents"]) {
        Some(Meaning::Children)
    } else {
        None
    }
}

fn engagement(role: Role, has: &impl Fn(&[&str]) -> bool) -> Option<Meaning> {
    let counted = has(&["purchases", "purchase", "orders", "order"]) && role != Role::Money;
    if has(&["response", "responded", "accepted", "cmp"]) {
        Some(Meaning::Response)
    } else if role == Role::Days
        && has(&[
            "customer",
            "tenure",
            "enrolled",
            "joined",
            "registration",
            "signup",
        ])
        || has(&["tenure"])
    {
        Some(Meaning::Tenure)
    } else if has(&["recency"])
        || role == Role::Days && has(&["last", "r"])
        || has(&["since"]) && has(&["last", "purchase", "order"])
    {
        Some(Meaning::Recency)
    } else if counted && has(&["deal", "deals", "discount", "discounts", "coupon", "promo"]) {
        Some(Meaning::Deals)
    } else if counted
        && has(&[
            "web", "online", "catalog", "store", "app", "phone", "mail", "mobile", "shop",
        ])
    {
        Some(Meaning::Channel)
    } else if has(&["visits"]) {
        Some(Meaning::Visits)
    } else if role == Role::Count
        && (counted || has(&["frequency", "f", "invoices", "transactions", "trx"]))
    {
        Some(Meaning::Frequency)
    } else {
        None
    }
}

fn money(role: Role, has: &impl Fn(&[&str]) -> bool) -> Option<Meaning> {
    let spends = has(&["mnt", "spend", "spent", "spending", "amt", "amount"]);
    if spends && has(&["score"]) {
        Some(Meaning::SpendingScore)
    } else if matches!(role, Role::Outcome | Role::Treatment) {
        None
    } else if (spends || role == Role::Money)
        && has(&["total", "regular", "overall", "sum", "all", "monetary"])
    {
        Some(Meaning::TotalSpend)
    } else if spends {
        Some(Meaning::Spend)
    } else {
        None
    }
}

fn of_level(tokens: &[String]) -> Meaning {
    match tokens.last().map(String::as_str) {
        Some("married" | "together" | "couple" | "partner" | "cohabiting") => Meaning::Couple,
        Some("single" | "alone" | "unmarried") => Meaning::Single,
        Some("female" | "woman" | "women") => Meaning::Woman,
        Some("male" | "man" | "men") => Meaning::Man,
        _ => Meaning::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_roles_give_the_meaning_away() {
        let of = |name, role| Meaning::of_column(name, role, false);
        assert_eq!(of("MntWines", Role::Money), Meaning::Spend);
        assert_eq!(of("MntTotal", Role::Money), Meaning::TotalSpend);
        assert_eq!(of("Annual Income (k$)", Role::Money), Meaning::Income);
        assert_eq!(
            of("Spending Score (1-100)", Role::Score),
            Meaning::SpendingScore
        );
        assert_eq!(of("NumDealsPurchases", Role::Count), Meaning::Deals);
        assert_eq!(of("NumWebPurchases", Role::Count), Meaning::Channel);
        assert_eq!(of("Customer_Days", Role::Days), Meaning::Tenure);
        assert_eq!(of("Recency", Role::Days), Meaning::Recency);
        assert_eq!(of("R", Role::Days), Meaning::Recency);
        assert_eq!(of("DaysSincePurchase", Role::Days), Meaning::Recency);
        assert_eq!(of("days_since_Dt_Customer", Role::Days), Meaning::Tenure);
        assert_eq!(of("spend", Role::Outcome), Meaning::Other);
        assert_eq!(of("marital_Married", Role::Flag), Meaning::Couple);
        assert_eq!(of("Package", Role::Number), Meaning::Other);
        assert_eq!(
            Meaning::of_column("history", Role::Money, true),
            Meaning::TotalSpend
        );
        assert_eq!(Meaning::of_category("Female"), Meaning::Woman);
    }
}
