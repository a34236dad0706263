//! Where the segments lie and what sets them apart.

use super::super::charts::Caption;
use super::super::charts::heat::{self, Cell, Heat, Row};
use super::super::charts::map::{self, Map};
use super::super::charts::snake::{self, Bend, Snake};
use super::super::number::{count, percent, signed};
use super::super::view::{Feature, View};
use super::{Figure, figure};
use crate::evidence::Verdict;
use crate::summary::CustomerMap;
use crate::words::{capitalized, shortened};

/// Features of the snake plot: more would wind beyond a page.
const BENDS: usize = 16;
/// Features of the heat map: more would not fit on a page of paper.
const ROWS: usize = 24;

/// The customers on two axes.
pub(in crate::report) fn customer_map(view: &View<'_>) -> Option<Figure> {
    let map = &view.input.summary.map;
    if map.points.is_empty() {
        return None;
    }
    let shown = percent((map.variance[0] + map.variance[1]).clamp(0.0, 1.0));
    let title = match view.input.evidence.choice.verdict {
        _ if view.k() <= 1 => "All customers are in one segment".to_owned(),
        Verdict::Groups => "The segments stand apart".to_owned(),
        Verdict::Continuum => "The segments are slices of one cloud, not islands".to_owned(),
        Verdict::None => "The cloud of customers has no parts of its own".to_owned(),
    };
    let sample = if (map.points.len() as u64) < map.of {
        format!(" ({} of {})", count(map.points.len() as u64), count(map.of))
    } else {
        String::new()
    };
    let how = format!(
        "Each dot is a customer{sample}; dots close together are customers alike. The numbers mark the centers of the segments. The two axes show {shown} of what differs between customers, so segments that overlap here may still differ in the rest."
    );
    let caption = Caption {
        stem: "map",
        title,
        how,
    };
    let map = &CustomerMap {
        axes: map.axes.clone().map(|words| view.axis_words(&words)),
        ..map.clone()
    };
    Some(figure(&caption, false, |width| {
        map::draw(
            &Map {
                caption: &caption,
                customers: map,
                names: &view.names,
            },
            width,
        )
    }))
}

/// Features by segments.
pub(in crate::report) fn heat_map(view: &View<'_>) -> Option<Figure> {
    let rows: Vec<Row> = view
        .most_telling(ROWS)
        .into_iter()
        .map(|feature| heat_row(view, feature))
        .collect();
    if rows.is_empty() || view.k() == 0 {
        return None;
    }
    let title = match view.deciding().as_slice() {
        _ if view.k() <= 1 => "With one segment nothing is set apart".to_owned(),
        [only] => format!("{} sets the segments apart", capitalized(&only.label)),
        [first, second, ..] => {
            let words = format!(
                "{} and {} set the segments apart most",
                shortened(&first.label, 60),
                shortened(&second.label, 60)
            );
            capitalized(&words)
        }
        [] => return None,
    };
    let all = view.clustered().count();
    let some = if all > rows.len() {
        format!(
            " Shown are the {} features of {all} that differ most.",
            rows.len()
        )
    } else {
        String::new()
    };
    let how = format!(
        "Each cell says how far the segment's mean lies from the average customer, in standard deviations: blue is above, orange below. Point at a cell for the numbers in their own units.{some}"
    );
    let caption = Caption {
        stem: "profile",
        title,
        how,
    };
    let draw = |width| {
        heat::draw(
            &Heat {
                caption: &caption,
                names: &view.names,
                rows: &rows,
            },
            width,
        )
    };
    Some(figure(&caption, false, draw))
}

fn heat_row(view: &View<'_>, feature: &Feature<'_>) -> Row {
    let cell = |segment: usize| Cell {
        z: feature.z(feature.mean(segment)),
        tip: view.cell_tip(feature, segment),
    };
    Row {
        label: feature.label.clone(),
        group: group_of(feature),
        cells: (0..view.k()).map(cell).collect(),
    }
}

fn group_of(feature: &Feature<'_>) -> String {
    feature
        .group
        .map(|group| capitalized(&group.to_string()))
        .unwrap_or_default()
}

/// Segments winding over the features that set them apart most.
pub(in crate::report) fn snake_plot(view: &View<'_>) -> Option<Figure> {
    let shown = view.most_telling(BENDS);
    if shown.len() < 2 || view.k() < 2 {
        return None;
    }
    let bends: Vec<Bend> = shown.iter().map(|feature| bend(view, feature)).collect();
    let all = view.clustered().count();
    let some = if all > shown.len() {
        format!(
            " Shown are the {} features of {all} that differ most.",
            shown.len()
        )
    } else {
        String::new()
    };
    let caption = Caption {
        stem: "snake",
        title: snake_finding(view, &shown),
        how: format!(
            "Each line is a segment and winds through its means, from feature to feature: right of the middle is above the average customer, left below. Where lines lie apart, the feature tells segments apart.{some}"
        ),
    };
    Some(figure(&caption, false, |width| {
        snake::draw(
            &Snake {
                caption: &caption,
                names: &view.names,
                bends: &bends,
            },
            width,
        )
    }))
}

fn bend(view: &View<'_>, feature: &Feature<'_>) -> Bend {
    let point = |segment: usize| {
        let z = feature.z(feature.mean(segment));
        (z, view.cell_tip(feature, segment))
    };
    Bend {
        label: feature.label.clone(),
        group: group_of(feature),
        points: (0..view.k()).map(point).collect(),
    }
}

/// The segment and feature farthest from the average.
fn snake_finding(view: &View<'_>, shown: &[&Feature<'_>]) -> String {
    let mut farthest = (0.0_f64, 0, "");
    for feature in shown {
        for segment in 0..view.k() {
            let z = feature.z(feature.mean(segment));
            if z.is_finite() && z.abs() > farthest.0.abs() {
                farthest = (z, segment, &feature.label);
            }
        }
    }
    if farthest.2.is_empty() {
        return "No segment stands away from the average customer".to_owned();
    }
    format!(
        "{} stands farthest from the average: {} standard deviations in {}",
        shortened(&view.names[farthest.1], 60),
        signed(farthest.0),
        shortened(farthest.2, 60)
    )
}
