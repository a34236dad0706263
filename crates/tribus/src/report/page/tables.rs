//! The numbers: centroids beside z-scores, means, sizes, and the categories of each segment.

use maud::{Markup, html};

use super::badge;
use super::figure::scrolling;
use crate::report::number::{compact, count, fixed, percent, signed};
use crate::report::view::{Feature, View};
use crate::roles::{Fate, Role};
use crate::summary::ColumnStatistics;
use crate::words::capitalized;

/// The segment table and the categories described.
pub(super) fn content(view: &View<'_>) -> Markup {
    html! {
        @if !view.features.is_empty() {
            div class="card" {
                h3 { "Centroids: the center of each segment" }
                p class="how" {
                    "The centroid of each segment in the feature's own unit; below it its z-score: how many standard deviations it lies from the average customer. Under a logarithm the centroid is not the mean; means and medians stand behind the chart of what sets the segments apart."
                }
                (scrolling("Centroids of the segments", &centroids(view)))
            }
        }
        @if view.input.summary.columns.iter().any(|column| matches!(column.statistics, ColumnStatistics::Categories { .. })) {
            div class="card" {
                h3 { "Categories in each segment" }
                p class="how" { "Share of the segment's customers in each category." }
                (scrolling("Categories in each segment", &categories(view)))
            }
        }
    }
}

pub(super) fn segment_headings(view: &View<'_>) -> Markup {
    html! {
        @for (segment, name) in view.names.iter().enumerate() {
            th scope="col" class="segment-name" { (badge(segment)) bdi { (name) } }
        }
    }
}

/// Features by segments in raw units and z-scores, under the headings of their groups.
fn centroids(view: &View<'_>) -> Markup {
    let shown: Vec<&Feature<'_>> = view
        .features
        .iter()
        .filter(|feature| !is_joined(view, feature) && !is_constant(feature))
        .collect();
    let mut headings: Vec<String> = Vec::new();
    for feature in &shown {
        let heading = heading(feature);
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    html! {
        table class="centroids" {
            thead {
                tr { th scope="col" class="name" { "Feature" } th scope="col" { "All customers" } (segment_headings(view)) }
            }
            @for heading in &headings {
                tbody {
                    tr class="group" { th scope="colgroup" colspan=(view.k() + 2) { (heading) } }
                    @for feature in shown.iter().filter(|feature| self::heading(feature) == *heading) {
                        (centroid_row(view, feature))
                    }
                }
            }
        }
    }
}

/// Whether all customers have the one value: a line of it tells nothing about a segment.
fn is_constant(feature: &Feature<'_>) -> bool {
    feature.fate != Fate::Clustered && feature.overall.count > 0 && feature.overall.sd == 0.0
}

/// Whether it is one category of a column that was written as flags and stands, joined again, in the table of categories.
fn is_joined(view: &View<'_>, feature: &Feature<'_>) -> bool {
    let names_it = |column: &str| {
        let rest = feature.name.strip_prefix(column);
        rest.is_some_and(|rest| rest.starts_with(|first: char| !first.is_alphanumeric()))
    };
    feature.role == Role::Flag
        && feature.fate != Fate::Clustered
        && view.input.summary.columns.iter().any(|column| {
            matches!(column.statistics, ColumnStatistics::Categories { .. })
                && names_it(&column.name)
        })
}

fn heading(feature: &Feature<'_>) -> String {
    let group = feature.group.map(|group| capitalized(&group.to_string()));
    match (feature.fate, group) {
        (Fate::Clustered, Some(group)) => group,
        (Fate::Clustered, None) => "Features".to_owned(),
        (_, Some(group)) => format!("{group} (described only)"),
        (_, None) => "Described only".to_owned(),
    }
}

/// The label of a feature, and its column where that reads otherwise.
pub(super) fn feature_heading(feature: &Feature<'_>) -> Markup {
    html! {
        th scope="row" class="name" {
            bdi { (feature.label) }
            @if feature.label != feature.name { small { bdi { (feature.name) } } }
        }
    }
}

fn centroid_row(view: &View<'_>, feature: &Feature<'_>) -> Markup {
    html! {
        tr {
            (feature_heading(feature))
            td { (feature.text(feature.overall.mean)) }
            @for segment in 0..view.k() {
                td {
                    (feature.text(feature.center(segment)))
                    small { (signed(feature.z(feature.center(segment)))) }
                }
            }
        }
    }
}

fn categories(view: &View<'_>) -> Markup {
    let share = |part: u64, whole: u64| {
        if whole == 0 {
            "–".to_owned()
        } else {
            percent(part as f64 / whole as f64)
        }
    };
    html! {
        table {
            thead {
                tr { th scope="col" class="name" { "Category" } th scope="col" { "All customers" } (segment_headings(view)) }
            }
            @for column in &view.input.summary.columns {
                @if let ColumnStatistics::Categories { levels, overall, segments, .. } = &column.statistics {
                    tbody {
                        tr class="group" {
                            th scope="colgroup" colspan=(view.k() + 2) { bdi { (column.name) } " (" (column.fate) ")" }
                        }
                        @for (index, level) in levels.iter().enumerate() {
                            tr {
                                th scope="row" class="name" { bdi { (level) } }
                                td { (share(overall.get(index).copied().unwrap_or(0), overall.iter().sum())) }
                                @for counts in segments.iter().take(view.k()) {
                                    td { (share(counts.get(index).copied().unwrap_or(0), counts.iter().sum())) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Means and medians behind the heat map.
pub(super) fn means(view: &View<'_>) -> Markup {
    let table = html! {
        table {
            thead {
                tr { th scope="col" class="name" { "Mean (median)" } th scope="col" { "All customers" } (segment_headings(view)) }
            }
            tbody {
                @for feature in view.clustered() {
                    tr {
                        (feature_heading(feature))
                        td { (feature.text(feature.overall.mean)) " (" (feature.text(feature.overall.median)) ")" }
                        @for numbers in feature.segments.iter().take(view.k()) {
                            td { (feature.text(numbers.mean)) " (" (feature.text(numbers.median)) ")" }
                        }
                    }
                }
            }
        }
    };
    scrolling("Means and medians of the features", &table)
}

/// Sizes and values behind the bars.
pub(super) fn sizes(view: &View<'_>) -> Markup {
    let summary = view.input.summary;
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" class="name" { "Segment" }
                    th scope="col" { "Customers" }
                    th scope="col" { "Share" }
                    @if summary.value.is_some() {
                        th scope="col" { (view.value_words()) }
                        th scope="col" { "Share of " (view.value_words()) }
                        th scope="col" { "Per customer" }
                    }
                }
            }
            tbody {
                @for (segment, numbers) in summary.segments.iter().enumerate() {
                    tr {
                        th scope="row" class="name" { (badge(segment)) bdi { (view.names[segment]) } }
                        td { (count(numbers.size)) }
                        td { (percent(numbers.share)) }
                        @if summary.value.is_some() {
                            td { (numbers.value.map_or_else(|| "–".to_owned(), compact)) }
                            td { (numbers.value_share.map_or_else(|| "–".to_owned(), percent)) }
                            td { (numbers.value.map_or_else(|| "–".to_owned(), |value| compact(value / numbers.size as f64))) }
                        }
                    }
                }
            }
        }
    };
    scrolling("Size and value of the segments", &table)
}

/// Centroids on the customer map.
pub(super) fn centroids_on_map(view: &View<'_>) -> Markup {
    let map = &view.input.summary.map;
    let table = html! {
        table {
            thead {
                tr { th scope="col" class="name" { "Centroid" } th scope="col" { "Across" } th scope="col" { "Up" } th scope="col" { "Dots" } }
            }
            tbody {
                @for (segment, center) in map.centroids.iter().enumerate().take(view.k()) {
                    tr {
                        th scope="row" class="name" { (badge(segment)) bdi { (view.names[segment]) } }
                        td { (fixed(center[0], 2)) }
                        td { (fixed(center[1], 2)) }
                        td { (count(map.points.iter().filter(|point| point.2.index() == segment).count() as u64)) }
                    }
                }
            }
        }
    };
    scrolling("Centroids on the map", &table)
}
