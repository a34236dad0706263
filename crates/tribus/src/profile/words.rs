//! From a column's name to words people read: `MntMeatProducts` is "meat products".

/// Splits a name at underscores, punctuation, changes of case and digits; lower case.
pub(super) fn tokens(name: &str) -> Vec<String> {
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
pub fn column_words(name: &str) -> String {
    let (bare, unit) = without_unit(name);
    let tokens = tokens(bare);
    let known: Vec<&str> = tokens.iter().map(String::as_str).collect();
    if let Some(words) = whole_name(&known) {
        return words.to_owned();
    }
    let kept = match known.as_slice() {
        ["mnt" | "amt" | "num" | "nb" | "dt" | "marital", rest @ ..] if !rest.is_empty() => rest,
        ["total", "spend" | "spent"] => &["total", "spend"],
        all => all,
    };
    let words: Vec<&str> = kept.iter().map(|token| spelled_out(token)).collect();
    let words = if words.is_empty() {
        name.trim().to_owned()
    } else {
        words.join(" ")
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

fn spelled_out(token: &str) -> &str {
    match token {
        "cmp" => "campaign",
        "prods" | "prod" => "products",
        "trx" | "txn" => "transactions",
        "qty" => "quantity",
        "avg" => "average",
        token => token,
    }
}

/// Each word with a capital: `meat products` is "Meat Products".
pub(super) fn title(words: &str) -> String {
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
pub(super) fn product(name: &str) -> String {
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
pub(super) fn word_count(name: &str) -> usize {
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
            ("RFMScore", "rfm score"),
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
