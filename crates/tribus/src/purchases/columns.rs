//! The columns of the customers, each with its definition.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, LargeStringArray};
use rayon::prelude::*;

use super::amounts::decimal;
use super::bought::Bought;
use super::customers::Customer;
use super::keys::{Keys, NONE};
use super::recognize::Found;
use super::scores::{self, SCORED};
use super::{AVERAGE, PurchasesError, RETURNED, REVENUE};
use crate::date::Date;
use crate::recipe::{Frequency, PurchasesSection, Returns};
use crate::statistics::{mean, quantile, sorted, sum};
use crate::vocabulary::parts::Part;

/// A column of the customers.
pub(super) struct Made {
    pub(super) name: String,
    pub(super) definition: String,
    pub(super) values: ArrayRef,
    pub(super) is_money: bool,
}

/// The columns as they are made.
pub(super) struct Columns<'a> {
    section: &'a PurchasesSection,
    as_of: Date,
    bought: &'a Bought,
    all: &'a [Customer],
    made: Vec<Made>,
    notes: Vec<String>,
}

impl<'a> Columns<'a> {
    /// All columns, and what people should know of them.
    pub(super) fn of(
        section: &'a PurchasesSection,
        as_of: Date,
        bought: &'a Bought,
        all: &'a [Customer],
        found: &Found<'_>,
    ) -> Result<(Vec<Made>, Vec<String>), PurchasesError> {
        let mut columns = Self {
            section,
            as_of,
            bought,
            all,
            made: Vec::new(),
            notes: Vec::new(),
        };
        columns.dates();
        columns.amounts();
        columns.rhythm();
        if bought.discount.is_some() {
            columns.discounts();
        }
        columns.products(found);
        columns.windows();
        columns.scores()?;
        Ok((columns.made, columns.notes))
    }

    /// Scores, and groups by rules over them, where they are asked for.
    fn scores(&mut self) -> Result<(), PurchasesError> {
        let section = self.section;
        if let Some(bins) = section.scores {
            let mut sums = vec![Some(0.0); self.all.len()];
            for (column, score, less_is_better) in SCORED {
                let (scores, cuts) =
                    scores::scores(&self.made_numbers(column), bins, less_is_better);
                self.notes.push(scores::told(score, bins, &cuts));
                if score != "recency_score" {
                    for (sum, score) in sums.iter_mut().zip(&scores) {
                        *sum = sum.zip(*score).map(|(sum, score)| sum + score / 2.0);
                    }
                }
                let definition = format!(
                    "place by {column}, from 1 to {bins}; {bins} is best, equal customers are equal"
                );
                self.push(score, definition, false, Float64Array::from(scores));
            }
            let definition = "mean of frequency_score and money_score";
            self.push(scores::FM, definition, false, Float64Array::from(sums));
        }
        if !section.rules.is_empty() {
            let columns: Vec<(&str, ArrayRef)> = (self.made.iter())
                .map(|made| (made.name.as_str(), made.values.clone()))
                .collect();
            let groups = scores::groups(section, &columns, self.all.len())?;
            self.push(
                scores::GROUP,
                "the rule of the recipe that fits",
                false,
                LargeStringArray::from(groups),
            );
        }
        Ok(())
    }

    fn made_numbers(&self, name: &str) -> Vec<Option<f64>> {
        let made = self.made.iter().find(|made| made.name == name);
        let numbers = made.and_then(|made| made.values.as_any().downcast_ref::<Float64Array>());
        numbers.into_iter().flatten().collect()
    }

    fn push(
        &mut self,
        name: &str,
        definition: impl Into<String>,
        is_money: bool,
        values: impl Array + 'static,
    ) {
        self.made.push(Made {
            name: name.to_owned(),
            definition: definition.into(),
            values: Arc::new(values),
            is_money,
        });
    }

    fn numbers(
        &mut self,
        name: &str,
        definition: impl Into<String>,
        of: impl Fn(&Customer) -> Option<f64> + Sync + Send,
    ) {
        let values: Vec<Option<f64>> = self.all.par_iter().map(of).collect();
        self.push(name, definition, false, Float64Array::from(values));
    }

    fn money(
        &mut self,
        name: &str,
        definition: impl Into<String>,
        of: impl Fn(&Customer) -> Option<f64> + Sync + Send,
    ) {
        let values: Vec<Option<f64>> = self.all.par_iter().map(of).collect();
        self.push(name, definition, true, Float64Array::from(values));
    }

    fn dates(&mut self) {
        let as_of = self.as_of;
        let first: Vec<Option<i32>> = self
            .all
            .iter()
            .map(|customer| customer.days.first().copied())
            .collect();
        let last: Vec<Option<i32>> = self
            .all
            .iter()
            .map(|customer| customer.days.last().copied())
            .collect();
        self.push(
            "first_order_date",
            "day of the first order",
            false,
            Date32Array::from(first),
        );
        self.push(
            "last_order_date",
            "day of the last order",
            false,
            Date32Array::from(last),
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
        let counted = match self.section.frequency {
            Some(Frequency::Days) => "different days with an order",
            _ => "different orders, without those that were returned in full",
        };
        self.numbers("order_count", counted, |customer| {
            Some(customer.orders as f64)
        });
        let revenue = match self.bought.returns {
            Returns::Net => "everything paid, less returns and refunds",
            Returns::Separate => "everything paid; returns are told in returned_amount",
            Returns::Ignore => "everything paid; returns are set aside",
        };
        self.money(REVENUE, revenue, |customer| Some(customer.revenue));
        if self.bought.returns == Returns::Separate {
            self.money(RETURNED, "returns and refunds", |customer| {
                Some(customer.returned)
            });
        }
        self.money(AVERAGE, format!("{REVENUE} / order_count"), |customer| {
            (customer.orders > 0).then(|| customer.revenue / customer.orders as f64)
        });
    }

    /// Gaps between orders.
    fn rhythm(&mut self) {
        let as_of = self.as_of.days();
        let gaps = |customer: &Customer| -> Vec<f64> {
            customer
                .days
                .windows(2)
                .map(|pair| f64::from(pair[1] - pair[0]))
                .collect()
        };
        let median = move |customer: &Customer| {
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
    }

    fn discounts(&mut self) {
        let definition = "discounts / (everything paid + discounts)";
        self.numbers("discount_share", definition, |customer| {
            let full = customer.gross + customer.discount;
            (full > 0.0).then(|| customer.discount / full)
        });
    }

    fn products(&mut self, found: &Found<'_>) {
        for (part, name, what) in [
            (Part::Product, "product_count", "products"),
            (Part::Category, "category_count", "categories"),
        ] {
            if let Some(keys) = found.keys(part) {
                let values = self.different(keys);
                let definition = format!("different {what} bought");
                self.push(name, definition, false, Float64Array::from(values));
            }
        }
        if let Some(keys) = found.keys(Part::Category) {
            let top = self.most(keys, by_money);
            let definition = "the category of most money";
            self.push(
                "top_category",
                definition,
                false,
                LargeStringArray::from(top),
            );
        }
        for (part, name) in [(Part::Channel, "channel"), (Part::Country, "country")] {
            if let Some(keys) = found.keys(part) {
                let top = self.most(keys, by_orders);
                let definition = format!("the {name} of most orders");
                self.push(name, definition, false, LargeStringArray::from(top));
            }
        }
    }

    /// Of each customer how many different values the lines of sales have.
    fn different(&self, keys: &Keys) -> Vec<Option<f64>> {
        let bought = self.bought;
        let each = self.all.par_iter().map(|customer| {
            let sales = customer
                .lines
                .clone()
                .filter(|line| bought.amount[*line] >= 0.0);
            let values = sales.map(|line| keys.of[bought.rows[line] as usize]);
            let mut values: Vec<u32> = values.filter(|key| *key != NONE).collect();
            values.sort_unstable();
            values.dedup();
            Some(values.len() as f64)
        });
        each.collect()
    }

    /// Of each customer the value whose lines weigh most; ties go to the first in alphabetical order.
    fn most(
        &self,
        keys: &Keys,
        weight: fn(&Bought, &[(u32, usize)]) -> f64,
    ) -> Vec<Option<String>> {
        let bought = self.bought;
        let each = self.all.par_iter().map(|customer| {
            let lines = customer.lines.clone();
            let lines = lines.map(|line| (keys.of[bought.rows[line] as usize], line));
            let mut lines: Vec<(u32, usize)> = lines.filter(|(key, _)| *key != NONE).collect();
            lines.sort_unstable();
            let values = lines.chunk_by(|a, b| a.0 == b.0);
            let weighed = values.map(|own| (weight(bought, own), keys.name(own[0].0)));
            let most = weighed.max_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| y.cmp(x)));
            most.map(|(_, name)| name.into_owned())
        });
        each.collect()
    }

    fn windows(&mut self) {
        let (bought, as_of) = (self.bought, self.as_of.days());
        // The days more than `from` and at most `to` before the last one, that day itself counted.
        let within = move |customer: &Customer, from: i32, to: i32| {
            let (after, last) = (as_of.saturating_sub(to), as_of.saturating_sub(from));
            bought.paid_within(&customer.lines, after, last)
        };
        let windows = self.section.windows();
        let windows = windows
            .iter()
            .map(|days| i32::try_from(*days).unwrap_or(i32::MAX));
        let windows: Vec<i32> = windows.collect();
        for days in &windows {
            let definition = format!("{REVENUE} of the last {days} days");
            let name = format!("revenue_last_{days}_days");
            self.money(&name, definition, |customer| {
                Some(within(customer, 0, *days))
            });
        }
        if let Some(days) = windows.first().copied() {
            let definition =
                format!("{REVENUE} of the last {days} days less that of the {days} days before");
            let name = format!("revenue_change_{days}_days");
            self.money(&name, definition, |customer| {
                let before = within(customer, days, days.saturating_mul(2));
                Some(decimal(within(customer, 0, days) - before))
            });
        }
    }
}

fn by_money(bought: &Bought, lines: &[(u32, usize)]) -> f64 {
    sum(lines.iter().map(|(_, line)| bought.amount[*line].max(0.0)))
}

/// Lines of one order stand side by side.
fn by_orders(bought: &Bought, lines: &[(u32, usize)]) -> f64 {
    let orders = lines.chunk_by(|(_, a), (_, b)| bought.order[*a] == bought.order[*b]);
    orders.count() as f64
}
