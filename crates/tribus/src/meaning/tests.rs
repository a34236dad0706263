//! Meanings of made-up columns, with telling names and without.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, LargeStringArray};

use super::{Event, Measure, Sampled, Span, Traits, Unit, Whose, decide, standardized};
use crate::table::ColumnFacts;

/// Numbers that look random and are the same each time.
fn noise(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 11
    })
}

fn numbers(name: &str, values: impl Iterator<Item = f64>) -> Traits {
    all_numbers(name, values.take(200))
}

fn all_numbers(name: &str, values: impl Iterator<Item = f64>) -> Traits {
    let array: Float64Array = values.map(Some).collect();
    Traits::new(
        name,
        Arc::new(array) as ArrayRef,
        ColumnFacts::default(),
        false,
    )
}

/// Whole numbers from `low` to `high`.
fn whole(name: &str, low: u64, high: u64) -> Traits {
    let values = noise(low + high).map(move |value| (low + value % (high - low + 1)) as f64);
    numbers(name, values)
}

fn texts(name: &str, cell: impl Fn(usize) -> String) -> Traits {
    let array: LargeStringArray = (0..200).map(|row| Some(cell(row))).collect();
    Traits::new(
        name,
        Arc::new(array) as ArrayRef,
        ColumnFacts::default(),
        false,
    )
}

fn sampled(column: &Traits) -> Sampled {
    let rows: Vec<usize> = (0..column.rows).collect();
    Sampled::of(column, &rows).unwrap()
}

fn measure(column: &Traits) -> Measure {
    decide(column, false).measure
}

#[test]
fn whole_numbers_must_earn_the_role_of_a_measure() {
    assert_eq!(
        measure(&whole("Xyzzy", 100_000_000, 599_999_999)),
        Measure::Identifier
    );
    assert_eq!(
        measure(&whole("Xyzzy", 1_600_000_000, 1_700_000_000)),
        Measure::Epoch
    );
    assert_eq!(measure(&whole("Xyzzy", 1950, 2020)), Measure::Year);
    assert_eq!(
        measure(&numbers("Xyzzy", (1..).map(f64::from))),
        Measure::RowNumber
    );
    assert_eq!(measure(&whole("Xyzzy", 0, 40)), Measure::Count);
    // Two hundred customers and no number twice: nothing that is measured lies so close without repeating.
    let running = (0..200_u32).map(|row| f64::from(17 + (row * 77) % 200 * 3 + row % 2));
    assert_eq!(measure(&numbers("Xyzzy", running)), Measure::Identifier);
}

#[test]
fn no_window_is_longer_than_a_lifetime() {
    let window = |name: &str| super::Clues::of(name).window;
    assert_eq!(window("spend last 12 months"), Some(360));
    assert_eq!(window("spend 30d"), Some(30));
    for name in [
        "spend 4294967295 m",
        "spend last 4294967295 years",
        "spend 0d",
    ] {
        assert_eq!(window(name), None, "{name}");
    }
}

#[test]
fn values_tell_a_count_from_what_else_its_name_may_say() {
    assert_eq!(measure(&whole("orders store", 0, 9)), Measure::Count);
    assert_eq!(measure(&whole("orders store", 1, 9)), Measure::Place);
    assert_eq!(measure(&whole("number of groups", 0, 40)), Measure::Count);
    assert_eq!(measure(&whole("points balance", 0, 900)), Measure::Count);
    assert_eq!(measure(&whole("balance", 0, 10)), Measure::Count);
    assert_eq!(measure(&whole("balance", 0, 9_000)), Measure::Money);
    assert_eq!(
        measure(&whole("session duration seconds", 0, 900)),
        Measure::Number
    );
    assert_eq!(
        measure(&whole("N° card", 1_600_000_000, 1_700_000_000)),
        Measure::Identifier
    );
}

#[test]
fn a_name_is_believed_only_if_the_values_allow_it() {
    assert_eq!(
        measure(&whole("phone", 6_000_000_000, 7_999_999_999)),
        Measure::Contact
    );
    assert_eq!(measure(&whole("phone calls", 0, 9)), Measure::Count);
    assert_eq!(measure(&whole("age", 18, 90)), Measure::Age);
    assert_ne!(measure(&whole("age", 1_000, 90_000)), Measure::Age);
    assert_eq!(measure(&whole("store id", 1, 40)), Measure::Code);
    assert_eq!(
        measure(&whole("customer id", 100_000, 999_999)),
        Measure::Identifier
    );
    assert_eq!(
        measure(&texts("contact", |row| ["phone", "mail"][row % 2].into())),
        Measure::Category
    );
    assert_eq!(
        measure(&texts("Xyzzy", |row| format!("c{row}@example.com"))),
        Measure::Contact
    );
}

#[test]
fn money_is_ours_theirs_or_a_cost() {
    let whose = |name: &str| decide(&whole(name, 0, 5_000), false).whose;
    for (name, expected) in [
        ("Total Spent", Whose::Spent),
        ("Umsatz gesamt", Whose::Spent),
        ("Customer Lifetime Value", Whose::Worth),
        ("Total Claim Amount", Whose::Cost),
        ("refund_amount", Whose::Cost),
        ("Annual Income", Whose::Owned),
        ("credit_limit", Whose::Owned),
        ("outstanding balance", Whose::Owed),
        ("unit price", Whose::Price),
        ("amount", Whose::Unknown),
    ] {
        assert_eq!(whose(name), Some(expected), "{name}");
    }
}

#[test]
fn spans_of_time_have_the_unit_and_event_of_their_name() {
    let meaning = decide(&whole("Months Since Last Claim", 0, 35), false);
    assert_eq!(
        (meaning.measure, meaning.unit, meaning.event, meaning.span),
        (
            Measure::Duration,
            Some(Unit::Months),
            Some(Event::Claim),
            Span::Since
        )
    );
    let tenure = decide(&whole("tenure", 0, 72), false);
    assert_eq!(
        (tenure.measure, tenure.unit, tenure.span),
        (Measure::Duration, None, Span::Tenure)
    );
    let visits = decide(&whole("visits_30d", 0, 12), false);
    assert_eq!((visits.measure, visits.window), (Measure::Count, Some(30)));
    assert_eq!(measure(&whole("month", 1, 12)), Measure::Calendar);
    assert_eq!(measure(&whole("Minutes used", 0, 900)), Measure::Number);
}

#[test]
fn a_grade_cut_from_a_measure_is_found_and_a_count_is_none() {
    let measure: Vec<f64> = noise(7)
        .take(200)
        .map(|value| (value % 10_000) as f64)
        .collect();
    let grade: Vec<f64> = measure
        .iter()
        .map(|value| (value / 2_000.0).floor())
        .collect();
    let measure = sampled(&numbers("Xyzzy", measure.into_iter()));
    assert!(sampled(&numbers("Plugh", grade.clone().into_iter())).is_cut_of(&measure));
    let falling = grade.iter().map(|grade| 9.0 - grade);
    assert!(sampled(&numbers("Plugh", falling)).is_cut_of(&measure));
    assert!(!sampled(&whole("Plugh", 0, 4)).is_cut_of(&measure));
    // One wrong row of 100 may be a mistake, one of 20 is none.
    let with_errors = |each: usize| {
        let grades = grade.iter().enumerate();
        let wrong = grades.map(move |(row, grade)| if row % each == 0 { 0.0 } else { *grade });
        sampled(&numbers("Plugh", wrong.collect::<Vec<_>>().into_iter()))
    };
    assert!(with_errors(150).is_cut_of(&measure));
    assert!(!with_errors(10).is_cut_of(&measure));
}

#[test]
fn unrelated_numbers_are_told_from_related_ones() {
    let random = |seed| noise(seed).take(2_000).map(|value| (value % 10_000) as f64);
    let column = |values: Vec<f64>| sampled(&all_numbers("Xyzzy", values.into_iter()));
    let measures = [column(random(3).collect()), column(random(5).collect())];
    let measures: Vec<&Sampled> = measures.iter().collect();
    assert!(column(random(7).collect()).is_unrelated(&measures));
    let falling = random(5).map(|value| 3.0 - 2.0 * value);
    assert!(!column(falling.collect()).is_unrelated(&measures));
}

#[test]
fn scaled_columns_are_recognized_and_shares_are_not() {
    let scaled = |seed: u64| {
        let sum = noise(seed).map(|value| (value % 1_000) as f64 / 1_000.0);
        // The sum of twelve uniform numbers less six has mean 0 and spread 1.
        let values: Vec<f64> = sum.take(2_400).collect();
        let normal: Vec<f64> = values
            .chunks(12)
            .map(|chunk| chunk.iter().sum::<f64>() - 6.0)
            .collect();
        numbers("Xyzzy", normal.into_iter())
    };
    let columns = [scaled(3), scaled(5), scaled(9)];
    let all: Vec<&Traits> = columns.iter().collect();
    assert_eq!(standardized(&all), [0, 1, 2]);
    let share = |seed| {
        numbers(
            "open rate",
            noise(seed).map(|value| (value % 100) as f64 / 100.0),
        )
    };
    let shares = [share(1), share(2), share(3)];
    assert!(standardized(&shares.iter().collect::<Vec<_>>()).is_empty());
}
