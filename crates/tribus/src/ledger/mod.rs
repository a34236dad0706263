//! What happened to every row and every repaired cell. It always adds up: rows read = rows used + rows set aside.

mod history;
mod purchases;

use serde::{Deserialize, Serialize};

pub use history::{Cohort, Gaps, OrdersOf, Period, PurchaseHistory, SecondOrder};
pub(crate) use purchases::{BY_RULE, cents, reason_in_words};
pub use purchases::{
    ColumnMade, DiscountKind, FormColumn, LifecycleGroup, LinesAside, PartPlayed, PurchaseForm,
    PurchaseLedger, PurchaseMoney,
};

/// Rows set aside for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// Why, in words for people.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
}

/// Cells of one column changed by one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// Column.
    pub column: String,
    /// Rule: `median 51381.5`, `most frequent "Married"`, `Alone -> Single`.
    pub rule: String,
    /// How many cells.
    pub cells: u64,
}

/// The account of one table's way through a pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Rows read.
    pub read: u64,
    /// Rows used.
    pub used: u64,
    /// Rows set aside, by reason, in the order of the rules.
    pub set_aside: Vec<SetAside>,
    /// Cells repaired, by column and rule.
    pub repaired: Vec<Repair>,
    /// Cells limited for the distance only, by column.
    pub limited: Vec<Repair>,
    /// Rows that equal another row in every column but the id; kept.
    pub duplicates: u64,
}

impl Ledger {
    /// The entry of this reason, which is made if there is none.
    pub(crate) fn entry(&mut self, reason: &str) -> usize {
        let entries = &mut self.set_aside;
        entries
            .iter()
            .position(|entry| entry.reason == reason)
            .unwrap_or_else(|| {
                entries.push(SetAside {
                    reason: reason.to_owned(),
                    rows: 0,
                });
                entries.len() - 1
            })
    }

    /// Rows set aside in all.
    pub fn rows_set_aside(&self) -> u64 {
        self.set_aside.iter().map(|entry| entry.rows).sum()
    }

    /// Cells repaired in all.
    pub fn cells_repaired(&self) -> u64 {
        self.repaired.iter().map(|entry| entry.cells).sum()
    }

    /// Whether every row is accounted for.
    pub fn adds_up(&self) -> bool {
        self.read == self.used + self.rows_set_aside()
    }
}
