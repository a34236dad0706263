//! The real files of `../shared`, with the labels recorded there.

use super::assert_sound;
use super::described;
use super::reading::{Cells, Maker, by_value, labels, shared};
use crate::roles::Role;
use crate::summary::{ColumnStatistics, Summary};

fn ifood_role(name: &str) -> Role {
    match name {
        "Age" => Role::Age,
        "Recency" | "Customer_Days" => Role::Days,
        "Response" => Role::Outcome,
        name if name.starts_with("Mnt") || name == "Income" => Role::Money,
        name if name.starts_with("Num") || name.ends_with("home") || name.ends_with("Overall") => {
            Role::Count
        }
        name if name.starts_with("Z_") => Role::Constant,
        _ => Role::Flag,
    }
}

/// ifood_df.csv with the labels of one of the reference solutions, rows in the given order.
fn ifood(labels_file: &str, order: impl Fn(usize) -> Vec<usize>) -> Option<Summary> {
    let cells = Cells::read(&shared("data/ifood_df.csv")?);
    let given = labels(&shared(labels_file)?);
    let order = order(given.len());
    let in_order = |values: &[f64]| order.iter().map(|&row| values[row]).collect::<Vec<f64>>();
    let value = cells.numbers("MntTotal");
    let ordered: Vec<usize> = by_value(&given, &value);
    let mut maker = Maker::new(order.iter().map(|&row| ordered[row]).collect());
    for name in cells.header() {
        maker.numbers(name, ifood_role(name), &in_order(&cells.numbers(name)));
    }
    Some(maker.summary(Some(("MntTotal", &in_order(&value)))))
}

fn as_read(rows: usize) -> Vec<usize> {
    (0..rows).collect()
}

#[test]
fn the_five_segments_of_the_seed_study_are_recognized() {
    let Some(summary) = ifood("reference/labels_ifood_D_k5.csv", as_read) else {
        return;
    };
    let profiles = described(&summary, &[]);
    let names: Vec<&str> = profiles
        .segments
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    let sizes: Vec<u64> = summary
        .segments
        .iter()
        .map(|segment| segment.size)
        .collect();
    assert_eq!(sizes, [296, 395, 197, 539, 778]);
    assert_eq!(
        names,
        [
            "Elite Top Spenders",
            "Premium Wine Lovers",
            "Gold & Web Buyers",
            "Mature Moderate Spenders",
            "Budget Families"
        ]
    );
    assert_sound(&summary, &profiles);
}

#[test]
fn every_reference_solution_gets_unique_and_true_names() {
    for set in ["A", "B", "C", "D"] {
        let Some(summary) = ifood(&format!("reference/labels_ifood_{set}_k5.csv"), as_read) else {
            return;
        };
        assert_sound(&summary, &described(&summary, &[]));
    }
}

#[test]
fn shuffled_rows_give_the_same_names_and_words() {
    let file = "reference/labels_ifood_B_k5.csv";
    let Some(plain) = ifood(file, as_read) else {
        return;
    };
    // 1,009 is coprime to the 2,205 rows, so this visits each row once.
    let Some(shuffled) = ifood(file, |rows| {
        (0..rows).map(|row| row * 1009 % rows).collect()
    }) else {
        return;
    };
    let differ = plain.columns.iter().zip(&shuffled.columns).any(|(a, b)| {
        match (&a.statistics, &b.statistics) {
            (
                ColumnStatistics::Numbers { overall: a, .. },
                ColumnStatistics::Numbers { overall: b, .. },
            ) => a.sd != b.sd || a.mean != b.mean,
            _ => false,
        }
    });
    let (plain, mut shuffled) = (described(&plain, &[]), described(&shuffled, &[]));
    for (one, other) in plain.segments.iter().zip(&mut shuffled.segments) {
        for (difference, again) in one.differences.iter().zip(&mut other.differences) {
            assert!((difference.mean - again.mean).abs() <= 1e-9 * difference.mean.abs());
            (again.mean, again.overall) = (difference.mean, difference.overall);
        }
    }
    assert_eq!(plain, shuffled, "differs in last bits: {differ}");
}
