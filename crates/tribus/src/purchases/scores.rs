//! Scores of recency, frequency and money, and groups by rules over them, for those who want them beside clusters.
//!
//! A score is the place of a customer among all, cut into bins of equal size; customers who are equal have the same score, so
//! that a bin may be empty. Rules must part the customers: each fits one rule and no second, and each rule fits somebody.

use arrow_array::{ArrayRef, Float64Array, RecordBatch};

use super::{PurchasesError, REVENUE};
use crate::expr::{Budget, Expr};
use crate::recipe::PurchasesSection;
use crate::statistics::sorted;
use crate::table::batch_of;

/// The columns that are scored: the column, its score, and whether less is better.
pub(super) const SCORED: [(&str, &str, bool); 3] = [
    ("recency_days", "recency_score", true),
    ("order_count", "frequency_score", false),
    (REVENUE, "money_score", false),
];

/// The mean of frequency and money.
pub(super) const FM: &str = "fm_score";

/// The group of each customer by the rules.
pub(super) const GROUP: &str = "rfm_group";

/// The values that a score stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cut {
    pub(super) score: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The score of each value from 1 to `bins`; equal values have the same. With it the values that each score stands for.
pub(super) fn scores(
    values: &[Option<f64>],
    bins: u32,
    less_is_better: bool,
) -> (Vec<Option<f64>>, Vec<Cut>) {
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let ordered = sorted(&present);
    let (mut before, mut known) = (0, Vec::new());
    for run in ordered.chunk_by(|a, b| a == b) {
        // The place of the middle of those who are equal, from 0 to 1.
        let middle = (before as f64 + run.len() as f64 / 2.0) / ordered.len() as f64;
        let place = (middle * f64::from(bins)).floor() + 1.0;
        let score = if less_is_better {
            f64::from(bins) + 1.0 - place
        } else {
            place
        };
        known.push((run[0], score));
        before += run.len();
    }
    let score = |value: f64| {
        let at = known.partition_point(|(known, _)| *known < value);
        known[at].1
    };
    let cuts = known.chunk_by(|a, b| a.1 == b.1);
    let cuts = cuts.map(|run| Cut {
        score: run[0].1,
        low: run[0].0,
        high: run[run.len() - 1].0,
    });
    let cuts = cuts.collect();
    let scores = values.iter().map(|value| value.map(score)).collect();
    (scores, cuts)
}

/// The cut points of a score in words, and the scores that nobody has.
pub(super) fn told(name: &str, bins: u32, cuts: &[Cut]) -> String {
    let each = cuts
        .iter()
        .map(|Cut { score, low, high }| format!("{score} from {low} to {high}"));
    let text = each.collect::<Vec<_>>().join(", ");
    let empty = (1..=bins)
        .filter(|bin| cuts.iter().all(|cut| cut.score != f64::from(*bin)))
        .map(|bin| bin.to_string());
    let empty = empty.collect::<Vec<_>>().join(" and ");
    if empty.is_empty() {
        format!("{name}: {text}")
    } else {
        format!("{name}: {text}; nobody has {empty}, for equal customers are not parted")
    }
}

/// The group of each customer whose orders count; the others have none.
///
/// # Errors
/// A rule that cannot be evaluated, that nobody fits, or that fits a customer who fits another; a customer who fits none.
pub(super) fn groups(
    section: &PurchasesSection,
    columns: &[(&str, ArrayRef)],
    rows: usize,
) -> Result<Vec<Option<String>>, PurchasesError> {
    let batch = batch_of(
        columns.iter().map(|(name, array)| (*name, array.clone())),
        rows,
    );
    let mut groups: Vec<Option<String>> = vec![None; rows];
    let budget = Budget::of(rows);
    for (name, text) in &section.rules {
        let fits = select(&batch, name, text, &budget)?;
        let problem = |problem: String| PurchasesError::Rule {
            rule: name.clone(),
            problem,
        };
        if !fits.contains(&true) {
            return Err(problem("no customer fits it".to_owned()));
        }
        for (group, _) in groups.iter_mut().zip(fits).filter(|(_, fits)| *fits) {
            if let Some(other) = group {
                return Err(problem(format!("a customer fits it and `{other}`")));
            }
            *group = Some(name.clone());
        }
    }
    let orders = batch.column_by_name("order_count");
    let orders: Option<&Float64Array> = orders.and_then(|orders| orders.as_any().downcast_ref());
    let has_orders = |row: usize| orders.is_some_and(|orders| orders.value(row) > 0.0);
    let left = (0..rows)
        .filter(|row| groups[*row].is_none() && has_orders(*row))
        .count();
    if left > 0 {
        return Err(PurchasesError::Rule {
            rule: "the last one".to_owned(),
            problem: format!("{left} customers fit no rule"),
        });
    }
    Ok(groups)
}

fn select(
    batch: &RecordBatch,
    name: &str,
    text: &str,
    budget: &Budget,
) -> Result<Vec<bool>, PurchasesError> {
    let error = |source| PurchasesError::Expression {
        place: format!("purchases.rules.{name}"),
        source,
    };
    let condition = Expr::parse(text).map_err(error)?;
    condition.select_within(batch, budget).map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_never_parted() {
        let values: Vec<Option<f64>> = [1.0; 50]
            .into_iter()
            .chain((2..52).map(f64::from))
            .map(Some)
            .collect();
        let (found, cuts) = scores(&values, 5, false);
        assert!(found[..50].iter().all(|score| *score == found[0]));
        assert_eq!(found[0], Some(2.0));
        assert_eq!(found[99], Some(5.0));
        assert!(
            told("frequency_score", 5, &cuts)
                .ends_with("nobody has 1, for equal customers are not parted")
        );
    }

    #[test]
    fn less_is_better_for_recency() {
        let values: Vec<Option<f64>> = (0..10)
            .map(|day| Some(f64::from(day)))
            .chain([None])
            .collect();
        let (found, _) = scores(&values, 5, true);
        assert_eq!(found[0], Some(5.0));
        assert_eq!(found[9], Some(1.0));
        assert_eq!(found[10], None);
    }
}
