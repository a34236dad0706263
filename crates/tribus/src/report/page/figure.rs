//! A figure: the finding, how to read it, the chart, and the numbers behind it.

use maud::{Markup, PreEscaped, html};

use crate::report::figures::Figure;
use crate::report::svg::write::for_page;

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
            (drawing(class, figure, desktop))
            (drawing("phone", figure, &figure.phone))
            @if !numbers.0.is_empty() {
                details {
                    summary { "Show the numbers" }
                    (numbers)
                }
            }
        }
    }
}

/// A drawing in its own box, which scrolls where it is wider than the page and takes the focus of the keyboard.
fn drawing(class: &str, figure: &Figure, svg: &str) -> Markup {
    html! {
        div class={ "drawing " (class) } role="group" tabindex="0" aria-label={ "Chart: " (figure.caption.title) } { (PreEscaped(for_page(svg))) }
    }
}

/// A table that scrolls in its own box where it is wider than the page.
pub(super) fn scrolling(label: &str, table: &Markup) -> Markup {
    html! {
        div class="scroll" role="region" aria-label=(label) tabindex="0" { (table) }
    }
}
