//! What sets each segment apart, column by column, with intervals, and the rule that finds it again.

use maud::{Markup, html};

use super::badge;
use super::figure::scrolling;
use crate::profile::{Differentiator, Effect, EffectMeasure, Profile};
use crate::report::number::{percent, plain, points, signed};
use crate::report::view::View;
use crate::words::language::spoken;
use crate::words::shortened;

/// Columns told of each segment; segmentation.json has them all.
const TOLD: usize = 8;

/// A folded card a segment.
pub(super) fn content(view: &View<'_>) -> Markup {
    html! {
        @for segment in 0..view.k() {
            @if let Some(profile) = view.profile(segment).filter(|profile| !profile.differentiators.is_empty()) {
                (of_segment(view, segment, profile))
            }
        }
    }
}

fn of_segment(view: &View<'_>, segment: usize, profile: &Profile) -> Markup {
    let found = &profile.differentiators;
    let many = found.len();
    let columns = if many == 1 {
        "column sets"
    } else {
        "columns set"
    };
    html! {
        details class="card apart" {
            summary { (badge(segment)) bdi { (view.names[segment]) } ": " (many) " " (columns) " it apart" }
            (scrolling(&format!("What sets {} apart", view.names[segment]), &table(view, found)))
            p class="how" {
                "Differences of means are in standard deviations, of shares in percentage points, with 95% intervals. "
                "Segments were made from the columns marked with a star: that they differ in them is no discovery; the others tell more."
                @if many > TOLD { " The strongest " (TOLD) " are shown." }
            }
        }
    }
}

fn table(view: &View<'_>, found: &[Differentiator]) -> Markup {
    let near = found.iter().find_map(|found| found.nearest.as_ref());
    html! {
        table {
            thead {
                tr {
                    th scope="col" class="name" { "Column" }
                    th scope="col" { "Segment" }
                    th scope="col" { "All" }
                    th scope="col" { "Beside all" }
                    @if let Some(name) = near.and_then(|near| view.names.get(near.segment.index())) {
                        th scope="col" class="segment-name" { "Beside " bdi { (shortened(name, 60)) } ", the nearest" }
                    }
                }
            }
            tbody { @for found in found.iter().take(TOLD) { (row(view, found, near.is_some())) } }
        }
    }
}

fn row(view: &View<'_>, found: &Differentiator, has_near: bool) -> Markup {
    let raw: fn(f64) -> String = match found.measure {
        EffectMeasure::StandardizedMeanDifference => plain,
        EffectMeasure::DifferenceOfShares => percent,
    };
    html! {
        tr {
            th scope="row" class="name" {
                bdi { (view.label_of(&found.column)) }
                @if let Some(level) = &found.level { ": " bdi { (level) } }
                @if found.clustered { "\u{a0}*" }
            }
            td { (raw(found.mean)) }
            td { (raw(found.overall)) }
            td { (effect(found.measure, &found.effect)) }
            @if has_near {
                td { @if let Some(near) = &found.nearest { (effect(found.measure, &near.effect)) } }
            }
        }
    }
}

fn effect(measure: EffectMeasure, effect: &Effect) -> Markup {
    let write: fn(f64) -> String = match measure {
        EffectMeasure::StandardizedMeanDifference => signed,
        EffectMeasure::DifferenceOfShares => points,
    };
    let [value, low, high] = [effect.value, effect.low, effect.high].map(write);
    html! { (value) small { (low) " to " (high) } }
}

/// The thresholds that find each segment again.
pub(super) fn rules(view: &View<'_>) -> Markup {
    let Some(rules) = view.input.rules else {
        return html! {};
    };
    let table = html! {
        table class="rules" {
            thead {
                tr {
                    th scope="col" class="name" { "Segment" }
                    th scope="col" class="name" { "Rule" }
                    th scope="col" { "Finds of them" }
                    th scope="col" { "Right of those it takes" }
                }
            }
            tbody {
                @for rule in &rules.segments {
                    @if let Some(name) = view.names.get(rule.segment.index()).filter(|_| !view.input.summary.is_small(rule.segment.index())) {
                        tr {
                            th scope="row" class="name" { (badge(rule.segment.index())) bdi { (name) } }
                            td class="name rule" { (spoken(&rule.words())) }
                            td { (percent(rule.coverage)) }
                            td { (percent(rule.precision)) }
                        }
                    }
                }
            }
        }
    };
    html! {
        div class="card" {
            h3 { "Rules that find the segment of " (percent(rules.fidelity)) " of the customers" }
            p class="how" { "A few thresholds instead of distances: to explain a segment, or to find its customers in a database. As SQL: " code { "tribus explain" } "." }
            (scrolling("Rules of the segments", &table))
        }
    }
}
