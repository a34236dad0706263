//! One row per customer, each column with its definition.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, LargeStringArray};
use rayon::prelude::*;

use super::amounts::decimal;
use super::keys::{Keys, NONE};
use super::lines::Lines;
use super::recognize::Found;
use super::scores::{self, SCORED};
use super::{AVERAGE, CUSTOMER_ID, PurchasesError, REVENUE, lifecycle};
use crate::ledger::{ColumnMade, LifecycleGroup, PurchaseLedger};
use crate::recipe::{Frequency, Recipe, Returns};
use crate::statistics::{mean, quantile, sorted, sum};
use crate::table::{ColumnFacts, Origins, Part as FilePart, Places, Table};
use crate::vocabulary::parts::Part;

/// The customers of the lines that count, in the order of their names.
pub(super) struct Customers {
    pub(super) ids: Vec<String>,
    /// Orders that count, of all customers.
    pub(super) orders: u64,
    /// Groups by rule.
    pub(super) lifecycle: Vec<LifecycleGroup>,
    /// What people should know.
    pub(super) notes: Vec<String>,
    columns: Vec<Made>,
}

struct Made {
    name: String,
    definition: String,
    values: Values,
    is_money: bool,
}

enum Values {
    Numbers(Vec<Option<f64>>),
    Days(Vec<Option<i32>>),
    Text(Vec<Option<String>>),
}

/// What is known of one customer.
pub(super) struct Customer<'a> {
    /// Days with an order that counts, ascending, each once.
    pub(super) days: Vec<i32>,
    pub(super) orders: u64,
    gross: f64,
    returned: f64,
    pub(super) revenue: f64,
    discount: f64,
    /// The customer's lines that count.
    lines: &'a [u32],
}

/// Rolls the lines up.
pub(super) fn of(
    lines: &Lines,
    table: &Table,
    found: &Found,
    recipe: &Recipe,
) -> Result<Customers, PurchasesError> {
    let mut of_customer: Vec<Vec<u32>> = vec![Vec::new(); lines.names.len()];
    for (line, customer) in lines.customer.iter().enumerate() {
        if lines.aside.counts(line) {
            of_customer[*customer as usize].push(line as u32);
        }
    }
    let mut order: Vec<usize> = (0..lines.names.len())
        .filter(|at| !of_customer[*at].is_empty())
        .collect();
    order.sort_by(|a, b| lines.names[*a].cmp(&lines.names[*b]));
    let all: Vec<Customer<'_>> = order
        .par_iter()
        .map(|at| customer(lines, &of_customer[*at]))
        .collect();
    let mut columns = Columns {
        lines,
        all: &all,
        made: Vec::new(),
        notes: Vec::new(),
    };
    columns.dates();
    columns.amounts();
    columns.rhythm();
    columns.products(table, found);
    columns.windows();
    columns.scores()?;
    Ok(Customers {
        ids: order.iter().map(|at| lines.names[*at].clone()).collect(),
        orders: all.iter().map(|customer| customer.orders).sum(),
        lifecycle: lifecycle::groups(recipe, &all, lines.as_of.days()),
        notes: columns.notes,
        columns: columns.made,
    })
}

/// An order of one customer.
#[derive(Debug, Clone, Copy)]
struct Order {
    first_day: i32,
    sold: f64,
    given_back: f64,
    /// It has more than lines of returns.
    is_sale: bool,
}

impl Order {
    /// It was not given back in full.
    fn counts(&self) -> bool {
        let is_back = self.given_back > 0.0 && decimal(self.given_back) >= decimal(self.sold);
        self.is_sale && !is_back
    }
}

fn orders(lines: &Lines, own: &[u32]) -> BTreeMap<u32, Order> {
    let mut orders = BTreeMap::new();
    for line in own.iter().map(|line| *line as usize) {
        let order = orders.entry(lines.order[line]).or_insert(Order {
            first_day: i32::MAX,
            sold: 0.0,
            given_back: 0.0,
            is_sale: false,
        });
        if lines.amount[line] >= 0.0 {
            order.first_day = order.first_day.min(lines.day[line]);
            order.sold += lines.amount[line];
            order.is_sale = true;
        } else {
            order.given_back -= lines.amount[line];
        }
        order.given_back += lines.refund[line];
    }
    orders
}

fn customer<'a>(lines: &Lines, own: &'a [u32]) -> Customer<'a> {
    let orders = orders(lines, own);
    let counting = orders.values().filter(|order| order.counts());
    let mut days: Vec<i32> = counting.map(|order| order.first_day).collect();
    let orders = days.len() as u64;
    days.sort_unstable();
    days.dedup();
    let each = || own.iter().map(|line| *line as usize);
    let gross = decimal(sum(each().map(|line| lines.amount[line].max(0.0))));
    let returned =
        decimal(sum(each().map(|line| {
            lines.refund[line] + (-lines.amount[line]).max(0.0)
        })));
    let discount = lines
        .discount
        .as_ref()
        .map_or(0.0, |discount| sum(each().map(|line| discount[line])));
    let is_net = lines.returns() != Returns::Separate;
    Customer {
        orders: match lines.section.frequency {
            Some(Frequency::Days) => days.len() as u64,
            _ => orders,
        },
        days,
        gross,
        returned,
        revenue: if is_net {
            decimal(gross - returned)
        } else {
            gross
        },
        discount,
        lines: own,
    }
}

/// The columns as they are made.
struct Columns<'a> {
    lines: &'a Lines,
    all: &'a [Customer<'a>],
    made: Vec<Made>,
    notes: Vec<String>,
}

impl<'a> Columns<'a> {
    /// Scores, and groups by rules over them, where they are asked for.
    fn scores(&mut self) -> Result<(), PurchasesError> {
        let section = &self.lines.section;
        if let Some(bins) = section.scores {
            let mut sums = vec![Some(0.0); self.all.len()];
            for (column, score, less_is_better) in SCORED {
                let (scores, cuts) =
                    scores::scores(self.made_numbers(column), bins, less_is_better);
                self.notes.push(scores::told(score, bins, &cuts));
                if score != "recency_score" {
                    for (sum, score) in sums.iter_mut().zip(&scores) {
                        *sum = sum.zip(*score).map(|(sum, score)| sum + score / 2.0);
                    }
                }
                let definition = format!(
                    "place by {column}, from 1 to {bins}; {bins} is best, equal customers are equal"
                );
                self.push(score, definition, false, Values::Numbers(scores));
            }
            let definition = "mean of frequency_score and money_score";
            self.push(scores::FM, definition, false, Values::Numbers(sums));
        }
        if !section.rules.is_empty() {
            let columns: Vec<(&str, ArrayRef)> = (self.made.iter())
                .map(|made| (made.name.as_str(), array(&made.values)))
                .collect();
            let groups = scores::groups(section, &columns, self.all.len())?;
            self.push(
                scores::GROUP,
                "the rule of the recipe that fits",
                false,
                Values::Text(groups),
            );
        }
        Ok(())
    }

    fn made_numbers(&self, name: &str) -> &[Option<f64>] {
        let made = self.made.iter().find(|made| made.name == name);
        match made.map(|made| &made.values) {
            Some(Values::Numbers(values)) => values,
            _ => &[],
        }
    }

    fn push(&mut self, name: &str, definition: impl Into<String>, is_money: bool, values: Values) {
        self.made.push(Made {
            name: name.to_owned(),
            definition: definition.into(),
            values,
            is_money,
        });
    }

    fn numbers(
        &mut self,
        name: &str,
        definition: impl Into<String>,
        of: impl Fn(&Customer<'a>) -> Option<f64> + Sync + Send,
    ) {
        let values = self.all.par_iter().map(of).collect();
        self.push(name, definition, false, Values::Numbers(values));
    }

    fn money(
        &mut self,
        name: &str,
        definition: impl Into<String>,
        of: impl Fn(&Customer<'a>) -> Option<f64> + Sync + Send,
    ) {
        let values = self.all.par_iter().map(of).collect();
        self.push(name, definition, true, Values::Numbers(values));
    }

    fn dates(&mut self) {
        let as_of = self.lines.as_of;
        let first: Vec<Option<i32>> = self
            .all
            .iter()
            .map(|customer| customer.days.first().copied())
            .collect();
        let last = self
            .all
            .iter()
            .map(|customer| customer.days.last().copied())
            .collect();
        self.push(
            "first_order_date",
            "day of the first order",
            false,
            Values::Days(first),
        );
        self.push(
            "last_order_date",
            "day of the last order",
            false,
            Values::Days(last),
        );
        let since = move |day: Option<&i32>| day.map(|day| f64::from(as_of.days() - day));
        self.numbers(
            "recency_days",
            format!("days from the last order to {as_of}"),
            |customer| since(customer.days.last()),
        );
        self.numbers(
            "tenure_days",
            format!("days from the first order to {as_of}"),
            |customer| since(customer.days.first()),
        );
    }

    fn amounts(&mut self) {
        let counted = match self.lines.section.frequency {
            Some(Frequency::Days) => "different days with an order",
            _ => "different orders, without those that were returned in full",
        };
        self.numbers("order_count", counted, |customer| {
            Some(customer.orders as f64)
        });
        let revenue = match self.lines.returns() {
            Returns::Net => "everything paid, less returns and refunds",
            Returns::Separate => "everything paid; returns are told in returned_amount",
            Returns::Ignore => "everything paid; returns are set aside",
        };
        self.money(REVENUE, revenue, |customer| Some(customer.revenue));
        if self.lines.returns() == Returns::Separate {
            self.money("returned_amount", "returns and refunds", |customer| {
                Some(customer.returned)
            });
        }
        self.money(AVERAGE, format!("{REVENUE} / order_count"), |customer| {
            (customer.orders > 0).then(|| customer.revenue / customer.orders as f64)
        });
    }

    /// Gaps between orders.
    fn rhythm(&mut self) {
        let as_of = self.lines.as_of.days();
        let gaps = |customer: &Customer<'_>| -> Vec<f64> {
            customer
                .days
                .windows(2)
                .map(|pair| f64::from(pair[1] - pair[0]))
                .collect()
        };
        let median = move |customer: &Customer<'_>| {
            let gaps = sorted(&gaps(customer));
            (!gaps.is_empty()).then(|| quantile(&gaps, 0.5))
        };
        self.numbers(
            "gap_median_days",
            "median of the days between one day with an order and the next",
            median,
        );
        self.numbers(
            "gap_variability",
            "standard deviation of these gaps (n - 1) / their mean",
            move |customer| {
                let gaps = gaps(customer);
                let mean = mean(&gaps);
                let squares = sum(gaps.iter().map(|gap| (gap - mean) * (gap - mean)));
                (gaps.len() > 1).then(|| (squares / (gaps.len() - 1) as f64).sqrt() / mean)
            },
        );
        self.numbers(
            "recency_over_gap",
            "recency_days / gap_median_days",
            move |customer| {
                let recency = f64::from(as_of - customer.days.last()?);
                Some(recency / median(customer)?)
            },
        );
        self.numbers(
            "returned_share",
            "returns and refunds / everything paid",
            |customer| (customer.gross > 0.0).then(|| customer.returned / customer.gross),
        );
        if self.lines.discount.is_some() {
            self.numbers(
                "discount_share",
                "discounts / (everything paid + discounts)",
                |customer| {
                    let full = customer.gross + customer.discount;
                    (full > 0.0).then(|| customer.discount / full)
                },
            );
        }
    }

    fn products(&mut self, table: &Table, found: &Found) {
        let keys = |part| found.at(part).map(|at| Keys::of(table.batch().column(at)));
        let lines = self.lines;
        let is_sale = |line: usize| lines.amount[line] >= 0.0;
        let different = |keys: &Keys, customer: &Customer<'_>| {
            let own = customer
                .lines
                .iter()
                .map(|line| *line as usize)
                .filter(|line| is_sale(*line));
            own.map(|line| keys.of[line])
                .filter(|key| *key != NONE)
                .collect::<HashSet<u32>>()
                .len() as f64
        };
        if let Some(keys) = keys(Part::Product) {
            self.numbers("product_count", "different products bought", |customer| {
                Some(different(&keys, customer))
            });
        }
        if let Some(keys) = keys(Part::Category) {
            self.numbers(
                "category_count",
                "different categories bought",
                |customer| Some(different(&keys, customer)),
            );
            let top = self.most(&keys, |line| lines.amount[line].max(0.0));
            self.push(
                "top_category",
                "the category of most money",
                false,
                Values::Text(top),
            );
        }
        for (part, name) in [(Part::Channel, "channel"), (Part::Country, "country")] {
            if let Some(keys) = keys(part) {
                let top = self.most_orders(&keys);
                self.push(
                    name,
                    format!("the {name} of most orders"),
                    false,
                    Values::Text(top),
                );
            }
        }
    }

    /// Of each customer the value with the most weight; ties go to the first in alphabetical order.
    fn most(&self, keys: &Keys, weight: impl Fn(usize) -> f64 + Sync) -> Vec<Option<String>> {
        let each = self.all.par_iter().map(|customer| {
            let mut weights: HashMap<u32, Vec<f64>> = HashMap::new();
            for line in customer.lines.iter().map(|line| *line as usize) {
                if keys.of[line] != NONE {
                    weights.entry(keys.of[line]).or_default().push(weight(line));
                }
            }
            best(
                keys,
                weights
                    .into_iter()
                    .map(|(key, weights)| (key, sum(weights))),
            )
        });
        each.collect()
    }

    /// Of each customer the value of the most orders.
    fn most_orders(&self, keys: &Keys) -> Vec<Option<String>> {
        let lines = self.lines;
        let each = self.all.par_iter().map(|customer| {
            let mut orders: HashMap<u32, HashSet<u32>> = HashMap::new();
            for line in customer.lines.iter().map(|line| *line as usize) {
                if keys.of[line] != NONE {
                    orders
                        .entry(keys.of[line])
                        .or_default()
                        .insert(lines.order[line]);
                }
            }
            best(
                keys,
                orders
                    .into_iter()
                    .map(|(key, orders)| (key, orders.len() as f64)),
            )
        });
        each.collect()
    }

    fn windows(&mut self) {
        let lines = self.lines;
        let within = move |customer: &Customer<'_>, from: i32, to: i32| {
            lines.paid_within(customer.lines, from, to)
        };
        let windows: Vec<i32> = lines
            .section
            .windows()
            .iter()
            .map(|days| i32::try_from(*days).unwrap_or(i32::MAX))
            .collect();
        for days in &windows {
            let definition = format!("{REVENUE} of the last {days} days");
            self.money(
                &format!("revenue_last_{days}_days"),
                definition,
                |customer| Some(within(customer, 0, *days)),
            );
        }
        if let Some(days) = windows.first().copied() {
            let definition =
                format!("{REVENUE} of the last {days} days less that of the {days} days before");
            self.money(
                &format!("revenue_change_{days}_days"),
                definition,
                |customer| {
                    Some(decimal(
                        within(customer, 0, days) - within(customer, days, days.saturating_mul(2)),
                    ))
                },
            );
        }
    }
}

/// The value of the most weight; ties go to the first in alphabetical order.
fn best(keys: &Keys, weights: impl Iterator<Item = (u32, f64)>) -> Option<String> {
    let name = |key: u32| &keys.names[key as usize];
    let best = weights.max_by(|(a, x), (b, y)| x.total_cmp(y).then_with(|| name(*b).cmp(name(*a))));
    best.map(|(key, _)| name(key).clone())
}

impl Customers {
    /// The columns with their definitions.
    pub(super) fn made(&self) -> Vec<ColumnMade> {
        let id = ColumnMade {
            name: CUSTOMER_ID.to_owned(),
            definition: "names the customer".to_owned(),
        };
        let made = self.columns.iter().map(|made| ColumnMade {
            name: made.name.clone(),
            definition: made.definition.clone(),
        });
        std::iter::once(id).chain(made).collect()
    }

    /// The table of customers.
    pub(super) fn table(self, purchases: &Table, ledger: PurchaseLedger) -> Table {
        let rows = self.ids.len();
        let currency = self
            .columns
            .iter()
            .any(|made| made.is_money)
            .then(|| currency(purchases, &ledger))
            .flatten();
        let ids: ArrayRef = Arc::new(LargeStringArray::from_iter_values(self.ids));
        let mut columns = vec![(CUSTOMER_ID.to_owned(), ids, ColumnFacts::default())];
        for made in self.columns {
            let array = array(&made.values);
            let currency = currency.clone().filter(|_| made.is_money);
            let facts = facts(&array, made.is_money, currency);
            columns.push((made.name, array, facts));
        }
        let origins = Origins::new(vec![FilePart {
            file: purchases.file(),
            unit: "customer",
            rows,
            places: Places::Consecutive { first: 1 },
        }]);
        Table::new(columns, origins, purchases.readings().to_vec()).of_purchases(ledger)
    }
}

fn facts(array: &ArrayRef, is_money: bool, currency: Option<String>) -> ColumnFacts {
    let numbers: Option<&Float64Array> = array.as_any().downcast_ref();
    ColumnFacts {
        missing: array.null_count() as u64,
        whole: numbers
            .is_some_and(|numbers| numbers.iter().flatten().all(|value| value.fract() == 0.0)),
        currency,
        cents: is_money,
        ..ColumnFacts::default()
    }
}

/// The currency sign of the column of amounts.
fn currency(purchases: &Table, ledger: &PurchaseLedger) -> Option<String> {
    let column = ledger
        .column(Part::Amount.word())
        .or_else(|| ledger.column(Part::Price.word()))?;
    purchases
        .facts(purchases.position(column)?)
        .currency
        .clone()
}

fn array(values: &Values) -> ArrayRef {
    match values {
        Values::Numbers(values) => Arc::new(Float64Array::from_iter(values)),
        Values::Days(values) => Arc::new(Date32Array::from_iter(values)),
        Values::Text(values) => Arc::new(LargeStringArray::from_iter(values)),
    }
}
