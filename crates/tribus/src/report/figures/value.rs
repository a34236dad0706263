//! Size and value.

use super::super::charts::Caption;
use super::super::charts::boxes::{self, Boxes, Panel};
use super::super::charts::sizes::{self, Share, Sizes};
use super::super::number::percent;
use super::super::view::{Feature, View, largest};
use super::{Figure, figure};
use crate::roles::Role;
use crate::words::{capitalized, shortened};

/// Panels of boxes.
pub(in crate::report) const PANELS: usize = 4;

/// Shares of customers and value.
pub(in crate::report) fn size_and_value(view: &View<'_>) -> Option<Figure> {
    let summary = view.input.summary;
    if summary.segments.is_empty() {
        return None;
    }
    let share = |index: usize| Share {
        name: view.names[index].clone(),
        customers: summary.segments[index].share,
        value: summary
            .value
            .as_ref()
            .and(summary.segments[index].value_share),
        tip: view.segment_tip(index),
    };
    let shares: Vec<Share> = (0..view.k()).map(share).collect();
    let words = view.value_words();
    let valued = shares.iter().any(|share| share.value.is_some());
    let value = valued.then_some(words.as_str());
    let how = value.map_or_else(
        || "The bar is the segment's share of all customers.".to_owned(),
        |_| format!("The gray bar is the segment's share of all customers, the colored one its share of {}. Where the colored bar is longer, a customer of the segment brings more than the average.", shortened(&view.value_words(), 60)),
    );
    let caption = Caption {
        stem: "size",
        title: size_finding(view, &shares),
        how,
    };
    Some(figure(&caption, false, |width| {
        sizes::draw(
            &Sizes {
                caption: &caption,
                shares: &shares,
                value,
            },
            width,
        )
    }))
}

fn size_finding(view: &View<'_>, shares: &[Share]) -> String {
    let gap = |share: &Share| {
        share
            .value
            .map_or(f64::NEG_INFINITY, |value| value - share.customers)
    };
    let best = shares
        .iter()
        .max_by(|one, other| gap(one).total_cmp(&gap(other)));
    match (best, &view.input.summary.value) {
        (Some(share), Some(_)) if view.k() > 1 && gap(share) > 0.0 => format!(
            "{}: {} of customers, {} of {}",
            shortened(&share.name, 60),
            percent(share.customers),
            percent(share.value.unwrap_or(0.0)),
            shortened(&view.value_words(), 40)
        ),
        _ if view.k() > 1 => {
            let index = largest(&view.input.summary.segments);
            format!(
                "{} is the largest segment with {} of customers",
                shortened(&view.names[index], 60),
                percent(shares[index].customers)
            )
        }
        _ => "All customers are in one segment".to_owned(),
    }
}

/// The value first, then the features that set segments apart most; no flags, of which no box says more than their share.
pub(in crate::report) fn panel_features<'v, 'a>(view: &'v View<'a>) -> Vec<&'v Feature<'a>> {
    let value = view.input.summary.value.as_deref();
    let valued = view
        .features
        .iter()
        .find(|feature| Some(feature.name) == value);
    let others = view
        .deciding()
        .into_iter()
        .filter(|feature| Some(feature.name) != value && feature.role != Role::Flag);
    valued
        .into_iter()
        .chain(others)
        .filter(|feature| feature.segments.len() >= view.k())
        .collect()
}

/// The value and the features that set segments apart most, as boxes.
pub(in crate::report) fn boxes_by_segment(view: &View<'_>) -> Option<Figure> {
    let panels: Vec<Panel<'_>> = panel_features(view)
        .into_iter()
        .take(PANELS)
        .map(|feature| panel(view, feature))
        .collect();
    if panels.is_empty() || view.k() < 2 {
        return None;
    }
    let caption = Caption {
        stem: "boxes",
        title: boxes_finding(view, &panels[0]),
        how: "Each box holds the middle half of the segment's customers, the bar in it is the median and the diamond the mean; the line reaches from the lowest 5% to the highest 5%. The dashed line is the median of all customers.".to_owned(),
    };
    Some(figure(&caption, false, |width| {
        boxes::draw(
            &Boxes {
                caption: &caption,
                names: &view.names,
                panels: &panels,
            },
            width,
        )
    }))
}

fn panel<'v>(view: &View<'_>, feature: &'v Feature<'_>) -> Panel<'v> {
    let write: fn(f64) -> String = if feature.role == Role::Flag {
        percent
    } else {
        boxes::amount
    };
    let of_segment = |segment: usize| {
        let numbers = &feature.segments[segment];
        let words = boxes::words(numbers, write);
        let tip = format!(
            "{}, {}: {words}",
            shortened(&view.names[segment], 60),
            shortened(&feature.label, 60)
        );
        (numbers, tip)
    };
    Panel {
        label: &feature.label,
        median: feature.overall.median,
        boxes: (0..view.k()).map(of_segment).collect(),
        write,
    }
}

fn boxes_finding(view: &View<'_>, panel: &Panel<'_>) -> String {
    let median = |segment: usize| panel.boxes[segment].0.median;
    let order = |one: &usize, other: &usize| median(*one).total_cmp(&median(*other));
    let (Some(low), Some(high)) = ((0..view.k()).min_by(order), (0..view.k()).max_by(order)) else {
        return String::new();
    };
    let words = format!(
        "{}: the typical customer of {} has {}, of {} {}",
        shortened(panel.label, 40),
        shortened(&view.names[high], 40),
        (panel.write)(median(high)),
        shortened(&view.names[low], 40),
        (panel.write)(median(low))
    );
    capitalized(&words)
}
