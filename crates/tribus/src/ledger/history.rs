//! How purchases went over time and over the customers: what the charts of purchases show.

use serde::{Deserialize, Serialize};

/// The purchases that count, in counts and sums.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PurchaseHistory {
    /// Each month, quarter or year, in order.
    pub periods: Vec<Period>,
    /// Customers by the period of their first order.
    pub cohorts: Vec<Cohort>,
    /// Days between one day with an order and the next of the same customer.
    pub gaps: Vec<Gaps>,
    /// Their median.
    pub gap_median: Option<f64>,
    /// The share of the money that the best 0, 1 ... 100 % of the customers paid; empty where all money is not above 0.
    pub concentration: Vec<f64>,
    /// The share of customers with a second order so many days after the first.
    pub second_order: Vec<SecondOrder>,
    /// Customers by recency and number of orders.
    pub recency_frequency: Vec<OrdersOf>,
}

/// A month, quarter or year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// `2011-05`, `2011-Q2` or `2011`.
    pub period: String,
    /// What was paid in it, less what was given back in it, where returns are taken off.
    pub money: f64,
    /// Customers with an order in it.
    pub customers: u64,
}

/// Customers whose first order was in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cohort {
    /// `2011-05`, `2011-Q2` or `2011`.
    pub period: String,
    /// How many of them had an order in it and in each period after it, up to the last one of the file.
    pub active: Vec<u64>,
}

/// Gaps between orders of some length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gaps {
    /// From so many days.
    pub from: u32,
    /// To so many days, these included; none for all that are longer.
    pub to: Option<u32>,
    /// How many gaps.
    pub gaps: u64,
}

/// Who had ordered again by some day after the first order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondOrder {
    /// Days since the first order.
    pub days: u32,
    /// Share of the customers with a second order by then, as estimated from all, also from those whose first order is not as long
    /// ago (Kaplan and Meier 1958, <https://doi.org/10.1080/01621459.1958.10501452>).
    pub share: f64,
    /// Customers without a second order who are followed for longer.
    pub customers: u64,
}

/// Customers of some recency with some number of orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrdersOf {
    /// Least and most days since the last order.
    pub recency_days: [f64; 2],
    /// Least and most orders.
    pub order_count: [f64; 2],
    /// How many customers.
    pub customers: u64,
    /// Their mean revenue.
    pub mean_money: f64,
}
