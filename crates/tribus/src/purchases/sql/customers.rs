//! The steps from the lines that count to the customers.

use super::{AS_OF, Writer};
use crate::expr::{Dialect, Step};
use crate::purchases::{AVERAGE, CUSTOMER_ID, RETURNED, REVENUE};
use crate::recipe::{Frequency, Returns};
use crate::vocabulary::parts::Part;

/// An order counts on its first day with a sale, unless all of it was given back.
const ORDERS: &str = "    SELECT customer, order_key,
        MIN(CASE WHEN amount >= 0 THEN day END) AS day,
        SUM(CASE WHEN amount >= 0 THEN amount ELSE 0 END) AS sold,
        SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END + refund) AS given_back
    FROM counted_lines GROUP BY customer, order_key";

const DAYS: &str = "    SELECT customer, day, COUNT(*) AS orders
    FROM order_totals
    WHERE day IS NOT NULL AND NOT (given_back > 0 AND given_back >= sold - 0.0000005)
    GROUP BY customer, day";

const GAPS: &str = "    SELECT customer, gap,
        ROW_NUMBER() OVER (PARTITION BY customer ORDER BY gap) AS place,
        COUNT(*) OVER (PARTITION BY customer) AS gaps
    FROM (
        SELECT customer, day - LAG(day) OVER (PARTITION BY customer ORDER BY day) AS gap FROM order_days
    ) AS each_gap
    WHERE gap IS NOT NULL";

const RHYTHM: &str = "    SELECT customer,
        AVG(CASE WHEN 2 * place BETWEEN gaps AND gaps + 2 THEN gap * 1.0 END) AS gap_median,
        CASE WHEN COUNT(*) > 1 THEN
            SQRT((SUM(gap * 1.0 * gap) - SUM(gap * 1.0) * SUM(gap) / COUNT(*)) / (COUNT(*) - 1)) / AVG(gap * 1.0)
        END AS gap_variability
    FROM order_gaps GROUP BY customer";

const COUNTS: &str = "    SELECT customer, MIN(day) AS first_day, MAX(day) AS last_day, SUM(orders) AS orders, COUNT(*) AS days
    FROM order_days GROUP BY customer";

impl Writer<'_> {
    pub(super) fn customer_steps(&self) -> Vec<Step> {
        let step = |name, comment, query: &str| Step::new(name, comment, query.to_owned());
        let sums = self.totals();
        let mut steps = vec![
            step("order_totals", "the orders of each customer", ORDERS),
            step(
                "order_days",
                "days with an order that was not given back in full",
                DAYS,
            ),
            step("order_gaps", "days from one of them to the next", GAPS),
            step(
                "order_rhythm",
                "median and variability of these gaps",
                RHYTHM,
            ),
            step(
                "order_counts",
                "first and last day, and how many orders",
                COUNTS,
            ),
            step(
                "customer_totals",
                "sums over the lines of each customer",
                &sums,
            ),
        ];
        steps.extend(self.favorites());
        steps
    }

    /// Of each customer the category of most money, and channel and country of most orders.
    fn favorites(&self) -> Vec<Step> {
        let kinds = [
            (
                Part::Category,
                "top_category",
                "SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END)",
            ),
            (Part::Channel, "top_channel", "COUNT(DISTINCT order_key)"),
            (Part::Country, "top_country", "COUNT(DISTINCT order_key)"),
        ];
        let known = kinds.into_iter().filter(|(part, ..)| self.has(*part));
        let order = self.by_code_point();
        let steps = known.map(move |(part, name, weight)| {
            let value = part.word();
            let body = format!(
                "    SELECT customer, {value} FROM (
        SELECT customer, {value}, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY {weight} DESC, {value}{order}) AS place
        FROM counted_lines WHERE {value} IS NOT NULL GROUP BY customer, {value}
    ) AS ranked WHERE place = 1"
            );
            Step::new(name, "the first in alphabetical order where several have most", body)
        });
        steps.collect()
    }

    /// What was paid within days before today, less what was given back within them.
    fn within(&self, after: u32, last: u32) -> String {
        let is_within =
            |day: &str| format!("{day} > {AS_OF} - {after} AND {day} <= {AS_OF} - {last}");
        let amount = if self.is_net() {
            "amount"
        } else {
            "CASE WHEN amount > 0 THEN amount ELSE 0 END"
        };
        let paid = format!("CASE WHEN {} THEN {amount} ELSE 0 END", is_within("day"));
        if !self.is_net() {
            return format!("SUM({paid})");
        }
        let back = format!(
            "CASE WHEN {} THEN refund ELSE 0 END",
            is_within("refund_day")
        );
        format!("SUM({paid} - {back})")
    }

    /// Text in the order of its code points, as everywhere in Tribus.
    fn by_code_point(&self) -> &'static str {
        match self.dialect {
            Dialect::Postgres => " COLLATE \"C\"",
            _ => "",
        }
    }

    fn is_net(&self) -> bool {
        self.section.returns != Some(Returns::Separate)
    }

    /// Sums over the lines of each customer.
    fn totals(&self) -> String {
        let gross = "SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END)";
        let revenue = if self.is_net() {
            "SUM(amount - refund)"
        } else {
            gross
        };
        let returned = "SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END + refund)";
        let mut sums = vec![
            (REVENUE.to_owned(), revenue.to_owned()),
            ("gross".to_owned(), gross.to_owned()),
            ("returned".to_owned(), returned.to_owned()),
            ("discount".to_owned(), "SUM(discount)".to_owned()),
        ];
        for (part, name) in self.counted_parts() {
            let different = format!(
                "COUNT(DISTINCT CASE WHEN amount >= 0 THEN {} END)",
                part.word()
            );
            sums.push((name.to_owned(), different));
        }
        sums.extend(self.windows());
        let sums = sums
            .into_iter()
            .map(|(name, sum)| format!("{sum} AS {name}"));
        format!(
            "    SELECT customer,\n        {}\n    FROM counted_lines GROUP BY customer",
            sums.collect::<Vec<_>>().join(",\n        ")
        )
    }

    /// Parts whose different values are counted.
    fn counted_parts(&self) -> impl Iterator<Item = (Part, &'static str)> {
        let parts = [
            (Part::Product, "product_count"),
            (Part::Category, "category_count"),
        ];
        parts.into_iter().filter(|(part, _)| self.has(*part))
    }

    /// Revenue within each window, and within the one before the first.
    fn windows(&self) -> Vec<(String, String)> {
        let windows = self.section.windows();
        let within = windows
            .iter()
            .map(|window| (window_column(*window), self.within(*window, 0)));
        let before = windows.first().map(|window| {
            let both = window.saturating_mul(2);
            ("revenue_before".to_owned(), self.within(both, *window))
        });
        within.chain(before).collect()
    }

    pub(super) fn customers(&self) -> String {
        let own = (
            CUSTOMER_ID.to_owned(),
            "customer_totals.customer".to_owned(),
        );
        let columns = std::iter::once(own).chain(self.columns());
        let columns: Vec<String> = columns
            .map(|(name, value)| format!("{value} AS {}", self.dialect.identifier(&name)))
            .collect();
        let joined = ["order_counts", "order_rhythm"].map(str::to_owned);
        let favorites = self.favorites().into_iter().map(|step| step.name);
        let joins = joined.into_iter().chain(favorites);
        let joins = joins.map(|name| {
            format!("\nLEFT JOIN {name} ON {name}.customer = customer_totals.customer")
        });
        format!(
            "SELECT {}\nFROM customer_totals{}\nORDER BY customer_totals.customer{}",
            columns.join(",\n    "),
            joins.collect::<String>(),
            self.by_code_point()
        )
    }

    /// The columns of the customers in their order.
    fn columns(&self) -> Vec<(String, String)> {
        let columns = self.dates_and_money().into_iter().chain(self.of_products());
        let mut columns: Vec<(String, String)> = columns
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let windows = self.section.windows();
        let names = windows.iter().map(|window| window_column(*window));
        columns.extend(names.map(|name| (name.clone(), name)));
        if let Some(window) = windows.first() {
            let change = format!("{} - revenue_before", window_column(*window));
            columns.push((format!("revenue_change_{window}_days"), change));
        }
        columns
    }

    fn dates_and_money(&self) -> Vec<(&'static str, String)> {
        let orders = match self.section.frequency {
            Some(Frequency::Days) => "COALESCE(days, 0)",
            _ => "COALESCE(orders, 0)",
        };
        let recency = format!("{AS_OF} - last_day");
        let mut columns = vec![
            ("first_order_date", self.date("first_day")),
            ("last_order_date", self.date("last_day")),
            ("recency_days", recency.clone()),
            ("tenure_days", format!("{AS_OF} - first_day")),
            ("order_count", orders.to_owned()),
            (REVENUE, REVENUE.to_owned()),
        ];
        if !self.is_net() {
            columns.push((RETURNED, "returned".to_owned()));
        }
        columns.extend([
            (AVERAGE, format!("{REVENUE} / NULLIF({orders}, 0)")),
            ("gap_median_days", "gap_median".to_owned()),
            ("gap_variability", "gap_variability".to_owned()),
            ("recency_over_gap", format!("({recency}) / gap_median")),
            ("returned_share", "returned / NULLIF(gross, 0)".to_owned()),
        ]);
        if self.form.discounts.is_some() {
            let share = "discount / NULLIF(gross + discount, 0)".to_owned();
            columns.push(("discount_share", share));
        }
        columns
    }

    fn of_products(&self) -> impl Iterator<Item = (&'static str, String)> {
        let counted = self
            .counted_parts()
            .map(|(_, name)| (name, name.to_owned()));
        let favorites = [
            (Part::Category, "top_category", "top_category.category"),
            (Part::Channel, "channel", "top_channel.channel"),
            (Part::Country, "country", "top_country.country"),
        ];
        let favorites = favorites.into_iter().filter(|(part, ..)| self.has(*part));
        counted.chain(favorites.map(|(_, name, value)| (name, value.to_owned())))
    }
}

fn window_column(days: u32) -> String {
    format!("revenue_last_{days}_days")
}
