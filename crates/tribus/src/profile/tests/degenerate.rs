//! Tables with nothing to say.

use super::assert_sound;
use super::described;
use super::reading::Maker;
use crate::roles::Role;
use crate::segment::SegmentNumber;
use crate::summary::Summary;

fn names(summary: &Summary) -> Vec<String> {
    let profiles = described(summary, &[]);
    assert_sound(summary, &profiles);
    profiles
        .segments
        .into_iter()
        .map(|profile| profile.name)
        .collect()
}

#[test]
fn equal_columns_leave_the_number_to_tell_segments_apart() {
    let mut maker = Maker::new(vec![1, 1, 2, 2, 3]);
    maker.numbers("balance", Role::Money, &[5.0; 5]);
    maker.categories(
        "city",
        &[
            "Rome".to_owned(),
            "Rome".to_owned(),
            "Rome".to_owned(),
            "Rome".to_owned(),
            "Rome".to_owned(),
        ],
    );
    assert_eq!(
        names(&maker.summary(None)),
        ["Customers", "Customers 2", "Customers 3"]
    );
}

#[test]
fn a_single_segment_holds_all_customers() {
    let mut maker = Maker::new(vec![1, 1, 1]);
    maker.numbers("Age", Role::Age, &[20.0, 30.0, 40.0]);
    let value = [1.0, 2.0, 3.0];
    assert_eq!(
        names(&maker.summary(Some(("MntTotal", &value)))),
        ["All Customers"]
    );
}

#[test]
fn segments_of_one_customer_are_described() {
    let mut maker = Maker::new(vec![1, 2, 3]);
    let value = [900.0, 150.0, 10.0];
    maker.numbers("MntTotal", Role::Money, &value);
    maker.numbers("Age", Role::Age, &[70.0, 50.0, 20.0]);
    let named = names(&maker.summary(Some(("MntTotal", &value))));
    assert_eq!(
        named,
        [
            "Senior Elite Top Spenders",
            "Moderate Spenders",
            "Young Budget Spenders"
        ]
    );
}

#[test]
fn a_segment_without_any_value_is_described_by_what_is_there() {
    let mut maker = Maker::new(vec![1, 1, 2, 2]);
    maker.numbers("Income", Role::Money, &[10.0, 20.0, f64::NAN, f64::NAN]);
    maker.numbers("visits", Role::Count, &[1.0, 2.0, 7.0, 9.0]);
    assert_eq!(names(&maker.summary(None)).len(), 2);
}

#[test]
fn zero_and_negative_values_divide_nothing() {
    for value in [
        [0.0; 4],
        [-1.0, -2.0, 3.0, 0.0],
        [-5.0, -5.0, -9.0, -9.0],
        [1e300, 1e300, 0.0, 0.0],
        [1e-300, 1e-300, 0.0, 0.0],
    ] {
        let mut maker = Maker::new(vec![1, 1, 2, 2]);
        maker.numbers("profit", Role::Money, &value);
        names(&maker.summary(Some(("profit", &value))));
    }
}

#[test]
fn no_columns_and_no_segments_are_fine() {
    assert_eq!(
        names(&Maker::new(vec![1, 2]).summary(None)),
        ["Customers", "Customers 2"]
    );
    assert!(names(&Maker::new(Vec::new()).summary(None)).is_empty());
}

#[test]
fn unknown_columns_speak_in_their_own_words() {
    let mut maker = Maker::new(vec![1, 1, 2, 2, 3, 3]);
    maker.numbers(
        "BALANCE",
        Role::Number,
        &[900.0, 950.0, 400.0, 410.0, 100.0, 90.0],
    );
    maker.numbers(
        "CASH_ADVANCE_FREQUENCY",
        Role::Number,
        &[0.1, 0.1, 0.2, 0.3, 0.9, 0.8],
    );
    let named = names(&maker.summary(None));
    assert_eq!(named[0], "High Balance, Rare Cash Advance");
    assert_eq!(named[2], "Frequent Cash Advance, Low Balance");
}

#[test]
fn a_name_is_told_wherever_it_is_spoken_of_and_nothing_else_is_changed() {
    let mut maker = Maker::new(vec![1, 1, 1, 2, 2, 2]);
    let spend = [90.0, 95.0, 99.0, 10.0, 12.0, 9.0];
    maker.numbers("spend", Role::Money, &spend);
    let summary = maker.summary(Some(("spend", &spend)));
    let mut profiles = described(&summary, &[]);
    let before = profiles.insights.clone();
    let machine = profiles.segments[0].name.clone();
    assert!(before[0].contains(&machine), "{before:?}");
    for name in ["A", "Alpha"] {
        profiles.rename(SegmentNumber::at(0), name);
        profiles.tell_anew(&summary, &[]);
        for (now, before) in profiles.insights.iter().zip(&before) {
            assert_eq!(*now, before.replace(&machine, name));
        }
    }
}
