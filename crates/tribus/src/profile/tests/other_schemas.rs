//! What tables of other shapes are called: small summaries made by hand, each with a trap for a name or a word.

use super::assert_sound;
use super::described as described_by;
use super::reading::Maker;
use crate::profile::Profiles;
use crate::roles::Role;
use crate::summary::Summary;

fn described(summary: &Summary) -> Profiles {
    let profiles = described_by(summary, &[]);
    assert_sound(summary, &profiles);
    profiles
}

fn names(profiles: &Profiles) -> Vec<&str> {
    profiles
        .segments
        .iter()
        .map(|profile| profile.name.as_str())
        .collect()
}

/// `counts[s]` customers of `ten` in segment s + 1 say yes.
fn answers(counts: &[usize], yes: &str, no: &str) -> (Vec<usize>, Vec<String>) {
    let labels = (0..counts.len() * 10).map(|row| row / 10 + 1).collect();
    let said = (0..counts.len() * 10).map(|row| if row % 10 < counts[row / 10] { yes } else { no });
    (labels, said.map(str::to_owned).collect())
}

/// Rows of ten per segment around each of these means.
fn around(means: &[f64], spread: f64) -> Vec<f64> {
    means
        .iter()
        .flat_map(|mean| (0..10).map(move |at| mean + spread * (f64::from(at) - 4.5) / 4.5))
        .collect()
}

fn tens(k: usize) -> Vec<usize> {
    (0..k * 10).map(|row| row / 10 + 1).collect()
}

#[test]
fn a_yes_or_no_carries_its_column() {
    for (yes, no) in [("Yes", "No"), ("true", "false"), ("1", "0")] {
        let (labels, partner) = answers(&[10, 0, 5], yes, no);
        let mut maker = Maker::new(labels);
        maker.categories("Partner", &partner);
        let profiles = described(&maker.summary(None));
        assert_eq!(names(&profiles)[..2], ["With Partner", "No Partner"]);
        assert_eq!(
            profiles.segments[1].differences[0].words,
            "partner: 0 % against 50 %"
        );
    }
}

#[test]
fn an_answer_written_as_zeros_and_ones_is_told_from_the_yes_side() {
    let mut maker = Maker::new(tens(3));
    let yes = around(&[1.0, 0.0, 0.0], 0.0);
    let no: Vec<f64> = yes.iter().map(|yes| 1.0 - yes).collect();
    maker.numbers("Partner_Yes", Role::Flag, &yes);
    maker.numbers("Partner_No", Role::Flag, &no);
    let profiles = described(&maker.summary(None));
    assert_eq!(names(&profiles)[..2], ["With Partner", "No Partner"]);
}

#[test]
fn a_level_that_says_nothing_alone_carries_its_column() {
    let (labels, risk) = answers(&[10, 1, 5], "High", "Medium");
    let mut maker = Maker::new(labels);
    maker.categories("Risk", &risk);
    assert_eq!(
        names(&described(&maker.summary(None)))[..2],
        ["Mostly Risk High", "Mostly Risk Medium"]
    );
}

#[test]
fn facts_are_told_from_the_yes_side() {
    let (labels, smoker) = answers(&[10, 0, 0, 0, 0], "yes", "no");
    let mut maker = Maker::new(labels);
    maker.categories("smoker", &smoker);
    let profiles = described(&maker.summary(None));
    assert_eq!(
        profiles.segments[0].differences[0].words,
        "smoker: 100 % against 20 %"
    );
}

#[test]
fn slices_of_one_number_are_named_by_their_order() {
    let of = |means: &[f64]| {
        let mut maker = Maker::new(tens(means.len()));
        maker.numbers("Tiempo Viaje", Role::Number, &around(means, 0.1));
        let profiles = described(&maker.summary(None));
        assert!(
            profiles
                .segments
                .iter()
                .all(|profile| !profile.claims.is_empty())
        );
        names(&profiles)
            .iter()
            .map(|name| name.strip_suffix(" Tiempo Viaje").unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of(&[30.0, 10.0, 50.0, 20.0, 40.0]),
        ["Middle", "Lowest", "Highest", "Low", "High"]
    );
    assert_eq!(of(&[3.0, 1.0, 2.0]), ["Highest", "Lowest", "Middle"]);
    let twelve: Vec<f64> = (0..12).map(|at| f64::from(at * at)).collect();
    assert_eq!(
        of(&twelve)[..7],
        [
            "Lowest",
            "2nd Lowest",
            "3rd Lowest",
            "4th Lowest",
            "5th Lowest",
            "6th Lowest",
            "6th Highest"
        ]
    );
    // The second highest of five may be below the average: then it is not high.
    assert_eq!(of(&[1.0, 2.0, 3.0, 4.0, 100.0])[3], "2nd Highest");
}

#[test]
fn how_often_a_number_changes_is_not_the_number() {
    let mut maker = Maker::new(tens(3));
    maker.numbers("BALANCE", Role::Number, &around(&[50.0, 48.0, 49.0], 40.0));
    maker.numbers(
        "BALANCE_FREQUENCY",
        Role::Number,
        &around(&[0.2, 0.6, 0.9], 0.05),
    );
    let profiles = described(&maker.summary(None));
    assert_eq!(names(&profiles)[0], "Low Balance Frequency");
    assert_eq!(names(&profiles)[2], "High Balance Frequency");
}

#[test]
fn low_is_said_of_the_lower_half_of_the_segments_only() {
    // Four of five segments are below the average.
    let mut maker = Maker::new(tens(5));
    maker.numbers(
        "clicks",
        Role::Number,
        &around(&[100.0, 4.0, 3.0, 2.0, 1.0], 0.1),
    );
    maker.numbers(
        "noise",
        Role::Number,
        &around(&[5.0, 5.0, 5.0, 5.0, 5.0], 1.0),
    );
    let profiles = described(&maker.summary(None));
    let named = names(&profiles);
    assert_eq!(named[0], "High Clicks");
    assert!(!named[1].contains("Low"), "{named:?}");
    assert!(named[4].contains("Low"), "{named:?}");
}

#[test]
fn nobody_is_called_young_who_is_older_than_those_who_are_not() {
    let ages = [30.3, 27.9, 60.0, 62.0];
    let mut maker = Maker::new(tens(4));
    maker.numbers("Age", Role::Age, &around(&ages, 2.0));
    maker.numbers(
        "Income",
        Role::Money,
        &around(&[90.0, 20.0, 50.0, 55.0], 1.0),
    );
    maker.numbers("R", Role::Days, &around(&[300.0, 5.0, 300.0, 300.0], 1.0));
    maker.numbers("F", Role::Count, &around(&[1.0, 30.0, 5.0, 5.0], 0.5));
    let spend = around(&[500.0, 9000.0, 700.0, 750.0], 10.0);
    maker.numbers("M", Role::Money, &spend);
    let profiles = described(&maker.summary(Some(("M", &spend))));
    assert_eq!(names(&profiles)[1], "Champions");
    assert!(
        !names(&profiles)[0].contains("Young"),
        "{:?}",
        names(&profiles)
    );
}

#[test]
fn ages_that_hardly_differ_name_nobody() {
    let mut maker = Maker::new(tens(3));
    maker.numbers("Age", Role::Age, &around(&[30.3, 27.9, 31.0], 12.0));
    maker.numbers("visits", Role::Count, &around(&[1.0, 5.0, 9.0], 1.0));
    for name in names(&described(&maker.summary(None))) {
        assert!(!name.contains("Young") && !name.contains("Older"), "{name}");
    }
}

#[test]
fn the_same_advice_is_given_to_two_segments_at_most() {
    let value = around(&[130.0, 110.0, 105.0, 100.0, 95.0, 90.0, 60.0], 20.0);
    let mut maker = Maker::new(tens(7));
    maker.numbers("spend", Role::Money, &value);
    maker.numbers(
        "Income",
        Role::Money,
        &around(&[5.0, 9.0, 1.0, 5.0, 5.0, 5.0, 5.0], 0.5),
    );
    maker.numbers(
        "NumDealsPurchases",
        Role::Count,
        &around(&[1.0, 1.0, 1.0, 6.0, 1.0, 1.0, 1.0], 0.5),
    );
    maker.numbers(
        "height",
        Role::Number,
        &around(&[5.0, 5.0, 5.0, 5.0, 9.0, 1.0, 5.0], 0.5),
    );
    let profiles = described(&maker.summary(Some(("spend", &value))));
    let advice: Vec<&str> = profiles
        .segments
        .iter()
        .map(|profile| profile.advice.split([';', '(']).next().unwrap())
        .collect();
    for text in &advice {
        let same = advice.iter().filter(|other| *other == text).count();
        assert!(same <= 2, "{advice:?}");
    }
    assert!(advice[0].starts_with("Protect"), "{advice:?}");
    assert!(advice[6].starts_with("Low-touch"), "{advice:?}");
}

#[test]
fn evenly_spread_value_has_no_top_segment() {
    let value = around(&[102.0, 101.0, 100.0, 99.0, 98.0, 100.0], 30.0);
    let mut maker = Maker::new(tens(6));
    maker.numbers("spend", Role::Money, &value);
    maker.numbers(
        "height",
        Role::Number,
        &around(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 0.5),
    );
    let profiles = described(&maker.summary(Some(("spend", &value))));
    let said = profiles.insights.join(" ");
    assert!(said.starts_with("Value is spread evenly"), "{said}");
    assert!(
        !said.contains("top segment") && !said.contains("Win"),
        "{said}"
    );
}

#[test]
fn a_weak_difference_is_none() {
    let (labels, first_name) = answers(&[5, 5, 6, 5], "Ana", "Eva");
    let mut maker = Maker::new(labels);
    maker.categories("first name", &first_name);
    maker.numbers("height", Role::Number, &around(&[5.0, 5.1, 5.0, 5.1], 4.0));
    for profile in described(&maker.summary(None)).segments {
        assert!(profile.differences.is_empty(), "{:?}", profile.differences);
        assert_eq!(
            profile.advice,
            "Treat them like the average customer: nothing sets them apart."
        );
    }
}
