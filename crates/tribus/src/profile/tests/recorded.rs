//! Summaries of well-known files, recorded with labels by scikit-learn 1.9 (`KMeans(k, n_init=30, random_state=0)` on
//! standardized columns; Wholesale and Online Retail after log1p), numbers cut to six digits. What is said of them is a
//! snapshot, to be read by people.

use std::fmt::Write as _;

use super::assert_sound;
use super::described;
use crate::profile::Profiles;
use crate::segment::SegmentNumber;
use crate::summary::Summary;

fn recorded(json: &str) -> (Summary, Profiles) {
    let summary: Summary = serde_json::from_str(json).unwrap();
    let profiles = described(&summary, &[]);
    assert_sound(&summary, &profiles);
    (summary, profiles)
}

fn as_text(json: &str) -> String {
    let (summary, profiles) = recorded(json);
    let mut text = String::new();
    for profile in &profiles.segments {
        let size = summary.segments[profile.segment.index()].size;
        writeln!(
            text,
            "{} {} ({size} customers)",
            profile.segment, profile.name
        )
        .unwrap();
        for claim in &profile.claims {
            writeln!(text, "    {}: {}", claim.word, claim.fact).unwrap();
        }
        for difference in &profile.differences {
            writeln!(text, "    - {}", difference.words).unwrap();
        }
        writeln!(text, "    => {}\n", profile.advice).unwrap();
    }
    text + &profiles.insights.join("\n")
}

#[test]
fn ifood_in_five_segments_reads_like_the_seed_study() {
    insta::assert_snapshot!(as_text(include_str!("fixtures/ifood_5.json")));
}

#[test]
fn mall_customers_are_named_by_age_income_and_spending() {
    insta::assert_snapshot!("mall_5", as_text(include_str!("fixtures/mall_5.json")));
    insta::assert_snapshot!("mall_6", as_text(include_str!("fixtures/mall_6.json")));
}

#[test]
fn wholesale_customers_are_named_in_the_columns_own_words() {
    insta::assert_snapshot!(
        "wholesale_3",
        as_text(include_str!("fixtures/wholesale_3.json"))
    );
    insta::assert_snapshot!(
        "wholesale_5",
        as_text(include_str!("fixtures/wholesale_5.json"))
    );
}

#[test]
fn recency_frequency_and_value_get_the_words_of_their_trade() {
    insta::assert_snapshot!(
        "rfm_4",
        as_text(include_str!("fixtures/online_retail_rfm_4.json"))
    );
    insta::assert_snapshot!(
        "rfm_5",
        as_text(include_str!("fixtures/online_retail_rfm_5.json"))
    );
}

#[test]
fn hillstrom_customers_bought_recently_or_are_lapsed_but_never_low() {
    let text = as_text(include_str!("fixtures/hillstrom_4.json"));
    assert!(!text.contains("Low Recency"));
    insta::assert_snapshot!(text);
}

#[test]
fn three_differences_say_three_things() {
    let (_, profiles) = recorded(include_str!("fixtures/ifood_5.json"));
    for profile in &profiles.segments {
        let first: Vec<&str> = profile
            .differences
            .iter()
            .take(3)
            .map(|difference| difference.column.as_str())
            .collect();
        assert_eq!(first.len(), 3);
        assert!(
            !first.contains(&"MntTotal") || !first.contains(&"MntRegularProds"),
            "{first:?}"
        );
        let spends = first
            .iter()
            .filter(|column| column.starts_with("Mnt"))
            .count();
        assert!(spends < 3, "{first:?}");
        let sizes: Vec<f64> = profile
            .differences
            .iter()
            .map(|difference| difference.z.abs())
            .collect();
        assert!(
            sizes.is_sorted_by(|a, b| a >= b),
            "strongest first: {sizes:?}"
        );
    }
}

#[test]
fn the_order_of_columns_changes_nothing() {
    for json in [
        include_str!("fixtures/ifood_5.json"),
        include_str!("fixtures/wholesale_5.json"),
        include_str!("fixtures/hillstrom_4.json"),
    ] {
        let (mut summary, profiles) = recorded(json);
        summary.columns.reverse();
        assert_eq!(described(&summary, &[]), profiles);
    }
}

#[test]
fn a_value_column_known_by_its_sums_alone_gives_the_same_names() {
    let (mut summary, profiles) = recorded(include_str!("fixtures/ifood_5.json"));
    summary.columns.retain(|column| column.name != "MntTotal");
    let without = described(&summary, &[]);
    assert_sound(&summary, &without);
    let names = |profiles: &Profiles| {
        profiles
            .segments
            .iter()
            .map(|profile| profile.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&without), names(&profiles));
}

#[test]
fn an_edited_number_breaks_the_claim() {
    let (summary, mut profiles) = recorded(include_str!("fixtures/ifood_5.json"));
    let claim = &mut profiles.segments[3].claims[0];
    assert!(claim.holds(&summary, SegmentNumber::at(3)));
    assert!(
        !claim.holds(&summary, SegmentNumber::at(4)),
        "another segment is not as old"
    );
    claim.found += 1.0;
    assert!(!claim.holds(&summary, SegmentNumber::at(3)));
    claim.found -= 1.0;
    claim.column = "Nothing".to_owned();
    assert!(!claim.holds(&summary, SegmentNumber::at(3)));
    assert!(!claim.holds(&summary, SegmentNumber::at(98)));
}

#[test]
fn profiles_survive_json() {
    let (summary, profiles) = recorded(include_str!("fixtures/mall_6.json"));
    let read: Profiles = serde_json::from_str(&serde_json::to_string(&profiles).unwrap()).unwrap();
    assert_sound(&summary, &read);
    assert_eq!(read.segments.len(), 6);
}

#[test]
fn columns_left_out_are_not_spoken_of() {
    use crate::roles::{ColumnDecision, Fate, Role};
    let (summary, profiles) = recorded(include_str!("fixtures/mall_5.json"));
    let says_age = |profiles: &Profiles| {
        profiles
            .segments
            .iter()
            .any(|profile| profile.differences.iter().any(|d| d.column == "Age"))
    };
    assert!(says_age(&profiles));
    let decision = ColumnDecision {
        name: "Age".to_owned(),
        role: Role::Age,
        fate: Fate::LeftOut,
        group: None,
        reason_code: String::new(),
        redundant_with: Vec::new(),
        reason: String::new(),
        change: String::new(),
        derived: false,
    };
    let without = described(&summary, &[decision]);
    assert!(!says_age(&without));
    assert!(
        without
            .segments
            .iter()
            .all(|profile| !profile.name.contains("Young"))
    );
}
