//! A figure: the finding, how to read it, the chart, and the numbers behind it.

use maud::{Markup, PreEscaped, html};

use crate::report::figures::Figure;

/// The figure with its numbers folded below; without, where they follow the figure.
pub(super) fn show(figure: &Figure, numbers: &Markup) -> Markup {
    let (class, desktop) = figure
        .half
        .as_ref()
        .map_or(("wide", &figure.wide), |half| ("half", half));
    html! {
        figure class="card" {
            figcaption {
                h3 { (figure.caption.title) }
                p class="how" { (figure.caption.how) }
            }
            div class={ "drawing " (class) } { (PreEscaped(desktop)) }
            div class="drawing phone" { (PreEscaped(&figure.phone)) }
            @if !numbers.0.is_empty() {
                details {
                    summary { "Show the numbers" }
                    (numbers)
                }
            }
        }
    }
}

/// A table that scrolls in its own box where it is wider than the page.
pub(super) fn scrolling(label: &str, table: &Markup) -> Markup {
    html! {
        div class="scroll" role="region" aria-label=(label) tabindex="0" { (table) }
    }
}
