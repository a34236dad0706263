//! Conditions of plays mean what they say.

use super::reading::Maker;
use crate::profile::describe;
use crate::recipe::Playbook;
use crate::roles::Role;
use crate::summary::Summary;

/// In the first segment nine of ten have a partner, in the second one of ten.
fn partners() -> Summary {
    let labels: Vec<usize> = (0..40).map(|row| 1 + row / 20).collect();
    let mut maker = Maker::new(labels);
    let spend: Vec<f64> = (0..40).map(|row| f64::from(90 - row)).collect();
    maker.numbers("spend", Role::Money, &spend);
    let answers: Vec<String> = (0..40)
        .map(|row| {
            let is_rare = row % 10 == 0;
            if (row < 20) == is_rare { "No" } else { "Yes" }.to_owned()
        })
        .collect();
    maker.categories("Partner", &answers);
    maker.summary(Some(("spend", &spend)))
}

/// The segments to which a play of this one condition is advised.
fn advised(condition: &str) -> Vec<usize> {
    let text = format!(
        "[[play]]\nname = \"P\"\nsay = \"do it\"\nwhen = [{{ column = \"Partner\", {condition} }}]"
    );
    let playbook = Playbook::parse(&text, "plays.toml").expect("a playbook");
    let profiles = describe(&partners(), &[], &playbook);
    let with_it = profiles
        .segments
        .iter()
        .filter(|profile| !profile.actions.is_empty());
    with_it.map(|profile| profile.segment.index() + 1).collect()
}

#[test]
fn a_condition_on_no_is_the_opposite_of_one_on_yes() {
    assert_eq!(advised("measure = \"mean\", at_least = 0.5"), [1]);
    assert_eq!(
        advised("level = \"Yes\", measure = \"mean\", at_least = 0.5"),
        [1]
    );
    assert_eq!(
        advised("level = \"No\", measure = \"mean\", at_least = 0.5"),
        [2]
    );
    assert_eq!(advised("level = \"No\", measure = \"z\", at_most = 0"), [1]);
    assert!(advised("level = \"Maybe\", measure = \"mean\", at_least = 0").is_empty());
}
