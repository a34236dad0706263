//! The parts that columns play in a file of purchases, by the header words of exports.
//!
//! A header may name several parts ("customer e-mail" both customer and e-mail), and one part stands under many headers. So
//! these are entries of their own in the lexicon, beside the concepts: `part:NAME`, best header first. What a column really is,
//! its values decide.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::TEXT;
use super::split;

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a column is in a file of purchases.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Part {
            $($(#[$doc])* $name,)*
        }

        impl Part {
            /// Its key in recipes.
            pub(crate) fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

parts! {
    /// Names the customer.
    Customer = "customer",
    /// The customer's e-mail address.
    Email = "email",
    /// The customer's telephone number.
    Phone = "phone",
    /// Names the order.
    Order = "order",
    /// The day of the order.
    Date = "date",
    /// What was paid: for the order or for the line.
    Amount = "amount",
    /// How many of a product.
    Quantity = "quantity",
    /// Of one piece.
    Price = "price",
    /// What was taken off the price.
    Discount = "discount",
    /// What was given back.
    Refunded = "refunded",
    /// The day it was given back.
    RefundDate = "refund_date",
    /// Paid, pending, cancelled ...
    State = "state",
    /// What a row is: a sale, a return, or no purchase at all.
    Kind = "kind",
    /// The currency of the amounts.
    Currency = "currency",
    /// What was bought.
    Product = "product",
    /// The kind of product.
    Category = "category",
    /// Where it was bought.
    Channel = "channel",
    /// The customer's country.
    Country = "country",
    /// Tax, in the amount or beside it.
    Tax = "tax",
    /// Shipping, in the amount or beside it.
    Shipping = "shipping",
    /// Not a part but a mark: the amount is in one currency, whatever was paid in.
    Converted = "converted",
    /// What was paid after refunds, where it was changed.
    Adjusted = "adjusted",
    /// A mark: the number is of a whole order.
    OfOrder = "of_order",
    /// A mark: the number is of one line.
    OfLine = "of_line",
    /// Whether a payment that was authorized was taken.
    Captured = "captured",
}

/// How well a header says a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fit {
    /// The whole header is the entry.
    pub(crate) whole: bool,
    /// The place of the entry in its list; the best stands first.
    pub(crate) place: usize,
    /// Words of the header that are no part of the entry.
    pub(crate) others: usize,
    /// Words of the entry.
    pub(crate) words: usize,
}

static PARTS: LazyLock<HashMap<Part, Vec<Vec<String>>>> = LazyLock::new(|| {
    let mut parts: HashMap<Part, Vec<Vec<String>>> = HashMap::new();
    for line in TEXT.lines() {
        let mut fields = line.split('\t');
        let part = (fields.next())
            .and_then(|key| key.strip_prefix("part:"))
            .and_then(Part::from_word);
        if let Some((part, list)) = part.zip(fields.nth(1)) {
            let entries = list.split(',').map(|entry| split(entry.trim()));
            parts.entry(part).or_default().extend(entries);
        }
    }
    parts
});

/// How well a header says that its column plays this part; nothing if it does not.
pub(crate) fn fit(header: &str, part: Part) -> Option<Fit> {
    let words = split(header);
    let entries = PARTS.get(&part)?;
    let fits = entries.iter().enumerate().filter_map(|(place, entry)| {
        let found = words.windows(entry.len().max(1)).any(|some| some == entry);
        found.then(|| Fit {
            whole: words.len() == entry.len(),
            place,
            others: words.len() - entry.len(),
            words: entry.len(),
        })
    });
    fits.min_by_key(|fit| (!fit.whole, fit.others, fit.place))
}
