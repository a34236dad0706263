//! One card a segment: number, name, size, value, what is different about it, what to do.

use maud::{Markup, html};

use super::badge;
use crate::profile::Profile;
use crate::report::number::{count, percent};
use crate::report::svg::color::box_classes;
use crate::report::view::View;
use crate::words::language::spoken;
use crate::words::shortened;

/// How many differences a card shows.
const DIFFERENCES: usize = 3;

/// The cards in segment order.
pub(super) fn content(view: &View<'_>) -> Markup {
    html! {
        div class={ "segments across-" (across(view.k())) } {
            @for segment in 0..view.k() { (card(view, segment)) }
        }
    }
}

/// Cards in a row: as many as leave the last row fullest.
fn across(cards: usize) -> usize {
    let empty = |across: usize| cards.next_multiple_of(across) - cards;
    if empty(3) < empty(4) || cards == 3 {
        3
    } else {
        4
    }
}

fn card(view: &View<'_>, segment: usize) -> Markup {
    let numbers = &view.input.summary.segments[segment];
    let profile = view.profile(segment);
    html! {
        article class="card segment" {
            div class={ "bar " (box_classes(segment)) } {}
            h3 { (badge(segment)) bdi { (view.names[segment]) } }
            p class="size" {
                (count(numbers.size)) " customers · " (percent(numbers.share))
                @if let (Some(share), true) = (numbers.value_share, view.input.summary.value.is_some()) {
                    " · " (percent(share)) " of " (shortened(&view.value_words(), 40))
                }
            }
            @if let Some(profile) = profile {
                @if !profile.differences.is_empty() {
                    ul {
                        @for difference in profile.differences.iter().take(DIFFERENCES) {
                            li { (spoken(&difference.words)) }
                        }
                    }
                } @else if !view.input.summary.is_small(segment) && profile.differentiators.is_empty() {
                    ul { li { "nothing measured sets them apart clearly" } }
                }
                @if let Some(stability) = view.stability_of(segment) {
                    p class="size" { (crate::words::capitalized(&stability)) "." }
                }
                (claims(profile))
                @if !profile.advice.is_empty() {
                    p class="advice" { (spoken(&profile.advice)) }
                }
            }
        }
    }
}

/// What the words of the name rest on.
fn claims(profile: &Profile) -> Markup {
    html! {
        @if !profile.claims.is_empty() {
            details class="claims" {
                summary { "Why this name" }
                ul { @for claim in &profile.claims { li { bdi { (claim.word) } ": " (spoken(&claim.fact)) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::across;

    #[test]
    fn cards_fill_their_last_row_as_far_as_they_can() {
        assert_eq!(
            [3, 4, 5, 6, 7, 8, 9, 12].map(across),
            [3, 4, 3, 3, 4, 4, 3, 4]
        );
    }
}
