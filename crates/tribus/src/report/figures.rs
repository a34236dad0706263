//! The figures of the page: each chart with its finding as a title and a sentence on how to read it.

use super::charts::criterion::{self, Criterion, Step};
use super::charts::heat::{self, Cell, Heat, Row};
use super::charts::knives::{self, Knives};
use super::charts::map::{self, Map};
use super::charts::sizes::{self, Share, Sizes};
use super::charts::{Caption, Width};
use super::number::{fixed, percent};
use super::view::{View, largest, shortened};
use crate::evidence::{Elbow, Verdict};
use crate::text::capitalized;

/// A chart in the drawings that the page needs.
pub(super) struct Figure {
    /// What it is called and shows.
    pub(super) caption: Caption,
    /// For a screen or paper: one drawing for files and, where it is shown at full width, for the page.
    pub(super) wide: String,
    /// For half the page, where it is shown beside another.
    pub(super) half: Option<String>,
    /// For a phone.
    pub(super) phone: String,
}

/// Every figure that the data allows, in the order of the page.
pub(super) fn all(view: &View<'_>) -> Vec<Figure> {
    [
        customer_map(view),
        heat_map(view),
        size_and_value(view),
        elbow(view),
        silhouette(view),
        silhouette_knives(view),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn figure(caption: &Caption, has_half: bool, draw: impl Fn(Width) -> String) -> Figure {
    Figure {
        caption: caption.clone(),
        wide: draw(Width::Wide),
        half: has_half.then(|| draw(Width::Half)),
        phone: draw(Width::Phone),
    }
}

/// The customers on two axes.
pub(super) fn customer_map(view: &View<'_>) -> Option<Figure> {
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
        format!(
            " ({} of {})",
            super::number::count(map.points.len() as u64),
            super::number::count(map.of)
        )
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
pub(super) fn heat_map(view: &View<'_>) -> Option<Figure> {
    let rows: Vec<Row> = view
        .clustered()
        .map(|feature| heat_row(view, feature))
        .collect();
    if rows.is_empty() || view.k() == 0 {
        return None;
    }
    let segments = &view.input.summary.segments;
    let mut by_weight: Vec<(f64, &str)> = view
        .clustered()
        .map(|feature| (feature.explained(segments), feature.name))
        .collect();
    by_weight.sort_by(|one, other| other.0.total_cmp(&one.0));
    let title = match by_weight.as_slice() {
        _ if view.k() <= 1 => "With one segment nothing is set apart".to_owned(),
        [(_, only)] => format!("{} sets the segments apart", shortened(only, 60)),
        [(_, first), (_, second), ..] => {
            format!(
                "{} and {} set the segments apart most",
                shortened(first, 60),
                shortened(second, 60)
            )
        }
        [] => return None,
    };
    let how = "Each cell says how far the segment's mean lies from the average customer, in standard deviations: blue is above, orange below. Point at a cell for the numbers in their own units.".to_owned();
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

fn heat_row(view: &View<'_>, feature: &super::view::Feature<'_>) -> Row {
    let cell = |segment: usize| Cell {
        z: feature.z(feature.mean(segment)),
        tip: view.cell_tip(feature, segment),
    };
    Row {
        label: feature.name.to_owned(),
        group: feature
            .group
            .map(|group| capitalized(&group.to_string()))
            .unwrap_or_default(),
        cells: (0..view.k()).map(cell).collect(),
    }
}

/// Shares of customers and value.
pub(super) fn size_and_value(view: &View<'_>) -> Option<Figure> {
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
    let value = summary
        .value
        .as_deref()
        .filter(|_| shares.iter().any(|share| share.value.is_some()));
    let how = value.map_or_else(
        || "The bar is the segment's share of all customers.".to_owned(),
        |value| format!("The grey bar is the segment's share of all customers, the colored one its share of {}. Where the colored bar is longer, a customer of the segment brings more than the average.", shortened(value, 60)),
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
        (Some(share), Some(value)) if view.k() > 1 && gap(share) > 0.0 => format!(
            "{}: {} of customers, {} of {}",
            shortened(&share.name, 60),
            percent(share.customers),
            percent(share.value.unwrap_or(0.0)),
            shortened(value, 40)
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

/// Inertia over k.
pub(super) fn elbow(view: &View<'_>) -> Option<Figure> {
    let evidence = view.input.evidence;
    let step = |candidate: &crate::evidence::Candidate| Step {
        k: candidate.k,
        value: candidate.inertia,
        interval: None,
    };
    let steps: Vec<Step> = evidence
        .candidates
        .iter()
        .map(step)
        .filter(|step| step.value.is_finite())
        .collect();
    if steps.len() < 2 {
        return None;
    }
    let title = match evidence.choice.elbow {
        Some(Elbow { k: elbow, .. }) if elbow == view.k() => {
            format!("The curve bends at {elbow}, the number chosen")
        }
        Some(Elbow { k: elbow, .. }) => format!("The curve bends at {elbow}; {} chosen", view.k()),
        None => "The curve has no clear bend".to_owned(),
    };
    let how = "Every further segment makes the customers within a segment more alike, so the curve always falls. Where it bends, more segments start to gain little.".to_owned();
    let caption = Caption {
        stem: "elbow",
        title,
        how,
    };
    let data = Criterion {
        caption: &caption,
        steps: &steps,
        measure: "Spread within the segments (inertia)",
        chosen: view.k(),
        marked: evidence.choice.elbow.map(|elbow| (elbow.k, "bend")),
        bounded: false,
    };
    Some(figure(&caption, true, |width| {
        criterion::draw(&data, width)
    }))
}

/// Mean silhouette over k.
pub(super) fn silhouette(view: &View<'_>) -> Option<Figure> {
    let evidence = view.input.evidence;
    let step = |candidate: &crate::evidence::Candidate| {
        let silhouette = candidate.silhouette?;
        Some(Step {
            k: candidate.k,
            value: silhouette.mean,
            interval: silhouette.interval,
        })
    };
    let steps: Vec<Step> = evidence
        .candidates
        .iter()
        .filter_map(step)
        .filter(|step| step.value.is_finite())
        .collect();
    if steps.is_empty() {
        return None;
    }
    let sampled = steps.iter().any(|step| step.interval.is_some());
    let how = format!(
        "The silhouette says how much nearer customers are to their own segment than to the next: 1 is far apart, 0 is on the border.{}",
        if sampled {
            " Bars are 95% intervals, as it was estimated from a sample."
        } else {
            ""
        }
    );
    let caption = Caption {
        stem: "silhouette",
        title: silhouette_finding(view, &steps),
        how,
    };
    let data = Criterion {
        caption: &caption,
        steps: &steps,
        measure: "Mean silhouette",
        chosen: view.k(),
        marked: Some((evidence.choice.natural_k, "best separated")),
        bounded: true,
    };
    Some(figure(&caption, true, |width| {
        criterion::draw(&data, width)
    }))
}

fn silhouette_finding(view: &View<'_>, steps: &[Step]) -> String {
    let natural = view.input.evidence.choice.natural_k;
    if !steps.iter().any(|step| step.k == natural) {
        return "How well each number of segments separates the customers".to_owned();
    }
    match steps.iter().find(|step| step.k == view.k()) {
        Some(_) if natural == view.k() => {
            format!("{natural} segments separate best, the number chosen")
        }
        Some(own) => format!(
            "{natural} segments separate best; {} reach {}",
            view.k(),
            fixed(own.value, 2)
        ),
        None => format!("{natural} segments separate best"),
    }
}

/// Silhouettes within each segment.
pub(super) fn silhouette_knives(view: &View<'_>) -> Option<Figure> {
    let knives = &view.input.summary.knives;
    if knives.is_empty() || knives.len() != view.k() {
        return None;
    }
    let mean_of = |segment: usize| knives[segment].mean;
    let best = (0..knives.len()).max_by(|one, other| mean_of(*one).total_cmp(&mean_of(*other)))?;
    let worst = (0..knives.len()).min_by(|one, other| mean_of(*one).total_cmp(&mean_of(*other)))?;
    let title = if best == worst {
        "All segments hold together alike".to_owned()
    } else {
        format!(
            "{} holds together best, {} least",
            shortened(&view.names[best], 60),
            shortened(&view.names[worst], 60)
        )
    };
    let how = "Each blade holds the customers of one segment, the best placed on top. A long blade is a segment that holds together; customers left of 0 are nearer to another segment.".to_owned();
    let sizes: Vec<u64> = view
        .input
        .summary
        .segments
        .iter()
        .map(|segment| segment.size)
        .collect();
    let caption = Caption {
        stem: "knives",
        title,
        how,
    };
    let mean = view
        .candidate()
        .and_then(|candidate| candidate.silhouette)
        .map(|silhouette| silhouette.mean);
    let data = Knives {
        caption: &caption,
        blades: knives,
        names: &view.names,
        sizes: &sizes,
        mean,
    };
    Some(figure(&caption, false, |width| knives::draw(&data, width)))
}
