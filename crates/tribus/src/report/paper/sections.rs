//! The sections of the page as blocks of paper, in the same order.

use super::super::figures;
use super::block::{self, BODY, Block, HEADING, HEADLINE, SMALL};
use super::explained;
use crate::report::number::{count, counted, percent, signed};
use crate::report::view::View;
use crate::words::language::spoken;
use crate::words::shortened;

/// Segments beside each other in one table.
const ACROSS: usize = 6;

/// Everything, from the headline to the settings.
pub(super) fn all(view: &View<'_>) -> Vec<Block> {
    let mut blocks = opening(view);
    blocks.extend(segments(view));
    let profile = [
        figures::customer_map(view),
        figures::heat_map(view),
        figures::snake_plot(view),
    ];
    blocks.extend(section("Where they lie and what sets them apart", profile));
    blocks.extend(explained::rules(view));
    let value = [
        figures::size_and_value(view),
        figures::boxes_by_segment(view),
    ];
    blocks.extend(section("Size and value", value));
    blocks.extend(explained::actions(view));
    blocks.extend(explained::campaign(view));
    blocks.extend(reason(view));
    blocks.extend(centroids(view));
    let purchases = [
        figures::share_of_money(view),
        figures::revenue_by_period(view),
        figures::cohorts(view),
        figures::recency_frequency(view),
        figures::concentration(view),
        figures::second_order(view),
        figures::gaps(view),
    ];
    blocks.extend(section("Purchases", purchases));
    blocks.extend(account(view));
    blocks.extend(settings(view));
    blocks
}

fn opening(view: &View<'_>) -> Vec<Block> {
    let customers = counted(view.input.summary.customers, "customer", "customers");
    let source = format!(
        "{} · {customers} · K-Means, k = {}",
        view.input.title,
        view.k()
    );
    let mut blocks = vec![
        block::text(&view.headline(), HEADLINE, 2.0),
        block::text(&source, SMALL, 12.0),
    ];
    let insights = view.input.profiles.insights.iter().enumerate();
    blocks
        .extend(insights.map(|(at, insight)| block::item(&(at + 1).to_string(), &spoken(insight))));
    let trust = [
        Some(view.verdict().to_owned()),
        view.stability(),
        Some(view.data_quality()),
    ];
    let trust: Vec<String> = trust.into_iter().flatten().collect();
    blocks.push(block::text(&trust.join(" "), BODY, 18.0));
    blocks
}

fn segments(view: &View<'_>) -> Vec<Block> {
    let mut blocks = vec![block::text("The segments", HEADING, 6.0)];
    for segment in 0..view.k() {
        let numbers = &view.input.summary.segments[segment];
        let mut size = format!(
            "{} customers · {}",
            count(numbers.size),
            percent(numbers.share)
        );
        if let Some(share) = numbers.value_share {
            let value = shortened(&view.value_words(), 40);
            size = format!("{size} · {} of {value}", percent(share));
        }
        if let Some(stability) = view.stability_of(segment) {
            size = format!("{size} · {stability}");
        }
        let profile = view.profile(segment);
        let facts: Vec<String> = profile
            .map(|profile| profile.differences.iter().take(3))
            .into_iter()
            .flatten()
            .map(|difference| spoken(&difference.words))
            .collect();
        let advice = profile.map_or_else(String::new, |profile| spoken(&profile.advice));
        blocks.push(block::card(
            segment,
            &view.names[segment],
            &size,
            &facts,
            &advice,
        ));
    }
    blocks
}

fn section(
    heading: &str,
    figures: impl IntoIterator<Item = Option<figures::Figure>>,
) -> Vec<Block> {
    let shown: Vec<Block> = figures
        .into_iter()
        .flatten()
        .flat_map(|figure| block::figure(&figure))
        .collect();
    if shown.is_empty() {
        return shown;
    }
    let mut blocks = vec![block::text(heading, HEADING, 8.0)];
    blocks.extend(shown);
    blocks
}

fn reason(view: &View<'_>) -> Vec<Block> {
    let choice = &view.input.evidence.choice;
    let mut blocks = vec![
        block::text("How many segments?", HEADING, 6.0),
        block::text(&spoken(&choice.why), BODY, 4.0),
        block::text(&spoken(&choice.paragraph), SMALL, 12.0),
    ];
    let figures = [
        figures::elbow(view),
        figures::silhouette(view),
        figures::gap(view),
        figures::stability(view),
        figures::silhouette_knives(view),
    ];
    blocks.extend(figures.iter().flatten().flat_map(block::figure));
    blocks
}

/// Raw units beside z-scores, at most six segments beside each other.
fn centroids(view: &View<'_>) -> Vec<Block> {
    let features: Vec<_> = view.clustered().collect();
    if features.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![block::text("Centroids", HEADING, 4.0)];
    let segments: Vec<usize> = (0..view.k()).collect();
    for part in segments.chunks(ACROSS) {
        let shares: Vec<f64> = [2.0, 1.0]
            .into_iter()
            .chain(part.iter().map(|_| 1.3))
            .collect();
        let mut head = vec!["Feature".to_owned(), "All".to_owned()];
        head.extend(
            part.iter()
                .map(|at| format!("{} {}", at + 1, view.names[*at])),
        );
        blocks.push(block::row(&head, &shares, true));
        for feature in &features {
            let mut cells = vec![feature.label.clone(), feature.text(feature.overall.mean)];
            cells.extend(part.iter().map(|at| {
                let center = feature.center(*at);
                format!("{} ({})", feature.text(center), signed(feature.z(center)))
            }));
            blocks.push(block::row(&cells, &shares, false));
        }
        blocks.push(block::text(
            "In brackets: standard deviations from the average customer.",
            SMALL,
            14.0,
        ));
    }
    blocks
}

fn account(view: &View<'_>) -> Vec<Block> {
    let ledger = view.input.ledger;
    let mut blocks = vec![
        block::text("Data check", HEADING, 4.0),
        block::text(
            &format!("{} {}", view.data_quality(), view.account()),
            BODY,
            6.0,
        ),
    ];
    for entry in &ledger.set_aside {
        let cells = [format!("set aside: {}", entry.reason), count(entry.rows)];
        blocks.push(block::row(&cells, &[5.0, 1.0], false));
    }
    for repair in &ledger.repaired {
        let cells = [
            format!("repaired: {}, {}", repair.column, repair.rule),
            count(repair.cells),
        ];
        blocks.push(block::row(&cells, &[5.0, 1.0], false));
    }
    let questions = view.input.please_check.iter().map(|question| {
        let line = format!("Please check {} [{}]", question.sentence(), question.recipe);
        block::item("?", &spoken(&line))
    });
    blocks.extend(questions);
    let notes = view
        .input
        .notes
        .iter()
        .map(|note| block::item("·", &spoken(note)));
    blocks.extend(notes);
    blocks
}

fn settings(view: &View<'_>) -> Vec<Block> {
    if view.input.settings.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![block::text("Method and settings", HEADING, 4.0)];
    for (what, value) in &view.input.settings {
        blocks.push(block::item("·", &format!("{what}: {}", spoken(value))));
    }
    blocks
}
