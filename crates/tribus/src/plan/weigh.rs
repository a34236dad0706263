//! How feature groups share the distance.

use std::collections::BTreeMap;

use crate::recipe::Weights;
use crate::roles::{ColumnDecision, FeatureGroup};

/// A group of up to this many features counts in full; beyond, its share grows with the square root of their number.
const IN_FULL: f64 = 3.0;

/// The weight of each feature's scaled values, and each group's share of the squared distance.
///
/// A group of n features shares a weight of n up to [`IN_FULL`], of sqrt(n * IN_FULL) beyond: twenty spend columns
/// weigh as much as eight. A single group has nothing to be weighed against.
pub(super) fn weigh(
    columns: &[ColumnDecision],
    features: &[String],
    weights: Weights,
) -> (BTreeMap<String, f64>, Vec<(FeatureGroup, f64)>) {
    let mut groups: BTreeMap<FeatureGroup, Vec<&str>> = BTreeMap::new();
    for column in columns
        .iter()
        .filter(|column| features.contains(&column.name))
    {
        groups
            .entry(column.group.unwrap_or(FeatureGroup::Behavior))
            .or_default()
            .push(&column.name);
    }
    let single = groups.len() < 2;
    let total_of = |count: usize| {
        let count = count as f64;
        match weights {
            Weights::Balanced if !single && count > IN_FULL => (count * IN_FULL).sqrt(),
            _ => count,
        }
    };
    let all: f64 = groups.values().map(|names| total_of(names.len())).sum();
    let mut by_feature = BTreeMap::new();
    let mut shares = Vec::with_capacity(groups.len());
    for (group, names) in groups {
        let total = total_of(names.len());
        shares.push((group, total / all));
        let weight = (total / names.len() as f64).sqrt();
        if weight < 1.0 {
            by_feature.extend(names.into_iter().map(|name| (name.to_owned(), weight)));
        }
    }
    (by_feature, shares)
}
