//! The features as such: how they are spread before and after cleaning, and how they go together.

use super::super::charts::Caption;
use super::super::charts::correlations::{self, Matrix};
use super::super::charts::histograms::{self, Histograms};
use super::super::number::{count, counted, fixed};
use super::super::view::{Feature, View};
use super::{Figure, figure};
use crate::summary::{FeatureHistograms, Histogram};
use crate::words::{capitalized, shortened};

/// Features in the chart of histograms: more would not be read.
const SPREAD: usize = 6;

/// Features in the chart of correlations.
pub(in crate::report) const PAIRED: usize = 10;

/// Bars of a histogram beyond which they are joined.
const BARS: usize = 14;

/// Histograms as read, cleaned and scaled.
pub(in crate::report) fn histograms(view: &View<'_>) -> Option<Figure> {
    let all = &view.input.summary.histograms;
    let coarsened = |(feature, found): (&Feature<'_>, &FeatureHistograms)| FeatureHistograms {
        name: shortened(&feature.label, 120),
        read: found.read.as_ref().map(coarse),
        cleaned: coarse(&found.cleaned),
        scaled: coarse(&found.scaled),
    };
    let features: Vec<FeatureHistograms> =
        spread_features(view).into_iter().map(coarsened).collect();
    if features.is_empty() {
        return None;
    }
    let some = if all.len() > features.len() {
        format!(" Shown are {} features of {}.", features.len(), all.len())
    } else {
        String::new()
    };
    let caption = Caption {
        stem: "histograms",
        title: cleaning_finding(view),
        how: format!(
            "How many customers have which value: as it stands in the file, after cleaning, and as it enters the distance. Grey bars at the ends hold what lies beyond the range shown.{some}"
        ),
    };
    let borrowed: Vec<&FeatureHistograms> = features.iter().collect();
    Some(figure(&caption, false, |width| {
        histograms::draw(
            &Histograms {
                caption: &caption,
                features: &borrowed,
            },
            width,
        )
    }))
}

/// The features whose histograms are shown, in the order of the page: those that cleaning changed before the most telling.
pub(in crate::report) fn spread_features<'v, 'a>(
    view: &'v View<'a>,
) -> Vec<(&'v Feature<'a>, &'a FeatureHistograms)> {
    let all = &view.input.summary.histograms;
    let mut shown: Vec<_> = view
        .deciding()
        .into_iter()
        .filter_map(|feature| {
            let found = all.iter().find(|found| found.name == feature.name)?;
            Some((feature, found))
        })
        .collect();
    shown.sort_by_key(|(_, found)| {
        found
            .read
            .as_ref()
            .is_none_or(|read| *read == found.cleaned)
    });
    shown.truncate(SPREAD);
    let place = |name: &str| view.clustered().position(|feature| feature.name == name);
    shown.sort_by_key(|(feature, _)| place(feature.name));
    shown
}

/// Bins joined by twos where they are many: a shape needs no more, and each bar is a mark of the page.
pub(in crate::report) fn coarse(histogram: &Histogram) -> Histogram {
    if histogram.counts.len() <= BARS || !histogram.counts.len().is_multiple_of(2) {
        return histogram.clone();
    }
    Histogram {
        counts: histogram
            .counts
            .chunks(2)
            .map(|pair| pair.iter().sum())
            .collect(),
        ..histogram.clone()
    }
}

fn cleaning_finding(view: &View<'_>) -> String {
    let ledger = view.input.ledger;
    let is_feature = |name: &str| view.clustered().any(|feature| feature.name == name);
    let sum = |repairs: &[crate::ledger::Repair]| {
        repairs
            .iter()
            .filter(|repair| is_feature(&repair.column))
            .map(|repair| repair.cells)
            .sum::<u64>()
    };
    let (repaired, limited) = (sum(&ledger.repaired), sum(&ledger.limited));
    let rows = ledger.rows_set_aside();
    match (repaired, limited, rows) {
        (0, 0, 0) => "Cleaning changed nothing in the features".to_owned(),
        (0, 0, rows) => format!(
            "Cleaning set {} aside and changed nothing else in the features",
            counted(rows, "row", "rows")
        ),
        (0, limited, _) => format!(
            "{} limited for the distance, none repaired",
            counted(limited, "far value is", "far values are")
        ),
        (repaired, 0, _) => format!(
            "Cleaning repaired {} of the features",
            counted(repaired, "cell", "cells")
        ),
        (repaired, limited, _) => format!(
            "Cleaning repaired {} of the features; {} limited for the distance",
            counted(repaired, "cell", "cells"),
            counted(limited, "far value is", "far values are")
        ),
    }
}

/// The correlations of the features.
pub(in crate::report) fn correlations(view: &View<'_>) -> Option<Figure> {
    let found = &view.input.summary.correlations;
    let d = found.names.len();
    let shown: Vec<usize> = view
        .most_telling(PAIRED)
        .iter()
        .filter_map(|feature| found.names.iter().position(|name| name == feature.name))
        .collect();
    if shown.len() < 2 || found.values.len() != d * d {
        return None;
    }
    let names: Vec<String> = shown
        .iter()
        .map(|at| view.label_of(&found.names[*at]))
        .collect();
    let values: Vec<f64> = shown
        .iter()
        .flat_map(|row| shown.iter().map(move |column| (row, column)))
        .map(|(row, column)| found.values[row * d + column])
        .collect();
    let some = if d > shown.len() {
        format!(" Shown are {} features of {d}.", shown.len())
    } else {
        String::new()
    };
    let sample = if found.customers < view.input.summary.customers {
        format!(" From {} customers.", count(found.customers))
    } else {
        String::new()
    };
    let caption = Caption {
        stem: "correlations",
        title: strongest_pair(&names, &values),
        how: format!(
            "Each cell says how far two features go together over all customers: +1 always, 0 not at all, \u{2212}1 in opposite directions. Features that go together weigh together in the distance.{some}{sample}"
        ),
    };
    Some(figure(&caption, false, |width| {
        correlations::draw(
            &Matrix {
                caption: &caption,
                names: &names,
                values: &values,
            },
            width,
        )
    }))
}

fn strongest_pair(names: &[String], values: &[f64]) -> String {
    let d = names.len();
    let mut strongest = (0.0_f64, 0, 0);
    for row in 0..d {
        for column in 0..row {
            let r = values[row * d + column];
            if r.abs() > strongest.0.abs() {
                strongest = (r, column, row);
            }
        }
    }
    let (r, one, other) = strongest;
    let how = match r {
        r if r.abs() < 0.3 => return "No two features go together much".to_owned(),
        r if r < 0.0 => "go in opposite directions most",
        _ => "go together most",
    };
    let words = format!(
        "{} and {} {how} ({})",
        shortened(&names[one], 60),
        shortened(&names[other], 60),
        fixed(r, 2)
    );
    capitalized(&words)
}
