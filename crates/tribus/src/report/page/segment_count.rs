//! How many segments: the reason in words, elbow, silhouette, gap and stability, the knives, and every criterion for every k.

use maud::{Markup, html};

use super::figure::{scrolling, show};
use crate::evidence::{Candidate, SilhouetteValue};
use crate::report::figures;
use crate::report::number::{compact, count, fixed};
use crate::report::view::View;
use crate::words::language::spoken;

/// Why this k.
pub(super) fn content(view: &View<'_>) -> Markup {
    let criteria_over_k = [
        figures::elbow(view),
        figures::silhouette(view),
        figures::gap(view),
        figures::stability(view),
    ];
    html! {
        p class="why" { (spoken(&view.input.evidence.choice.why)) }
        p { (spoken(&view.input.evidence.choice.paragraph)) }
        div class="pair" {
            @for figure in criteria_over_k.iter().flatten() { (show(figure, &html! {})) }
        }
        @if !view.input.evidence.candidates.is_empty() {
            details class="card below" {
                summary { "Show the numbers: all criteria for every number of segments" }
                (criteria(view))
            }
        }
        @if let Some(knives) = figures::silhouette_knives(view) {
            (show(&knives, &knife_means(view)))
        }
    }
}

fn criteria(view: &View<'_>) -> Markup {
    let optional = |value: Option<f64>, decimals: usize| {
        value.map_or_else(|| "–".to_owned(), |value| fixed(value, decimals))
    };
    let row = |candidate: &Candidate| {
        html! {
            tr class=[(candidate.k == view.k()).then_some("chosen")] {
                th scope="row" { (candidate.k) }
                td { (compact(candidate.inertia)) }
                td { (silhouette(candidate.silhouette.as_ref())) }
                td { (candidate.calinski_harabasz.map_or_else(|| "–".to_owned(), compact)) }
                td { (optional(candidate.davies_bouldin, 2)) }
                td { (optional(candidate.gap.map(|gap| gap.value), 3)) }
                td { (optional(candidate.prediction_strength, 2)) }
                td { (optional(candidate.similarity(), 2)) }
                td { (optional(candidate.least_jaccard(), 2)) }
                td class="sizes" { (candidate.sizes.iter().map(|size| count(*size)).collect::<Vec<_>>().join(" · ")) }
            }
        }
    };
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" { "k" }
                    th scope="col" title="sum of squared distances to the centers; lower is tighter" { "Inertia" }
                    th scope="col" title="1 is far apart, 0 on the border; higher is better" { "Silhouette" }
                    th scope="col" title="spread between over spread within; higher is better" { "Calinski-Harabasz" }
                    th scope="col" title="likeness to the nearest other segment; lower is better" { "Davies-Bouldin" }
                    th scope="col" title="how much tighter than customers spread evenly, in log inertia; higher is better" { "Gap" }
                    th scope="col" title="does one half of the customers predict the segments of the other; above 0.8 is good" { "Prediction strength" }
                    th scope="col" title="agreement of segments over resampled customers; 1 is the same" { "Stability" }
                    th scope="col" title="the same for the least stable segment (Jaccard similarity): below 0.6 dissolved, to 0.75 doubtful, to 0.85 stable" { "Least stable" }
                    th scope="col" class="sizes" { "Sizes" }
                }
            }
            tbody { @for candidate in &view.input.evidence.candidates { (row(candidate)) } }
        }
    };
    scrolling("Criteria for every number of segments", &table)
}

fn silhouette(value: Option<&SilhouetteValue>) -> String {
    let Some(value) = value else {
        return "–".to_owned();
    };
    let interval = value
        .interval
        .map(|[low, high]| format!(" ({} to {})", fixed(low, 3), fixed(high, 3)));
    format!("{}{}", fixed(value.mean, 3), interval.unwrap_or_default())
}

fn knife_means(view: &View<'_>) -> Markup {
    let table = html! {
        table {
            thead { tr { th scope="col" class="name" { "Segment" } th scope="col" { "Mean silhouette" } } }
            tbody {
                @for (segment, knife) in view.input.summary.knives.iter().enumerate().take(view.k()) {
                    tr {
                        th scope="row" class="name" { (super::badge(segment)) bdi { (view.names[segment]) } }
                        td { (fixed(knife.mean, 3)) }
                    }
                }
            }
        }
    };
    scrolling("Mean silhouette of each segment", &table)
}
