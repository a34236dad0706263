//! How the purchases went over time and over the customers.

use std::collections::BTreeMap;

use super::amounts::decimal;
use super::bought::Bought;
use super::customers::Customer;
use super::scores::{Cut, scores};
use crate::date::civil_from_days;
use crate::ledger::{Cohort, Gaps, OrdersOf, Period, PurchaseHistory, SecondOrder};
use crate::statistics::{Sum, quantile, sorted, sum};

/// Periods that a chart of money has room for.
const MOST_PERIODS: usize = 60;

/// Cohorts that a table has room for.
const MOST_COHORTS: usize = 24;

/// The history of the purchases that count, up to the day `as_of`.
pub(super) fn of(bought: &Bought, all: &[Customer], as_of: i32) -> PurchaseHistory {
    let gaps = gaps(all);
    PurchaseHistory {
        periods: periods(bought, all),
        cohorts: cohorts(all, as_of),
        gap_median: (!gaps.is_empty()).then(|| quantile(&gaps, 0.5)),
        gaps: binned(&gaps),
        concentration: concentration(all),
        second_order: second_order(all, as_of),
        recency_frequency: recency_frequency(all, as_of),
    }
}

/// Months, quarters or years, numbered from the first one.
#[derive(Debug, Clone, Copy)]
struct Calendar {
    months: i32,
    first: i32,
    last: i32,
}

impl Calendar {
    /// The shortest of which there are at most `most` from the day `first` to the day `last`; years may be more.
    fn of(first: i32, last: i32, most: usize) -> Self {
        let calendar = |months| Self {
            months,
            first: month(first).div_euclid(months),
            last: month(last).div_euclid(months),
        };
        let mut fitting = [1, 3].into_iter().map(calendar);
        fitting
            .find(|calendar| calendar.len() <= most)
            .unwrap_or_else(|| calendar(12))
    }

    fn len(self) -> usize {
        (self.last - self.first + 1).max(0) as usize
    }

    /// The number of the period of a day.
    fn at(self, day: i32) -> usize {
        let own = month(day).div_euclid(self.months);
        (own.clamp(self.first, self.last) - self.first) as usize
    }

    fn name(self, at: usize) -> String {
        let month = (self.first + at as i32) * self.months;
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12));
        match self.months {
            1 => format!("{year:04}-{:02}", month + 1),
            3 => format!("{year:04}-Q{}", month / 3 + 1),
            _ => format!("{year:04}"),
        }
    }
}

/// Months since the year 0.
fn month(day: i32) -> i32 {
    let day = civil_from_days(day);
    day.year * 12 + day.month as i32 - 1
}

fn periods(bought: &Bought, all: &[Customer]) -> Vec<Period> {
    let days = || bought.money_by_day().map(|(day, _)| day);
    let Some((first, last)) = days().min().zip(days().max()) else {
        return Vec::new();
    };
    let calendar = Calendar::of(first, last, MOST_PERIODS);
    let mut money: Vec<Sum> = (0..calendar.len()).map(|_| Sum::new()).collect();
    for (day, amount) in bought.money_by_day() {
        money[calendar.at(day)].add(amount);
    }
    let mut customers = vec![0; calendar.len()];
    for customer in all {
        let mut own: Vec<usize> = customer.days.iter().map(|day| calendar.at(*day)).collect();
        own.dedup();
        for at in own {
            customers[at] += 1;
        }
    }
    let known = money.iter_mut().zip(customers).enumerate();
    let periods = known.map(|(at, (money, customers))| Period {
        period: calendar.name(at),
        money: decimal(money.total()),
        customers,
    });
    periods.collect()
}

fn cohorts(all: &[Customer], as_of: i32) -> Vec<Cohort> {
    let Some(first) = all
        .iter()
        .filter_map(|customer| customer.days.first())
        .min()
    else {
        return Vec::new();
    };
    let calendar = Calendar::of(*first, as_of, MOST_COHORTS);
    let mut active: Vec<Vec<u64>> = (0..calendar.len())
        .map(|at| vec![0; calendar.len() - at])
        .collect();
    for customer in all {
        let mut own: Vec<usize> = customer.days.iter().map(|day| calendar.at(*day)).collect();
        own.dedup();
        for at in &own {
            active[own[0]][at - own[0]] += 1;
        }
    }
    let cohorts = active.into_iter().enumerate().map(|(at, active)| Cohort {
        period: calendar.name(at),
        active,
    });
    let skipped = calendar.len().saturating_sub(MOST_COHORTS);
    cohorts.skip(skipped).collect()
}

/// All gaps, ascending.
fn gaps(all: &[Customer]) -> Vec<f64> {
    let pairs = all.iter().flat_map(|customer| customer.days.windows(2));
    sorted(
        &pairs
            .map(|pair| f64::from(pair[1] - pair[0]))
            .collect::<Vec<f64>>(),
    )
}

/// Gaps in classes of days, weeks, months or years, the longest 5 % in a class of their own.
fn binned(gaps: &[f64]) -> Vec<Gaps> {
    const WIDTHS: [u32; 8] = [1, 2, 7, 14, 30, 60, 90, 180];
    const MOST_CLASSES: u32 = 24;

    let most = quantile(gaps, 0.95) as u32;
    if most == 0 {
        return Vec::new();
    }
    let mut fitting = WIDTHS.into_iter();
    let width = fitting.find(|width| most.div_ceil(*width) <= MOST_CLASSES);
    let width = width.unwrap_or(365);
    let classes = most.div_ceil(width);
    let up_to = |days: u32| gaps.partition_point(|gap| *gap <= f64::from(days));
    let mut binned: Vec<Gaps> = (0..classes)
        .map(|class| Gaps {
            from: class * width + 1,
            to: Some((class + 1) * width),
            gaps: (up_to((class + 1) * width) - up_to(class * width)) as u64,
        })
        .collect();
    let longer = gaps.len() - up_to(classes * width);
    if longer > 0 {
        binned.push(Gaps {
            from: classes * width + 1,
            to: None,
            gaps: longer as u64,
        });
    }
    binned
}

/// The share of the money of the best 0, 1 ... 100 % of the customers.
fn concentration(all: &[Customer]) -> Vec<f64> {
    let money: Vec<f64> = all.iter().map(|customer| customer.revenue).collect();
    let ascending = sorted(&money);
    let total = sum(money);
    if total <= 0.0 {
        return Vec::new();
    }
    let mut best = ascending.iter().rev();
    let (mut sum, mut taken) = (Sum::new(), 0);
    let share = |percent: usize| {
        let customers = (percent * all.len()).div_ceil(100);
        for money in best.by_ref().take(customers - taken) {
            sum.add(*money);
        }
        taken = customers;
        sum.total() / total
    };
    (0..=100).map(share).collect()
}

/// The Kaplan-Meier estimate of the days from the first day with an order to the second, week by week for a year, as long as
/// enough customers are known for so long.
fn second_order(all: &[Customer], as_of: i32) -> Vec<SecondOrder> {
    /// Customers from whom a share is told.
    const FEWEST: u64 = 50;
    const WEEKS: u32 = 52;

    // Of each number of days: who came back then, and of whom no more is known.
    let mut ends: BTreeMap<i32, [u64; 2]> = BTreeMap::new();
    for customer in all {
        match customer.days.as_slice() {
            [] => {}
            [only] => ends.entry(as_of - only).or_default()[1] += 1,
            [first, second, ..] => ends.entry(second - first).or_default()[0] += 1,
        }
    }
    let mut known: u64 = ends.values().flatten().sum();
    let mut without = 1.0;
    let mut steps = Vec::new();
    let mut ends = ends.into_iter().peekable();
    for week in 0..=WEEKS {
        let days = week * 7;
        while let Some((_, [back, lost])) = ends.next_if(|(day, _)| *day <= days as i32) {
            without *= 1.0 - back as f64 / known as f64;
            known -= back + lost;
        }
        if known < FEWEST {
            break;
        }
        steps.push(SecondOrder {
            days,
            share: 1.0 - without,
            customers: known,
        });
    }
    if steps.len() > 1 { steps } else { Vec::new() }
}

/// Five classes of recency by five of orders at most; customers who are equal are in one.
fn recency_frequency(all: &[Customer], as_of: i32) -> Vec<OrdersOf> {
    const CLASSES: u32 = 5;
    let ordered = || {
        all.iter()
            .filter_map(|customer| Some((customer, customer.days.last()?)))
    };
    let recency: Vec<Option<f64>> = ordered()
        .map(|(_, last)| Some(f64::from(as_of - last)))
        .collect();
    let orders: Vec<Option<f64>> = ordered()
        .map(|(customer, _)| Some(customer.orders as f64))
        .collect();
    let ((recency, recent), (orders, often)) = (
        scores(&recency, CLASSES, true),
        scores(&orders, CLASSES, false),
    );
    let mut cells: BTreeMap<(u32, u32), (u64, Sum)> = BTreeMap::new();
    for ((customer, _), (recency, orders)) in ordered().zip(recency.into_iter().zip(orders)) {
        let (Some(recency), Some(orders)) = (recency, orders) else {
            continue;
        };
        let cell = cells.entry((recency as u32, orders as u32));
        let (customers, money) = cell.or_insert_with(|| (0, Sum::new()));
        *customers += 1;
        money.add(customer.revenue);
    }
    let ends = |cuts: &[Cut], score: u32| {
        let cut = cuts.iter().find(|cut| cut.score == f64::from(score));
        cut.map_or([0.0; 2], |cut| [cut.low, cut.high])
    };
    let cells = cells
        .into_iter()
        .map(|((recency, orders), (customers, mut money))| OrdersOf {
            recency_days: ends(&recent, recency),
            order_count: ends(&often, orders),
            customers,
            mean_money: decimal(money.total() / customers as f64),
        });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(days: &[i32], revenue: f64) -> Customer {
        Customer {
            days: days.to_vec(),
            orders: days.len() as u64,
            gross: revenue,
            returned: 0.0,
            revenue,
            discount: 0.0,
            lines: 0..0,
        }
    }

    #[test]
    fn a_second_order_is_estimated_from_all_who_are_known_so_long() {
        // Of 120 customers 30 come back after 5 days; of 30 nothing is known beyond 10 days; of the 60 left 30 come back on day 20.
        let back = |after| move |_| customer(&[0, after], 1.0);
        let all: Vec<Customer> = (0..30)
            .map(back(5))
            .chain((0..30).map(|_| customer(&[90], 1.0)))
            .chain((0..30).map(back(20)))
            .chain((0..30).map(|_| customer(&[0], 1.0)))
            .collect();
        let steps = second_order(&all, 100);
        let share = |week: usize| steps[week].share;
        assert!((share(1) - 0.25).abs() < 1e-12);
        assert!((share(2) - 0.25).abs() < 1e-12);
        assert_eq!(
            steps.iter().map(|step| step.customers).collect::<Vec<_>>(),
            [120, 90, 60]
        );
    }

    #[test]
    fn cohorts_count_those_who_order_so_many_periods_later() {
        // January, February and April 1970; the second customer begins in March.
        let all = [
            customer(&[0, 31, 95], 1.0),
            customer(&[60], 1.0),
            customer(&[], 0.0),
        ];
        let cohorts = cohorts(&all, 100);
        let active: Vec<&[u64]> = cohorts
            .iter()
            .map(|cohort| cohort.active.as_slice())
            .collect();
        assert_eq!(active, [&[1, 1, 0, 1][..], &[0, 0, 0], &[1, 0], &[0]]);
        assert_eq!(cohorts[3].period, "1970-04");
    }

    #[test]
    fn long_files_are_told_by_quarter_or_year() {
        assert_eq!(Calendar::of(0, 365 * 5, 24).name(1), "1970-Q2");
        assert_eq!(Calendar::of(-400, 365 * 30, 24).name(0), "1968");
    }

    #[test]
    fn the_best_customers_come_first_and_all_bring_everything() {
        let all: Vec<Customer> = (1..=10)
            .map(|money| customer(&[0], f64::from(money)))
            .collect();
        let shares = concentration(&all);
        assert_eq!((shares.len(), shares[0], shares[100]), (101, 0.0, 1.0));
        assert!((shares[10] - 10.0 / 55.0).abs() < 1e-12);
        assert!((shares[20] - 19.0 / 55.0).abs() < 1e-12);
    }

    #[test]
    fn every_gap_is_in_one_class() {
        let gaps: Vec<f64> = (1..=1000).map(f64::from).collect();
        let classes = binned(&gaps);
        assert_eq!(classes.iter().map(|class| class.gaps).sum::<u64>(), 1000);
        assert!(
            classes
                .windows(2)
                .all(|pair| pair[0].to.map(|to| to + 1) == Some(pair[1].from))
        );
        assert_eq!(classes.last().and_then(|class| class.to), None);
    }
}
