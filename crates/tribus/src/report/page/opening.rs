//! The first screen: what was found, in one sentence, three insights and four numbers.

use maud::{Markup, html};

use crate::evidence::Verdict;
use crate::report::number::{count, counted, percent};
use crate::report::view::{View, bringers, largest};
use crate::words::language::spoken;
use crate::words::shortened;

/// Headline, insights, key numbers and how far to trust them.
pub(super) fn content(view: &View<'_>) -> Markup {
    let features = view
        .input
        .columns
        .iter()
        .filter(|column| column.fate == crate::roles::Fate::Clustered)
        .count();
    let features = if features == 0 {
        view.clustered().count()
    } else {
        features
    };
    html! {
            h1 { (view.headline()) }
            p class="source" {
                bdi { (view.input.title) }
                " · " (counted(view.input.summary.customers, "customer", "customers"))
                " · " (counted(features as u64, "feature", "features"))
                " · K-Means, k = " (view.k())
            }
            @if !view.input.profiles.insights.is_empty() {
                ul class="insights" {
                    @for insight in &view.input.profiles.insights {
                        li { (spoken(insight)) }
                    }
                }
            }
            (key_numbers(view))
            p class="trust" {
                (view.verdict()) " "
                @if let Some(stability) = view.stability() { (stability) " " }
                (view.data_quality()) " " (view.account())
            }
    }
}

fn key_numbers(view: &View<'_>) -> Markup {
    let kind = match (view.k(), view.input.evidence.choice.verdict) {
        (..=1, _) => "segment",
        (_, Verdict::Groups) => "segments, natural groups",
        (_, Verdict::Continuum) => "segments, slices of a continuum",
        (_, Verdict::None) => "segments, though the data shows no groups",
    };
    html! {
        div class="keys" {
            (key(&count(view.input.summary.customers), "customers"))
            (key(&view.k().to_string(), kind))
            (value_key(view))
            @if let Some((silhouette, words)) = view.separation() {
                (key(&silhouette, &format!("mean silhouette: {words}")))
            } @else {
                (key(&count(view.input.ledger.rows_set_aside()), "rows set aside"))
            }
        }
    }
}

fn value_key(view: &View<'_>) -> Markup {
    let segments = &view.input.summary.segments;
    if let (Some((number, customers, value)), Some(_)) =
        (bringers(segments), &view.input.summary.value)
    {
        let who = if number == 1 {
            "one segment".to_owned()
        } else {
            format!("{number} segments")
        };
        let words = format!(
            "of {} from {who} with {} of the customers",
            shortened(&view.value_words(), 40),
            percent(customers)
        );
        return key(&percent(value), &words);
    }
    let Some(segment) = segments.get(largest(segments)) else {
        return html! {};
    };
    key(
        &percent(segment.share),
        "of customers in the largest segment",
    )
}

fn key(number: &str, words: &str) -> Markup {
    html! {
        div class="key" {
            strong { (number) }
            span { (words) }
        }
    }
}
