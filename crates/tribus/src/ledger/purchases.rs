//! The account of purchases that became customers, in lines and in money.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::PurchaseHistory;
use crate::date::Date;
use crate::roles::Kind;
use crate::words::{count, counted, grouped};

/// Lines of purchases set aside for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinesAside {
    /// Why, as a stable word: `no_customer`, `cancelled`.
    pub reason: String,
    /// How many lines.
    pub lines: u64,
    /// Their money, what was given back taken off.
    pub money: f64,
}

/// Money of a file of purchases: what was used and what was set aside is what the file has, to the cent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurchaseMoney {
    /// Of all lines, what was given back taken off.
    pub file: f64,
    /// Of the lines used.
    pub used: f64,
    /// What was sold, of the lines used.
    pub gross: f64,
    /// What was given back, of the lines used.
    pub returned: f64,
    /// Lines that were set aside.
    pub set_aside: Vec<LinesAside>,
}

/// A column and the part it plays in a file of purchases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartPlayed {
    /// The part, as recipes call it: `customer`, `order`, `date`, `amount` ...
    pub part: String,
    /// The column.
    pub column: String,
    /// Why.
    pub because: String,
}

/// A column of the customers that purchases were rolled up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMade {
    /// Its name.
    pub name: String,
    /// What it is, exactly.
    pub definition: String,
}

/// The account of purchases that became customers, in lines and in money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurchaseLedger {
    /// What a row of the file is: `line` of an order, `order`, `payment` or `event`.
    pub grain: String,
    /// Rows of the file.
    pub lines: u64,
    /// Orders that count.
    pub orders: u64,
    /// Customers.
    pub customers: u64,
    /// The day that counts as today.
    pub as_of: Date,
    /// Which column plays which part.
    pub parts: Vec<PartPlayed>,
    /// The account in money.
    pub money: PurchaseMoney,
    /// The columns that were made.
    pub columns: Vec<ColumnMade>,
    /// Groups of customers by a rule, who are not clustered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lifecycle: Vec<LifecycleGroup>,
    /// What people should know.
    pub notes: Vec<String>,
    /// How the file is written, for its roll-up in an engine.
    #[serde(default)]
    pub form: PurchaseForm,
    /// How they went over time and over the customers.
    #[serde(default)]
    pub history: PurchaseHistory,
}

/// How a file of purchases is written: what its roll-up as SQL needs beside the parts and the recipe. It holds words of states and
/// of guests, no names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PurchaseForm {
    /// The columns that play a part, by the part.
    pub columns: BTreeMap<String, FormColumn>,
    /// Values of keys that name nobody, by the part.
    pub guests: BTreeMap<String, Vec<String>>,
    /// What the words of the state mean, as numbers that rise with the course of an order.
    pub states: BTreeMap<String, u8>,
    /// What the words for the kind of a row mean.
    pub row_kinds: BTreeMap<String, u8>,
    /// Parts whose numbers belong to an order and count once.
    pub once: Vec<String>,
    /// How discounts are told, if they are.
    pub discounts: Option<DiscountKind>,
    /// Whether the rows stood in one file.
    pub is_one_file: bool,
    /// Columns that rules for lines read.
    pub ruled: Vec<FormColumn>,
}

/// A column of a file of purchases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormColumn {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// How a column tells what was taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscountKind {
    /// In money.
    Money,
    /// From 0 to 1.
    Share,
    /// From 0 to 100.
    Percent,
}

/// Customers told apart by a rule before anything is clustered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleGroup {
    /// What it is called.
    pub group: String,
    /// Who belongs to it, as an expression.
    pub rule: String,
    /// How many.
    pub customers: u64,
    /// Their part of the revenue of all customers, 0 to 1.
    pub share_of_money: f64,
}

/// How the reason of a group by rule ends.
pub(crate) const BY_RULE: &str = ": a group by rule, not clustered";

impl LifecycleGroup {
    /// Why they are not clustered, as the account of the rows says.
    pub fn reason(&self) -> String {
        format!("{}{BY_RULE}", self.group)
    }
}

impl PurchaseLedger {
    /// The column that plays a part.
    pub fn column(&self, part: &str) -> Option<&str> {
        let mut parts = self.parts.iter();
        parts
            .find(|played| played.part == part)
            .map(|played| played.column.as_str())
    }

    /// The account in words, a line each.
    pub fn told(&self) -> Vec<String> {
        let money = &self.money;
        let aside = self.lines_set_aside();
        let mut told = vec![
            format!(
                "{} = {} used + {} set aside",
                counted(self.lines, &self.grain, &format!("{}s", self.grain)),
                count(self.lines.saturating_sub(aside)),
                count(aside)
            ),
            format!(
                "{} money of the file = {} used + {} set aside",
                cents(money.file),
                cents(money.used),
                cents(money.set_aside.iter().map(|aside| aside.money).sum())
            ),
        ];
        told.extend(money.set_aside.iter().map(|aside| {
            let (lines, reason) = (count(aside.lines), reason_in_words(&aside.reason));
            format!("  {lines} set aside ({}): {reason}", cents(aside.money))
        }));
        told.push(format!(
            "{} of {} up to {}: {} paid - {} returned",
            counted(self.orders, "order", "orders"),
            counted(self.customers, "customer", "customers"),
            self.as_of,
            cents(money.gross),
            cents(money.returned)
        ));
        told
    }

    /// Lines set aside in all.
    pub fn lines_set_aside(&self) -> u64 {
        let lines = self.money.set_aside.iter().map(|aside| aside.lines);
        lines.fold(0, u64::saturating_add)
    }
}

/// An amount with two decimals.
pub(crate) fn cents(amount: f64) -> String {
    let digits = format!("{:.2}", amount.abs());
    let (whole, decimals) = digits.split_once('.').unwrap_or((&digits, "00"));
    let sign = if amount < 0.0 && digits != "0.00" {
        "-"
    } else {
        ""
    };
    format!("{sign}{}.{decimals}", grouped(whole))
}

/// Why a line was set aside; what the user gave as the reason as it is.
pub(crate) fn reason_in_words(reason: &str) -> &str {
    match reason {
        "no_customer" => "no customer",
        "no_date" => "no day",
        "no_amount" => "no amount",
        "not_a_product" => "not a product",
        "unreadable" => "could not be read, so that its money is not known",
        "no_purchase" => "no purchase: a view, a cart, a fee",
        "after_as_of" => "after the day that counts as today",
        "older_state" => "the order is there with a newer state",
        "copy" => "an exact copy of another line",
        "return" => "a return",
        other => other,
    }
}
