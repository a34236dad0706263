//! The report as a whole: what it holds, what it must never hold, and how large it may get.

mod purchases;
mod sample;

use super::charts::Width;
use super::{figures, view::View};
use crate::evidence::SilhouetteValue;
use crate::ledger::Ledger;
use crate::ledger::PurchaseHistory;
use crate::roles::Fate;
use crate::segment::SegmentNumber;
use crate::summary::{ColumnStatistics, Correlations, MapPoint};
use sample::{Results, results};

/// The parts between `<` and `>`, with a check that they nest.
fn assert_well_formed(svg: &str, what: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, _) = part.split_once('>').expect("a tag ends");
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .expect("a tag has a name");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{what}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{what}: {tag}");
    }
    assert!(open.is_empty(), "{what}: {open:?}");
}

/// The numeric attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<f64> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()?.parse().ok()
}

/// Every line of text as (left, right, baseline), from the anchor and the measured width.
fn text_boxes(svg: &str) -> Vec<(f64, f64, f64, String)> {
    let mut boxes = Vec::new();
    let mut outer_anchor = "start";
    for part in svg.split('<').skip(1) {
        let (tag, _) = part.split_once('>').expect("a tag ends");
        if tag.starts_with("g ") {
            outer_anchor = if tag.contains("middle") {
                "middle"
            } else {
                "start"
            };
        }
        if tag == "/g" {
            outer_anchor = "start";
        }
        if !tag.starts_with("text ") {
            continue;
        }
        let whole = &svg[part.as_ptr() as usize - svg.as_ptr() as usize..];
        let inner = &whole[tag.len() + 1..whole.find("</text>").expect("a text ends")];
        let words = inner.rsplit("</title>").next().unwrap_or("");
        let bold = tag.contains("font-weight");
        let weight = if bold {
            super::svg::Weight::Bold
        } else {
            super::svg::Weight::Normal
        };
        // Measured without the margin: what a font of the usual width takes.
        let width = super::svg::text_width(
            &words.replace("&lt;", "<").replace("&gt;", ">"),
            12.0,
            weight,
        ) / 1.15;
        let x = attribute(tag, "x").expect("a text has an x");
        let anchor = ["start", "middle", "end"]
            .into_iter()
            .find(|anchor| tag.contains(&format!("anchor=\"{anchor}\"")));
        let left = match anchor.unwrap_or(outer_anchor) {
            "middle" => x - width / 2.0,
            "end" => x - width,
            _ => x,
        };
        boxes.push((
            left,
            left + width,
            attribute(tag, "y").expect("a text has a y"),
            words.to_owned(),
        ));
    }
    boxes
}

fn every_drawing(results: &Results) -> Vec<(String, String)> {
    let view = View::new(results.input());
    let mut drawings = Vec::new();
    for figure in figures::all(&view) {
        let stem = figure.caption.stem;
        drawings.push((format!("{stem} {}", Width::Wide.word()), figure.wide));
        drawings.extend(figure.half.map(|half| (format!("{stem} half"), half)));
        drawings.push((format!("{stem} phone"), figure.phone));
    }
    drawings
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, other) = (results(5, 8), results(5, 8));
    assert_eq!(one.html(), other.html());
    assert_eq!(one.charts(), other.charts());
}

#[test]
fn a_usual_report_is_under_300_kilobytes() {
    let mut results = results(5, 8);
    let purchases = results.purchases.take();
    let size = results.html().len();
    assert!(size < 300_000, "{size}");
    results.purchases = purchases;
    let size = results.html().len();
    assert!(size < 450_000, "with purchases {size}");
}

#[test]
fn the_largest_report_is_under_a_megabyte() {
    let size = results(12, 40)
        .named(&"A very long name of a customer segment, as people write them ".repeat(2))
        .html()
        .len();
    assert!(size < 1_000_000, "{size}");
}

#[test]
fn every_chart_of_the_page_is_there_by_name() {
    let stems: Vec<String> = results(5, 8)
        .charts()
        .into_iter()
        .map(|(stem, _)| stem)
        .collect();
    assert_eq!(
        stems,
        [
            "map",
            "profile",
            "snake",
            "size",
            "boxes",
            "campaign",
            "response",
            "uplift",
            "elbow",
            "silhouette",
            "gap",
            "stability",
            "knives",
            "histograms",
            "correlations",
            "revenue",
            "cohorts",
            "recency",
            "gaps",
            "concentration",
            "second"
        ]
    );
}

#[test]
fn drawings_are_well_formed_and_say_what_they_are() {
    for k in [1, 2, 5, 12, 25] {
        for (what, svg) in every_drawing(&results(k, 8)) {
            assert_well_formed(&svg, &what);
            assert!(
                svg.contains(" viewBox=\"0 0 ") && svg.contains(" role=\"img\""),
                "{what}"
            );
            assert!(
                svg.contains("-title\">") && svg.contains("-desc\">") != what.ends_with("phone"),
                "{what}"
            );
            assert!(
                !svg.contains("NaN") && !svg.contains("inf\"") && !svg.contains("\"-0\""),
                "{what}"
            );
        }
    }
}

#[test]
fn the_copy_for_phones_has_the_marks_of_the_other_in_their_order() {
    for (k, features) in [(2, 1), (5, 8), (12, 40)] {
        let results = results(k, features)
            .named("A very long name of a segment that has to be cut somewhere or other");
        let view = View::new(results.input());
        for figure in figures::all(&view) {
            let shown = figure.half.as_ref().unwrap_or(&figure.wide);
            let tips = shown
                .split("<title>")
                .filter(|before| {
                    !before
                        .rsplit('<')
                        .next()
                        .is_some_and(|tag| tag.starts_with("text "))
                })
                .count()
                - 1;
            let borrowed = figure.phone.matches("class=\"").count();
            let borrowed = figure
                .phone
                .split(" class=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .filter(|classes| classes.split(' ').any(|class| class == "t"))
                .count()
                .min(borrowed);
            assert_eq!(tips, borrowed, "{} k={k}", figure.caption.stem);
        }
    }
}

#[test]
fn no_text_leaves_its_drawing_or_covers_another() {
    let long =
        "Households with children that buy wine in the shop, seldom online_andVeryLongWordsToo";
    for (k, features, name) in [
        (5, 8, None),
        (12, 40, Some(long)),
        (1, 1, None),
        (3, 2, Some(long)),
        (12, 3, None),
    ] {
        let results = results(k, features);
        let results = if let Some(name) = name {
            results.named(name)
        } else {
            results
        };
        for (what, svg) in every_drawing(&results) {
            let (width, height) = (
                attribute(&svg, "width").unwrap(),
                attribute(&svg, "height").unwrap(),
            );
            let boxes = text_boxes(&svg);
            for (left, right, y, words) in &boxes {
                assert!(
                    *left >= -0.5 && *right <= width + 0.5,
                    "{what} k={k}: {words} {left}..{right} of {width}"
                );
                assert!(
                    *y >= 9.0 && *y <= height,
                    "{what} k={k}: {words} at {y} of {height}"
                );
            }
            for (index, one) in boxes.iter().enumerate() {
                for other in &boxes[index + 1..] {
                    let apart = one.1 <= other.0 + 0.5
                        || other.1 <= one.0 + 0.5
                        || (one.2 - other.2).abs() >= 10.0;
                    assert!(apart, "{what} k={k}: {one:?} on {other:?}");
                }
            }
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let names = [
        "<script>alert(1)</script>".to_owned(),
        "\"'><img src=x onerror=alert(1)>&amp;".to_owned(),
        "</style></script></svg>".to_owned(),
        "\u{202e}txet desrever\u{2066}\u{200f}".to_owned(),
        "nul\u{0}bell\u{7}esc\u{1b}\u{85}\u{ffff}".to_owned(),
        "W".repeat(300),
        "👩\u{200d}👩\u{200d}👧\u{200d}👦".repeat(40),
        String::new(),
        "   ".to_owned(),
    ];
    let plain = results(3, 3).html();
    for name in names {
        let results = results(3, 3).named(&name);
        let html = results.html();
        for tag in [
            "<script",
            "<img",
            "<style",
            "</style",
            "</script",
            "<title",
            " onerror=\"",
            " style=\"",
        ] {
            let count = html.matches(tag).count();
            if tag == "<title" {
                continue;
            }
            assert_eq!(count, plain.matches(tag).count(), "{tag} by {name:?}");
        }
        let forbidden = |character: char| {
            (character.is_control() && character != '\n')
                || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!html.contains(forbidden), "{name:?}");
        for (what, svg) in every_drawing(&results) {
            assert_well_formed(&svg, &what);
            assert!(!svg.contains(forbidden), "{what} with {name:?}");
        }
    }
}

#[test]
fn nothing_is_loaded_and_nothing_is_styled_inline() {
    let html = results(5, 8).html();
    assert!(
        html.contains("default-src &#39;none&#39;") || html.contains("default-src 'none'"),
        "no policy"
    );
    assert!(!html.contains(" style=\"") && !html.contains(" onclick") && !html.contains(" src=\""));
    let links = html.matches("http").count() - html.matches("http-equiv").count();
    assert_eq!(
        links,
        html.matches("xmlns=\"http://www.w3.org/2000/svg\"").count(),
        "an address other than the namespace"
    );
}

#[test]
fn ids_are_unique_and_links_lead_somewhere() {
    let html = results(5, 8).html();
    let mut ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|part| part.split('"').next())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    let mut references = html
        .split(" href=\"#")
        .skip(1)
        .filter_map(|part| part.split('"').next());
    assert!(references.all(|reference| ids.contains(&reference)));
}

#[test]
fn the_account_adds_up_on_the_page() {
    let mut results = results(5, 8);
    assert!(
        results
            .html()
            .contains("2,240 rows read = 2,205 used + 35 set aside; 24 cells repaired.")
    );
    assert!(!results.html().contains("do not add up"));
    results.ledger.used -= 1;
    assert!(
        results.html().contains("do not add up"),
        "a broken account must be told"
    );
}

#[test]
fn the_headline_names_the_fewest_segments_that_bring_half() {
    let mut results = results(4, 3);
    for (segment, share) in results
        .summary
        .segments
        .iter_mut()
        .zip([0.4, 0.3, 0.2, 0.1])
    {
        segment.value_share = Some(share);
    }
    assert_eq!(
        View::new(results.input()).headline(),
        "Four kinds of customer; two of them, 50% of customers, bring 70% of MntTotal"
    );
}

#[test]
fn a_negative_value_share_does_not_make_a_headline() {
    let mut results = results(3, 3);
    for (segment, share) in results.summary.segments.iter_mut().zip([1.4, -0.6, 0.2]) {
        segment.value_share = Some(share);
    }
    assert!(
        View::new(results.input())
            .headline()
            .starts_with("Three kinds of customer; the largest, ")
    );
    for (what, svg) in every_drawing(&results) {
        assert_well_formed(&svg, &what);
    }
}

#[test]
fn one_segment_has_a_report() {
    let html = results(1, 4).html();
    assert!(html.contains("One segment: the 2,205 customers stay together"));
    assert!(!html.contains("knives-wide"));
}

#[test]
fn a_report_without_value_categories_or_rows_set_aside_says_less_and_nothing_wrong() {
    let mut results = results(3, 1);
    results.summary.value = None;
    results
        .summary
        .segments
        .iter_mut()
        .for_each(|segment| (segment.value, segment.value_share) = (None, None));
    results.summary.columns.truncate(1);
    results.ledger = Ledger {
        read: 10,
        used: 10,
        ..Ledger::default()
    };
    results.notes.clear();
    let html = results.html();
    assert!(html.contains("10 rows read = 10 used + 0 set aside."));
    assert!(
        !html.contains("MntTotal")
            && !html.contains("Categories in each segment")
            && !html.contains(">Notes<")
    );
    assert!(html.contains("Feature 0 sets the segments apart"));
}

#[test]
fn a_column_that_is_equal_for_all_is_no_line_of_the_tables() {
    let mut results = results(3, 4);
    let columns = [("Varies_among_some", 2.0), ("Equal_for_all", 0.0)];
    for (name, sd) in columns {
        let mut column = results.summary.columns[0].clone();
        name.clone_into(&mut column.name);
        column.fate = Fate::Described;
        if let ColumnStatistics::Numbers { overall, .. } = &mut column.statistics {
            overall.sd = sd;
        }
        results.summary.columns.push(column);
    }
    let html = results.html();
    assert!(html.contains("Varies_among_some") || html.contains("Varies among some"));
    assert!(!html.contains("Equal_for_all") && !html.contains("Equal for all"));
}

#[test]
fn empty_results_do_not_panic() {
    let mut results = results(1, 0);
    results.summary.segments.clear();
    results.summary.columns.clear();
    results.summary.map.points.clear();
    results.summary.map.centroids.clear();
    results.evidence.candidates.clear();
    results.profiles.segments.clear();
    results.columns.clear();
    results.summary.histograms.clear();
    results.summary.correlations = Correlations::default();
    (results.campaign, results.rules) = (None, None);
    let purchases = results.purchases.as_mut().expect("it has purchases");
    purchases.history = PurchaseHistory::default();
    assert!(results.html().ends_with("</html>"));
    assert!(results.charts().is_empty());
}

#[test]
fn numbers_that_are_none_are_dashes() {
    let mut results = results(3, 2);
    for column in &mut results.summary.columns {
        if let ColumnStatistics::Numbers {
            overall, segments, ..
        } = &mut column.statistics
        {
            overall.sd = 0.0;
            segments[1].mean = f64::NAN;
            segments.truncate(2);
        }
    }
    results.summary.map.points[0] = MapPoint(f64::NAN, f64::INFINITY, SegmentNumber::at(0));
    let html = results.html();
    assert!(
        !html.contains("NaN") && !html.contains(">inf"),
        "raw float in the page"
    );
}

#[test]
fn a_silhouette_axis_stays_within_its_bounds() {
    let mut results = results(5, 3);
    for candidate in &mut results.evidence.candidates {
        if let Some(silhouette) = &mut candidate.silhouette {
            *silhouette = SilhouetteValue {
                mean: 0.97,
                interval: Some([0.95, 0.999]),
                customers: 10,
            };
        }
    }
    let (_, svg) = results
        .charts()
        .into_iter()
        .find(|(stem, _)| stem == "silhouette")
        .unwrap();
    assert!(
        svg.contains(">1.0</text>") && !svg.contains(">1.2</text>"),
        "{svg}"
    );
}
