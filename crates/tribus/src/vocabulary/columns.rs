//! From a column's name to words people read: `MntMeatProducts` is "meat products".

/// Splits a name at underscores, punctuation, changes of case and digits; lower case.
pub(crate) fn tokens(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut tokens: Vec<String> = Vec::new();
    let mut open = false;
    for (at, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() && letter != '$' && letter != '%' {
            open = false;
            continue;
        }
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1).copied();
        if !open || before.is_some_and(|before| starts_a_word(before, letter, after)) {
            tokens.push(String::new());
        }
        open = true;
        if let Some(token) = tokens.last_mut() {
            token.extend(letter.to_lowercase());
        }
    }
    tokens
}

fn starts_a_word(before: char, letter: char, after: Option<char>) -> bool {
    let camel = before.is_lowercase() && letter.is_uppercase();
    // The last capital of a run belongs to the word behind it: `RFMScore` is "rfm score".
    let acronym =
        before.is_uppercase() && letter.is_uppercase() && after.is_some_and(char::is_lowercase);
    camel || acronym || before.is_alphabetic() && letter.is_numeric()
}

/// The words for a column: `NumWebPurchases` is "web purchases", `Kidhome` "small children at home".
pub(crate) fn column_words(name: &str) -> String {
    let (bare, unit) = without_unit(name);
    let tokens = tokens(bare);
    let known: Vec<&str> = tokens.iter().map(String::as_str).collect();
    if let Some(words) = whole_name(&known) {
        return words.to_owned();
    }
    let kept = match known.as_slice() {
        ["mnt" | "amt" | "num" | "nb" | "dt" | "marital", rest @ ..]
        | [rest @ .., "yes" | "true"]
            if !rest.is_empty() =>
        {
            rest
        }
        ["total", "spend" | "spent"] => &["total", "spend"],
        all => all,
    };
    let (kept, suffix) = trailing_unit(kept);
    let words: Vec<String> = kept.iter().map(|token| spelled_out(token)).collect();
    let words = if words.is_empty() {
        name.trim().to_owned()
    } else {
        words.join(" ") + &suffix
    };
    unit.map_or(words.clone(), |unit| format!("{words} {unit}"))
}

/// Cuts a unit in brackets from the name; a range (`(1-100)`) is no unit and is dropped.
fn without_unit(name: &str) -> (&str, Option<&str>) {
    let name = name.trim();
    let Some(at) = name.rfind('(').filter(|&at| at > 0 && name.ends_with(')')) else {
        return (name, None);
    };
    let unit = &name[at..];
    let is_range = unit
        .chars()
        .all(|letter| letter.is_ascii_digit() || "()-–. ".contains(letter));
    (name[..at].trim_end(), (!is_range).then_some(unit))
}

fn whole_name(tokens: &[&str]) -> Option<&'static str> {
    Some(match tokens {
        ["kidhome"] => "small children at home",
        ["teenhome"] => "teenagers at home",
        ["customer", "days"]
        | ["days", "as", "customer"]
        | ["dt", "customer", "days"]
        | ["days", "since", "dt", "customer"] => "days as customer",
        ["mnt", "total"] | ["total", "mnt"] | ["total"] => "total spend",
        ["mnt", "regular", ..] => "regular products",
        ["accepted", "cmp", "overall"] => "campaigns accepted",
        ["num", "web", "visits", "month"] => "web visits a month",
        ["num", "deals", "purchases"] => "purchases on deals",
        ["education", "ph", "d"] => "education PhD",
        ["response"] => "response to campaigns",
        ["complain"] => "complaints",
        ["newbie"] => "new customer",
        ["r"] => "days since the last purchase",
        ["f"] => "purchases",
        ["m"] => "spend",
        ["mens"] => "men's products",
        ["womens"] => "women's products",
        _ => return None,
    })
}

/// Cuts a currency or a span of time off the end: `mrr_usd` is "MRR (USD)", `sessions_30d` "sessions in 30 days".
fn trailing_unit<'a, 't>(tokens: &'a [&'t str]) -> (&'a [&'t str], String) {
    let Some((last, rest)) = tokens.split_last().filter(|(_, rest)| !rest.is_empty()) else {
        return (tokens, String::new());
    };
    if CURRENCIES.contains(last) {
        return (rest, format!(" ({})", last.to_uppercase()));
    }
    let digits = last.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let span = match &last[digits.len()..] {
        "d" => "days",
        "w" => "weeks",
        "m" => "months",
        "y" => "years",
        _ => return (tokens, String::new()),
    };
    let span = span
        .strip_suffix('s')
        .filter(|_| digits == "1")
        .unwrap_or(span);
    match rest.split_last() {
        _ if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            (tokens, String::new())
        }
        Some((&"last" | &"past" | &"l", rest)) if !rest.is_empty() => {
            (rest, format!(" in the last {digits} {span}"))
        }
        _ => (rest, format!(" in {digits} {span}")),
    }
}

const CURRENCIES: [&str; 20] = [
    "usd", "eur", "gbp", "chf", "jpy", "cny", "inr", "brl", "cad", "aud", "mxn", "sek", "nok",
    "dkk", "pln", "czk", "huf", "try", "zar", "rub",
];

/// Letters people say one by one.
const ACRONYMS: [&str; 20] = [
    "mrr", "arr", "rfm", "clv", "cltv", "ltv", "arpu", "aov", "nps", "csat", "ctr", "roi", "sms",
    "crm", "kpi", "gmv", "vip", "atm", "b2b", "b2c",
];

/// What a category says to the question its column asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Yes, true, 1.
    Yes,
    /// No, false, 0.
    No,
}

/// Whether a category is a plain yes or no.
pub(crate) fn answer(level: &str) -> Option<Answer> {
    match level.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "t" | "1" | "1.0" | "ja" | "oui" | "si" | "sí" | "sì" | "sim" => {
            Some(Answer::Yes)
        }
        "no" | "n" | "false" | "f" | "0" | "0.0" | "nein" | "non" | "não" | "nao" | "nee" => {
            Some(Answer::No)
        }
        _ => None,
    }
}

/// The answer a column of zeros and ones is about: `Partner_Yes`, `Partner_No`.
pub(crate) fn ending_answer(column: &str) -> Option<Answer> {
    match tokens(column).as_slice() {
        [_, .., last] if last.chars().count() > 1 => answer(last),
        _ => None,
    }
}

/// Whether a category says nothing without its column: an answer, a degree, a letter.
pub(crate) fn is_mute(level: &str) -> bool {
    let level = level.trim().to_lowercase();
    level
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
        <= 2
        || answer(&level).is_some()
        || matches!(
            level.as_str(),
            "high"
                | "low"
                | "medium"
                | "middle"
                | "mid"
                | "none"
                | "all"
                | "never"
                | "always"
                | "often"
                | "sometimes"
                | "good"
                | "bad"
                | "poor"
                | "fair"
                | "excellent"
                | "unknown"
                | "n/a"
                | "null"
                | "nan"
                | "missing"
                | "small"
                | "large"
                | "big"
                | "short"
                | "long"
                | "new"
                | "old"
                | "active"
                | "inactive"
                | "on"
                | "off"
                | "first"
                | "second"
                | "third"
        )
}

fn spelled_out(token: &str) -> String {
    if ACRONYMS.contains(&token) {
        return token.to_uppercase();
    }
    match token {
        "cmp" => "campaign",
        "prods" | "prod" => "products",
        "trx" | "txn" => "transactions",
        "qty" => "quantity",
        "avg" => "average",
        token => token,
    }
    .to_owned()
}

/// Each word with a capital: `meat products` is "Meat Products".
pub(crate) fn title(words: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    words
        .split_whitespace()
        .map(capital)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The thing bought, as it stands before "Lovers": `MntMeatProducts` is "Meat", `MntWines` "Wine".
pub(crate) fn product(name: &str) -> String {
    let words = column_words(name);
    let mut kept: Vec<&str> = words
        .split_whitespace()
        .filter(|word| {
            !matches!(
                *word,
                "products"
                    | "product"
                    | "purchases"
                    | "spend"
                    | "spent"
                    | "amount"
                    | "on"
                    | "total"
            )
        })
        .collect();
    if kept.is_empty() {
        kept = words.split_whitespace().collect();
    }
    let phrase = title(&kept.join(" "));
    let plural = phrase.len() > 4 && phrase.ends_with('s') && !phrase.ends_with("ss");
    if plural {
        phrase[..phrase.len() - 1].to_owned()
    } else {
        phrase
    }
}

/// Words that carry meaning; "&" joins and does not count.
pub(crate) fn word_count(name: &str) -> usize {
    name.split_whitespace().filter(|word| *word != "&").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_names_become_words() {
        let expected = [
            ("MntMeatProducts", "meat products"),
            ("MntWines", "wines"),
            ("MntGoldProds", "gold products"),
            ("MntTotal", "total spend"),
            ("NumWebPurchases", "web purchases"),
            ("Annual Income (k$)", "annual income (k$)"),
            ("Spending Score (1-100)", "spending score"),
            ("Detergents_Paper", "detergents paper"),
            ("AcceptedCmp3", "accepted campaign 3"),
            ("marital_Married", "married"),
            ("Customer_Days", "days as customer"),
            ("Kidhome", "small children at home"),
            ("Teenhome", "teenagers at home"),
            ("CASH_ADVANCE_FREQUENCY", "cash advance frequency"),
            ("PURCHASES_TRX", "purchases transactions"),
            ("education_PhD", "education PhD"),
            ("NumDealsPurchases", "purchases on deals"),
            ("RFMScore", "RFM score"),
            ("Partner_Yes", "partner"),
            ("mrr_usd", "MRR (USD)"),
            ("sessions_30d", "sessions in 30 days"),
            ("orders_last_12m", "orders in the last 12 months"),
            ("visits_1d", "visits in 1 day"),
            (
                "Days Since Letzte Bestellung",
                "days since letzte bestellung",
            ),
            ("usd", "usd"),
            ("30d", "30d"),
            ("Größe", "größe"),
            ("()", "()"),
            ("", ""),
        ];
        for (name, words) in expected {
            assert_eq!(column_words(name), words, "{name}");
        }
    }

    #[test]
    fn the_thing_bought_stands_before_lovers() {
        let products = [
            "MntWines",
            "MntMeatProducts",
            "MntFruits",
            "MntGoldProds",
            "Detergents_Paper",
            "Glass",
        ]
        .map(product);
        assert_eq!(
            products,
            ["Wine", "Meat", "Fruit", "Gold", "Detergents Paper", "Glass"]
        );
        assert_eq!(word_count("Gold & Web Buyers"), 3);
    }
}
