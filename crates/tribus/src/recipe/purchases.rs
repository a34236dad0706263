//! What is said about a file of purchases: which column plays which part, and how lines become customers.

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::DropRule;
use super::settings::keywords;
use crate::source::ReadOptions;
use crate::vocabulary::parts::Part;

keywords! {
    /// What is counted as an order.
    Frequency {
        /// Different orders.
        Orders = "orders",
        /// Different days with an order.
        Days = "days",
    }
}

keywords! {
    /// What becomes of returns: negative amounts and refunds.
    Returns {
        /// Taken off the revenue.
        Net = "net",
        /// Told in a column of their own; the revenue is what was sold.
        Separate = "separate",
        /// Set aside.
        Ignore = "ignore",
    }
}

keywords! {
    /// What becomes of lines that equal another one in every column.
    Copies {
        /// They count, and are told.
        Keep = "keep",
        /// All but one are set aside.
        Drop = "drop",
    }
}

keywords! {
    /// What an amount includes.
    Money {
        /// What the column includes, tax and shipping or not.
        AsFound = "as found",
    }
}

keywords! {
    /// Whether customers with one order are told apart by a rule.
    Lifecycle {
        /// Where they are at least a fifth of the customers.
        Auto = "auto",
        /// Never.
        None = "none",
    }
}

macro_rules! section {
    ($($(#[$doc:meta])* $field:ident = $part:ident,)*) => {
        /// How lines of purchases become customers; found from the file where not given.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct PurchasesSection {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<String>,)*
            /// What counts as an order (default: orders).
            #[serde(skip_serializing_if = "Option::is_none")]
            pub frequency: Option<Frequency>,
            /// What becomes of returns (default: net).
            #[serde(skip_serializing_if = "Option::is_none")]
            pub returns: Option<Returns>,
            /// What becomes of exact copies of lines (default: keep).
            #[serde(skip_serializing_if = "Option::is_none")]
            pub copies: Option<Copies>,
            /// What amounts include (default: as found).
            #[serde(skip_serializing_if = "Option::is_none")]
            pub money: Option<Money>,
            /// Values of the product column that are no products, such as postage.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub not_products: Vec<String>,
            /// Lines to set aside; the first rule that matches counts.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub drop: Vec<DropRule>,
            /// Spans of days before the last one of which the revenue is told (default: 90, 180 and 365).
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub windows: Vec<u32>,
            /// Scores of recency, frequency and money from 1 to this number (2 to 10; default: none).
            #[serde(skip_serializing_if = "Option::is_none")]
            pub scores: Option<u32>,
            /// Groups by conditions over the columns of the customers: name = condition. They must part the customers.
            #[serde(skip_serializing_if = "IndexMap::is_empty")]
            pub rules: IndexMap<String, String>,
            /// Whether customers with one order are told apart by a rule (default: auto).
            #[serde(skip_serializing_if = "Option::is_none")]
            pub lifecycle: Option<Lifecycle>,
            /// For so many days after their first order customers are new (default: from the file's own gaps).
            #[serde(skip_serializing_if = "Option::is_none")]
            pub lifecycle_days: Option<u32>,
        }

        impl PurchasesSection {
            /// The column that plays a part, where that is said.
            pub(crate) fn column(&self, part: Part) -> Option<&String> {
                match part {
                    $(Part::$part => self.$field.as_ref(),)*
                    _ => None,
                }
            }

            /// Says which column plays a part.
            pub(crate) fn set(&mut self, part: Part, column: &str) {
                match part {
                    $(Part::$part => self.$field = Some(column.to_owned()),)*
                    _ => {}
                }
            }
        }
    };
}

section! {
    /// Column that names the customer.
    customer = Customer,
    /// Column of the e-mail address, which names guests.
    email = Email,
    /// Column of the telephone number, which names guests without an address.
    phone = Phone,
    /// Column that names the order.
    order = Order,
    /// Column of the day.
    date = Date,
    /// Column of what was paid.
    amount = Amount,
    /// Column of how many pieces.
    quantity = Quantity,
    /// Column of the price of a piece.
    price = Price,
    /// Column of what was taken off the price.
    discount = Discount,
    /// Column of what was given back.
    refunded = Refunded,
    /// Column of the day it was given back.
    refund_date = RefundDate,
    /// Column of the state: paid, cancelled ...
    state = State,
    /// Column that says whether a row is a sale, a return or no purchase at all.
    kind = Kind,
    /// Column of the currency.
    currency = Currency,
    /// Column of the product.
    product = Product,
    /// Column of the kind of product.
    category = Category,
    /// Column of the sales channel.
    channel = Channel,
    /// Column of the customer's country.
    country = Country,
}

/// All parts that a recipe can name, in the order in which people read them.
pub(crate) const PARTS: [Part; 18] = [
    Part::Customer,
    Part::Email,
    Part::Phone,
    Part::Order,
    Part::Date,
    Part::Amount,
    Part::Quantity,
    Part::Price,
    Part::Discount,
    Part::Refunded,
    Part::RefundDate,
    Part::State,
    Part::Kind,
    Part::Currency,
    Part::Product,
    Part::Category,
    Part::Channel,
    Part::Country,
];

impl PurchasesSection {
    /// How a file is read in which columns play these parts.
    pub(crate) fn over(&self, mut options: ReadOptions) -> ReadOptions {
        for part in PARTS {
            let Some(column) = self.column(part).cloned() else {
                continue;
            };
            match part {
                Part::Date | Part::RefundDate => options.date_columns.push(column),
                Part::Amount | Part::Quantity | Part::Price | Part::Discount | Part::Refunded => {
                    options.number_columns.push(column);
                }
                Part::Customer | Part::Order | Part::Email | Part::Phone => {
                    options.text_columns.push(column);
                }
                _ => {}
            }
        }
        options
    }

    /// The days of the windows, the default where nothing is said.
    pub(crate) fn windows(&self) -> &[u32] {
        if self.windows.is_empty() {
            &[90, 180, 365]
        } else {
            &self.windows
        }
    }
}
