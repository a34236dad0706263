//! What the name of a column says about it.

/// Who or what an id stands for.
const SUBJECTS: [&str; 28] = [
    "customer",
    "client",
    "user",
    "member",
    "account",
    "person",
    "household",
    "order",
    "invoice",
    "visitor",
    "contact",
    "subscriber",
    "shopper",
    "buyer",
    "guest",
    "patient",
    "profile",
    "company",
    "card",
    "loyalty",
    "transaction",
    "session",
    "employee",
    "cust",
    "stock",
    "product",
    "item",
    "article",
];

/// Words that make a subject an id: `customer number`.
const NUMBERS: [&str; 8] = ["number", "no", "nr", "num", "key", "code", "ref", "nbr"];

/// Whether a column with this name holds ids, which are text whatever they look like: `id`, `ID`, `customer_id`,
/// `CustomerID`, `customerid`, `customer number`, `InvoiceNo`, `uuid`. Not `paid`, nor `Num_Orders`.
pub(crate) fn named_like_an_id(name: &str) -> bool {
    let words = words(name);
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return false;
    };
    if ["id", "ids", "uuid", "guid"]
        .iter()
        .any(|id| first == id || last == id)
    {
        return true;
    }
    let glued = |word: &str| {
        SUBJECTS.iter().any(|subject| {
            word.strip_prefix(subject)
                .is_some_and(|rest| rest == "id" || rest == "number" || rest == "no")
        })
    };
    let numbered = words
        .windows(2)
        .any(|pair| SUBJECTS.contains(&pair[0].as_str()) && NUMBERS.contains(&pair[1].as_str()));
    (words.len() == 1 && glued(first)) || glued(last) || (numbered && words.len() <= 3)
}

/// Whether a column with this name holds dates, so that `20140629` is one: `Date`, `order_date`, `Dt_Customer`.
pub(crate) fn named_like_a_date(name: &str) -> bool {
    words(name)
        .iter()
        .any(|word| ["date", "dates", "dt", "datum", "fecha", "day"].contains(&word.as_str()))
}

/// The words of a name in lower case, split where people split them: at signs and spaces, and at a capital after a small
/// letter or before one that begins a new word (`CustomerID`, `IDNumber`).
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (at, &character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(at + 1);
        let begins = character.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if !character.is_alphanumeric() || begins {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_known_by_name() {
        for name in [
            "id",
            "ID",
            "Id",
            "customer_id",
            "CustomerID",
            "customerid",
            "Customer Number",
            "account number",
            "InvoiceNo",
            "StockCode",
            "uuid",
            "client-id",
            "ID_Cliente",
            "userId",
            "Customer ID",
        ] {
            assert!(named_like_an_id(name), "{name}");
        }
        for name in [
            "paid",
            "Kidhome",
            "void",
            "NumWebPurchases",
            "number of orders",
            "Orders",
            "Income",
            "idle",
            "Z_CostContact",
            "bid",
            "Year_Birth",
            "country code",
        ] {
            assert!(!named_like_an_id(name), "{name}");
        }
    }

    #[test]
    fn dates_are_known_by_name() {
        assert!(
            named_like_a_date("Dt_Customer")
                && named_like_a_date("InvoiceDate")
                && named_like_a_date("date")
        );
        assert!(!named_like_a_date("Updated") && !named_like_a_date("Customer_Days"));
    }
}
