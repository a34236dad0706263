//! Purchases over time and over the customers.

use super::super::charts::Caption;
use super::super::charts::bars::{self, Bar, Bars};
use super::super::charts::curve::{self, Curve};
use super::super::charts::grid::{self, Cell, Grid};
use super::super::charts::sizes::{self, Share, Sizes};
use super::super::number::{compact, count, percent, plain};
use super::super::view::View;
use super::{Figure, figure};
use crate::ledger::{Cohort, OrdersOf, PurchaseHistory};
use crate::purchases::{RETURNED, REVENUE};
use crate::words::shortened;

fn history<'a>(view: &View<'a>) -> Option<&'a PurchaseHistory> {
    view.input.purchases.map(|ledger| &ledger.history)
}

/// `month`, `quarter` or `year`, as the name of a period tells.
fn unit(period: &str) -> &'static str {
    match period.split_once('-') {
        Some((_, quarter)) if quarter.starts_with('Q') => "quarter",
        Some(_) => "month",
        None => "year",
    }
}

/// Money by month.
pub(in crate::report) fn revenue_by_period(view: &View<'_>) -> Option<Figure> {
    let periods = &history(view)?.periods;
    let (first, last) = periods.first().zip(periods.last())?;
    let best = periods
        .iter()
        .max_by(|one, other| one.money.total_cmp(&other.money))?;
    if periods.len() < 2 {
        return None;
    }
    let unit = unit(&first.period);
    let caption = Caption {
        stem: "revenue",
        title: format!(
            "The best {unit} was {} with {}",
            best.period,
            compact(best.money)
        ),
        how: format!(
            "Money of the purchases that count, {}, by {unit}. The file may hold only a part of {} and {}.",
            returns(view),
            first.period,
            last.period
        ),
    };
    let bars: Vec<Bar> = periods
        .iter()
        .map(|period| Bar {
            label: period.period.clone(),
            value: period.money,
            tip: format!(
                "{}: {} from {} customers",
                period.period,
                plain(period.money),
                count(period.customers)
            ),
            is_faint: false,
        })
        .collect();
    let data = Bars {
        caption: &caption,
        each: &bars,
        measure: "Money",
        axis: "",
    };
    Some(figure(&caption, false, |width| bars::draw(&data, width)))
}

/// What became of returns.
fn returns(view: &View<'_>) -> &'static str {
    let columns = view.input.purchases.map(|ledger| ledger.columns.as_slice());
    let mut columns = columns.into_iter().flatten();
    if columns.any(|column| column.name == RETURNED) {
        "returns not taken off"
    } else {
        "less what was given back"
    }
}

/// Who came back, by the period of the first order.
pub(in crate::report) fn cohorts(view: &View<'_>) -> Option<Figure> {
    let cohorts = &history(view)?.cohorts;
    let unit = unit(&cohorts.first()?.period);
    let most = cohorts.iter().map(|cohort| cohort.active.len()).max()?;
    if most < 3 {
        return None;
    }
    let later = |cohort| (1..most).filter_map(move |later| returned(cohort, later));
    let highest = cohorts.iter().flat_map(later).fold(0.0, f64::max);
    let rows: Vec<(String, Vec<Option<Cell>>)> = cohorts
        .iter()
        .filter(|cohort| cohort.active.len() > 1)
        .map(|cohort| {
            let name = format!("{} ({})", cohort.period, count(cohort.active[0]));
            (
                name,
                (1..most)
                    .map(|later| cohort_cell(cohort, later, highest, unit))
                    .collect(),
            )
        })
        .collect();
    let columns: Vec<String> = (1..most).map(|later| later.to_string()).collect();
    let caption = Caption {
        stem: "cohorts",
        title: cohort_finding(cohorts, unit),
        how: format!(
            "A row holds the customers whose first order in the file was in that {unit}, and how many they are; each cell the share of them with an order so many {unit}s later. Customers of the first row may have ordered before the file begins."
        ),
    };
    let across =
        format!("{unit}s after the first order").replacen(&unit[..1], &unit[..1].to_uppercase(), 1);
    let data = Grid {
        caption: &caption,
        columns: &columns,
        across: &across,
        rows: &rows,
        down: "First order",
    };
    Some(figure(&caption, false, |width| grid::draw(&data, width)))
}

/// The share of a cohort with an order so many periods later.
fn returned(cohort: &Cohort, later: usize) -> Option<f64> {
    let (first, own) = (*cohort.active.first()?, *cohort.active.get(later)?);
    (first > 0).then(|| own as f64 / first as f64)
}

fn cohort_cell(cohort: &Cohort, later: usize, highest: f64, unit: &str) -> Option<Cell> {
    let share = returned(cohort, later)?;
    let customers = count(cohort.active[0]);
    let plural = if later == 1 { "" } else { "s" };
    Some(Cell {
        strength: if highest > 0.0 { share / highest } else { 0.0 },
        text: percent(share),
        tip: format!(
            "Of {customers} customers with the first order in {} {} ordered {later} {unit}{plural} later",
            cohort.period,
            percent(share)
        ),
    })
}

/// How many came back in the next period, of all whose next period is over.
fn cohort_finding(cohorts: &[Cohort], unit: &str) -> String {
    let known = || cohorts.iter().filter(|cohort| cohort.active.len() > 2);
    let first: u64 = known().map(|cohort| cohort.active[0]).sum();
    let next: u64 = known().map(|cohort| cohort.active[1]).sum();
    format!(
        "{} of new customers order again in the {unit} after",
        percent(next as f64 / first.max(1) as f64)
    )
}

/// Shares of customers and money, groups by rule among them.
pub(in crate::report) fn share_of_money(view: &View<'_>) -> Option<Figure> {
    let shares = shares(view)?;
    let money = |share: &&Share| share.value.unwrap_or(0.0);
    let most = shares
        .iter()
        .max_by(|one, other| money(one).total_cmp(&money(other)))?;
    let caption = Caption {
        stem: "money",
        title: format!(
            "{}: {} of all customers, {} of the money",
            shortened(&most.name, 60),
            percent(most.customers),
            percent(money(&most))
        ),
        how: "All customers of the file, those of the groups by rule, too. The gray bar is the share of customers, the colored one the share of the money.".to_owned(),
    };
    let data = Sizes {
        caption: &caption,
        shares: &shares,
        value: Some("the money"),
    };
    Some(figure(&caption, false, |width| sizes::draw(&data, width)))
}

/// Of each segment and group by rule, among all customers of the file.
fn shares(view: &View<'_>) -> Option<Vec<Share>> {
    let ledger = view.input.purchases?;
    let summary = view.input.summary;
    let groups = &ledger.lifecycle;
    let clustered = summary.segments.iter().map(|segment| segment.size);
    let by_rule = groups.iter().map(|group| group.customers);
    // Of customers who were set aside for another reason the money is not known here.
    let are_all = clustered.chain(by_rule).sum::<u64>() == ledger.customers;
    if summary.value.as_deref() != Some(REVENUE) || groups.is_empty() || !are_all {
        return None;
    }
    let share = |name: &str, customers: u64, value: Option<f64>| Share {
        name: name.to_owned(),
        customers: customers as f64 / ledger.customers.max(1) as f64,
        value,
        tip: format!(
            "{}: {} customers, {} of the money",
            shortened(name, 60),
            count(customers),
            value.map_or_else(|| "–".to_owned(), percent)
        ),
    };
    let by_rule: f64 = groups.iter().map(|group| group.share_of_money).sum();
    let clustered = |own: f64| own * (1.0 - by_rule);
    let segments = summary.segments.iter().zip(&view.names);
    let segments = segments
        .map(|(segment, name)| share(name, segment.size, segment.value_share.map(clustered)));
    let groups = groups
        .iter()
        .map(|group| share(&group.group, group.customers, Some(group.share_of_money)));
    Some(segments.chain(groups).collect())
}

/// Mean revenue by recency and number of orders.
pub(in crate::report) fn recency_frequency(view: &View<'_>) -> Option<Figure> {
    let cells = &history(view)?.recency_frequency;
    let recency = classes(cells, |cell| cell.recency_days);
    let orders = classes(cells, |cell| cell.order_count);
    let best = cells
        .iter()
        .max_by(|one, other| one.mean_money.total_cmp(&other.mean_money))?;
    if recency.len() < 2 || orders.len() < 2 {
        return None;
    }
    let cell = |days: &[f64; 2], number: &[f64; 2]| {
        let is_own = |cell: &&OrdersOf| cell.recency_days == *days && cell.order_count == *number;
        Some(order_cell(cells.iter().find(is_own)?, best.mean_money))
    };
    let rows: Vec<(String, Vec<Option<Cell>>)> = recency
        .iter()
        .map(|days| {
            let cells = orders.iter().map(|number| cell(days, number));
            (range(*days), cells.collect())
        })
        .collect();
    let columns: Vec<String> = orders.iter().map(|number| range(*number)).collect();
    let caption = Caption {
        stem: "recency",
        title: format!(
            "Customers with {} orders, the last {} days ago, bring {} each",
            range(best.order_count),
            range(best.recency_days),
            compact(best.mean_money)
        ),
        how: "Customers in up to five classes of days since the last order by up to five of orders, equal customers together. In each cell the mean revenue of its customers; point at it for how many they are.".to_owned(),
    };
    let data = Grid {
        caption: &caption,
        columns: &columns,
        across: "Orders",
        rows: &rows,
        down: "Days ago",
    };
    Some(figure(&caption, false, |width| grid::draw(&data, width)))
}

/// The classes that there are, ascending.
fn classes(cells: &[OrdersOf], of: fn(&OrdersOf) -> [f64; 2]) -> Vec<[f64; 2]> {
    let mut known: Vec<[f64; 2]> = cells.iter().map(of).collect();
    known.sort_by(|one, other| one[0].total_cmp(&other[0]));
    known.dedup();
    known
}

fn order_cell(own: &OrdersOf, best: f64) -> Cell {
    Cell {
        strength: if best > 0.0 {
            own.mean_money / best
        } else {
            0.0
        },
        text: compact(own.mean_money),
        tip: format!(
            "{} customers with {} orders, the last {} days ago: {} on average",
            count(own.customers),
            range(own.order_count),
            range(own.recency_days),
            plain(own.mean_money)
        ),
    }
}

/// `3` or `3 to 5`.
fn range([low, high]: [f64; 2]) -> String {
    if low == high {
        plain(low)
    } else {
        format!("{} to {}", plain(low), plain(high))
    }
}

/// Days between orders.
pub(in crate::report) fn gaps(view: &View<'_>) -> Option<Figure> {
    let history = history(view)?;
    let median = history.gap_median?;
    let bars: Vec<Bar> = history
        .gaps
        .iter()
        .map(|gaps| {
            let label = match gaps.to {
                None => format!("{}+", gaps.from),
                Some(to) if to == gaps.from => to.to_string(),
                Some(to) => format!("{}–{to}", gaps.from),
            };
            Bar {
                tip: format!("{label} days: {} gaps", count(gaps.gaps)),
                label,
                value: gaps.gaps as f64,
                is_faint: gaps.to.is_none(),
            }
        })
        .collect();
    if bars.len() < 2 {
        return None;
    }
    let caption = Caption {
        stem: "gaps",
        title: format!("Half of all repeat orders come within {} days of the one before", plain(median)),
        how: "Days from one day with an order to the customer's next one. Customers with one order have no gap and are not here.".to_owned(),
    };
    let data = Bars {
        caption: &caption,
        each: &bars,
        measure: "Gaps",
        axis: "Days between orders",
    };
    Some(figure(&caption, true, |width| bars::draw(&data, width)))
}

/// How much the best customers pay.
pub(in crate::report) fn concentration(view: &View<'_>) -> Option<Figure> {
    const BEST: usize = 20;
    let shares = &history(view)?.concentration;
    let best = *shares.get(BEST)?;
    let points: Vec<(f64, f64)> = (0..).map(f64::from).zip(shares.iter().copied()).collect();
    let labels: Vec<(f64, String)> = (0..=5)
        .map(|at| (f64::from(at) * 20.0, format!("{}%", at * 20)))
        .collect();
    let caption = Caption {
        stem: "concentration",
        title: format!("A fifth of the customers bring {} of the money", percent(best)),
        how: "Customers from the best to the last, and the share of the money they bring together. On the dashed line all would bring the same.".to_owned(),
    };
    let data = Curve {
        caption: &caption,
        points: &points,
        measure: "Share of the money",
        axis: "Share of the customers, the best first",
        labels: &labels,
        marked: &[(BEST as f64, best, percent(best))],
        has_diagonal: true,
    };
    Some(figure(&caption, true, |width| curve::draw(&data, width)))
}

/// Who has a second order after so many days.
pub(in crate::report) fn second_order(view: &View<'_>) -> Option<Figure> {
    let steps = &history(view)?.second_order;
    let last = steps.last()?;
    let marked: Vec<(f64, f64, String)> = [91, 182, 364]
        .iter()
        .filter_map(|days| steps.iter().find(|step| step.days == *days))
        .map(|step| (f64::from(step.days), step.share, percent(step.share)))
        .collect();
    let points: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| (f64::from(step.days), step.share))
        .collect();
    let labels: Vec<(f64, String)> = steps
        .iter()
        .filter(|step| step.days % 28 == 0)
        .map(|step| (f64::from(step.days), step.days.to_string()))
        .collect();
    let caption = Caption {
        stem: "second",
        title: format!("{} of customers order a second time within {} days", percent(last.share), last.days),
        how: "The share of customers with an order on another day so long after the first one of the file. Those whose first order is not as long ago count as long as they are known (Kaplan-Meier estimate).".to_owned(),
    };
    let data = Curve {
        caption: &caption,
        points: &points,
        measure: "Share of the customers",
        axis: "Days since the first order",
        labels: &labels,
        marked: &marked,
        has_diagonal: false,
    };
    Some(figure(&caption, true, |width| curve::draw(&data, width)))
}
