//! The numbers behind the figures about value and features.

use maud::{Markup, html};

use super::badge;
use super::figure::scrolling;
use crate::report::figures::{PAIRED, PANELS, coarse, panel_features, spread_features};
use crate::report::number::{compact, count, fixed, signed};
use crate::report::view::View;
use crate::summary::Histogram;

/// Z-scores behind the snake plot.
pub(super) fn z_scores(view: &View<'_>) -> Markup {
    let table = html! {
        table {
            thead {
                tr { th scope="col" class="name" { "Standard deviations from average" } (super::tables::segment_headings(view)) }
            }
            tbody {
                @for feature in view.clustered() {
                    tr {
                        (super::tables::feature_heading(feature))
                        @for segment in 0..view.k() { td { (signed(feature.z(feature.mean(segment)))) } }
                    }
                }
            }
        }
    };
    scrolling("Standard deviations from the average customer", &table)
}

/// Quantiles behind the boxes.
pub(super) fn quantiles(view: &View<'_>) -> Markup {
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" class="name" { "Segment" }
                    @for heading in ["Lowest 5%", "Lowest 25%", "Median", "Highest 25%", "Highest 5%", "Mean"] { th scope="col" { (heading) } }
                }
            }
            @for feature in panel_features(view).into_iter().take(PANELS) {
                tbody {
                    tr class="group" { th scope="colgroup" colspan="7" { bdi { (feature.label) } } }
                    @for (segment, numbers) in feature.segments.iter().enumerate().take(view.k()) {
                        tr {
                            th scope="row" class="name" { (badge(segment)) bdi { (view.names[segment]) } }
                            @for value in [numbers.q05, numbers.q25, numbers.median, numbers.q75, numbers.q95, numbers.mean] {
                                td { (feature.text(value)) }
                            }
                        }
                    }
                }
            }
        }
    };
    scrolling("Quantiles by segment", &table)
}

/// Counts behind the histograms.
pub(super) fn bins(view: &View<'_>) -> Markup {
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" class="name" { "Stage" }
                    @for heading in ["From", "To", "Below", "Above", "Missing"] { th scope="col" { (heading) } }
                    th scope="col" class="name" { "Customers in bins of equal width" }
                }
            }
            @for (feature, found) in spread_features(view) {
                tbody {
                    tr class="group" { th scope="colgroup" colspan="7" { bdi { (feature.label) } } }
                    @match &found.read {
                        Some(read) if *read == found.cleaned => (stage("as read and after cleaning", read)),
                        Some(read) => { (stage("as read", read)) (stage("after cleaning", &found.cleaned)) }
                        None => (stage("after cleaning", &found.cleaned)),
                    }
                    (stage("in the distance", &found.scaled))
                }
            }
        }
    };
    scrolling("Customers by value of each feature", &table)
}

fn stage(name: &str, histogram: &Histogram) -> Markup {
    let histogram = &coarse(histogram);
    let counts: Vec<String> = histogram
        .counts
        .iter()
        .map(|number| count(*number))
        .collect();
    html! {
        tr {
            th scope="row" class="name" { (name) }
            td { (compact(histogram.low)) }
            td { (compact(histogram.high)) }
            td { (count(histogram.below)) }
            td { (count(histogram.above)) }
            td { (count(histogram.missing)) }
            td class="name long" { (counts.join(" · ")) }
        }
    }
}

/// All pairs of features.
pub(super) fn pairs(view: &View<'_>) -> Markup {
    let found = &view.input.summary.correlations;
    let d = found.names.len();
    let shown: Vec<(usize, String)> = view
        .most_telling(PAIRED)
        .iter()
        .filter_map(|feature| {
            let at = found.names.iter().position(|name| name == feature.name)?;
            Some((at, feature.label.clone()))
        })
        .collect();
    let table = html! {
        table {
            thead { tr { th scope="col" class="name" { "Correlation" } @for (_, label) in &shown { th scope="col" { bdi { (label) } } } } }
            tbody {
                @for (row, label) in &shown {
                    tr {
                        th scope="row" class="name" { bdi { (label) } }
                        @for (column, _) in &shown { td { (fixed(found.values.get(row * d + column).copied().unwrap_or(f64::NAN), 2)) } }
                    }
                }
            }
        }
    };
    scrolling("Correlations of the features", &table)
}
