//! Customers with one order, told apart by rules before anything is clustered: their rhythm cannot be known, and they are half of
//! many files.

use super::customers::Customer;
use super::{FEATURES, REVENUE};
use crate::ledger::{BY_RULE, LifecycleGroup};
use crate::recipe::{DropRule, Lifecycle, Recipe};
use crate::statistics::{quantile, sorted, sum};

/// Customers with one order are told apart from this share on.
const ENOUGH: f64 = 0.2;

/// And if so many others are left to be clustered.
const FEWEST_RETURNING: usize = 50;

/// Customers who came back, from whom the time to the second order is learnt.
const FEWEST_GAPS: usize = 20;

/// Without them a customer is new for so many days.
const USUAL_DAYS: f64 = 90.0;

/// The groups of customers by rule; none where customers with one order are few, or the user says so.
pub(super) fn groups(recipe: &Recipe, all: &[Customer], as_of: i32) -> Vec<LifecycleGroup> {
    let section = recipe.purchases.as_ref();
    let is_off = section.is_some_and(|section| section.lifecycle == Some(Lifecycle::None));
    let is_single = |customer: &&Customer| customer.orders == 1;
    let single = all.iter().filter(is_single).count();
    let returning = all.iter().filter(|customer| customer.orders > 1).count();
    let are_enough = single as f64 >= ENOUGH * all.len() as f64 && returning >= FEWEST_RETURNING;
    let features = &recipe.segment.features;
    let has_own = !features.is_empty() && !features.iter().eq(FEATURES);
    if is_off || has_own || !are_enough {
        return Vec::new();
    }
    let said = section.and_then(|section| section.lifecycle_days);
    let days = said.map_or_else(|| days_to_return(all), f64::from);
    let since = |customer: &Customer| {
        customer
            .days
            .last()
            .map_or(f64::INFINITY, |day| f64::from(as_of - day))
    };
    let total = sum(all.iter().map(|customer| customer.revenue));
    let group = |name: &str, rule: String, holds: &dyn Fn(&Customer) -> bool| {
        let own = || all.iter().filter(|customer| holds(customer));
        LifecycleGroup {
            group: name.to_owned(),
            rule,
            customers: own().count() as u64,
            share_of_money: sum(own().map(|customer| customer.revenue)) / total,
        }
    };
    let groups = [
        group(
            "New",
            format!("order_count = 1 AND recency_days <= {days}"),
            &|customer| customer.orders == 1 && since(customer) <= days,
        ),
        group(
            "One order, lapsed",
            format!("order_count = 1 AND recency_days > {days}"),
            &|customer| customer.orders == 1 && since(customer) > days,
        ),
        group(
            "Everything returned",
            "order_count = 0".to_owned(),
            &|customer| customer.orders == 0,
        ),
    ];
    groups
        .into_iter()
        .filter(|group| group.customers > 0)
        .collect()
}

/// So many days after the first day with an order nine in ten of those who came back had done so.
fn days_to_return(all: &[Customer]) -> f64 {
    let gaps = all
        .iter()
        .filter_map(|customer| match customer.days.as_slice() {
            [first, second, ..] => Some(f64::from(second - first)),
            _ => None,
        });
    let gaps: Vec<f64> = sorted(&gaps.collect::<Vec<f64>>());
    if gaps.len() < FEWEST_GAPS {
        return USUAL_DAYS;
    }
    quantile(&gaps, 0.9).ceil()
}

/// The rules by which the customers of these groups are left out of clustering.
pub(super) fn rules(groups: &[LifecycleGroup]) -> impl Iterator<Item = DropRule> {
    groups.iter().map(|group| DropRule {
        condition: group.rule.clone(),
        because: group.reason(),
    })
}

/// Whether a rule was made here, so that the recipe of a model makes them anew.
pub(super) fn is_own(rule: &DropRule) -> bool {
    rule.because.ends_with(BY_RULE)
}

/// What people should know of the groups.
pub(super) fn told(groups: &[LifecycleGroup]) -> Option<String> {
    let new = groups.iter().find(|group| group.rule.contains("<="))?;
    let days = new.rule.rsplit(' ').next()?;
    Some(format!(
        "customers with one order are groups by rule, not clustered: new up to {days} days after it, for nine in ten who came back had done so by then ([purchases] lifecycle_days = N says another number, lifecycle = \"none\" clusters them, too; shares are those of {REVENUE})"
    ))
}
