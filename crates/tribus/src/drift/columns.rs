//! The tests of one column: its gaps, its numbers, its flag.

use super::baseline::{ColumnBaseline, Flags, Holds, Missing, Numbers, missing};
use super::categories::level_tests;
use super::cells::{Present, counted, levels};
use super::{Change, ChangeKind, LARGE_SHARE, Place};
use crate::pipeline::Prepared;
use crate::statistics::two_samples::{Counts, fisher, rank_sum, stability_index};

/// All that can change of one column.
pub(super) fn column_tests(column: &ColumnBaseline, prepared: &Prepared) -> Vec<Change> {
    let place = Place::Column(column.name.clone());
    let filled = prepared.filled.get(&column.name).map(Vec::as_slice);
    let mut tests = Vec::new();
    if let Some((then, now)) = column.missing.zip(missing(prepared, &column.name)) {
        tests.push(missing_test(place.clone(), then, now));
    }
    let present = || Present::of(&prepared.batch, &column.name, filled);
    match &column.holds {
        Some(Holds::Numbers(then)) => {
            tests.extend(
                present()
                    .map(|now| number_tests(&place, then, &now))
                    .unwrap_or_default(),
            );
        }
        Some(Holds::Flags(then)) => {
            tests.extend(
                present()
                    .map(|now| flag_tests(&place, *then, &now))
                    .unwrap_or_default(),
            );
        }
        Some(Holds::Levels(then)) => {
            let now = levels(&prepared.batch, &column.name, filled);
            tests.extend(
                now.map(|now| level_tests(&place, then, &now))
                    .unwrap_or_default(),
            );
        }
        None => {}
    }
    tests
}

fn missing_test(place: Place, then: Missing, now: Missing) -> Change {
    let counts = Counts {
        before: then.cells,
        of_before: then.rows,
        after: now.cells,
        of_after: now.rows,
    };
    share_test(place, ChangeKind::Missing, counts)
}

fn number_tests(place: &Place, then: &Numbers, now: &Present<'_>) -> Vec<Change> {
    let (counts, beyond) = counted(now.values(), &then.bounds, then.range);
    interval_tests(place, then, &counts, beyond)
}

/// Numbers, counted by interval and beyond the range.
pub(super) fn interval_tests(
    place: &Place,
    then: &Numbers,
    counts: &[u64],
    beyond: [u64; 2],
) -> Vec<Change> {
    let psi = stability_index(&then.counts, counts);
    let mut tests = vec![range_test(place, then, counts, beyond)];
    if then.bounds.is_empty() {
        return tests;
    }
    // What the means are is found out where it matters.
    let moved = Change {
        kind: ChangeKind::Mean,
        then: then.mean,
        p: rank_sum(&then.counts, counts),
        psi,
        ..untold(place, ChangeKind::Mean)
    };
    let intervals = (0..counts.len()).map(|at| {
        let test = share_test(
            place.clone(),
            ChangeKind::Shape,
            cell(&then.counts, counts, at),
        );
        let (low, high) = (at.checked_sub(1), Some(at));
        let bound = |at: Option<usize>| at.and_then(|at| then.bounds.get(at).copied());
        Change {
            between: Some([bound(low), bound(high)]),
            psi,
            ..test
        }
    });
    let shape = likeliest(intervals, counts.len() as u64);
    tests.push(moved);
    tests.push(shape.unwrap_or_else(|| untold(place, ChangeKind::Shape)));
    tests
}

/// Values beyond those that were there. They are expected: the m-th part of all new rows is beyond the largest of m rows. Fisher's
/// test of none of the rows then against those beyond now is the exact probability of so many, for its one-sided half. There
/// are two ends, and the better one counts, so it is taken twice.
fn range_test(place: &Place, then: &Numbers, counts: &[u64], beyond: [u64; 2]) -> Change {
    let [n, m] = [&then.counts[..], counts].map(|counts| counts.iter().sum::<u64>());
    let of = |after: u64| Counts {
        before: 0,
        of_before: n,
        after,
        of_after: m,
    };
    let both = beyond[0] + beyond[1];
    Change {
        p: fisher(of(beyond[0])).min(fisher(of(beyond[1]))),
        between: Some(then.range.map(Some)),
        psi: stability_index(&[0, n, 0], &[beyond[0], m - both, beyond[1]]),
        ..share_test(place.clone(), ChangeKind::Range, of(both))
    }
}

fn flag_tests(place: &Place, then: Flags, now: &Present<'_>) -> Vec<Change> {
    let [mut zeros, mut ones, mut others] = [0; 3];
    for value in now.values() {
        let count = match value {
            0.0 => &mut zeros,
            1.0 => &mut ones,
            _ => &mut others,
        };
        *count += 1;
    }
    let of = |before: u64, after: u64| Counts {
        before,
        of_before: then.zeros + then.ones,
        after,
        of_after: zeros + ones + others,
    };
    let beyond = Change {
        between: Some([Some(0.0), Some(1.0)]),
        ..share_test(place.clone(), ChangeKind::Range, of(0, others))
    };
    vec![
        share_test(place.clone(), ChangeKind::Share, of(then.ones, ones)),
        beyond,
    ]
}

fn cell(before: &[u64], after: &[u64], at: usize) -> Counts {
    Counts {
        before: before[at],
        of_before: before.iter().sum(),
        after: after[at],
        of_after: after.iter().sum(),
    }
}

/// Of several changes the most significant that is large, with its probability for all `tests` together (Bonferroni).
pub(super) fn likeliest(changes: impl Iterator<Item = Change>, tests: u64) -> Option<Change> {
    let large = changes
        .into_iter()
        .filter(|change| change.effect >= LARGE_SHARE * (1.0 - 1e-9));
    let mut best = large.min_by(|a, b| {
        let by_effect = || b.effect.total_cmp(&a.effect);
        a.p.total_cmp(&b.p).then_with(by_effect)
    })?;
    best.p = (best.p * tests as f64).min(1.0);
    Some(best)
}

/// A change of a share, with the probability of this test alone.
pub(super) fn share_test(place: Place, kind: ChangeKind, counts: Counts) -> Change {
    let others = |share: u64, of: u64| [share, of.saturating_sub(share)];
    Change {
        place,
        kind,
        name: None,
        level: None,
        between: None,
        reason: None,
        then: counts.share_before(),
        now: counts.share_after(),
        p: fisher(counts),
        effect: counts.difference(),
        psi: stability_index(
            &others(counts.before, counts.of_before),
            &others(counts.after, counts.of_after),
        ),
    }
}

/// A comparison in which nothing can be told.
pub(super) fn untold(place: &Place, kind: ChangeKind) -> Change {
    Change {
        place: place.clone(),
        kind,
        name: None,
        level: None,
        between: None,
        reason: None,
        then: 0.0,
        now: 0.0,
        p: 1.0,
        effect: 0.0,
        psi: 0.0,
    }
}
