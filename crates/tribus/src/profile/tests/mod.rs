//! Whole descriptions: of the files in `../shared`, of recorded summaries, of random ones.

mod degenerate;
mod other_schemas;
mod playbook;
mod random;
mod reading;
mod recorded;
mod shared_files;

use std::collections::BTreeSet;

use super::{Profile, Profiles, describe};
use crate::recipe::Playbook;
use crate::roles::ColumnDecision;
use crate::summary::Summary;
use crate::vocabulary::columns::word_count;

/// Described by the default playbook.
fn described(summary: &Summary, columns: &[ColumnDecision]) -> Profiles {
    describe(summary, columns, &Playbook::default())
}

/// What is true of every description: names unique, short, backed by claims that hold; numbers finite; all said.
fn assert_sound(summary: &Summary, profiles: &Profiles) {
    assert_eq!(profiles.segments.len(), summary.segments.len());
    let names: BTreeSet<String> = profiles
        .segments
        .iter()
        .map(|profile| profile.name.to_lowercase())
        .collect();
    assert_eq!(
        names.len(),
        profiles.segments.len(),
        "names are unique: {names:?}"
    );
    for profile in &profiles.segments {
        assert_name_is_true(summary, profile);
        for difference in &profile.differences {
            let numbers = [difference.mean, difference.overall, difference.z];
            assert!(
                numbers.iter().all(|number| number.is_finite()),
                "{difference:?}"
            );
            assert_readable(&difference.words);
        }
        assert_readable(&profile.advice);
    }
    assert_advice_varies(profiles);
    profiles
        .insights
        .iter()
        .for_each(|insight| assert_readable(insight));
    let expected = [0, 1, 3][summary.segments.len().min(2)];
    assert_eq!(profiles.insights.len(), expected);
}

/// The same text for two segments at most, unless they differ in the same way from the average.
fn assert_advice_varies(profiles: &Profiles) {
    for profile in &profiles.segments {
        let same: Vec<&Profile> = profiles
            .segments
            .iter()
            .filter(|other| other.advice == profile.advice)
            .collect();
        let first = |profile: &Profile| profile.differences.first().map(|d| d.words.clone());
        let is_alike = same.iter().all(|other| first(other) == first(profile));
        assert!(same.len() <= 2 || is_alike, "{}", profile.advice);
    }
}

fn assert_name_is_true(summary: &Summary, profile: &Profile) {
    let name = &profile.name;
    assert!(!name.is_empty() && word_count(name) <= 5, "{name}");
    for claim in &profile.claims {
        assert!(claim.holds(summary, profile.segment), "{name}: {claim:?}");
        assert_readable(&claim.fact);
    }
    let number = profile.segment.to_string();
    let plain = ["&", "Customers", "Shoppers", "All", "Segment", &number];
    let backed: Vec<&str> = profile
        .claims
        .iter()
        .flat_map(|claim| claim.word.split_whitespace())
        .chain(plain)
        .collect();
    for word in name.split_whitespace() {
        let is_backed = backed.contains(&word) || backed.contains(&word.trim_end_matches(','));
        assert!(is_backed, "{word} of {name} rests on nothing");
    }
}

fn assert_readable(text: &str) {
    assert!(
        !text.is_empty() && !text.contains("NaN") && !text.contains("inf "),
        "{text}"
    );
}
