//! New rows beside the baseline: one test for each thing that can change, corrected together.

use rayon::prelude::*;

use super::baseline::{Baseline, Holds};
use super::cells::Present;
use super::columns::{column_tests, share_test};
use super::{Change, ChangeKind, Drift, Place};
use crate::pipeline::Prepared;
use crate::segment::SegmentNumber;
use crate::statistics::mean;
use crate::statistics::two_samples::{Counts, holm, stability_index};

/// The probability that a report lists anything where nothing changed. Half of what is promised: a rate of exactly 1 in 100 would
/// be above it in every second count of alarms.
const FALSE_ALARMS: f64 = 0.005;

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Rows read, those set aside by a rule among them.
    pub(crate) read: u64,
    /// Rows used.
    pub(crate) used: u64,
}

/// A segment or a group by rule: its customers then and now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group<'a> {
    pub(crate) name: &'a str,
    pub(crate) then: u64,
    pub(crate) now: u64,
}

/// Rows set aside by one rule, then and now.
#[derive(Debug, Clone)]
pub(crate) struct Aside {
    /// The first column that the rule reads.
    pub(crate) column: String,
    pub(crate) reason: String,
    pub(crate) then: u64,
    pub(crate) now: u64,
}

/// What changed between the rows of a baseline and prepared ones. `rows` are those of the baseline and the new ones.
pub(crate) fn compare(
    baseline: &Baseline,
    prepared: &Prepared,
    groups: &[Group<'_>],
    asides: &[Aside],
    rows: [Rows; 2],
) -> Drift {
    let columns = baseline.columns.par_iter();
    let of_columns: Vec<Vec<Change>> = columns
        .map(|column| column_tests(column, prepared))
        .collect();
    let mut tests: Vec<Change> = of_columns.into_iter().flatten().collect();
    tests.extend(group_tests(groups));
    tests.extend(asides.iter().map(|aside| aside_test(aside, rows)));
    let comparisons = tests.len();
    let significant = significant(tests).into_iter();
    let mut what: Vec<Change> = significant
        .map(|test| with_mean(test, baseline, prepared))
        .filter(Change::is_large)
        .collect();
    // A mean that changed has changed the shape, too.
    let moved: Vec<Place> = of_kind(&what, ChangeKind::Mean);
    what.retain(|change| change.kind != ChangeKind::Shape || !moved.contains(&change.place));
    what.sort_by(|a, b| {
        let by_size = b.size().total_cmp(&a.size());
        by_size.then_with(|| (&a.place, a.kind).cmp(&(&b.place, b.kind)))
    });
    let [then, now] = rows;
    Drift {
        changed: !what.is_empty(),
        rows: now.used,
        rows_then: then.used,
        comparisons,
        what,
    }
}

/// The tests that are significant among all, each with its corrected probability.
pub(super) fn significant(tests: Vec<Change>) -> Vec<Change> {
    let corrected = holm(&tests.iter().map(|test| test.p).collect::<Vec<f64>>());
    let tests = tests.into_iter().zip(corrected);
    let significant = tests.filter(|(_, p)| *p <= FALSE_ALARMS);
    significant.map(|(test, p)| Change { p, ..test }).collect()
}

fn of_kind(changes: &[Change], kind: ChangeKind) -> Vec<Place> {
    let of_kind = changes.iter().filter(|change| change.kind == kind);
    of_kind.map(|change| change.place.clone()).collect()
}

fn group_tests(groups: &[Group<'_>]) -> Vec<Change> {
    if groups.len() < 2 {
        return Vec::new();
    }
    let then: Vec<u64> = groups.iter().map(|group| group.then).collect();
    let now: Vec<u64> = groups.iter().map(|group| group.now).collect();
    let psi = stability_index(&then, &now);
    let tests = groups.iter().enumerate().map(|(at, group)| {
        let counts = Counts {
            before: group.then,
            of_before: then.iter().sum(),
            after: group.now,
            of_after: now.iter().sum(),
        };
        let place = Place::Segment(SegmentNumber::at(at));
        Change {
            name: Some(group.name.to_owned()),
            psi,
            ..share_test(place, ChangeKind::Share, counts)
        }
    });
    tests.collect()
}

fn aside_test(aside: &Aside, [then, now]: [Rows; 2]) -> Change {
    let counts = Counts {
        before: aside.then.min(then.read),
        of_before: then.read,
        after: aside.now,
        of_after: now.read,
    };
    let place = Place::Column(aside.column.clone());
    Change {
        reason: Some(aside.reason.clone()),
        ..share_test(place, ChangeKind::SetAside, counts)
    }
}

/// The mean of a column that moved, which costs a sum.
fn with_mean(change: Change, baseline: &Baseline, prepared: &Prepared) -> Change {
    let Place::Column(name) = &change.place else {
        return change;
    };
    let column = baseline.columns.iter().find(|column| column.name == *name);
    let filled = prepared.filled.get(name).map(Vec::as_slice);
    let holds = column.and_then(|column| column.holds.as_ref());
    let (ChangeKind::Mean, Some(Holds::Numbers(then)), Some(now)) = (
        change.kind,
        holds,
        Present::of(&prepared.batch, name, filled),
    ) else {
        return change;
    };
    let now = mean(&now.values().collect::<Vec<f64>>());
    let effect = (now - then.mean).abs() / then.sd;
    Change {
        now,
        effect: if effect.is_finite() { effect } else { 0.0 },
        ..change
    }
}
