//! The cards of the segments, and why one customer is in one of them.

use tribus::profile::{Differentiator, EffectMeasure};
use tribus::segmentation::{Card, Explanation, Segmentation};

use super::number::{count, counted, figure, percent};
use super::page::Page;

/// Columns told of each segment.
const TOLD: usize = 6;

/// Features told of a customer.
const DRIVERS: usize = 8;

/// Everything known of each segment.
pub(crate) fn cards(page: &mut Page, segmentation: &Segmentation) {
    for card in segmentation.cards() {
        card_of(page, segmentation, &card);
    }
    if let Some(rules) = segmentation.rules() {
        page.heading("Rules");
        page.hanging(
            "  ",
            &format!(
                "The rules above find the segment of {} of the customers. As SQL, over the table that tribus prepare writes:",
                percent(rules.fidelity)
            ),
        );
        page.blank();
        for line in rules.sql(tribus::expr::Dialect::Ansi).lines() {
            page.line(&format!("  {line}"));
        }
    }
    let idle = &segmentation.profiles().idle_plays;
    if !idle.is_empty() {
        page.heading("Plays for nobody");
        for play in idle {
            page.hanging("  ", &format!("{}: {}", play.play, play.why));
        }
    }
}

fn card_of(page: &mut Page, segmentation: &Segmentation, card: &Card<'_>) {
    let profile = card.profile;
    page.heading(&format!("{}  {}", profile.segment, profile.name));
    let value = card.numbers.value_share.map_or_else(String::new, |share| {
        format!(", {} of the value", percent(share))
    });
    page.hanging(
        "  ",
        &format!(
            "{}, {}{value}",
            counted(card.numbers.size, "customer", "customers"),
            percent(card.numbers.share)
        ),
    );
    if let Some(stability) = card.stability_in_words() {
        page.hanging("  Stability: ", &stability);
    }
    for claim in &profile.claims {
        page.hanging(&format!("  \"{}\"  ", claim.word), &claim.fact);
    }
    differentiators(page, segmentation, card);
    if let Some(rule) = card.rule {
        let found = format!(
            "{} (finds {} of them; {} of those it takes are theirs)",
            rule.words(),
            percent(rule.coverage),
            percent(rule.precision)
        );
        page.hanging("  Rule: ", &found);
    }
    for action in &profile.actions {
        page.hanging("  Do: ", &format!("{}; {}", action.say, action.because));
    }
}

fn differentiators(page: &mut Page, segmentation: &Segmentation, card: &Card<'_>) {
    let found = &card.profile.differentiators;
    if found.is_empty() {
        return;
    }
    let near = found.iter().find_map(|found| found.nearest.as_ref());
    let head = near.map_or_else(String::new, |near| {
        format!("beside {}", segmentation.name(near.segment))
    });
    let line = format!(
        "  {:<28}{:>10}{:>10}  {:<24}{head}",
        "", "theirs", "all", "difference (95 %)"
    );
    let line = page.dim(&line);
    page.line(&line);
    for found in found.iter().take(TOLD) {
        page.line(&told(found));
    }
    if found.iter().take(TOLD).any(|found| found.clustered) {
        let note =
            page.dim("  * the segments were made from it: that they differ here is no discovery");
        page.line(&note);
    }
}

fn told(found: &Differentiator) -> String {
    let mark = if found.clustered { "*" } else { "" };
    let level = found
        .level
        .as_ref()
        .map_or_else(String::new, |level| format!(" {level}"));
    let name: String = format!("{}{level}{mark}", found.column)
        .chars()
        .take(27)
        .collect();
    let number = |value: f64| match found.measure {
        EffectMeasure::StandardizedMeanDifference => figure(value),
        EffectMeasure::DifferenceOfShares => percent(value),
    };
    let effect = |effect: &tribus::profile::Effect| match found.measure {
        EffectMeasure::StandardizedMeanDifference => {
            format!(
                "{:+.2} ({:+.2} to {:+.2})",
                effect.value, effect.low, effect.high
            )
        }
        EffectMeasure::DifferenceOfShares => format!(
            "{:+.0} ({:+.0} to {:+.0}) pts",
            100.0 * effect.value,
            100.0 * effect.low,
            100.0 * effect.high
        ),
    };
    let near = found
        .nearest
        .as_ref()
        .map_or_else(String::new, |near| effect(&near.effect));
    format!(
        "  {name:<28}{:>10}{:>10}  {:<24}{near}",
        number(found.mean),
        number(found.overall),
        effect(&found.effect)
    )
}

/// Why one customer is where they are.
pub(crate) fn explanation(page: &mut Page, segmentation: &Segmentation, explained: &Explanation) {
    let name = segmentation.name(explained.segment);
    page.heading(&format!(
        "Row {}: {} {name}",
        count(explained.row as u64 + 1),
        explained.segment
    ));
    let Some(second) = explained.second else {
        page.hanging("  ", "There is only one segment.");
        return;
    };
    let other = segmentation.name(second);
    let outlier = if explained.outlier {
        " Farther from the centroid than 99.5 % of the segment: an unusual customer."
    } else {
        ""
    };
    page.hanging(
        "  ",
        &format!(
            "The second nearest is {second} {other}; confidence {} (0 on the border, 100 % at the centroid).{outlier}",
            percent(explained.confidence)
        ),
    );
    for (group, pull) in &explained.groups {
        let for_whom = if *pull >= 0.0 { name } else { other };
        page.hanging(
            "  ",
            &format!("{group}: speaks for {for_whom} ({pull:+.2})"),
        );
    }
    let head = format!(
        "  {:<28}{:>12}{:>12}{:>12}{:>10}",
        "", "value", "own", "second", "pull"
    );
    let head = page.dim(&head);
    page.line(&head);
    for driver in explained.drivers.iter().take(DRIVERS) {
        let feature: String = driver.feature.chars().take(27).collect();
        page.line(&format!(
            "  {feature:<28}{:>12}{:>12}{:>12}{:>+10.2}",
            figure(driver.value),
            figure(driver.centroid),
            figure(driver.second_centroid),
            driver.pull
        ));
    }
    let note = page.dim(
        "  pull: how much nearer to the own centroid than to the second, squared, in scaled units",
    );
    page.line(&note);
}
