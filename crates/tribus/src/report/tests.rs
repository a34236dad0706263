//! The report as a whole: what it holds, what it must never hold, and how large it may get.

use super::charts::Width;
use super::{Report, ReportInput, figures, view::View};
use crate::evidence::{
    Candidate, Choice, Confidence, Elbow, Evidence, SegmentStability, SilhouetteValue, Stability,
    Verdict,
};
use crate::ledger::{Ledger, Repair, SetAside};
use crate::profile::{Difference, Profile, Profiles};
use crate::roles::{ColumnDecision, Fate, FeatureGroup, Role};
use crate::summary::{
    ColumnStatistics, ColumnSummary, CustomerMap, Knife, MapPoint, NumberSummary, SegmentSummary,
    Summary,
};

/// Results of a made-up segmentation, owned.
struct Results {
    columns: Vec<ColumnDecision>,
    ledger: Ledger,
    evidence: Evidence,
    summary: Summary,
    profiles: Profiles,
    notes: Vec<String>,
    settings: Vec<(String, String)>,
}

impl Results {
    fn input(&self) -> ReportInput<'_> {
        ReportInput {
            title: "customers.csv",
            columns: &self.columns,
            ledger: &self.ledger,
            evidence: &self.evidence,
            summary: &self.summary,
            profiles: &self.profiles,
            notes: &self.notes,
            settings: &self.settings,
        }
    }

    fn html(&self) -> String {
        Report::new(self.input()).to_html()
    }

    fn charts(&self) -> Vec<(String, String)> {
        Report::new(self.input()).charts()
    }

    /// Every name a user can choose, in every place, becomes `name`.
    fn named(mut self, name: &str) -> Self {
        self.summary.value = Some(name.to_owned());
        self.summary.map.axes = [name.to_owned(), name.to_owned()];
        for column in &mut self.summary.columns {
            name.clone_into(&mut column.name);
            if let ColumnStatistics::Categories { levels, .. } = &mut column.statistics {
                levels.fill(name.to_owned());
            }
        }
        for column in &mut self.columns {
            for text in [&mut column.name, &mut column.reason, &mut column.change] {
                name.clone_into(text);
            }
        }
        for profile in &mut self.profiles.segments {
            name.clone_into(&mut profile.name);
            name.clone_into(&mut profile.advice);
            for difference in &mut profile.differences {
                name.clone_into(&mut difference.words);
            }
        }
        self.profiles.insights.fill(name.to_owned());
        self.notes.fill(name.to_owned());
        self.settings.fill((name.to_owned(), name.to_owned()));
        name.clone_into(&mut self.evidence.choice.why);
        self.ledger
            .set_aside
            .iter_mut()
            .for_each(|entry| name.clone_into(&mut entry.reason));
        self.ledger
            .repaired
            .iter_mut()
            .for_each(|entry| name.clone_into(&mut entry.rule));
        self
    }
}

/// A number between 0 and 1 that looks random and always comes out the same.
fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn numbers(mean: f64, sd: f64, count: u64) -> NumberSummary {
    let at = |part: f64| part.mul_add(sd, mean);
    NumberSummary {
        count,
        mean,
        sd,
        skewness: 0.0,
        excess_kurtosis: 0.0,
        q05: at(-1.6),
        q25: at(-0.7),
        median: mean,
        q75: at(0.7),
        q95: at(1.6),
    }
}

/// `k` segments over `features` clustered columns.
fn results(k: usize, features: usize) -> Results {
    Results {
        columns: decisions(features),
        ledger: Ledger {
            read: 2_240,
            used: 2_205,
            set_aside: vec![SetAside {
                reason: "Income is missing".into(),
                rows: 35,
            }],
            repaired: vec![Repair {
                column: "Age".into(),
                rule: "median 51".into(),
                cells: 24,
            }],
            limited: Vec::new(),
            duplicates: 1,
        },
        evidence: evidence(k),
        summary: summary(k, features),
        profiles: profiles(k),
        notes: vec!["A remark.".into()],
        settings: vec![("Seed".into(), "7".into())],
    }
}

fn decisions(features: usize) -> Vec<ColumnDecision> {
    let groups = [
        FeatureGroup::Behavior,
        FeatureGroup::Demographics,
        FeatureGroup::Engagement,
    ];
    let decision = |index: usize| ColumnDecision {
        name: format!("Feature_{index}"),
        role: Role::Money,
        fate: Fate::Clustered,
        group: Some(groups[index % 3]),
        reason: "an amount".into(),
        change: "[columns]".into(),
        derived: index == 0,
    };
    (0..features).map(decision).collect()
}

fn evidence(k: usize) -> Evidence {
    let silhouette = |k: usize| SilhouetteValue {
        mean: 0.5 / k as f64,
        interval: Some([0.4 / k as f64, 0.6 / k as f64]),
        customers: 900,
    };
    let stable = SegmentStability {
        jaccard: 0.9,
        recovered: 0.97,
        dissolved: 0.0,
    };
    let candidate = |k: usize| Candidate {
        k,
        inertia: 17_640.0 / k as f64,
        silhouette: (k > 1).then(|| silhouette(k)),
        calinski_harabasz: (k > 1).then_some(524.4),
        davies_bouldin: (k > 1).then_some(1.96),
        sizes: vec![2_205 / k as u64; k],
        centroids: Vec::new(),
        flow: Vec::new(),
        distinctness: vec![0.2; k],
        gap: None,
        prediction_strength: Some(0.8),
        stability: (k > 1).then(|| Stability {
            rand: 0.87,
            segments: vec![stable; k],
            resamples: 100,
        }),
        separation: None,
        against_null: None,
        likelihood: Some(0.1),
    };
    Evidence {
        candidates: (1..=k.max(10)).map(candidate).collect(),
        sampled: [2_205, 2_205],
        inertia_of_one: 17_640.0,
        gap_of_one: None,
        choice: choice(k),
    }
}

fn choice(k: usize) -> Choice {
    Choice {
        k,
        natural_k: 2,
        elbow: Some(Elbow {
            k: 3,
            confidence: Confidence::Moderate,
        }),
        verdict: Verdict::Continuum,
        groups_likelihood: Some(0.2),
        independence_p: Some(0.025),
        confidence: Confidence::Moderate,
        runner_up: Some(4),
        requested: false,
        why: "Because.".into(),
        paragraph: "Because of this and that.".into(),
    }
}

fn summary(k: usize, features: usize) -> Summary {
    let share = 1.0 / k as f64;
    let segment = |_| SegmentSummary {
        size: 2_205 / k as u64,
        share,
        value: Some(1e5),
        value_share: Some(share),
        nearest: None,
    };
    let values = (0..200)
        .map(|index| 0.6 - f64::from(index) / 200.0)
        .collect();
    let knife = Knife { values, mean: 0.1 };
    let mut columns: Vec<ColumnSummary> =
        (0..features).map(|index| number_column(index, k)).collect();
    columns.push(category_column(k));
    Summary {
        min_group: 0,
        customers: 2_205,
        value: Some("MntTotal".into()),
        columns,
        segments: (0..k).map(segment).collect(),
        map: customer_map(k),
        knives: if k < 2 { Vec::new() } else { vec![knife; k] },
    }
}

fn number_column(index: usize, k: usize) -> ColumnSummary {
    let mean = |segment: usize| 400.0 * noise(index * 31 + segment) + 100.0;
    ColumnSummary {
        name: format!("Feature_{index}"),
        role: Role::Money,
        fate: Fate::Clustered,
        statistics: ColumnStatistics::Numbers {
            overall: numbers(300.0, 100.0, 2_205),
            segments: (0..k)
                .map(|segment| numbers(mean(segment), 40.0, 441))
                .collect(),
            centroid: None,
        },
    }
}

fn category_column(k: usize) -> ColumnSummary {
    ColumnSummary {
        name: "Education".into(),
        role: Role::Category,
        fate: Fate::Described,
        statistics: ColumnStatistics::Categories {
            levels: vec!["PhD".into(), "Master".into()],
            overall: vec![1_000, 1_205],
            segments: vec![vec![200, 241]; k],
            code_means: None,
        },
    }
}

fn customer_map(k: usize) -> CustomerMap {
    let across = |index: usize| 8.0 * noise(index) - 4.0;
    let up = |index: usize| 5.0 * noise(index + 9_999) - 2.5;
    CustomerMap {
        points: (0..2_000)
            .map(|index| MapPoint(across(index), up(index), (index % k) as u32 + 1))
            .collect(),
        of: 2_205,
        centroids: (0..k)
            .map(|index| [noise(index), noise(index + 50)])
            .collect(),
        variance: [0.51, 0.14],
        axes: [
            "more Feature_0, less Feature_1".into(),
            "more Feature_2".into(),
        ],
    }
}

fn profiles(k: usize) -> Profiles {
    let difference = Difference {
        column: "Feature_0".into(),
        level: None,
        mean: 1.0,
        overall: 2.0,
        z: -1.0,
        words: "half the average".into(),
    };
    let profile = |segment: usize| Profile {
        segment,
        name: format!("Loyal wine buyers {segment}"),
        locked: false,
        claims: Vec::new(),
        differences: vec![difference.clone(); 5],
        differentiators: Vec::new(),
        priority: None,
        actions: Vec::new(),
        advice: "Retain.".into(),
    };
    Profiles {
        segments: (1..=k).map(profile).collect(),
        insights: vec!["One.".into(), "Two.".into(), "Three.".into()],
        idle_plays: Vec::new(),
    }
}

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
fn a_usual_report_is_under_150_kilobytes() {
    let size = results(5, 8).html().len();
    assert!(size < 150_000, "{size}");
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
        ["map", "profile", "size", "elbow", "silhouette", "knives"]
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
                svg.contains("-title\">") && svg.contains("-desc\">"),
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
    assert!(html.contains("Feature_0 sets the segments apart"));
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
    results.summary.map.points[0] = MapPoint(f64::NAN, f64::INFINITY, 1);
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
