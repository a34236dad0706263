//! What to do with each segment: the plays its facts call for, whom they reach, what is at stake.

use maud::{Markup, html};

use super::badge;
use super::figure::scrolling;
use crate::profile::{Action, Profile};
use crate::report::number::{compact, count};
use crate::report::view::View;
use crate::words::language::spoken;
use crate::words::shortened;

/// Only where a play of the playbook fits a segment.
pub(super) fn content(view: &View<'_>) -> Markup {
    let profiles = &view.input.profiles.segments;
    if profiles.iter().all(|profile| profile.actions.is_empty()) {
        return html! {};
    }
    let idle = &view.input.profiles.idle_plays;
    html! {
        div class="card" {
            h3 { "Plays that the facts call for" }
            p class="how" {
                "Every play has conditions on the numbers of a segment; the first ones of each segment come first. Value at stake is what the customers reached are worth today, not what the play will bring."
            }
            (scrolling("What to do with each segment", &table(view)))
            @if !idle.is_empty() {
                details {
                    summary { "Plays for nobody" }
                    ul { @for play in idle { li { bdi { (play.play) } ": " (spoken(&play.why)) } } }
                }
            }
        }
    }
}

fn table(view: &View<'_>) -> Markup {
    let valued = view.input.summary.value.is_some();
    html! {
        table class="plays" {
            thead {
                tr {
                    th scope="col" class="name" { "Play" }
                    th scope="col" class="name" { "Because" }
                    th scope="col" { "Customers" }
                    @if valued { th scope="col" { "At stake: " bdi { (shortened(&view.value_words(), 40)) } } }
                }
            }
            @for segment in 0..view.k() {
                @if let Some(profile) = view.profile(segment).filter(|profile| !profile.actions.is_empty()) {
                    (of_segment(view, segment, profile, valued))
                }
            }
        }
    }
}

fn of_segment(view: &View<'_>, segment: usize, profile: &Profile, valued: bool) -> Markup {
    html! {
        tbody {
            tr class="group" {
                th scope="colgroup" colspan=(if valued { 4 } else { 3 }) {
                    (badge(segment)) bdi { (view.names[segment]) }
                    @if let Some(priority) = profile.priority { " · " (priority.words()) }
                }
            }
            @for action in &profile.actions { (play(action, valued)) }
        }
    }
}

fn play(action: &Action, valued: bool) -> Markup {
    html! {
        tr {
            th scope="row" class="name" { (spoken(&crate::words::capitalized(&action.say))) }
            td class="name" { (spoken(&action.because)) }
            td { (count(action.reach)) }
            @if valued { td { (action.value_at_stake.map_or_else(|| "–".to_owned(), compact)) } }
        }
    }
}
