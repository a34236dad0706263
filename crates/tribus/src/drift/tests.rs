//! Simulations on the statistics alone: 20 columns whose distribution is known, no clustering. Those through a fit and `assign` are
//! in `tests/all/drift.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, LargeStringArray};

use super::baseline::ColumnBaseline;
use super::cells::bounds;
use super::columns::interval_tests;
use super::compare::significant;
use super::*;
use crate::ledger::Ledger;
use crate::pipeline::{FeatureMatrix, Prepared};
use crate::statistics::draw::Key;
use crate::statistics::normal;
use crate::table::batch_of;
use crate::thorough::{is_asked_for, runs};

/// Columns of a report.
const COLUMNS: u64 = 20;

/// A table that needed no repair.
fn prepared(columns: &[(String, ArrayRef)]) -> Prepared {
    let rows = columns.first().map_or(0, |(_, column)| column.len());
    let named = columns
        .iter()
        .map(|(name, column)| (name.as_str(), column.clone()));
    Prepared {
        batch: batch_of(named, rows),
        rows: (0..rows).collect(),
        reasons: vec![None; rows],
        repaired: vec![0; rows],
        limited: vec![false; rows],
        gaps: Vec::new(),
        filled: BTreeMap::new(),
        ledger: Ledger::default(),
        notices: Vec::new(),
        as_of: None,
        matrix: FeatureMatrix {
            values: Vec::new(),
            rows,
            names: Vec::new(),
        },
    }
}

/// Customers of one population: normal, heavy-tailed, counted, rated, mostly zero, flags, categories with many rare levels, gaps.
fn sample(key: Key, rows: u64, shift: f64) -> Prepared {
    let column = |at: u64| {
        let draw = |row: u64, part: u64| key.uniform((at << 48) + (part << 40) + row);
        let z = |row: u64| normal::quantile(draw(row, 0));
        let number = |row: u64| match at {
            0 => z(row) + shift,
            1..=9 => z(row),
            10..=12 => libm::exp(1.5 * z(row)),
            13 | 14 => (8.0 * draw(row, 0) * draw(row, 1)).floor(),
            15 => f64::from(draw(row, 0) < 0.03) * (20.0 * draw(row, 1)).floor(),
            16 => f64::from(draw(row, 0) < 0.1),
            _ => libm::pow(draw(row, 0), -0.8),
        };
        let is_gap = |row: u64| at == 18 && draw(row, 2) < 0.2;
        let array: ArrayRef = if at == 19 {
            let level = |row: u64| (libm::log(draw(row, 0)) / libm::log(0.93)) as u64;
            let cells = (0..rows).map(|row| Some(format!("L{}", level(row).min(59))));
            Arc::new(cells.collect::<LargeStringArray>())
        } else {
            let cells = (0..rows).map(|row| (!is_gap(row)).then(|| number(row)));
            Arc::new(cells.collect::<Float64Array>())
        };
        (format!("c{at:02}"), array)
    };
    prepared(&(0..COLUMNS).map(column).collect::<Vec<_>>())
}

/// What is kept of these rows.
fn kept(prepared: &Prepared) -> Baseline {
    let names = (0..COLUMNS).map(|at| (format!("c{at:02}"), at == COLUMNS - 1));
    let columns = names.map(|(name, is_category)| ColumnBaseline {
        missing: baseline::missing(prepared, &name),
        holds: baseline::holds(prepared, &name, is_category, 10),
        name,
    });
    Baseline {
        columns: columns.collect(),
    }
}

/// One report of two samples; segments are three fixed parts of the first column.
fn report(run: u64, n: u64, m: u64, shift: f64) -> Drift {
    let (then, now) = (
        sample(Key::new(2 * run, n), n, 0.0),
        sample(Key::new(2 * run + 1, m), m, shift),
    );
    let parts = |prepared: &Prepared| {
        let column = prepared
            .batch
            .column(1)
            .as_any()
            .downcast_ref::<Float64Array>();
        let mut sizes = [0_u64; 3];
        for value in column.unwrap().values() {
            sizes[usize::from(*value > -1.0) + usize::from(*value > 0.5)] += 1;
        }
        sizes
    };
    let (before, after) = (parts(&then), parts(&now));
    let groups = before.iter().zip(after).map(|(then, now)| Group {
        name: "part",
        then: *then,
        now,
    });
    let rows = |rows: u64| Rows {
        read: rows,
        used: rows,
    };
    let groups: Vec<Group<'_>> = groups.collect();
    compare(&kept(&then), &now, &groups, &[], [rows(n), rows(m)])
}

/// How many of so many reports list anything.
fn alarms(runs: u64, n: u64, m: u64) -> u64 {
    (0..runs)
        .filter(|run| report(*run, n, m, 0.0).changed)
        .count() as u64
}

#[test]
fn unchanged_rows_alarm_in_at_most_one_report_of_a_hundred() {
    let small = runs(150, 1000);
    let sizes = [
        (100, 100, small),
        (100, 1000, small / 5),
        (1000, 100, small / 5),
    ];
    let large = [(10_000, 10_000, 1000)];
    let large = large.into_iter().filter(|_| is_asked_for());
    for (n, m, runs) in sizes.into_iter().chain(large) {
        let alarms = alarms(runs, n, m);
        // Above, the rate would be more than 1 in 100 with a probability of 99 %.
        let most = [(30, 2), (150, 5), (200, 6), (1000, 10)];
        let most = most
            .iter()
            .find(|(size, _)| runs <= *size)
            .map_or(0, |(_, most)| *most);
        assert!(
            alarms <= most,
            "{alarms} of {runs} reports of {n} and {m} rows"
        );
    }
}

/// A million rows, by the counts of their intervals: those of the first sample are equal, those of the second follow from the parts
/// of the population between its quantiles, whose sizes are gamma variables over their sum.
#[test]
fn a_million_unchanged_rows_alarm_in_at_most_one_report_of_a_hundred() {
    let (n, runs) = (1_000_000_u64, runs(100, 1000));
    let numbers = Numbers {
        mean: 0.0,
        sd: 1.0,
        range: [-5.0, 5.0],
        bounds: (1..10).map(f64::from).collect(),
        counts: vec![n / 10; 10],
    };
    let is_alarm = |run: &u64| {
        let key = Key::new(5, *run);
        let column = |at: u64| {
            let z = |cell: u64| normal::quantile(key.uniform((at << 8) + cell));
            // Both are normal with so many rows.
            let widths: Vec<f64> = (0..10).map(|cell| 1e5 + z(cell) * 1e5_f64.sqrt()).collect();
            let all: f64 = widths.iter().sum();
            let counts = widths.iter().enumerate().map(|(cell, width)| {
                let expected = n as f64 * width / all;
                (expected + z(100 + cell as u64) * expected.sqrt()) as u64
            });
            let counts: Vec<u64> = counts.collect();
            let beyond = [20, 21].map(|cell| (-libm::log2(key.uniform((at << 8) + cell))) as u64);
            interval_tests(&Place::Column(at.to_string()), &numbers, &counts, beyond)
        };
        let tests = (0..COLUMNS).flat_map(column).collect();
        significant(tests)
            .iter()
            .any(|test| test.kind == ChangeKind::Mean || test.is_large())
    };
    let alarms = (0..runs).filter(is_alarm).count() as u64;
    assert!(alarms <= runs.div_ceil(100) + 2, "{alarms} of {runs}");
}

#[test]
fn a_shift_of_three_tenths_of_a_deviation_in_one_of_twenty_columns_is_found() {
    let runs = runs(40, 1000);
    let finds = |run: &u64| {
        let drift = report(*run, 1000, 1000, 0.3);
        drift.what.iter().any(|change| {
            change.place == Place::Column("c00".to_owned()) && change.kind == ChangeKind::Mean
        })
    };
    let found = (0..runs).filter(finds).count() as u64;
    assert!(100 * found >= 95 * runs, "{found} of {runs}");
}

#[test]
fn the_rows_themselves_are_no_change() {
    let rows = sample(Key::new(1, 1), 300, 0.0);
    let all = Rows {
        read: 300,
        used: 300,
    };
    let drift = compare(&kept(&rows), &rows, &[], &[], [all, all]);
    // Gaps; numbers, of which one is nearly always 0; a flag; a category.
    assert!(!drift.changed && drift.what.is_empty(), "{:?}", drift.what);
    assert_eq!(drift.comparisons, 20 + 3 * 17 + 1 + 2 + 2);
}

fn changes(then: &Prepared, now: &Prepared, is_category: bool) -> Vec<Change> {
    let rows = |prepared: &Prepared| Rows {
        read: prepared.rows.len() as u64,
        used: prepared.rows.len() as u64,
    };
    let column = ColumnBaseline {
        name: "c".to_owned(),
        missing: baseline::missing(then, "c"),
        holds: baseline::holds(then, "c", is_category, 10),
    };
    let baseline = Baseline {
        columns: vec![column],
    };
    compare(&baseline, now, &[], &[], [rows(then), rows(now)]).what
}

fn numbers(values: impl Iterator<Item = f64>) -> Prepared {
    prepared(&[(
        "c".to_owned(),
        Arc::new(values.map(Some).collect::<Float64Array>()),
    )])
}

fn texts(levels: &[(&str, usize)]) -> Prepared {
    let cells = levels
        .iter()
        .flat_map(|(level, rows)| std::iter::repeat_n(Some(*level), *rows));
    prepared(&[(
        "c".to_owned(),
        Arc::new(cells.collect::<LargeStringArray>()),
    )])
}

fn spread(rows: u32) -> impl Iterator<Item = f64> {
    (0..rows).map(move |row| normal::quantile((f64::from(row) + 0.5) / f64::from(rows)))
}

#[test]
fn a_doubled_spread_is_a_change_of_shape() {
    let what = changes(
        &numbers(spread(1000)),
        &numbers(spread(1000).map(|z| 2.0 * z)),
        false,
    );
    assert_eq!(what[0].kind, ChangeKind::Shape);
    // Beyond the first or the last decile, 26 % of the values lie instead of 10 %.
    assert!((what[0].effect - 0.16).abs() < 0.01, "{what:?}");
    assert!(
        what.iter().any(|change| change.kind == ChangeKind::Range),
        "{what:?}"
    );
    assert!(what.iter().all(|change| change.kind != ChangeKind::Mean));
}

#[test]
fn a_shift_is_a_change_of_the_mean_and_told_once() {
    let what = changes(
        &numbers(spread(1000)),
        &numbers(spread(1000).map(|z| z - 0.3)),
        false,
    );
    assert_eq!(what.len(), 1, "{what:?}");
    assert_eq!(what[0].kind, ChangeKind::Mean);
    assert!((what[0].effect - 0.3).abs() < 0.01 && (what[0].now + 0.3).abs() < 0.01);
    assert_eq!(
        what[0].sentence(),
        "c: mean 0 then, -0.3 now (0.30 standard deviations; PSI 0.09)"
    );
}

#[test]
fn a_change_that_is_sure_but_small_is_not_told() {
    let (then, now) = (spread(200_000), spread(200_000).map(|z| z + 0.05));
    // The mean moves by 0.05 deviations, which is 1 point of no interval.
    assert_eq!(changes(&numbers(then), &numbers(now), false), Vec::new());
    let flags = |ones: u32| (0..100_000).map(move |row| f64::from(row < ones));
    assert_eq!(
        changes(&numbers(flags(50_000)), &numbers(flags(50_900)), false),
        Vec::new()
    );
    let told = changes(&numbers(flags(50_000)), &numbers(flags(51_000)), false);
    assert_eq!(told[0].kind, ChangeKind::Share, "{told:?}");
}

#[test]
fn a_new_category_is_told_also_where_rare_ones_were_not_kept() {
    let then = texts(&[("shop", 500), ("web", 480), ("fax", 3)]);
    let now = texts(&[("shop", 470), ("web", 430), ("kiosk", 100)]);
    let what = changes(&then, &now, true);
    assert_eq!(
        (what[0].kind, what[0].level.as_deref()),
        (ChangeKind::Unseen, Some("kiosk"))
    );
    // No more than three customers of the fit can have had it.
    assert!((what[0].then - 3.0 / 983.0).abs() < 1e-12, "{what:?}");
    // Each of many new ones is too rare for itself.
    let names: Vec<String> = (0..40).map(|at| format!("new {at}")).collect();
    let mut many: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), 2)).collect();
    many.push(("shop", 520));
    let what = changes(&texts(&[("shop", 600), ("web", 400)]), &texts(&many), true);
    let unseen = what.iter().find(|change| change.kind == ChangeKind::Unseen);
    assert!(
        (unseen.unwrap().now - 80.0 / 600.0).abs() < 1e-12,
        "{what:?}"
    );
}

#[test]
fn intervals_hold_ten_customers_and_spikes_are_alone() {
    let flat: Vec<f64> = (0..105).map(f64::from).collect();
    assert_eq!(bounds(&flat, 10).len(), 8);
    let spike: Vec<f64> = [vec![0.0; 60], (1..=60).map(f64::from).collect()].concat();
    assert_eq!(bounds(&spike, 10), [1.0, 13.0, 25.0, 37.0, 49.0]);
    // A rare first value is not lost in the spike behind it.
    let rated: Vec<f64> = [vec![1.0; 12], vec![4.0; 300], vec![5.0; 9]].concat();
    assert_eq!(bounds(&rated, 10), [4.0]);
    assert_eq!(bounds(&[3.0; 50], 10), Vec::<f64>::new());
    assert_eq!(bounds(&[], 10), Vec::<f64>::new());
}
