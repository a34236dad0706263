//! The page: one function per section, in the order in which they are read.

mod account;
mod actions;
mod apart;
mod campaign;
mod figure;
mod numbers;
mod opening;
mod purchases;
mod security;
mod segment_cards;
mod segment_count;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::svg::color::{box_classes, style_sheet};
use super::svg::write::{SHORT_RULES, legible};
use super::view::View;
use crate::words::language::spoken;

/// Layout and type; colors come before it, from the palette.
const STYLE: &str = include_str!("report.css");
/// The theme button and nicer tips; the page works without.
const SCRIPT: &str = include_str!("report.js");

/// A section: where links lead, its heading, its word in the navigation, and what is in it.
struct Section {
    id: &'static str,
    heading: &'static str,
    word: &'static str,
    content: fn(&View<'_>) -> Markup,
}

/// The sections in the order in which they are read; one without content is left out.
const SECTIONS: [Section; 12] = [
    Section {
        id: "summary",
        heading: "",
        word: "Summary",
        content: opening::content,
    },
    Section {
        id: "segments",
        heading: "The segments",
        word: "Segments",
        content: segment_cards::content,
    },
    Section {
        id: "map",
        heading: "Customer map",
        word: "Map",
        content: map,
    },
    Section {
        id: "profile",
        heading: "What sets them apart",
        word: "Profile",
        content: profile,
    },
    Section {
        id: "value",
        heading: "Size and value",
        word: "Value",
        content: value,
    },
    Section {
        id: "actions",
        heading: "What to do",
        word: "What to do",
        content: actions::content,
    },
    Section {
        id: "campaign",
        heading: "Does targeting pay?",
        word: "Campaign",
        content: campaign::content,
    },
    Section {
        id: "count",
        heading: "How many segments?",
        word: "How many",
        content: segment_count::content,
    },
    Section {
        id: "table",
        heading: "Segment table",
        word: "Table",
        content: tables::content,
    },
    Section {
        id: "purchases",
        heading: "Purchases",
        word: "Purchases",
        content: purchases::content,
    },
    Section {
        id: "data",
        heading: "Data check",
        word: "Data check",
        content: account::content,
    },
    Section {
        id: "method",
        heading: "Method and settings",
        word: "Method",
        content: method,
    },
];

/// The whole page as text.
pub(super) fn render(view: &View<'_>) -> String {
    let style = format!("{}{SHORT_RULES}{STYLE}", style_sheet());
    let policy = security::content_security_policy(&style, SCRIPT);
    let sections: Vec<(&Section, Markup)> = SECTIONS
        .iter()
        .map(|section| (section, (section.content)(view)))
        .filter(|(_, content)| !content.0.is_empty())
        .collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="Tribus";
                title { (view.headline()) " – " (view.input.title) }
                style { (PreEscaped(style)) }
            }
            body {
                nav aria-label="Sections" {
                    div class="inner" {
                        div class="links" {
                            @for (section, _) in &sections { a href={ "#" (section.id) } { (section.word) } }
                        }
                    }
                }
                main {
                    @for (section, content) in &sections {
                        section id=(section.id) {
                            @if !section.heading.is_empty() { h2 { (section.heading) } }
                            (content)
                        }
                    }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    // Markup of ours holds no character that is not legible, so only what comes from data can change here.
    let page = view.input.language.write(&page.into_string());
    page.chars().map(legible).collect()
}

/// The disc with a segment's number.
fn badge(segment: usize) -> Markup {
    html! { span class={ "badge " (box_classes(segment)) } { (segment + 1) } }
}

fn map(view: &View<'_>) -> Markup {
    shown(super::figures::customer_map(view), || {
        tables::centroids_on_map(view)
    })
}

fn profile(view: &View<'_>) -> Markup {
    html! {
        (shown(super::figures::heat_map(view), || tables::means(view)))
        (shown(super::figures::snake_plot(view), || numbers::z_scores(view)))
        (apart::content(view))
        (apart::rules(view))
    }
}

fn value(view: &View<'_>) -> Markup {
    html! {
        (shown(super::figures::size_and_value(view), || tables::sizes(view)))
        (shown(super::figures::boxes_by_segment(view), || numbers::quantiles(view)))
    }
}

/// A figure with its numbers, or nothing.
fn shown(figure: Option<super::figures::Figure>, numbers: impl Fn() -> Markup) -> Markup {
    figure.map_or_else(|| html! {}, |figure| figure::show(&figure, &numbers()))
}

fn method(view: &View<'_>) -> Markup {
    html! {
        div class="card" {
            p {
                "K-Means puts each customer into the segment whose center is nearest, with the features on one scale. "
                "It always finds as many segments as asked for; whether they are more than slices is said above. "
                "Segments describe; they do not say what causes what."
            }
            @if !view.input.settings.is_empty() {
                dl class="settings" {
                    @for (what, value) in &view.input.settings {
                        dt { (what) }
                        dd { (spoken(value)) }
                    }
                }
            }
        }
    }
}
