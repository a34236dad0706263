//! What the names of columns say: split into words and looked up in small lists, for the planner (here), the reader
//! (`names`) and the profiles (`columns`, `meaning`).

pub(crate) mod columns;
pub(crate) mod meaning;
mod names;

pub(crate) use columns::column_words;
pub(crate) use names::{named_like_a_date, named_like_an_id};

/// The words of a column name, in lower case: `MntWines` -> mnt, wines; `Annual Income (k$)` -> annual, income, k.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (at, c) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| characters[at]);
        let after = characters.get(at + 1);
        let starts = before.is_some_and(|before| {
            (before.is_lowercase() && c.is_uppercase())
                || (before.is_alphabetic() != c.is_alphabetic())
                || (before.is_uppercase()
                    && c.is_uppercase()
                    && after.is_some_and(|c| c.is_lowercase()))
        });
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether any of the words is in the list.
pub(crate) fn any(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

pub(crate) const INCOME: &[&str] = &[
    "income",
    "salary",
    "wage",
    "wages",
    "earnings",
    "ingreso",
    "ingresos",
    "renda",
    "einkommen",
];

/// Money that customers spend.
pub(crate) const SPENDING: &[&str] = &[
    "mnt",
    "amount",
    "amt",
    "spend",
    "spent",
    "spending",
    "sales",
    "revenue",
    "monetary",
    "expenditure",
    "expense",
    "expenses",
    "charges",
    "charge",
    "paid",
    "turnover",
    "ltv",
    "clv",
    "mrr",
    "arr",
    "dollar",
    "dollars",
    "gmv",
    "fee",
    "fees",
    "umsatz",
    "ventas",
    "gasto",
    "gastos",
];

/// Money that is not spent: balances, prices, limits.
pub(crate) const OTHER_MONEY: &[&str] = &[
    "balance", "credit", "limit", "loan", "debt", "deposit", "savings", "price", "cost", "payment",
    "payments", "premium", "usd", "eur", "aov", "advance",
];

/// Words that always say a count, whatever else the name says: `NumWebPurchases`.
pub(crate) const COUNT: &[&str] = &[
    "num",
    "number",
    "nb",
    "count",
    "cnt",
    "qty",
    "quantity",
    "transactions",
    "trx",
    "freq",
];

/// Words that say a count where no money is named: `web_orders`, but not `MntMeatProducts`.
pub(crate) const COUNTED: &[&str] = &[
    "visits",
    "orders",
    "purchases",
    "items",
    "products",
    "frequency",
    "calls",
    "logins",
    "sessions",
    "tickets",
    "clicks",
    "opens",
    "cds",
];

/// Who customers are.
pub(crate) const DEMOGRAPHIC: &[&str] = &[
    "kid",
    "kids",
    "kidhome",
    "teen",
    "teens",
    "teenhome",
    "child",
    "children",
    "dependents",
    "dependants",
    "family",
    "household",
    "members",
    "hijos",
];

pub(crate) const DAYS: &[&str] = &[
    "days",
    "day",
    "recency",
    "tenure",
    "months",
    "month",
    "weeks",
    "since",
    "dias",
    "antiguedad",
];

pub(crate) const SCORE: &[&str] = &[
    "score",
    "rating",
    "grade",
    "satisfaction",
    "nps",
    "index",
    "points",
    "stars",
];

pub(crate) const SHARE: &[&str] = &[
    "share",
    "rate",
    "ratio",
    "pct",
    "percent",
    "percentage",
    "proportion",
];

pub(crate) const AGE: &[&str] = &["age", "edad", "idade"];

pub(crate) const BIRTH: &[&str] = &["birth", "born", "yob", "birthyear", "dob", "nacimiento"];

/// Measures that are no money, though they may have two decimals.
pub(crate) const NOT_MONEY: &[&str] = &[
    "kg",
    "lb",
    "lbs",
    "bmi",
    "weight",
    "height",
    "cm",
    "km",
    "miles",
    "minutes",
    "mins",
    "min",
    "hours",
    "hour",
    "seconds",
    "temperature",
    "distance",
    "size",
    "level",
    "gb",
    "mb",
];

/// Places: coordinates are no measure of a customer.
pub(crate) const PLACE: &[&str] = &["latitude", "longitude", "lat", "lon", "lng"];

/// What names a person or reaches one.
pub(crate) const PERSONAL: &[&str] = &[
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "forename",
    "phone",
    "mobile",
    "telephone",
    "iban",
    "ssn",
    "address",
    "street",
    "vorname",
    "nachname",
    "apellido",
    "nombre",
];

/// Names of persons in two words.
pub(crate) const PERSON_PARTS: &[&str] = &[
    "first", "last", "full", "middle", "given", "family", "customer", "client",
];

/// What a model says of an outcome.
pub(crate) const PREDICTED: &[&str] = &[
    "score",
    "prob",
    "probability",
    "risk",
    "prediction",
    "predicted",
    "propensity",
];

/// What a campaign is to change; counts only for yes-or-no columns.
pub(crate) const OUTCOME: &[&str] = &[
    "response",
    "responded",
    "responder",
    "churn",
    "churned",
    "exited",
    "attrition",
    "conversion",
    "converted",
    "convert",
    "visit",
    "visited",
    "outcome",
    "target",
    "label",
    "purchased",
    "subscribed",
    "bought",
    "defaulted",
    "cancelled",
    "canceled",
    "unsubscribed",
    "renewed",
];

/// Dates that lie ahead of all that happened.
pub(crate) const TO_COME: &[&str] = &[
    "end",
    "ends",
    "ending",
    "until",
    "expiry",
    "expires",
    "expiration",
    "expire",
    "valid",
    "due",
    "next",
    "renewal",
    "maturity",
    "planned",
    "target",
];

/// Outcomes that a campaign is to prevent: no response, and no revenue.
pub(crate) const LOSS: &[&str] = &[
    "churn",
    "churned",
    "exited",
    "attrition",
    "defaulted",
    "cancelled",
    "canceled",
    "unsubscribed",
];

pub(crate) const TREATMENT: &[&str] = &["treatment", "treated", "arm", "variant", "experiment"];

/// Names of test arms where they are categories of a column called segment, group or campaign.
pub(crate) const ARM: &[&str] = &["segment", "group", "campaign", "test"];

/// Codes: numbers that name something.
pub(crate) const CODE: &[&str] = &[
    "zip", "zipcode", "postal", "postcode", "region", "channel", "code", "type", "category",
    "class", "area", "zone", "state", "country", "city", "gender", "sex", "cluster", "segment",
    "group", "branch", "plan",
];

/// How customers come back and respond.
pub(crate) const ENGAGEMENT: &[&str] = &[
    "visits",
    "visit",
    "sessions",
    "logins",
    "clicks",
    "opens",
    "email",
    "emails",
    "campaign",
    "cmp",
    "accepted",
    "recency",
    "tenure",
    "since",
    "complain",
    "complaints",
    "newsletter",
    "frequency",
    "calls",
    "tickets",
];

pub(crate) const WEIGHT: &[&str] = &["weight", "sample_weight", "survey_weight"];

pub(crate) const TOTAL: &[&str] = &["total", "overall", "sum", "ltv", "clv", "lifetime"];

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_split_into_words() {
        for (name, expected) in [
            ("MntWines", "mnt wines"),
            ("Annual Income (k$)", "annual income k"),
            ("CustomerID", "customer id"),
            ("AcceptedCmp3", "accepted cmp 3"),
            ("BALANCE_FREQUENCY", "balance frequency"),
            ("NumWebVisitsMonth", "num web visits month"),
            ("IDNumber", "id number"),
            ("", ""),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }
}
