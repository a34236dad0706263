//! On paper: the rules, what to do, and whether targeting pays.

use super::super::figures;
use super::block::{self, BODY, Block, HEADING, SMALL};
use crate::report::number::{compact, count, percent};
use crate::report::view::View;
use crate::words::capitalized;
use crate::words::language::spoken;

/// The thresholds that find each segment again.
pub(super) fn rules(view: &View<'_>) -> Vec<Block> {
    let Some(rules) = view.input.rules else {
        return Vec::new();
    };
    let shares = [2.0, 5.0, 1.0, 1.0];
    let head = ["Rule of", "Thresholds", "Finds", "Right"].map(str::to_owned);
    let told = rules
        .segments
        .iter()
        .filter(|rule| !view.input.summary.is_small(rule.segment.index()));
    let rows = told.filter_map(|rule| {
        let name = view.names.get(rule.segment.index())?;
        let cells = [
            format!("{} {name}", rule.segment),
            spoken(&rule.words()),
            percent(rule.coverage),
            percent(rule.precision),
        ];
        Some(block::row_of_texts(&cells, &shares, false, 2))
    });
    let foot = format!(
        "The rules find the segment of {} of the customers.",
        percent(rules.fidelity)
    );
    let mut blocks = vec![block::row_of_texts(&head, &shares, true, 2)];
    blocks.extend(rows);
    blocks.push(block::text(&foot, SMALL, 14.0));
    blocks
}

/// The plays that the facts of each segment call for.
pub(super) fn actions(view: &View<'_>) -> Vec<Block> {
    let profiles = (0..view.k()).filter_map(|segment| Some((segment, view.profile(segment)?)));
    let plays: Vec<_> = profiles
        .flat_map(|(segment, profile)| profile.actions.iter().map(move |action| (segment, action)))
        .collect();
    if plays.is_empty() {
        return Vec::new();
    }
    let shares = [2.0, 3.0, 4.0, 1.3, 1.0];
    let head = ["Segment", "What to do", "Because", "Customers", "At stake"].map(str::to_owned);
    let mut blocks = vec![
        block::text("What to do", HEADING, 4.0),
        block::row_of_texts(&head, &shares, true, 3),
    ];
    blocks.extend(plays.into_iter().map(|(segment, action)| {
        let cells = [
            format!("{} {}", segment + 1, view.names[segment]),
            spoken(&capitalized(&action.say)),
            spoken(&action.because),
            count(action.reach),
            action.value_at_stake.map_or_else(String::new, compact),
        ];
        block::row_of_texts(&cells, &shares, false, 3)
    }));
    blocks
}

/// The verdict, the charts, and where the numbers are from.
pub(super) fn campaign(view: &View<'_>) -> Vec<Block> {
    let Some(campaign) = view.input.campaign else {
        return Vec::new();
    };
    let figures = [
        figures::policy_profit(view),
        figures::responses(view),
        figures::uplift(view),
    ];
    let mut blocks = vec![
        block::text("Does targeting pay?", HEADING, 6.0),
        block::text(&format!("{}.", spoken(&campaign.verdict)), BODY, 4.0),
        block::text(&format!("{}.", spoken(&campaign.found)), SMALL, 12.0),
    ];
    blocks.extend(figures.iter().flatten().flat_map(block::figure));
    blocks
}
