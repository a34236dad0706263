//! The page: one function per section, in the order in which they are read.

mod account;
mod figure;
mod opening;
mod policy;
mod segment_cards;
mod segment_count;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::svg::color::{box_classes, style_sheet};
use super::svg::write::legible;
use super::view::View;

/// Layout and type; colors come before it, from the palette.
const STYLE: &str = include_str!("report.css");
/// The theme button and nicer tips; the page works without.
const SCRIPT: &str = include_str!("report.js");

/// The whole page as text.
pub(super) fn render(view: &View<'_>) -> String {
    let style = format!("{}{STYLE}", style_sheet());
    let policy = policy::content_security_policy(&style, SCRIPT);
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
                (navigation())
                main {
                    (opening::section(view))
                    (segment_cards::section(view))
                    (map_section(view))
                    (profile_section(view))
                    (value_section(view))
                    (segment_count::section(view))
                    (tables::section(view))
                    (account::section(view))
                    (method_section(view))
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    // Markup of ours holds no character that is not legible, so only what comes from data can change here.
    page.into_string().chars().map(legible).collect()
}

/// Sections as (id, title); the navigation and the headings say the same.
const SECTIONS: [(&str, &str); 9] = [
    ("summary", "Summary"),
    ("segments", "The segments"),
    ("map", "Customer map"),
    ("profile", "What sets them apart"),
    ("value", "Size and value"),
    ("count", "How many segments?"),
    ("table", "Segment table"),
    ("data", "Data check"),
    ("method", "Method and settings"),
];

fn navigation() -> Markup {
    html! {
        nav aria-label="Sections" {
            div class="inner" {
                @for (id, title) in SECTIONS {
                    a href={ "#" (id) } { (title) }
                }
            }
        }
    }
}

/// A section with its heading from [`SECTIONS`].
fn titled(id: &str, content: &Markup) -> Markup {
    let title = SECTIONS
        .iter()
        .find(|(known, _)| *known == id)
        .map_or("", |(_, title)| title);
    html! {
        section id=(id) {
            h2 { (title) }
            (content)
        }
    }
}

/// The disc with a segment's number.
fn badge(segment: usize) -> Markup {
    html! { span class={ "badge " (box_classes(segment)) } { (segment + 1) } }
}

fn map_section(view: &View<'_>) -> Markup {
    let Some(figure) = super::figures::customer_map(view) else {
        return html! {};
    };
    let figure = figure::show(&figure, &tables::centers(view));
    titled("map", &figure)
}

fn profile_section(view: &View<'_>) -> Markup {
    let Some(figure) = super::figures::heat_map(view) else {
        return html! {};
    };
    titled("profile", &figure::show(&figure, &tables::means(view)))
}

fn value_section(view: &View<'_>) -> Markup {
    let Some(figure) = super::figures::size_and_value(view) else {
        return html! {};
    };
    titled("value", &figure::show(&figure, &tables::sizes(view)))
}

fn method_section(view: &View<'_>) -> Markup {
    let content = html! {
        div class="card" {
            p {
                "K-Means puts each customer into the segment whose center is nearest, with the features on one scale. "
                "It always finds as many segments as asked for; whether they are more than slices is said above. "
                "Segments describe; they do not say what causes what."
            }
            @if !view.input.settings.is_empty() {
                dl class="settings" {
                    @for (what, value) in view.input.settings {
                        dt { (what) }
                        dd { (value) }
                    }
                }
            }
        }
    };
    titled("method", &content)
}
